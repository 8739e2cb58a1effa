//! Joins objects of the map that are one real place.

use super::draft::DraftFacility;
use super::kinds::{Kinds, PartOf};
use crate::classify::{Alike, PlainName};
use crate::geometry::polygons_square_metres;
use crate::own::DraftOrigin;
use circle_model::city::Joined;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// Two objects of one category and name within this distance are one place …
pub(super) const SAME_NAME_METRES: f64 = 150.0;
/// … but stops, which lie on both sides of a street, only within this distance.
pub(super) const SAME_STOP_METRES: f64 = 25.0;

/// Objects of the map while they are joined.
pub(super) struct Duplicates<'a> {
    places: &'a mut [DraftFacility],
    gone: &'a mut [bool],
    kinds: &'a Kinds,
    names: Vec<PlainName>,
    sizes: Vec<f64>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
    /// Count of objects that were merged into others.
    pub(super) joined: u64,
}

impl<'a> Duplicates<'a> {
    pub(super) fn new(
        places: &'a mut [DraftFacility],
        gone: &'a mut [bool],
        kinds: &'a Kinds,
        generic: impl Fn(&str) -> bool,
    ) -> Self {
        let entry = |(number, it): (usize, &DraftFacility)| {
            GeomWithData::new([f64::from(it.point.lon), f64::from(it.point.lat)], number)
        };
        Self {
            names: places.iter().map(|it| PlainName::of(it.name.as_deref(), &generic)).collect(),
            sizes: places.iter().map(|it| polygons_square_metres(&it.area.polygons)).collect(),
            tree: RTree::bulk_load(places.iter().enumerate().map(entry).collect()),
            joined: 0,
            places,
            gone,
            kinds,
        }
    }

    pub(super) fn join(&mut self) {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by(|a, b| {
            let named = |number: &usize| self.places[*number].name.is_some();
            self.sizes[*b].total_cmp(&self.sizes[*a]).then(named(b).cmp(&named(a))).then(a.cmp(b))
        });
        order.iter().for_each(|number| self.merge_namesakes(*number));
        // Innermost outlines are named first.
        order.iter().rev().for_each(|number| self.name_outline(*number));
        order.iter().for_each(|number| self.merge_nameless(*number));
    }

    /// Merges objects of one name that lie in each other or close by, and objects of similar names on one
    /// ground: 86中 and 86中学. The larger object is kept.
    fn merge_namesakes(&mut self, keeper: usize) {
        if self.gone[keeper] || self.places[keeper].name.is_none() {
            return;
        }
        let is_stop = |place: &DraftFacility| {
            self.kinds.stop.is_some_and(|it| place.classified.categories.contains(&it))
        };
        let it = &self.places[keeper];
        let reach = if is_stop(it) { SAME_STOP_METRES } else { SAME_NAME_METRES };
        let categories = &it.classified.categories;
        let grounds = self.kinds.have_grounds(categories) || self.kinds.site(categories).is_some();
        let same = |other: &usize| {
            let that = &self.places[*other];
            let near = || it.point.distance_metres(that.point) <= reach;
            let inside = || it.area.contains(that.point);
            let similar = || self.names[keeper].compare(&self.names[*other]) <= Alike::Similar;
            self.are_related(keeper, *other)
                && if it.name == that.name { near() || inside() } else { grounds && inside() && similar() }
        };
        let found: Vec<usize> = self.near(keeper, reach).into_iter().filter(same).collect();
        for other in found {
            let same = self.places[keeper].name == self.places[other].name;
            self.merge(keeper, other, if same { Joined::SameName } else { Joined::LikeName });
        }
    }

