//! The coverage table 覆盖: a row per compound and category.

mod columns;
mod reasons;

use circle_model::rules::{Measure, OnePer};
use circle_model::{
    Catalogue, City, CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile, RuleSet,
};
use circle_reach::{EdgeOfData, Nearest as Afar, Network, Origin, Reached, Status};
use columns::{Column, columns};
use rayon::prelude::*;
use reasons::Reasons;

/// The coverage table of all compounds.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// Category ids, then the names of the rule set's lines, in the order of `rows`' columns.
    pub categories: Vec<String>,
    /// How many of `categories` come from the catalogue; the rest are the rule set's lines.
    pub catalogue_len: usize,
    /// `compounds × categories`, by compound.
    pub rows: Vec<Row>,
}

/// How one compound stands in one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The nearest facility, its gate and the walk to it; `None` when none can be walked to.
    pub nearest: Option<Nearest>,
    /// Distinct facilities within each band, as [`Coverage::minutes`].
    pub counts: Vec<u32>,
    /// The judgement; `None` where the rule set does not name the category.
    pub verdict: Option<Verdict>,
    /// Why, in a fixed word; empty where covered or not judged.
    pub reason: &'static str,
    /// The band judged in, minutes; `None` where not judged by time.
    pub tier: Option<u32>,
    /// By how much the nearest is too far, where that is the reason of a gap and the line is judged by time.
    pub beyond: Option<Milliseconds>,
    /// The distances of a line that is judged by distance.
    pub distance: Option<Distance>,
}

/// A line that asks for a distance 服务半径 is judged as walked; what the crow flies stands beside it, as standards
/// mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// The distance asked for.
    pub radius_metres: u32,
    /// To the nearest as the crow flies; `None` where that is more than four times as far.
    pub nearest_straight: Option<Millimetres>,
    /// The judgement as the crow flies.
    pub straight: Verdict,
}

/// The least walk from any gate to any facility of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The facility.
    pub facility: FacilityId,
    /// The gate that was used.
    pub gate: Option<GateId>,
    /// Walking time.
    pub time: Milliseconds,
    /// Length of the walk.
    pub length: Millimetres,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the band.
    Covered,
    /// Not within the band.
    Gap,
    /// Cannot be told.
    Unknown,
}

impl Verdict {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Gap => "gap",
            Self::Unknown => "unknown",
        }
    }
}

impl Coverage {
    /// The rows of one compound, in the order of `categories`.
    pub fn of(&self, compound: CompoundId) -> &[Row] {
        &self.rows[compound.index() * self.categories.len()..][..self.categories.len()]
    }
}

/// Facilities are looked for up to this far; what takes longer is nobody's daily walk.
const FARTHEST: Milliseconds = Milliseconds::from_minutes(240);

/// With fewer facilities than one for this many compounds, the map holds no source for a category: what is not
/// found is not known to be missing.
pub const COMPOUNDS_PER_FACILITY: usize = 100;

/// Judges every compound over every category of the catalogue and every line of the rule set.
///
/// A line that one category alone can meet, within some minutes, is judged in that category's row; other lines have
/// rows of their own.
pub fn coverage(
    network: &Network,
    catalogue: &Catalogue,
    profile: &Profile,
    rules: &RuleSet,
    minutes: &[u32],
) -> Coverage {
    let city = network.city();
    network.prepare_facilities();
    let columns = columns(city, catalogue, rules);
    let afar: Vec<Option<Afar<'_>>> = columns
        .par_iter()
        .map(|column| {
            (!column.facilities.is_empty()).then(|| Afar::of(network, profile, &column.facilities, FARTHEST))
        })
        .collect();
    let farthest = farthest(&columns, minutes, profile);
    let edge = EdgeOfData::of(network, profile, farthest);
    let reasons = Reasons::new(network, profile, farthest);
    let met_by = columns::met_by(&columns, city);
    let judge = Judge {
        city,
        columns: &columns,
        met_by: &met_by,
        afar: &afar,
        edge: &edge,
        reasons: &reasons,
        minutes,
    };
    let rows = (0..city.compounds().len() as u32)
        .into_par_iter()
        .flat_map_iter(|compound| {
            let origin = Origin::Compound(CompoundId(compound));
            let reached = circle_reach::reach(network, profile, origin, farthest);
            judge.rows(CompoundId(compound), reached)
        })
        .collect();
    Coverage {
        minutes: minutes.to_vec(),
        categories: columns.into_iter().map(|column| column.name).collect(),
        catalogue_len: catalogue.categories.len(),
        rows,
    }
}

