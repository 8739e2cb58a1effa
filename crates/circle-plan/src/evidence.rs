//! Evidence for gaps: how complete the data of a category is in the area of a compound (`docs/coverage.md`).

use circle_model::city::Compound;
use circle_model::rules::{Line, Measure, OnePer};
use circle_model::{
    Catalogue, Category, City, CompoundId, ExpectedDensity, FacilityId, Residents, ResidentsByUnit, RuleSet,
    UnitId,
};
use std::collections::{BTreeSet, HashMap};

/// The evidence that a gap needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Minimum completeness for a gap, 0 to 1. Below it, a missing facility makes the verdict unknown.
    pub least_completeness: f64,
    /// Judge as if the map were complete 按地图所示.
    pub as_mapped: bool,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { least_completeness: Self::LEAST_COMPLETENESS, as_mapped: false }
    }
}

impl Evidence {
    /// The default of `least_completeness`.
    pub const LEAST_COMPLETENESS: f64 = 0.5;

    /// Judges as if the map were complete.
    pub const AS_MAPPED: Self = Self { least_completeness: Self::LEAST_COMPLETENESS, as_mapped: true };

    /// Whether the data behind `source` is complete enough for a gap.
    pub fn carries(&self, source: &Source) -> bool {
        self.as_mapped || source.completeness().is_some_and(|share| share >= self.least_completeness)
    }
}

/// Expected and known facilities of a column in an area.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Source {
    /// Number of expected facilities; `None` if the residents are not known, 0 if no density is known.
    pub expected: Option<f64>,
    /// Number of known facilities.
    pub known: u32,
    /// Whether an own list is declared complete.
    pub complete: bool,
}

impl Source {
    /// Known ÷ expected, at most 1; `None` if the expected number is not known.
    pub fn completeness(&self) -> Option<f64> {
        if self.complete {
            return Some(1.0);
        }
        let expected = self.expected.filter(|expected| *expected > 0.0)?;
        Some((f64::from(self.known) / expected).min(1.0))
    }
}

/// Minimum number of residents of a unit in which completeness is computed; below it, a larger unit or the
/// city is used.
pub const RESIDENTS_OF_AN_AREA: f64 = 20_000.0;

/// Minimum expected number of facilities in an area. Below it, one known facility proves nothing, so the
/// whole city is used.
const LEAST_EXPECTED: f64 = 2.0;

/// The areas in which completeness is computed; the first is the whole city.
#[derive(Debug, Clone)]
pub struct Areas {
    areas: Vec<Area>,
    /// Position of the area, by compound.
    of_compound: Vec<u32>,
}

/// An area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Row in the city's units; `None` for the whole city.
    pub unit: Option<UnitId>,
    /// The unit, of at most this size, in which own lists are declared complete.
    listed: Option<UnitId>,
    /// Upper estimate of the residents; `None` if not known.
    pub residents: Option<f64>,
}

impl Areas {
    /// The areas of a city: for each compound the smallest unit with enough residents.
    pub fn of(city: &City) -> Self {
        let residents = ResidentsByUnit::of(city);
        let of_unit = |unit: UnitId| at_most(residents.unit(unit));
        let likely = |unit: UnitId| residents.unit(unit).map(|residents| residents.likely as f64);
        let of_city = at_most(residents.city());
        let mut areas = vec![Area { unit: None, listed: None, residents: of_city }];
        let mut known = HashMap::from([((None, None), 0)]);
        let of_compound = city.compounds().iter().map(|compound| {
            let smallest_first = || compound.units().into_iter().rev().flatten();
            let is_large = |unit: &UnitId| likely(*unit).is_some_and(|count| count >= RESIDENTS_OF_AN_AREA);
            let unit = smallest_first().find(is_large);
            let is_named = |unit: &UnitId| {
                let name = city.text(city.units()[unit.index()].name);
                city.meta().own.iter().any(|file| file.complete_in.iter().any(|other| other == name))
            };
            let listed = smallest_first().find(is_named);
            *known.entry((unit, listed)).or_insert_with(|| {
                areas.push(Area { unit, listed, residents: unit.map_or(of_city, of_unit) });
                areas.len() as u32 - 1
            })
        });
        let of_compound = of_compound.collect();
        Self { areas, of_compound }
    }

