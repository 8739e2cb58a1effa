//! Merges one record of a place into another.

use super::draft::DraftFacility;
use circle_model::city::Joined;
use circle_model::{Frame, Point, plane};

/// Merges `other` into `keeper`, which takes the outline and names of `other` if it has none. It takes
/// nothing from an entrance or a part.
pub(super) fn merge(
    places: &mut [DraftFacility],
    gone: &mut [bool],
    keeper: usize,
    other: usize,
    joined: Joined,
    metres: f64,
) {
    gone[other] = true;
    let area = std::mem::take(&mut places[other].area);
    let line = std::mem::take(&mut places[other].line);
    let mut origins = std::mem::take(&mut places[other].origins);
    let mut entrances = std::mem::take(&mut places[other].entrances);
    if let Some(first) = origins.first_mut() {
        first.joined = joined;
        first.distance_metres = metres;
    }
    let (name, name_en) = (places[other].name.clone(), places[other].name_en.clone());
    let named_by = places[other].named_by;
    let aside = matches!(joined, Joined::Entrance | Joined::Part);
    origins.iter_mut().for_each(|origin| origin.aside |= aside);
    let place = &mut places[keeper];
    place.origins.append(&mut origins);
    place.entrances.append(&mut entrances);
    if aside {
        return;
    }
    place.named_by = place.named_by.or(named_by);
    if !place.has_outline() {
        place.area = area;
        if place.line.is_empty() {
            place.line = line;
        }
    }
    place.name = place.name.take().or(name);
    place.name_en = place.name_en.take().or(name_en);
}

/// Metres from a point to a facility; 0 inside its outline.
pub(super) fn metres_to(place: &DraftFacility, point: Point) -> f64 {
    if !place.has_outline() {
        return place.point.distance_metres(point);
    }
    if place.area.contains(point) {
        return 0.0;
    }
    let frame = Frame::at(point);
    let sides = place.area.polygons.iter().flatten().flat_map(|ring| ring.windows(2));
    sides
        .map(|side| plane::distance(frame.local(side[0]), frame.local(side[1])))
        .fold(f64::INFINITY, f64::min)
}
