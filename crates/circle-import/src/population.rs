//! Who lives where: own counts for compounds, own counts for buildings added up, else an estimate from the map's
//! residential buildings, scaled to the census where a district lies in the data whole.

mod districts;
mod mapped;

use crate::compounds::{Called, DraftCompound, fill};
use crate::keys;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::own::{Layer, Own, OwnPeople};
use crate::shapes::Draft;
use circle_model::city::{Building, CensusDistrict, Population, PopulationFrom, Span};
use circle_model::{CompoundId, Point};
use districts::Districts;
use rustc_hash::FxHashMap;

/// A building with its own count stands within this distance of its compound's outline.
const NEAR_METRES: f64 = 50.0;

/// Writes the residential buildings by compound, and fills in every compound's population.
pub(crate) fn write(
    draft: &mut Draft,
    located: &Located,
    (compounds, compound_keys): (&mut [DraftCompound], &[String]),
    own: &mut Own,
) -> (Vec<PopulationFrom>, Vec<CensusDistrict>) {
    let boxes = Boxes::new(compounds);
    let districts = Districts::new(draft, compounds);
    let mut buildings = mapped::residential(draft, located, compounds, &boxes, &districts);
    let mut from: Vec<PopulationFrom> = compounds
        .iter()
        .map(|compound| {
            let said = compound.population.residents != Population::UNKNOWN
                || compound.population.households != Population::UNKNOWN;
            if said { PopulationFrom::Compound } else { PopulationFrom::Unknown }
        })
        .collect();
    let counted = people(&mut buildings, (&mut *compounds, compound_keys), &boxes, own, &mut from);
    for (number, population) in counted {
        if from[number] == PopulationFrom::Unknown {
            compounds[number].population = population;
            from[number] = PopulationFrom::Buildings;
        }
    }
    for (number, compound) in compounds.iter_mut().enumerate() {
        complete_counted(&mut compound.population, from[number], districts.household_size(number));
    }
    let census = districts.scale(draft, &mut buildings, compounds, &from);
    estimate(&buildings, compounds, &mut from);
    for (number, compound) in compounds.iter_mut().enumerate() {
        districts.add_ages(number, &mut compound.population);
    }
    share_out(&mut buildings, compounds, &from);
    buildings.sort_by_key(|building| (building.row.compound, building.row.feature, building.order));
    for building in buildings {
        let name = draft.texts.add_some(building.name.as_deref());
        let key = draft.texts.add_some(building.key.as_deref());
        draft.tables.buildings.push(Building { name, key, ..building.row });
    }
    (from, census)
}

/// A building before it is written.
pub(super) struct Drafted {
    row: Building,
    name: Option<Box<str>>,
    /// Of a building that only an own file has.
    key: Option<String>,
    order: usize,
    /// Its district in [`Districts`].
    district: usize,
}

/// Own counts: those of a compound go to it, those of buildings are added up by compound.
fn people(
    buildings: &mut Vec<Drafted>,
    (compounds, compound_keys): (&mut [DraftCompound], &[String]),
    boxes: &Boxes,
    own: &mut Own,
    from: &mut [PopulationFrom],
) -> Vec<(usize, Population)> {
    let rows = std::mem::take(&mut own.people);
    if rows.is_empty() {
        return Vec::new();
    }
    let called = Called::of(compounds, compound_keys);
    let mut sums: FxHashMap<usize, (u32, Population)> = FxHashMap::default();
    let mut seen: FxHashMap<(usize, u64), (u32, u32)> = FxHashMap::default();
    let mut counted: FxHashMap<usize, (u32, u32)> = FxHashMap::default();
    for (order, row) in rows.into_iter().enumerate() {
        let at = row.placed.then_some(row.record.point);
        let found = match row.compound.as_deref() {
            Some(name) => called.find_like(compounds, name, at).map(|found| {
                if found.by_likeness {
                    own.note_likeness(&row.record, name, &compounds[found.number]);
                }
                found.number
            }),
            None => holder(compounds, boxes, row.record.point),
        };
        let number = match found {
            Ok(number) => number,
            Err(why) => {
                own.reject(&row.record, "no_compound", &why);
                continue;
            }
        };
        if let Some((source, first)) = seen.insert((number, row.cells), (row.record.source, row.record.row)) {
            let first = own.label(source, first);
            own.merge_into(&row.record, &format!("the same as {first}"));
            continue;
        }
        if row.building.is_none() && row.compound.is_some() {
            let (mut before, known) =
                (compounds[number].population, from[number] == PopulationFrom::Compound);
            fill(&mut before, row.population);
            if known {
                let first = counted.get(&number).map(|(source, row)| own.label(*source, *row));
                let first = first.unwrap_or_else(|| "the file of compounds".to_owned());
                let other = disagrees(&before, &row.population);
                let words = if other { ", which says otherwise and is kept" } else { "" };
                own.merge_into(&row.record, &format!("its compound is counted by {first}{words}"));
            } else {
                counted.insert(number, (row.record.source, row.record.row));
            }
            compounds[number].population = before;
            from[number] = PopulationFrom::Compound;
            continue;
        }
        // Units of one building 单元 are rows of their own; another file may list the same buildings.
        let (source, sum) = sums.entry(number).or_insert((row.record.source, Population::NONE));
        if *source != row.record.source {
            let said = format!("the buildings of its compound are counted by {}", own.file_name(*source));
            own.merge_into(&row.record, &said);
            continue;
        }
        add(sum, row.population);
        place(buildings, number, &compounds[number], row, order);
    }
    let sums = sums.into_iter().map(|(number, (_, sum))| (number, sum));
    let mut sums: Vec<(usize, Population)> = sums.collect();
    sums.sort_unstable_by_key(|(number, _)| *number);
    sums
}

