//! Expected numbers of facilities for a number of residents, from `data/expected_density.toml`. They
//! distinguish a gap from incomplete data.

use crate::rules::{Line, OnePer};
use serde::Deserialize;

/// Expected facilities per 10,000 residents, by category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedDensity {
    #[serde(rename = "density")]
    entries: Vec<Entry>,
    #[serde(rename = "scale")]
    scales: Vec<Scale>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Ids of categories that are counted together, joined by `+`.
    category: String,
    per_10000: f64,
    /// The population that `per_10000` refers to, if not all residents.
    #[serde(default, rename = "per")]
    _per: Option<String>,
    #[serde(rename = "src")]
    _source: String,
}

impl Entry {
    fn categories(&self) -> impl Iterator<Item = &str> {
        self.category.split('+')
    }
}

/// One facility per number of residents, at one tier of a standard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    tier: String,
    minutes: u32,
    residents: f64,
}

/// The expected number for a pool of categories.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Facilities per 10,000 residents.
    pub per_10000: f64,
    /// Ids of the categories whose facilities count as known, ascending: those of the pool and those counted
    /// together with them.
    pub categories: Vec<String>,
}

impl ExpectedDensity {
    /// The built-in densities.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        toml::from_str(include_str!("../../../data/expected_density.toml"))
            .expect("data/expected_density.toml")
    }

    /// The expected number for a pool of categories: the sum over its categories. A category without a
    /// density has that of the lines of rule sets; `lines` are those that name a category of the pool.
    ///
    /// ```
    /// use circle_model::ExpectedDensity;
    /// let density = ExpectedDensity::built_in();
    /// let clinics = density.of(&["clinic", "health_center"], &[]);
    /// assert!((clinics.per_10000 - (1.84 + 0.39)).abs() < 1e-9);
    /// assert_eq!(clinics.categories, ["clinic", "health_center", "health_station"]);
    /// ```
    pub fn of(&self, pool: &[&str], lines: &[&Line]) -> Expected {
        let mut categories: Vec<String> = pool.iter().map(|id| (*id).to_owned()).collect();
        let mut per_10000 = 0.0;
        for entry in self.entries.iter().filter(|entry| entry.categories().any(|id| pool.contains(&id))) {
            per_10000 += entry.per_10000;
            categories.extend(entry.categories().map(str::to_owned));
        }
        let listed = |id: &str| self.entries.iter().any(|entry| entry.categories().any(|other| other == id));
        for id in pool.iter().filter(|id| !listed(id)) {
            let asked = lines.iter().filter(|line| line.any_of.iter().any(|other| other == id));
            let residents = asked.filter_map(|line| self.residents_for_one(line)).min_by(f64::total_cmp);
            per_10000 += 10_000.0 / residents.unwrap_or_else(|| self.of_minutes(u32::MAX));
        }
        categories.sort_unstable();
        categories.dedup();
        Expected { per_10000, categories }
    }

    /// The number of residents per facility that a line requires; `None` if it has no measure of its own.
    fn residents_for_one(&self, line: &Line) -> Option<f64> {
        let of_tier = |tier: &str| self.scales.iter().find(|scale| scale.tier == tier).map(|it| it.residents);
        match (&line.tier, line.one_per, line.minutes) {
            (Some(tier), ..) if of_tier(tier).is_some() => of_tier(tier),
            (_, Some(OnePer::Block), _) => of_tier("block"),
            (_, Some(OnePer::Community), _) => of_tier("t5"),
            (_, Some(OnePer::Subdistrict), _) => of_tier("t15"),
            (_, _, minutes) => minutes.map(|minutes| self.of_minutes(minutes)),
        }
    }

    /// The scale of the tier of a walk of `minutes`; that of the widest tier for longer walks.
    fn of_minutes(&self, minutes: u32) -> f64 {
        let wide_enough = self.scales.iter().filter(|scale| scale.minutes >= minutes.max(1));
        let narrowest = wide_enough.min_by_key(|scale| scale.minutes);
        let widest = || self.scales.iter().max_by_key(|scale| scale.minutes);
        narrowest.or_else(widest).map_or(f64::INFINITY, |scale| scale.residents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalogue, RuleSet};

    #[test]
    fn every_entry_names_categories_and_no_category_twice() {
        let (density, catalogue) = (ExpectedDensity::built_in(), Catalogue::built_in());
        let mut seen = std::collections::BTreeSet::new();
        for entry in &density.entries {
            assert!((0.0..=1000.0).contains(&entry.per_10000), "{}", entry.category);
            for id in entry.categories() {
                assert!(seen.insert(id.to_owned()), "{id} is listed twice");
                assert!(catalogue.index_of(id).is_some(), "{id} is no category");
            }
        }
    }

    #[test]
    fn a_pool_is_the_sum_of_its_categories() {
        let density = ExpectedDensity::built_in();
        let of = |pool: &[&str]| density.of(pool, &[]).per_10000;
        let school = of(&["primary_school", "middle_school", "school"]);
        assert!((school - (1.12 + 0.37)).abs() < 1e-9, "{school}");
        // They are counted together, so naming both does not count them twice.
        assert_eq!(of(&["health_center", "health_station"]).to_bits(), of(&["health_center"]).to_bits());
    }

    #[test]
    fn a_category_without_a_density_has_that_of_its_standard() {
        let density = ExpectedDensity::built_in();
        let sets = RuleSet::built_in();
        let gb = sets.iter().find(|rules| rules.id == "gb50180").unwrap();
        let lines: Vec<&Line> = gb.lines.iter().collect();
        // 司法所, at the 15-minute tier: one per 100,000.
        assert!((density.of(&["mediation"], &lines).per_10000 - 0.1).abs() < 1e-9);
        // 社区食堂, at the 5-minute tier: one per 12,000.
        assert!((density.of(&["community_canteen"], &lines).per_10000 - 10.0 / 12.0).abs() < 1e-9);
        // Without a line, the scale of the widest tier applies.
        assert!((density.of(&["community_canteen"], &[]).per_10000 - 0.1).abs() < 1e-9);
    }
}
