//! The map's residential buildings, and how many people live in them.

use super::Drafted;
use super::districts::Districts;
use crate::areas::{Area, label_point};
use crate::compounds::DraftCompound;
use crate::describe::BuildingTags;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::{Building, MapKind, OsmKind, PopulationFrom, Ring, RingRole, Span};
use circle_model::population::Guess;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A residential building before anything is estimated.
struct Home {
    feature: u32,
    point: Point,
    compound: u32,
    district: usize,
    footprint: f64,
    tags: BuildingTags,
}

/// By their tags, and those of no said kind inside a compound.
pub(super) fn residential(
    draft: &Draft,
    located: &Located,
    compounds: &[DraftCompound],
    boxes: &Boxes,
    districts: &Districts,
) -> Vec<Drafted> {
    let homes = homes(draft, located, compounds, boxes, districts);
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
            let name = draft.tables.features[home.feature as usize].name;
            Drafted {
                row: Building {
                    point: home.point,
                    name: Span::default(),
                    key: Span::default(),
                    feature: home.feature,
                    compound: home.compound,
                    residents: residents.likely as f32,
                    residents_low: residents.low as f32,
                    residents_high: residents.high as f32,
                    households: (residents.likely / factors.residents_per_household) as f32,
                    levels: levels.likely as f32,
                    population_from: PopulationFrom::Estimate.code(),
                    levels_assumed: u8::from(assumed),
                    spare: [0; 2],
                },
                name: (name.len > 0).then(|| draft.texts.text(name).into()),
                key: None,
                order: 0,
                district: home.district,
            }
        })
        .collect()
}

fn homes(
    draft: &Draft,
    located: &Located,
    compounds: &[DraftCompound],
    boxes: &Boxes,
    districts: &Districts,
) -> Vec<Home> {
    let ways = located
        .scan
        .ways
        .iter()
        .filter_map(|way| Some(((OsmKind::Way.code(), way.id), way.described.as_deref()?.building?)));
    let relations =
        located.scan.relations.iter().filter_map(|relation| {
            Some(((OsmKind::Relation.code(), relation.id), relation.described.building?))
        });
    let tags: FxHashMap<(u8, i64), BuildingTags> = ways.chain(relations).collect();
    let tables = &draft.tables;
    let mut found = Vec::new();
    for (feature, row) in (0u32..).zip(&tables.features) {
        if row.map_kind() != MapKind::Building {
            continue;
        }
        let Some(&tags) = tags.get(&(row.osm_kind, row.osm_id)) else { continue };
        if tags.residential == Some(false) {
            continue;
        }
        let footprint = f64::from(row.area_square_metres);
        if tags.residential.is_none() && footprint < districts.smallest_footprint_square_metres() {
            continue;
        }
        let Some(point) = label_point(&area(&tables.rings[row.rings.range()], &tables.points).polygons)
        else {
            continue;
        };
        let holders = boxes.containing(compounds, point);
        let smallest = holders.into_iter().min_by(|a, b| {
            let size = |number: &u32| compounds[*number as usize].square_metres;
            size(a).total_cmp(&size(b)).then(a.cmp(b))
        });
        if tags.residential.is_none() && smallest.is_none() {
            continue;
        }
        let district = smallest
            .map_or_else(|| districts.at(draft, point), |number| districts.of_compound(number as usize));
        if district == districts.abroad() {
            continue;
        }
        found.push(Home {
            feature,
            point,
            compound: smallest.unwrap_or(u32::MAX),
            district,
            footprint,
            tags,
        });
    }
    found
}

fn area(rings: &[Ring], points: &[Point]) -> Area {
    let mut area = Area::default();
    for ring in rings {
        let corners = points[ring.line.range()].to_vec();
        match area.polygons.last_mut() {
            Some(polygon) if ring.role == u32::from(RingRole::Inner.code()) => polygon.push(corners),
            _ => area.polygons.push(vec![corners]),
        }
    }
    area
}

/// Levels of buildings that somebody has mapped, by district and size: they stand for the others where there are enough.
struct MappedLevels(BTreeMap<(usize, usize), Guess>);

impl MappedLevels {
    fn of(homes: &[Home], districts: &Districts) -> Self {
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
