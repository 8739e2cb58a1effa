//! Residential buildings of the map, with estimates of their residents.

use super::districts::Districts;
use super::draft::DraftBuilding;
use crate::compounds::{CompoundIndex, DraftCompound};
use crate::geometry::label_point;
use crate::network::BaseMap;
use crate::scan::{BuildingTags, Located};
use circle_model::city::{MapKind, OsmKind, PopulationFrom};
use circle_model::population::Guess;
use circle_model::{CompoundId, FeatureId, Point};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A residential building without estimates.
struct Home {
    feature: FeatureId,
    point: Point,
    compound: Option<CompoundId>,
    district: usize,
    /// Square metres.
    footprint: f64,
    tags: BuildingTags,
}

/// Buildings that are residential by their tags, and buildings of unknown use inside a compound.
pub(super) fn residential(
    map: &BaseMap<'_>,
    located: &Located,
    compounds: &[DraftCompound],
    districts: &Districts<'_>,
) -> Vec<DraftBuilding> {
    let homes = homes(map, located, compounds, districts);
    let mapped = MappedLevels::of(&homes, districts);
    homes
        .into_iter()
        .map(|home| {
            let factors = districts.factors(home.district);
            let assumed = home.tags.levels <= 0.0;
            let levels = if assumed {
                let class = factors.size_class(home.footprint);
                mapped.of_class(home.district, class).unwrap_or_else(|| factors.levels_of(home.footprint))
            } else {
                Guess::sure(f64::from(home.tags.levels))
            };
            let residents = if home.tags.flats > 0.0 {
                factors.residents_of_flats(f64::from(home.tags.flats))
            } else {
                factors.residents(home.footprint, levels)
            };
            DraftBuilding {
                point: home.point,
                name: map.features[home.feature.index()].name.map(Into::into),
                key: None,
                feature: Some(home.feature),
                compound: home.compound,
                residents: Some(residents.likely as f32),
                residents_low: Some(residents.low as f32),
                residents_high: Some(residents.high as f32),
                households: Some((residents.likely / factors.residents_per_household) as f32),
                levels: levels.likely as f32,
                from: PopulationFrom::Estimate,
                levels_assumed: assumed,
                own_order: 0,
                district: home.district,
            }
        })
        .collect()
}

fn homes(
    map: &BaseMap<'_>,
    located: &Located,
    compounds: &[DraftCompound],
    districts: &Districts<'_>,
) -> Vec<Home> {
    let ways = located
        .scan
        .ways
        .iter()
        .filter_map(|way| Some(((OsmKind::Way, way.id), way.described.as_deref()?.building?)));
    let relations = located
        .scan
        .relations
        .iter()
        .filter_map(|relation| Some(((OsmKind::Relation, relation.id), relation.described.building?)));
    let tags: FxHashMap<(OsmKind, i64), BuildingTags> = ways.chain(relations).collect();
    let index = CompoundIndex::new(compounds);
    let mut found = Vec::new();
    for (id, feature) in (0u32..).map(FeatureId).zip(&map.features) {
        if feature.style.kind != MapKind::Building {
            continue;
        }
        let Some(&tags) = tags.get(&(feature.osm_kind, feature.osm_id)) else { continue };
        if tags.residential == Some(false) {
            continue;
        }
        // Rounded as the city file stores it.
        let footprint = f64::from(feature.square_metres as f32);
        if tags.residential.is_none() && footprint < districts.smallest_footprint_square_metres() {
            continue;
        }
        let Some(point) = label_point(&map.shapes.area(feature.rings).polygons) else { continue };
        let compound = index.smallest_containing(point);
        if tags.residential.is_none() && compound.is_none() {
            continue;
        }
        let district = compound.map_or_else(|| districts.at(point), |id| districts.of_compound(id.index()));
        if district == districts.abroad() {
            continue;
        }
        found.push(Home { feature: id, point, compound, district, footprint, tags });
    }
    found
}

/// Levels of mapped buildings by district and size class. They are used for unmapped levels if there are
/// enough.
struct MappedLevels(BTreeMap<(usize, usize), Guess>);

impl MappedLevels {
    fn of(homes: &[Home], districts: &Districts<'_>) -> Self {
        let mut levels: BTreeMap<(usize, usize), (usize, Vec<f32>)> = BTreeMap::new();
        for home in homes {
            let class = districts.factors(home.district).size_class(home.footprint);
            let (all, known) = levels.entry((home.district, class)).or_default();
            *all += 1;
            if home.tags.levels > 0.0 {
                known.push(home.tags.levels);
            }
        }
        let guess = |(key, (all, mut known)): (_, (usize, Vec<f32>))| {
            let factors = districts.factors(0);
            let enough = known.len() >= factors.levels_from_map_count
                && known.len() as f64 >= factors.levels_from_map_share * all as f64;
            known.sort_unstable_by(f32::total_cmp);
            let at = |quarters: usize| f64::from(known[(known.len() - 1) * quarters / 4]);
            enough.then(|| (key, Guess { low: at(1), likely: at(2), high: at(3) }))
        };
        Self(levels.into_iter().filter_map(guess).collect())
    }

    fn of_class(&self, district: usize, class: usize) -> Option<Guess> {
        self.0.get(&(district, class)).copied()
    }
}
