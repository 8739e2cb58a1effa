//! Buildings and compounds with their population, before they are written.

use circle_model::city::{Population, PopulationFrom};
use circle_model::{CompoundId, FeatureId, Point};

/// A residential building.
#[derive(Debug)]
pub(crate) struct DraftBuilding {
    pub(crate) point: Point,
    pub(crate) name: Option<Box<str>>,
    /// The key, for a building in an own file alone.
    pub(crate) key: Option<String>,
    /// `None` for a building in an own file alone.
    pub(crate) feature: Option<FeatureId>,
    pub(crate) compound: Option<CompoundId>,
    pub(crate) residents: Option<f32>,
    /// Bounds of the residents; equal to the residents if they were counted.
    pub(crate) residents_low: Option<f32>,
    pub(crate) residents_high: Option<f32>,
    pub(crate) households: Option<f32>,
    /// Levels above ground.
    pub(crate) levels: f32,
    pub(crate) from: PopulationFrom,
    /// Whether the levels are not mapped.
    pub(crate) levels_assumed: bool,
    /// Position among the rows of own files, from 1; 0 for the map.
    pub(super) own_order: usize,
    /// Its district in [`Districts`](super::districts::Districts).
    pub(super) district: usize,
}

impl DraftBuilding {
    /// Sort key: by compound, then buildings of the map by feature, then those of own files.
    pub(super) fn order(&self) -> (u32, u32, usize) {
        let (compound, feature) = (self.compound.map(|id| id.0), self.feature.map(|id| id.0));
        (compound.unwrap_or(u32::MAX), feature.unwrap_or(u32::MAX), self.own_order)
    }
}

/// The population of a compound, and its source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CompoundPopulation {
    pub(crate) population: Population,
    pub(crate) from: PopulationFrom,
}

impl CompoundPopulation {
    /// The counts of a file of compounds.
    pub(super) fn counted(population: Population) -> Self {
        let is_known =
            population.residents != Population::UNKNOWN || population.households != Population::UNKNOWN;
        let from = if is_known { PopulationFrom::Compound } else { PopulationFrom::Unknown };
        Self { population, from }
    }
}