    /// The whole city as the only area.
    pub(crate) fn whole(city: &City) -> Self {
        let residents = at_most(ResidentsByUnit::of(city).city());
        let areas = vec![Area { unit: None, listed: None, residents }];
        Self { areas, of_compound: vec![0; city.compounds().len()] }
    }

    /// All areas, the whole city first.
    pub fn all(&self) -> &[Area] {
        &self.areas
    }

    /// Position in [`all`](Self::all) of the area that a compound is judged in.
    pub fn of_compound(&self, compound: CompoundId) -> usize {
        self.of_compound[compound.index()] as usize
    }

    /// Memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.areas) + size_of_val(&*self.of_compound)
    }
}

/// The upper estimate of residents: too low an estimate would prove false gaps.
fn at_most(residents: Option<Residents>) -> Option<f64> {
    residents.map(|residents| residents.high as f64).filter(|high| *high > 0.0)
}

/// Completeness of each category of the catalogue in the whole city.
pub fn category_sources(city: &City, catalogue: &Catalogue) -> Vec<Source> {
    let areas = Areas::whole(city);
    let prover = Prover::new(city, &areas);
    let members = members(city, catalogue);
    let of = |id: &str| catalogue.index_of(id).map_or(&[][..], |category| members[category].as_slice());
    let source = |category: &Category| {
        let id = category.id.as_str();
        let lines = &RuleSet::standard().lines;
        let lines: Vec<&Line> = lines.iter().filter(|line| line.any_of.iter().any(|it| it == id)).collect();
        prover.prove(&[id], &of, &lines, None).first().copied().unwrap_or_default()
    };
    catalogue.categories.iter().map(source).collect()
}

/// The facilities of each category, ascending.
pub(crate) fn members(city: &City, catalogue: &Catalogue) -> Vec<Vec<FacilityId>> {
    let mut members: Vec<Vec<FacilityId>> = vec![Vec::new(); catalogue.categories.len()];
    for (number, facility) in (0u32..).zip(city.facilities()) {
        for category in &city.facility_categories()[facility.categories.range()] {
            if let Some(members) = members.get_mut(usize::from(*category)) {
                members.push(FacilityId(number));
            }
        }
    }
    members
}

/// Computes expected and known facilities of a pool of categories in every area.
pub(crate) struct Prover<'a> {
    city: &'a City,
    density: ExpectedDensity,
    areas: &'a Areas,
}

impl<'a> Prover<'a> {
    pub(crate) fn new(city: &'a City, areas: &'a Areas) -> Self {
        Self { city, density: ExpectedDensity::built_in(), areas }
    }

    /// Sources of a pool, by area. `members` gives the facilities of a category; `lines` are those that name
    /// a category of the pool; `measure` is how the column is judged.
    pub(crate) fn prove(
        &self,
        pool: &[&str],
        members: &dyn Fn(&str) -> &'a [FacilityId],
        lines: &[&Line],
        measure: Option<Measure>,
    ) -> Vec<Source> {
        let areas = &self.areas.areas;
        if pool.is_empty() {
            return vec![Source::default(); areas.len()];
        }
        // For a category with a complete own list, the expected number is the known one.
        let complete: Vec<Vec<bool>> =
            pool.iter().map(|id| (0..areas.len()).map(|area| self.is_complete(id, area)).collect()).collect();
        let mut sources = vec![Source::default(); areas.len()];
        for (area, source) in sources.iter_mut().enumerate() {
            let (listed, open): (Vec<&str>, Vec<&str>) = {
                let (listed, open): (Vec<usize>, Vec<usize>) =
                    (0..pool.len()).partition(|number| complete[*number][area]);
                (listed.iter().map(|it| pool[*it]).collect(), open.iter().map(|it| pool[*it]).collect())
            };
            let of_listed = self.known(&listed, members, area);
            source.complete = open.is_empty();
            if open.is_empty() {
                (source.known, source.expected) = (of_listed, Some(f64::from(of_listed)));
                continue;
            }
            let expected = self.density.of(&open, lines);
            let categories: Vec<&str> = expected.categories.iter().map(String::as_str).collect();
            let of_open = self.known(&categories, members, area);
            let of_residents =
                areas[area].residents.map(|residents| expected.per_10000 * residents / 10_000.0);
            if let Some(Measure::OnePer(unit)) = measure {
                // One is needed per unit, so units with a facility are counted.
                let all: Vec<FacilityId> = pool.iter().flat_map(|id| members(id)).copied().collect();
                let (units, with_one) = self.units(unit, area, &all);
                source.known = with_one;
                source.expected = of_residents.map(|expected| expected.max(f64::from(units)));
                continue;
            }
            let expected = of_residents;
            let known = if listed.is_empty() {
                of_open
            } else {
                let both: Vec<&str> = listed.iter().chain(&categories).copied().collect();
                self.known(&both, members, area)
            };
            source.known = known;
            source.expected = expected.map(|expected| expected + f64::from(known - of_open));
        }
        let city = sources[0];
        for source in sources.iter_mut().filter(|source| !source.complete) {
            if source.expected.is_some_and(|expected| expected < LEAST_EXPECTED) {
                *source = city;
            }
        }
        sources
    }

