//! Whether the data carries a verdict: how complete a category is where a compound lies (`evidence.md`, section 1).

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
    /// The completeness from which on a missing facility is a gap; below it, it is unknown. 0 to 1.
    pub least_completeness: f64,
    /// Judge as if the map held every facility 按地图所示.
    pub as_mapped: bool,
}

impl Default for Evidence {
    fn default() -> Self {
        Self { least_completeness: Self::LEAST_COMPLETENESS, as_mapped: false }
    }
}

impl Evidence {
    /// The completeness that is asked for unless said otherwise.
    pub const LEAST_COMPLETENESS: f64 = 0.5;

    /// Judges as if the map were complete.
    pub const AS_MAPPED: Self = Self { least_completeness: Self::LEAST_COMPLETENESS, as_mapped: true };

    /// Whether a missing facility is a gap where the data is as complete as `source` says.
    pub fn carries(&self, source: &Source) -> bool {
        self.as_mapped || source.completeness().is_some_and(|share| share >= self.least_completeness)
    }
}

/// How many facilities of a column an area is expected to have, and how many are known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Source {
    /// Expected; `None` where nobody knows how many people live there, and 0 where nothing says how many to expect.
    pub expected: Option<f64>,
    /// Known.
    pub known: u32,
    /// An own list is said to hold all of them.
    pub complete: bool,
}

impl Source {
    /// Known ÷ expected, at most 1; `None` where nobody knows what to expect.
    pub fn completeness(&self) -> Option<f64> {
        if self.complete {
            return Some(1.0);
        }
        let expected = self.expected.filter(|expected| *expected > 0.0)?;
        Some((f64::from(self.known) / expected).min(1.0))
    }
}

/// Completeness is judged in the smallest unit with at least this many residents, else in the city.
pub const RESIDENTS_OF_AN_AREA: f64 = 20_000.0;

/// Where fewer facilities are expected in an area, one that is known proves nothing: the whole city is judged instead.
const LEAST_EXPECTED: f64 = 2.0;

/// The areas that completeness is judged in; the first is the whole city.
#[derive(Debug, Clone)]
pub struct Areas {
    areas: Vec<Area>,
    /// By compound.
    of_compound: Vec<u32>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Row in the city's units; `None` for the whole city.
    pub unit: Option<UnitId>,
    /// The unit, no larger, that own lists are said to be complete in.
    listed: Option<UnitId>,
    /// Residents, at most; `None` where nobody knows.
    pub residents: Option<f64>,
}

impl Areas {
    /// Those of a city: for each compound the smallest unit with enough residents.
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

    /// The whole city alone.
    pub(crate) fn whole(city: &City) -> Self {
        let residents = at_most(ResidentsByUnit::of(city).city());
        let areas = vec![Area { unit: None, listed: None, residents }];
        Self { areas, of_compound: vec![0; city.compounds().len()] }
    }

    /// All of them, the whole city first.
    pub fn all(&self) -> &[Area] {
        &self.areas
    }

    /// Position in [`all`](Self::all) of the area that a compound is judged in.
    pub fn of_compound(&self, compound: CompoundId) -> usize {
        self.of_compound[compound.index()] as usize
    }

    /// Bytes of memory that they take.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.areas) + size_of_val(&*self.of_compound)
    }
}

/// As many as may live there: an estimate that is too low would prove gaps.
fn at_most(residents: Option<Residents>) -> Option<f64> {
    residents.map(|residents| residents.high as f64).filter(|high| *high > 0.0)
}

/// How complete each category of the catalogue is in the whole city.
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

/// Expected and known facilities of a pool of categories in every area.
pub(crate) struct Prover<'a> {
    city: &'a City,
    density: ExpectedDensity,
    areas: &'a Areas,
}

impl<'a> Prover<'a> {
    pub(crate) fn new(city: &'a City, areas: &'a Areas) -> Self {
        Self { city, density: ExpectedDensity::built_in(), areas }
    }

    /// Sources of a pool, by area. `members` are the facilities of each category; `lines` those that name any of the
    /// pool; `measure` is how the column is judged.
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
        // What an own list holds completely is expected as it is known.
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
                // One is asked for in each: as many units as have one are known.
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

    /// Distinct facilities of any of the categories in an area.
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

    /// Whether an own list is said to hold all of a category in an area: everywhere, or in a unit that holds it.
    fn is_complete(&self, category: &str, area: usize) -> bool {
        let area = &self.areas.areas[area];
        self.city.meta().own.iter().any(|file| {
            file.complete_for.iter().any(|id| id == category)
                && (file.complete_in.is_empty() || self.is_in(area.listed.or(area.unit), &file.complete_in))
        })
    }

    /// Whether a unit, or one above it, has one of the names.
    fn is_in(&self, unit: Option<UnitId>, names: &[String]) -> bool {
        let mut next = unit;
        // Levels are few; a file whose units hold each other must not hang.
        for _ in 0..16 {
            let Some(row) = next.map(|unit| &self.city.units()[unit.index()]) else { return false };
            if names.iter().any(|name| name == self.city.text(row.name)) {
                return true;
            }
            next = row.parent();
        }
        false
    }

    /// How many units of a kind hold a compound of an area, and how many of those hold one of the facilities.
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
    fn completeness_is_known_by_expected_and_at_most_one() {
        assert_eq!(source(3, Some(12.0)).completeness(), Some(0.25));
        assert_eq!(source(30, Some(12.0)).completeness(), Some(1.0));
        assert_eq!(source(3, None).completeness(), None);
        assert_eq!(Source { complete: true, ..source(0, None) }.completeness(), Some(1.0));
    }

    #[test]
    fn a_gap_needs_the_completeness_that_is_asked_for() {
        let evidence = Evidence::default();
        assert!(evidence.carries(&source(6, Some(12.0))) && !evidence.carries(&source(5, Some(12.0))));
        assert!(!evidence.carries(&source(5, None)));
        assert!(Evidence::AS_MAPPED.carries(&source(0, None)));
    }

    /// A district with 30,000 residents of which one 街道 has 25,000 and another 5,000; 40,000 live outside of it.
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
    fn lists_are_complete_where_they_say_so() {
        let all = city(vec![list("clinic", &[])]);
        assert!(proven(&all, &["clinic"]).1.iter().all(|source| source.completeness() == Some(1.0)));
        // Of a pool one part is complete: it counts as it is known, the rest as it is expected.
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