/// The longest walk that any judgement or count needs.
fn farthest(columns: &[Column], minutes: &[u32], profile: &Profile) -> Milliseconds {
    let needed = columns.iter().filter_map(|column| match column.measure? {
        Measure::Minutes(minutes) => Some(minutes),
        // Walks with waits and steps take longer than their length says.
        Measure::Metres(metres) => {
            Some((f64::from(metres) / profile.pace.speed.value() / 60.0 * 2.0).ceil().min(240.0) as u32)
        }
        Measure::OnePer(_) | Measure::None => None,
    });
    Milliseconds::from_minutes(minutes.iter().copied().chain(needed).max().unwrap_or(0))
}

/// What every compound is judged with.
struct Judge<'a> {
    city: &'a City,
    columns: &'a [Column],
    /// The columns that each facility meets.
    met_by: &'a [Vec<usize>],
    afar: &'a [Option<Afar<'a>>],
    edge: &'a EdgeOfData<'a>,
    reasons: &'a Reasons<'a>,
    minutes: &'a [u32],
}

impl Judge<'_> {
    fn rows(&self, compound: CompoundId, reached: Result<Vec<Reached>, Status>) -> Vec<Row> {
        let origin = Origin::Compound(compound);
        let has_gate = reached.is_ok();
        let reached = reached.unwrap_or_default();
        let edge = self.edge.from(origin);
        let mut of_columns: Vec<Vec<Reached>> = vec![Vec::new(); self.columns.len()];
        for it in &reached {
            for column in &self.met_by[it.facility.index()] {
                of_columns[*column].push(*it);
            }
        }
        let mut unexplained = Vec::new();
        let mut rows = Vec::with_capacity(self.columns.len());
        for (number, (column, found)) in self.columns.iter().zip(of_columns).enumerate() {
            let nearest = found
                .first()
                .copied()
                .or_else(|| self.afar[number].as_ref().and_then(|afar| afar.from(origin)));
            let row = self.row(compound, column, &found, nearest, has_gate, edge);
            if row.reason == "beyond" {
                unexplained.push(number);
            }
            rows.push(row);
        }
        self.reasons.explain(compound, self.columns, &unexplained, &mut rows);
        rows
    }

    fn row(
        &self,
        compound: CompoundId,
        column: &Column,
        found: &[Reached],
        nearest: Option<Reached>,
        has_gate: bool,
        edge: Option<(Milliseconds, Millimetres)>,
    ) -> Row {
        let within =
            |minutes: u32| found.partition_point(|it| it.time <= Milliseconds::from_minutes(minutes));
        let distance = match column.measure {
            Some(Measure::Metres(radius)) => Some(column.straight(self.city, compound, radius)),
            _ => None,
        };
        let covered = match column.measure {
            None | Some(Measure::None) => None,
            Some(Measure::Minutes(minutes)) => Some(within(minutes) > 0),
            Some(Measure::Metres(radius)) => {
                Some(found.iter().any(|it| it.length.0 <= radius.saturating_mul(1000)))
            }
            Some(Measure::OnePer(unit)) => column.in_unit(self.city, compound, unit),
        };
        let near_edge = match (column.measure, edge) {
            (Some(Measure::Minutes(minutes)), Some((time, _))) => time <= Milliseconds::from_minutes(minutes),
            (Some(Measure::Metres(radius)), Some((_, length))) => length.0 <= radius.saturating_mul(1000),
            _ => false,
        };
        let unit = matches!(column.measure, Some(Measure::OnePer(_)));
        let (verdict, reason) = match covered {
            None if column.measure.is_none() => (None, ""),
            None => (Some(Verdict::Unknown), "not_measured"),
            Some(_) if !has_gate && !unit => (Some(Verdict::Unknown), "no_usable_gate"),
            Some(true) => (Some(Verdict::Covered), ""),
            Some(false) if !column.has_source => (Some(Verdict::Unknown), "no_source"),
            Some(false) if near_edge => (Some(Verdict::Unknown), "data_edge"),
            Some(false) if column.facilities.is_empty() => (Some(Verdict::Gap), "none_in_city"),
            Some(false) if unit => (Some(Verdict::Gap), "none_in_unit"),
            Some(false) => (Some(Verdict::Gap), "beyond"),
        };
        let tier = match column.measure {
            Some(Measure::Minutes(minutes)) => Some(minutes),
            _ => None,
        };
        let over = |it: &Reached| {
            tier.map(|tier| Milliseconds(it.time.0.saturating_sub(Milliseconds::from_minutes(tier).0)))
        };
        Row {
            nearest: nearest.map(|it| Nearest {
                facility: it.facility,
                gate: it.gate,
                time: it.time,
                length: it.length,
            }),
            counts: self.minutes.iter().map(|minutes| within(*minutes) as u32).collect(),
            verdict,
            reason,
            tier,
            beyond: nearest.as_ref().and_then(over).filter(|_| reason == "beyond"),
            distance,
        }
    }
}