    /// Number of distinct facilities of any of the categories in an area.
    fn known(&self, categories: &[&str], members: &dyn Fn(&str) -> &'a [FacilityId], area: usize) -> u32 {
        let facilities = self.city.facilities();
        let unit = self.areas.areas[area].unit;
        let here = |it: &FacilityId| unit.is_none() || facilities[it.index()].units().contains(&unit);
        match categories {
            [one] => members(one).iter().filter(|it| here(it)).count() as u32,
            several => {
                let mut all: Vec<FacilityId> =
                    several.iter().flat_map(|id| members(id)).copied().filter(here).collect();
                all.sort_unstable();
                all.dedup();
                all.len() as u32
            }
        }
    }

    /// Whether an own list is declared complete for a category: everywhere, or in a unit that contains the
    /// area.
    fn is_complete(&self, category: &str, area: usize) -> bool {
        let area = &self.areas.areas[area];
        self.city.meta().own.iter().any(|file| {
            file.complete_for.iter().any(|id| id == category)
                && (file.complete_in.is_empty() || self.is_in(area.listed.or(area.unit), &file.complete_in))
        })
    }

    /// Whether a unit, or one that contains it, has one of the names.
    fn is_in(&self, unit: Option<UnitId>, names: &[String]) -> bool {
        let mut next = unit;
        // There are few levels; the bound ends the search in a file whose units contain each other.
        for _ in 0..16 {
            let Some(row) = next.map(|unit| &self.city.units()[unit.index()]) else { return false };
            if names.iter().any(|name| name == self.city.text(row.name)) {
                return true;
            }
            next = row.parent();
        }
        false
    }

