//! Own counts of compounds and of their buildings.

use super::draft::{CompoundPopulation, DraftBuilding};
use crate::compounds::{
    CompoundIndex, CompoundNames, Compounds, DraftCompound, fill_counts, note_similarity,
};
use crate::keys::of_row;
use crate::own::{OwnPeople, RejectReason, Report};
use circle_model::city::{Population, PopulationFrom};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{CompoundId, Point};
use circle_sheet::OwnLayer;
use rustc_hash::FxHashMap;

/// A building with an own count stands within this distance of its compound's outline.
const NEAR_METRES: f64 = 50.0;

/// Adds own counts: those of compounds to `counts`, those of buildings to `buildings`. Returns the sums of
/// buildings by compound.
pub(super) fn add(
    buildings: &mut Vec<DraftBuilding>,
    counts: &mut [CompoundPopulation],
    Compounds { list: compounds, keys, .. }: &Compounds,
    rows: Vec<OwnPeople>,
    report: &mut Report<'_>,
) -> Vec<(usize, Population)> {
    if rows.is_empty() {
        return Vec::new();
    }
    let index = CompoundIndex::new(compounds);
    let named = CompoundNames::of(compounds, keys);
    let mut sums: FxHashMap<usize, (u32, Population)> = FxHashMap::default();
    let mut seen: FxHashMap<(usize, u64), (u32, u32)> = FxHashMap::default();
    let mut counted: FxHashMap<usize, (u32, u32)> = FxHashMap::default();
    for (order, row) in rows.into_iter().enumerate() {
        let at = row.placed.then_some(row.record.point);
        let found = match row.compound.as_deref() {
            Some(name) => named.find_similar(compounds, name, at).map(|found| {
                if found.by_similarity {
                    note_similarity(report, &row.record, name, &compounds[found.number]);
                }
                found.number
            }),
            None => compound_at(&index, row.record.point),
        };
        let number = match found {
            Ok(number) => number,
            Err(why) => {
                report.reject(&row.record, RejectReason::NoCompound, &why);
                continue;
            }
        };
        if let Some((source, first)) = seen.insert((number, row.cells), (row.record.source, row.record.row)) {
            let first = report.label(source, first);
            report.merge_into(&row.record, &format!("the same as {first}"));
            continue;
        }
        if row.building.is_none() && row.compound.is_some() {
            let count = &mut counts[number];
            fill_counts(&mut count.population, row.population);
            if count.from == PopulationFrom::Compound {
                let first = counted.get(&number).map(|(source, row)| report.label(*source, *row));
                let first = first.unwrap_or_else(|| "the file of compounds".to_owned());
                let other = disagrees(&count.population, &row.population);
                let words = if other { ", which has other counts and takes precedence" } else { "" };
                report.merge_into(&row.record, &format!("its compound is counted by {first}{words}"));
            } else {
                counted.insert(number, (row.record.source, row.record.row));
            }
            count.from = PopulationFrom::Compound;
            continue;
        }
        // Entrances 单元 of one building are separate rows of one file; another file may list the same
        // buildings.
        let (source, sum) = sums.entry(number).or_insert((row.record.source, Population::NONE));
        if *source != row.record.source {
            let into = format!("the buildings of its compound are counted by {}", report.file_name(*source));
            report.merge_into(&row.record, &into);
            continue;
        }
        add_counts(sum, row.population);
        buildings.push(building(CompoundId(number as u32), &compounds[number], row, order));
    }
    let sums = sums.into_iter().map(|(number, (_, sum))| (number, sum));
    let mut sums: Vec<(usize, Population)> = sums.collect();
    sums.sort_unstable_by_key(|(number, _)| *number);
    sums
}

/// The smallest compound that contains a building, or that is close by.
///
/// # Errors
/// The reason why there is none.
fn compound_at(index: &CompoundIndex<'_>, at: Point) -> Result<usize, String> {
    let mut holders = index.containing(at);
    if holders.is_empty() {
        holders = index.meeting(&widened(&Bounds::of([at]), NEAR_METRES));
    }
    index
        .smallest(holders)
        .map(CompoundId::index)
        .ok_or_else(|| "no compound lies there; name it in a column `compound`".to_owned())
}

/// A building of an own file.
fn building(compound: CompoundId, of: &DraftCompound, row: OwnPeople, order: usize) -> DraftBuilding {
    let count = |count: u32| (count != Population::UNKNOWN).then_some(count as f32);
    let point = if row.placed { row.record.point } else { of.point };
    let (id, name) = (row.record.reference.as_deref(), row.building.as_deref());
    let residents = count(row.population.residents);
    DraftBuilding {
        point,
        key: Some(of_row(OwnLayer::Population, id, name, point)),
        name: row.building,
        feature: None,
        compound: Some(compound),
        residents,
        residents_low: residents,
        residents_high: residents,
        households: count(row.population.households),
        levels: row.levels,
        from: PopulationFrom::Buildings,
        levels_assumed: row.levels <= 0.0,
        own_order: order + 1,
        district: 0,
    }
}

/// Whether a count known in both differs.
fn disagrees(a: &Population, b: &Population) -> bool {
    let differ = |a: u32, b: u32| a != Population::UNKNOWN && b != Population::UNKNOWN && a != b;
    differ(a.households, b.households) || differ(a.residents, b.residents)
}

fn add_counts(sum: &mut Population, more: Population) {
    let add = |sum: &mut u32, more: u32| {
        if more != Population::UNKNOWN {
            *sum = if *sum == Population::UNKNOWN {
                more
            } else {
                sum.saturating_add(more).min(Population::UNKNOWN - 1)
            };
        }
    };
    add(&mut sum.households, more.households);
    add(&mut sum.residents, more.residents);
    add(&mut sum.elderly, more.elderly);
    add(&mut sum.children, more.children);
}
