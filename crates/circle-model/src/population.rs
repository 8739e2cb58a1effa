//! The factors of the population estimate, from `data/population.toml`.

use serde::Deserialize;

/// How footprints and levels of buildings become people.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationFactors {
    /// Floor area for each resident.
    pub floor_area_per_resident_square_metres: f64,
    /// Residents of a household.
    pub residents_per_household: f64,
    /// Share of the floor that is homes.
    pub residential_share: f64,
    /// Share of homes that somebody lives in.
    pub occupied_share: f64,
    /// Levels where nobody has mapped them.
    pub levels_assumed: f64,
    /// `building=yes` in a compound is residential from this footprint on.
    pub smallest_footprint_square_metres: f64,
}

impl PopulationFactors {
    /// Those that come with the product.
    ///
    /// # Panics
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        toml::from_str(include_str!("../../../data/population.toml")).expect("data/population.toml")
    }

    /// Residents of a building.
    pub fn residents(&self, footprint_square_metres: f64, levels: f64) -> f64 {
        footprint_square_metres * levels * self.residential_share * self.occupied_share
            / self.floor_area_per_resident_square_metres
    }

    /// The estimate in words.
    pub fn statement(&self) -> String {
        format!(
            "population estimated from residential buildings: {} m² of floor for each resident, {} residents for each \
             household, {} % of the floor homes, {} % of them occupied, {} levels where none are mapped",
            self.floor_area_per_resident_square_metres,
            self.residents_per_household,
            self.residential_share * 100.0,
            self.occupied_share * 100.0,
            self.levels_assumed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_six_levels_holds_its_people() {
        let factors = PopulationFactors::built_in();
        let residents = factors.residents(600.0, 6.0);
        assert!((residents - 600.0 * 6.0 * 0.9 * 0.85 / 36.5).abs() < 1e-9, "{residents}");
        assert!(factors.statement().contains("36.5 m²"));
    }
}