    /// Merges the places in an outline without a name of its own: a single named place gives the outline its
    /// name and category, several places stay separate. The same holds for a building that only `building`
    /// describes.
    fn name_outline(&mut self, outline: usize) {
        let it = &self.places[outline];
        let nameless = self.names[outline].is_none();
        if self.gone[outline] || !it.has_outline() || !(nameless || it.of_building) {
            return;
        }
        let is_site = self.kinds.site(&it.classified.categories).is_some();
        let names_it = |other: &usize| {
            let that = &self.places[*other];
            let fits = if nameless {
                (is_site || !that.has_outline())
                    && (!that.of_building
                        || self.kinds.names_whole(&that.classified.categories, that.name.as_deref()))
            } else {
                !that.of_building
            };
            fits && self.whole(*other).is_some()
                && self.are_related(outline, *other)
                && it.area.contains(that.point)
        };
        let inside: Vec<usize> = self.near(outline, 0.0).into_iter().filter(names_it).collect();
        let mut several: Vec<(PlainName, usize)> = Vec::new();
        for other in &inside {
            let Some(whole) = self.whole(*other) else { continue };
            match several.iter_mut().find(|(known, _)| known.compare(&whole) <= Alike::Similar) {
                // 哈尔滨市第一医院 comes before its 急诊科.
                Some((_, known)) if self.is_part(*known) && !self.is_part(*other) => *known = *other,
                Some(_) => {}
                None => several.push((whole, *other)),
            }
        }
        match several.as_slice() {
            [] => {}
            [(_, named)] => {
                let that = &self.places[*named];
                let part = self.kinds.part(&that.classified.categories, that.name.as_deref());
                let name = match part {
                    Some(PartOf::Named(whole)) => Some(whole.into()),
                    _ => that.name.clone(),
                };
                let (name_en, classified) = (that.name_en.clone(), that.classified.clone());
                self.names[outline] = self.names[*named].clone();
                let it = &mut self.places[outline];
                (it.name, it.classified) = (name, classified);
                it.name_en = name_en.or(it.name_en.take());
                for other in inside {
                    self.merge(outline, other, Joined::Inside);
                }
            }
            // Each is a separate place; their common outline is not a further place, except a park that
            // contains parks.
            [(_, first), ..] => {
                let sized = |category: &u8| self.kinds.sizes[usize::from(*category)].is_some();
                let first = several
                    .iter()
                    .find(|(whole, _)| whole.compare(&self.names[outline]) <= Alike::Similar)
                    .map_or(*first, |(_, named)| *named);
                if !self.places[outline].classified.categories.iter().any(sized) {
                    self.merge(first, outline, Joined::Inside);
                }
            }
        }
    }

    /// Merges nameless objects of related categories into the outline that contains them, and smaller
    /// outlines if the category has grounds.
    fn merge_nameless(&mut self, keeper: usize) {
        let it = &self.places[keeper];
        if self.gone[keeper] || !it.has_outline() {
            return;
        }
        let grounds = self.kinds.have_grounds(&it.classified.categories);
        let is_merged = |other: &usize| {
            let that = &self.places[*other];
            that.name.is_none()
                && (!that.has_outline() || (grounds && self.sizes[*other] < self.sizes[keeper]))
                && self.are_related(keeper, *other)
                && it.area.contains(that.point)
        };
        let found: Vec<usize> = self.near(keeper, 0.0).into_iter().filter(is_merged).collect();
        for other in found {
            self.merge(keeper, other, Joined::Inside);
        }
    }

    /// The name of a place, or of the whole that it is a part of; `None` without a name of its own.
    fn whole(&self, number: usize) -> Option<PlainName> {
        let place = &self.places[number];
        let whole = self.kinds.whole(&place.classified.categories, place.name.as_deref());
        (!self.names[number].is_none() && !whole.is_none()).then_some(whole)
    }

    fn is_part(&self, number: usize) -> bool {
        let place = &self.places[number];
        self.kinds.part(&place.classified.categories, place.name.as_deref()).is_some()
    }

    fn are_related(&self, a: usize, b: usize) -> bool {
        self.kinds.are_related(&self.places[a].classified.categories, &self.places[b].classified.categories)
    }

    /// Other objects whose point lies within the bounding box of a place or `metres` around it, ascending.
    fn near(&self, number: usize, metres: f64) -> Vec<usize> {
        let it = &self.places[number];
        let around = widened(&Bounds::of(it.area.corners().chain([it.point])), metres);
        let box_ = AABB::from_corners(
            [f64::from(around.west), f64::from(around.south)],
            [f64::from(around.east), f64::from(around.north)],
        );
        let near = self.tree.locate_in_envelope(&box_).map(|entry| entry.data);
        let mut near: Vec<usize> = near.filter(|other| *other != number && !self.gone[*other]).collect();
        near.sort_unstable();
        near
    }

    fn merge(&mut self, keeper: usize, other: usize, joined: Joined) {
        self.gone[other] = true;
        self.joined += 1;
        let metres = self.places[keeper].point.distance_metres(self.places[other].point);
        let origins = std::mem::take(&mut self.places[other].origins);
        let mut entrances = std::mem::take(&mut self.places[other].entrances);
        let keeper = &mut self.places[keeper];
        keeper.entrances.append(&mut entrances);
        // An entrance of one is an entrance of the joined place.
        keeper.origins.extend(origins.into_iter().map(|origin| {
            if origin.joined == Joined::Entrance {
                origin
            } else {
                DraftOrigin { joined, distance_metres: metres, ..origin }
            }
        }));
    }
}