    /// Number of units of a kind with a compound of an area, and number of those with one of the facilities.
    fn units(&self, unit: OnePer, area: usize, facilities: &[FacilityId]) -> (u32, u32) {
        let inside = self.areas.areas[area].unit;
        let compounds: Vec<&Compound> = self
            .city
            .compounds()
            .iter()
            .filter(|compound| inside.is_none() || compound.units().contains(&inside))
            .collect();
        let all = self.city.facilities();
        let level = match unit {
            OnePer::Block => {
                let blocks = compounds.iter().filter(|compound| compound.rings.len > 0);
                let holds = |block: &&&Compound| {
                    let bounds = self.city.rings_bounds(block.rings);
                    facilities
                        .iter()
                        .map(|it| all[it.index()].point)
                        .any(|point| bounds.contains(point) && self.city.rings_contain(block.rings, point))
                };
                return (blocks.clone().count() as u32, blocks.filter(holds).count() as u32);
            }
            OnePer::Community => 2,
            OnePer::Subdistrict => 1,
        };
        let units: BTreeSet<UnitId> =
            compounds.iter().filter_map(|compound| compound.units()[level]).collect();
        let held: BTreeSet<UnitId> =
            facilities.iter().filter_map(|it| all[it.index()].units()[level]).collect();
        (units.len() as u32, units.intersection(&held).count() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Compound, Facility, Meta, OwnFile, Population, Text, Unit};
    use zerocopy::FromZeros;

    fn source(known: u32, expected: Option<f64>) -> Source {
        Source { expected, known, complete: false }
    }

    #[test]
    fn completeness_is_known_divided_by_expected_and_at_most_1() {
        assert_eq!(source(3, Some(12.0)).completeness(), Some(0.25));
        assert_eq!(source(30, Some(12.0)).completeness(), Some(1.0));
        assert_eq!(source(3, None).completeness(), None);
        assert_eq!(Source { complete: true, ..source(0, None) }.completeness(), Some(1.0));
    }

    #[test]
    fn a_gap_needs_the_least_completeness() {
        let evidence = Evidence::default();
        assert!(evidence.carries(&source(6, Some(12.0))) && !evidence.carries(&source(5, Some(12.0))));
        assert!(!evidence.carries(&source(5, None)));
        assert!(Evidence::AS_MAPPED.carries(&source(0, None)));
    }

    /// A district with 30,000 residents, of which one 街道 has 25,000 and another 5,000; 40,000 live outside
    /// it.
    fn city(own: Vec<OwnFile>) -> City {
        let mut tables = CityTables::default();
        let mut text = |text: &str| {
            let start = tables.texts.len() as u32;
            tables.texts.extend_from_slice(text.as_bytes());
            Text { start, len: text.len() as u32 }
        };
        let names = ["南岗区", "大街道", "小街道"].map(&mut text);
        let unit = |name, admin_level, parent| Unit { name, admin_level, parent, ..Unit::new_zeroed() };
        tables.units = vec![unit(names[0], 6, u32::MAX), unit(names[1], 8, 0), unit(names[2], 8, 0)];
        let none = u32::MAX;
        for (residents, units) in
            [(25_000, [0, 1, none, none]), (5_000, [0, 2, none, none]), (40_000, [none; 4])]
        {
            let population = Population { residents, ..Population::NONE };
            tables.compounds.push(Compound { units, population, ..Compound::new_zeroed() });
        }
        for units in [[0, 1, none, none], [0, 2, none, none], [none; 4]] {
            tables.facilities.push(Facility { units, ..Facility::new_zeroed() });
        }
        City::from_tables(tables, &Meta { own, ..Meta::default() }).unwrap()
    }

    fn proven(city: &City, pool: &[&str]) -> (Areas, Vec<Source>) {
        let areas = Areas::of(city);
        let all = [FacilityId(0), FacilityId(1), FacilityId(2)];
        let members = |id: &str| if id == "clinic" { &all[..] } else { &[][..] };
        let sources = Prover::new(city, &areas).prove(pool, &members, &[], None);
        (areas, sources)
    }

    fn list(complete_for: &str, complete_in: &[&str]) -> OwnFile {
        OwnFile {
            complete_for: vec![complete_for.to_owned()],
            complete_in: complete_in.iter().map(|name| (*name).to_owned()).collect(),
            ..OwnFile::default()
        }
    }

    #[test]
    fn own_lists_are_complete_in_the_units_that_they_declare() {
        let all = city(vec![list("clinic", &[])]);
        assert!(proven(&all, &["clinic"]).1.iter().all(|source| source.completeness() == Some(1.0)));
        // In a pool with one complete category, that one is expected as known, the rest by density.
        let (_, sources) = proven(&all, &["clinic", "pharmacy"]);
        let expected = 3.0 + 3.92 * 7.0;
        assert!((sources[0].expected.unwrap() - expected).abs() < 1e-9, "{sources:?}");
        assert_eq!(sources[0].known, 3);
        let small = city(vec![list("clinic", &["小街道"])]);
        let (areas, sources) = proven(&small, &["clinic"]);
        let of = |compound: u32| sources[areas.of_compound(CompoundId(compound))].completeness().unwrap();
        assert!((of(1) - 1.0).abs() < f64::EPSILON && of(0) < 0.5 && of(2) < 0.5, "{sources:?}");
    }
}