/// The smallest compound that holds a building, or that is close by.
fn holder(compounds: &[DraftCompound], boxes: &Boxes, at: Point) -> Result<usize, String> {
    let mut holders = boxes.containing(compounds, at);
    if holders.is_empty() {
        let near = circle_model::grid::widened(&circle_model::coordinates::Bounds::of([at]), NEAR_METRES);
        holders = boxes.meeting(&near);
    }
    let smallest = holders.into_iter().min_by(|a, b| {
        let size = |number: &u32| compounds[*number as usize].square_metres;
        size(a).total_cmp(&size(b)).then(a.cmp(b))
    });
    smallest
        .map(|number| number as usize)
        .ok_or_else(|| "no compound lies there; name it in a column `compound`".to_owned())
}

/// Own buildings stand in for the map's; an own count of a whole compound is shared out over the map's by their size.
fn share_out(buildings: &mut Vec<Drafted>, compounds: &[DraftCompound], from: &[PopulationFrom]) {
    let mut sums = vec![0.0; compounds.len()];
    for building in buildings.iter() {
        if let Some(sum) = building.row.compound().and_then(|compound| sums.get_mut(compound.index())) {
            *sum += f64::from(building.row.residents.max(0.0));
        }
    }
    buildings.retain_mut(|building| {
        let Some(compound) = building.row.feature().and(building.row.compound()).map(CompoundId::index)
        else {
            return true;
        };
        if from[compound] == PopulationFrom::Compound && sums[compound] > 0.0 {
            let population = &compounds[compound].population;
            let share = f64::from(building.row.residents) / sums[compound];
            building.row.residents = (f64::from(population.residents) * share) as f32;
            (building.row.residents_low, building.row.residents_high) =
                (building.row.residents, building.row.residents);
            building.row.households = (f64::from(population.households) * share) as f32;
            building.row.population_from = PopulationFrom::Compound.code();
        }
        from[compound] != PopulationFrom::Buildings
    });
}

/// A building of an own file.
fn place(buildings: &mut Vec<Drafted>, compound: usize, of: &DraftCompound, row: OwnPeople, order: usize) {
    let count = |count: u32| if count == Population::UNKNOWN { -1.0 } else { count as f32 };
    let point = if row.placed { row.record.point } else { of.point };
    let (id, name) = (row.record.reference.as_deref(), row.building.as_deref());
    buildings.push(Drafted {
        key: Some(keys::of_row(Layer::Population, id, name, point)),
        row: Building {
            point,
            name: Span::default(),
            key: Span::default(),
            feature: u32::MAX,
            compound: compound as u32,
            residents: count(row.population.residents),
            residents_low: count(row.population.residents),
            residents_high: count(row.population.residents),
            households: count(row.population.households),
            levels: row.levels,
            population_from: PopulationFrom::Buildings.code(),
            levels_assumed: u8::from(row.levels <= 0.0),
            spare: [0; 2],
        },
        name: row.building,
        order: order + 1,
        district: 0,
    });
}

/// Whether a count that both give differs.
fn disagrees(a: &Population, b: &Population) -> bool {
    let differ = |a: u32, b: u32| a != Population::UNKNOWN && b != Population::UNKNOWN && a != b;
    differ(a.households, b.households) || differ(a.residents, b.residents)
}

fn add(sum: &mut Population, more: Population) {
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

/// Compounds of which no file says anything, from the map's buildings.
fn estimate(buildings: &[Drafted], compounds: &mut [DraftCompound], from: &mut [PopulationFrom]) {
    let mut sums: FxHashMap<u32, [f64; 4]> = FxHashMap::default();
    for building in buildings.iter().filter(|building| building.row.feature().is_some()) {
        let sum = sums.entry(building.row.compound).or_default();
        let row = &building.row;
        let more = [row.residents, row.households, row.residents_low, row.residents_high];
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += f64::from(more));
    }
    for (number, compound) in compounds.iter_mut().enumerate() {
        let Some([residents, households, low, high]) = sums.get(&(number as u32)) else { continue };
        if from[number] == PopulationFrom::Unknown && *residents >= 1.0 {
            compound.population.residents = residents.round() as u32;
            compound.population.residents_low = low.round() as u32;
            compound.population.residents_high = high.round() as u32;
            compound.population.households = households.round().max(1.0) as u32;
            from[number] = PopulationFrom::Estimate;
        }
    }
}

/// Households from residents or the other way round, where only one of them was counted.
fn complete_counted(population: &mut Population, from: PopulationFrom, household_size: f64) {
    if from == PopulationFrom::Unknown {
        return;
    }
    let (households, residents) = (population.households, population.residents);
    if households == Population::UNKNOWN && residents != Population::UNKNOWN {
        population.households = (f64::from(residents) / household_size).round() as u32;
    }
    if residents == Population::UNKNOWN && households != Population::UNKNOWN {
        population.residents = (f64::from(households) * household_size).round() as u32;
    }
}
