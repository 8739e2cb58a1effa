//! The factors of the population estimate, from `data/population.toml`.

use crate::census::County;
use serde::Deserialize;

/// An uncertain figure.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guess {
    /// Lower estimate.
    pub low: f64,
    /// Best estimate.
    pub likely: f64,
    /// Upper estimate.
    pub high: f64,
}

impl Guess {
    /// A certain figure.
    pub const fn sure(value: f64) -> Self {
        Self { low: value, likely: value, high: value }
    }

    /// Applies a function to all three.
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self { low: change(self.low), likely: change(self.likely), high: change(self.high) }
    }

    /// Joins all three with their counterparts.
    pub fn with(self, other: Self, join: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            low: join(self.low, other.low),
            likely: join(self.likely, other.likely),
            high: join(self.high, other.high),
        }
    }
}

/// Bounds of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Levels of small buildings.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallBuilding {
    /// Maximum footprint of the class.
    pub up_to_square_metres: f64,
    /// Number of levels.
    pub levels: Guess,
}

/// The factors from which footprints and levels of buildings become residents.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationFactors {
    /// Floor area per resident.
    pub floor_area_per_resident_square_metres: f64,
    /// Residents per household.
    pub residents_per_household: f64,
    /// Share of the floor area that is homes.
    pub residential_share: f64,
    /// Share of homes that are occupied.
    pub occupied_share: Guess,
    /// Minimum footprint from which `building=yes` in a compound is residential.
    pub smallest_footprint_square_metres: f64,
    /// Minimum number of buildings with mapped levels from which their mean applies to the others …
    pub levels_from_map_count: usize,
    /// … and minimum share of them.
    pub levels_from_map_share: f64,
    /// Bounds of the factor that scales estimates to the census.
    pub census_scale: Scale,
    /// Levels of unmapped buildings without a census.
    pub levels: Guess,
    /// Levels of buildings without a lift.
    pub levels_without_lift: Guess,
    /// Levels of buildings with a lift.
    pub levels_with_lift: Guess,
    /// Levels of small buildings, the smallest first.
    pub small: Vec<SmallBuilding>,
}

impl PopulationFactors {
    /// The built-in factors.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        toml::from_str(include_str!("../../../data/population.toml")).expect("data/population.toml")
    }

    /// The factors of a district: its own if the census has it.
    pub fn of(&self, county: Option<&County>) -> Self {
        let mut own = self.clone();
        if let Some(county) = county {
            own.floor_area_per_resident_square_metres = county.floor_square_metres;
            own.residents_per_household = county.household_size;
            own.levels = self.levels_by_lifts(county.lift_share);
        }
        own
    }

    /// Mean levels of buildings for a share of homes with a lift.
    ///
    /// The number of homes is proportional to levels, so the mean over footprints is the harmonic mean over
    /// homes.
    fn levels_by_lifts(&self, lift_share: f64) -> Guess {
        self.levels_with_lift.with(self.levels_without_lift, |with, without| {
            1.0 / (lift_share / with + (1.0 - lift_share) / without)
        })
    }

    /// The size class of a building: a row of [`PopulationFactors::small`], or one beyond.
    pub fn size_class(&self, footprint_square_metres: f64) -> usize {
        let larger = |small: &&SmallBuilding| footprint_square_metres > small.up_to_square_metres;
        self.small.iter().take_while(larger).count()
    }

    /// Levels of a building without mapped levels.
    pub fn levels_of(&self, footprint_square_metres: f64) -> Guess {
        let small = self.small.get(self.size_class(footprint_square_metres));
        small.map_or(self.levels, |small| small.levels)
    }

    /// Residents of a building.
    pub fn residents(&self, footprint_square_metres: f64, levels: Guess) -> Guess {
        let floor = footprint_square_metres * self.residential_share;
        levels.with(self.occupied_share, |levels, occupied| {
            floor * levels * occupied / self.floor_area_per_resident_square_metres
        })
    }

    /// Residents of a building with a number of homes.
    pub fn residents_of_flats(&self, flats: f64) -> Guess {
        self.occupied_share.map(|occupied| flats * occupied * self.residents_per_household)
    }

    /// The method of the estimate as text.
    pub fn statement(&self) -> String {
        format!(
            "population estimated from residential buildings: {} m² of floor for each resident and {} residents for each \
             household, or those of the district in the census of 2020; {} % of the floor homes, {} to {} % of them \
             occupied; outside mainland China as many as the map counts in the unit around them, else not at all",
            self.floor_area_per_resident_square_metres,
            self.residents_per_household,
            self.residential_share * 100.0,
            self.occupied_share.low * 100.0,
            self.occupied_share.high * 100.0,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::census::county;

    #[test]
    fn residents_of_a_block_follow_from_floor_area() {
        let factors = PopulationFactors::built_in();
        let residents = factors.residents(600.0, Guess::sure(6.0));
        let by_hand = |occupied: f64| 600.0 * 6.0 * 0.9 * occupied / 36.5;
        assert!((residents.likely - by_hand(0.85)).abs() < 1e-9, "{residents:?}");
        assert!((residents.low - by_hand(0.75)).abs() < 1e-9, "{residents:?}");
        assert!((residents.high - by_hand(0.95)).abs() < 1e-9, "{residents:?}");
        assert!(factors.statement().contains("36.5 m²"));
    }

    #[test]
    fn levels_follow_from_the_share_of_homes_with_a_lift() {
        let built_in = PopulationFactors::built_in();
        let nangang = built_in.of(county(230_103));
        assert_eq!(nangang.floor_area_per_resident_square_metres.to_bits(), 36.27f64.to_bits());
        assert_eq!(nangang.residents_per_household.to_bits(), 2.18f64.to_bits());
        // 35.76 % of the homes have a lift: of 180 levels, 64.4 are in 3.58 towers and 115.6 in 19.27 blocks.
        let towers = 0.3576 * 180.0 / 18.0;
        let blocks = 0.6424 * 180.0 / 6.0;
        let levels = nangang.levels_of(800.0);
        assert!((levels.likely - 180.0 / (towers + blocks)).abs() < 1e-9, "{levels:?}");
        assert!(levels.low < levels.likely && levels.likely < levels.high);
        // No bungalow has a lift.
        assert!(nangang.levels_of(100.0).high <= 3.0);
        assert_eq!(built_in.of(None), built_in);
        assert_eq!(
            [100.0, 150.0, 151.0, 300.0, 301.0].map(|area| built_in.size_class(area)),
            [0, 0, 1, 1, 2]
        );
    }
}
