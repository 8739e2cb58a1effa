//! One real place mapped twice counts once: what the map's objects say of each other.

use super::alike::{Alike, PlainName};
use super::kinds::Kinds;
use super::{DraftOrigin, Place};
use crate::areas::polygons_square_metres;
use circle_model::city::Joined;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// Two objects of one category and one name within this distance are one place …
pub(super) const SAME_NAME_METRES: f64 = 150.0;
/// … stops, of which there is one on either side of the street, only within this.
pub(super) const SAME_STOP_METRES: f64 = 25.0;

/// The map's objects while they are joined.
pub(super) struct Mapped<'a> {
    places: &'a mut [Place],
    gone: &'a mut [bool],
    kinds: &'a Kinds,
    names: Vec<PlainName>,
    sizes: Vec<f64>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
    /// Places that were taken for another one.
    pub(super) joined: u64,
}

impl<'a> Mapped<'a> {
    pub(super) fn new(
        places: &'a mut [Place],
        gone: &'a mut [bool],
        kinds: &'a Kinds,
        generic: impl Fn(&str) -> bool,
    ) -> Self {
        let entry = |(number, it): (usize, &Place)| {
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
        order.iter().for_each(|number| self.take_namesakes(*number));
        // The innermost outline is the first to be called after what is in it.
        order.iter().rev().for_each(|number| self.name_outline(*number));
        order.iter().for_each(|number| self.take_nameless(*number));
    }

    /// Objects of one name in each other or close by are one place, and such of like names on one ground: 86中 and 86中学.
    /// The larger object stays.
    fn take_namesakes(&mut self, keeper: usize) {
        if self.gone[keeper] || self.places[keeper].name.is_none() {
            return;
        }
        let is_stop =
            |place: &Place| self.kinds.stop.is_some_and(|it| place.classified.categories.contains(&it));
        let it = &self.places[keeper];
        let reach = if is_stop(it) { SAME_STOP_METRES } else { SAME_NAME_METRES };
        let categories = &it.classified.categories;
        let grounds = self.kinds.have_grounds(categories) || self.kinds.site(categories).is_some();
        let same = |other: &usize| {
            let that = &self.places[*other];
            let near = || it.point.distance_metres(that.point) <= reach;
            let inside = || it.area.contains(that.point);
            let like = || self.names[keeper].compare(&self.names[*other]) <= Alike::Similar;
            self.akin(keeper, *other)
                && if it.name == that.name { near() || inside() } else { grounds && inside() && like() }
        };
        let found: Vec<usize> = self.near(keeper, reach).into_iter().filter(same).collect();
        for other in found {
            let same = self.places[keeper].name == self.places[other].name;
            self.take(keeper, other, if same { Joined::SameName } else { Joined::LikeName });
        }
    }

    /// An outline without a name of its own is what stands in it: one named place gives it its name, several stay
    /// several. Of a building that nothing but `building` describes, the name in it is the surer one.
    fn name_outline(&mut self, outline: usize) {
        let it = &self.places[outline];
        let nameless = self.names[outline].is_none();
        if self.gone[outline] || it.area.polygons.is_empty() || !(nameless || it.of_building) {
            return;
        }
        let is_site = self.kinds.site(&it.classified.categories).is_some();
        let names_it = |other: &usize| {
            let that = &self.places[*other];
            let fits = if nameless {
                (is_site || that.area.polygons.is_empty())
                    && (!that.of_building
                        || self.kinds.names_whole(&that.classified.categories, that.name.as_deref()))
            } else {
                !that.of_building
            };
            fits && self.whole(*other).is_some() && self.akin(outline, *other) && it.area.contains(that.point)
        };
        let inside: Vec<usize> = self.near(outline, 0.0).into_iter().filter(names_it).collect();
        let mut several: Vec<(PlainName, usize)> = Vec::new();
        for other in &inside {
            let Some(whole) = self.whole(*other) else { continue };
            match several.iter_mut().find(|(known, _)| known.compare(&whole) <= Alike::Similar) {
                // 哈尔滨市第一医院 rather than its 急诊科.
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
                    Some(super::kinds::PartOf::Named(whole)) => Some(whole.into()),
                    _ => that.name.clone(),
                };
                let (name_en, classified) = (that.name_en.clone(), that.classified.clone());
                self.names[outline] = self.names[*named].clone();
                let it = &mut self.places[outline];
                (it.name, it.classified) = (name, classified);
                it.name_en = name_en.or(it.name_en.take());
                for other in inside {
                    self.take(outline, other, Joined::Inside);
                }
            }
            // Each stands for itself, and their common outline for none more; but for a park with parks in it.
            [(_, first), ..] => {
                let sized = |category: &u8| self.kinds.sizes[usize::from(*category)].is_some();
                let first = several
                    .iter()
                    .find(|(whole, _)| whole.compare(&self.names[outline]) <= Alike::Similar)
                    .map_or(*first, |(_, named)| *named);
                if !self.places[outline].classified.categories.iter().any(sized) {
                    self.take(first, outline, Joined::Inside);
                }
            }
        }
    }

    /// An outline swallows what is akin to it inside and has no name; outlines too, where its kind has a ground.
    fn take_nameless(&mut self, keeper: usize) {
        let it = &self.places[keeper];
        if self.gone[keeper] || it.area.polygons.is_empty() {
            return;
        }
        let grounds = self.kinds.have_grounds(&it.classified.categories);
        let swallowed = |other: &usize| {
            let that = &self.places[*other];
            that.name.is_none()
                && (that.area.polygons.is_empty() || (grounds && self.sizes[*other] < self.sizes[keeper]))
                && self.akin(keeper, *other)
                && it.area.contains(that.point)
        };
        let found: Vec<usize> = self.near(keeper, 0.0).into_iter().filter(swallowed).collect();
        for other in found {
            self.take(keeper, other, Joined::Inside);
        }
    }

    /// What a place is called, or the whole that it is a part of; `None` where that says nothing.
    fn whole(&self, number: usize) -> Option<PlainName> {
        let place = &self.places[number];
        let whole = self.kinds.whole(&place.classified.categories, place.name.as_deref());
        (!self.names[number].is_none() && !whole.is_none()).then_some(whole)
    }

    fn is_part(&self, number: usize) -> bool {
        let place = &self.places[number];
        self.kinds.part(&place.classified.categories, place.name.as_deref()).is_some()
    }

    fn akin(&self, a: usize, b: usize) -> bool {
        self.kinds.akin(&self.places[a].classified.categories, &self.places[b].classified.categories)
    }

    /// Others whose point lies within the box of a place and so many metres around it, ascending.
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

    fn take(&mut self, keeper: usize, other: usize, joined: Joined) {
        self.gone[other] = true;
        self.joined += 1;
        let metres = self.places[keeper].point.distance_metres(self.places[other].point);
        let origins = std::mem::take(&mut self.places[other].origins);
        let mut entrances = std::mem::take(&mut self.places[other].entrances);
        let keeper = &mut self.places[keeper];
        keeper.entrances.append(&mut entrances);
        // An entrance of either is one of both.
        keeper.origins.extend(origins.into_iter().map(|origin| {
            if origin.joined == Joined::Entrance {
                origin
            } else {
                DraftOrigin { joined, distance_metres: metres, ..origin }
            }
        }));
    }
}
