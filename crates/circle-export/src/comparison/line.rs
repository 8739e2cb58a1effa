//! The changes on one line as JSON, for the map of two dates.

use crate::number::Thousandths;
use crate::written::json;
use circle_model::city::Compound;
use circle_model::{City, CompoundId};
use circle_plan::{Judged, LineChange, LineComparison, Turn, Verdict};
use serde::Serialize;

#[derive(Serialize)]
struct LineChanges<'a> {
    edition: String,
    before: EarlierEdition<'a>,
    line: &'a str,
    counts: ChangeCounts,
    residents: ChangedResidents,
    compounds: Vec<ChangedCompound<'a>>,
}

#[derive(Serialize)]
struct EarlierEdition<'a> {
    edition: String,
    data_date: Option<&'a str>,
}

/// Numbers of compounds, by the change of their verdict.
#[derive(Serialize, Default)]
struct ChangeCounts {
    gained: usize,
    lost: usize,
    unchanged: usize,
    new: usize,
    gone: usize,
    /// Unknown before or after.
    unknown: usize,
}

/// Residents of the compounds that gained and lost: lower and upper estimate, of those whose residents are known.
#[derive(Serialize, Default)]
struct ChangedResidents {
    gained: [u64; 2],
    lost: [u64; 2],
}

#[derive(Serialize)]
struct ChangedCompound<'a> {
    id: String,
    name: &'a str,
    verdict_before: Option<&'static str>,
    verdict_after: Option<&'static str>,
    seconds_before: Option<Thousandths>,
    seconds_after: Option<Thousandths>,
    facility_before: Option<String>,
    facility_after: Option<String>,
    gate_before: Option<String>,
    gate_after: Option<String>,
    cause: &'static str,
    at: [f64; 2],
    facility_name_before: Option<&'a str>,
    facility_name_after: Option<&'a str>,
}

/// Writes the changes in a column of both coverage tables: `edition`, `before`, `line`, `counts`, `residents`,
/// `compounds`. Each compound has its verdict, its nearest facility with the gate and the time of the walk before
/// and after, and the cause. The keys of `before` are those of the earlier city.
pub fn changes_json(
    before: Judged<'_>,
    after: Judged<'_>,
    column: usize,
    comparison: &LineComparison,
) -> Vec<u8> {
    let mut counts = ChangeCounts { unchanged: comparison.unchanged, ..ChangeCounts::default() };
    let mut residents = ChangedResidents::default();
    for change in &comparison.changes {
        let (count, people) = match change.turn {
            Some(Turn::Gained) => (&mut counts.gained, Some(&mut residents.gained)),
            Some(Turn::Lost) => (&mut counts.lost, Some(&mut residents.lost)),
            Some(Turn::CompoundNew) => (&mut counts.new, None),
            Some(Turn::CompoundGone) => (&mut counts.gone, None),
            Some(Turn::BecameUnknown | Turn::BecameKnown) => (&mut counts.unknown, None),
            None => continue,
        };
        *count += 1;
        let compound = change.after.map(|id| &after.city.compounds()[id.index()]);
        let range = compound.and_then(|compound| compound.population.residents_range());
        if let (Some([low, high]), Some(range)) = (people, range) {
            *low = low.saturating_add(range.low);
            *high = high.saturating_add(range.high);
        }
    }
    let of_compound = |change: &LineChange| changed_compound(before, after, column, change);
    json(&LineChanges {
        edition: after.city.edition().to_string(),
        before: EarlierEdition {
            edition: before.city.edition().to_string(),
            data_date: before.city.meta().data_date.as_deref(),
        },
        line: &after.coverage.columns[column].name,
        counts,
        residents,
        compounds: comparison.changes.iter().filter_map(of_compound).collect(),
    })
}

/// The walk of a compound to the nearest facility.
struct WalkThen<'a> {
    verdict: Option<&'static str>,
    seconds: Option<Thousandths>,
    facility: Option<String>,
    facility_name: Option<&'a str>,
    gate: Option<String>,
}

impl<'a> WalkThen<'a> {
    fn of(judged: Judged<'a>, compound: Option<CompoundId>, column: usize) -> Self {
        let row = compound.map(|id| judged.coverage.at(id, column).row);
        let nearest = row.and_then(|row| row.nearest);
        let city: &'a City = judged.city;
        let facility = nearest.map(|nearest| &city.facilities()[nearest.facility.index()]);
        Self {
            verdict: row.and_then(|row| row.verdict).map(Verdict::word),
            seconds: nearest.map(|nearest| nearest.time.into()),
            facility: nearest.map(|nearest| city.facility_key(nearest.facility).into_owned()),
            facility_name: facility.and_then(|facility| city.text_or_none(facility.name)),
            gate: nearest.map(|nearest| city.gate_key(nearest.gate).into_owned()),
        }
    }
}

fn changed_compound<'a>(
    before: Judged<'a>,
    after: Judged<'a>,
    column: usize,
    change: &LineChange,
) -> Option<ChangedCompound<'a>> {
    let city = if change.after.is_some() { after.city } else { before.city };
    let id = change.after.or(change.before)?;
    let compound: &Compound = &city.compounds()[id.index()];
    let at = compound.point.lon_lat();
    let was = WalkThen::of(before, change.before, column);
    let is = WalkThen::of(after, change.after, column);
    Some(ChangedCompound {
        id: city.compound_key(id).into_owned(),
        name: city.text(compound.name),
        verdict_before: was.verdict,
        verdict_after: is.verdict,
        seconds_before: was.seconds,
        seconds_after: is.seconds,
        facility_before: was.facility,
        facility_after: is.facility,
        gate_before: was.gate,
        gate_after: is.gate,
        cause: change.cause.word(),
        at: [at.lon, at.lat],
        facility_name_before: was.facility_name,
        facility_name_after: is.facility_name,
    })
}
