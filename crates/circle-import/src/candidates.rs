//! Spaces that a facility could be put in 可盘活闲置空间, from own files.

use crate::areas::polygons_square_metres;
use crate::compounds::DraftCompound;
use crate::keys;
use crate::outlines::Boxes;
use crate::own::{Layer, Own};
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::Candidate;
use rustc_hash::FxHashMap;

/// A place and what it is called.
type Place = (Point, Option<Box<str>>);

/// Writes the candidates; the same row twice is merged.
pub(crate) fn write(draft: &mut Draft, own: &mut Own, compounds: &[DraftCompound]) {
    let candidates = std::mem::take(&mut own.candidates);
    if candidates.is_empty() {
        return;
    }
    let boxes = Boxes::new(compounds);
    let mut known: FxHashMap<Place, (u32, u32)> = FxHashMap::default();
    for candidate in candidates {
        let record = candidate.record;
        let key = (record.point, record.name.clone());
        if let Some((source, row)) = known.get(&key).copied() {
            let first = own.label(source, row);
            own.merge_into(&record, &format!("the same place and name as {first}"));
            continue;
        }
        known.insert(key, (record.source, record.row));
        let size = |number: &u32| compounds[*number as usize].square_metres;
        let holders = boxes.containing(compounds, record.point).into_iter();
        let compound = holders.min_by(|a, b| size(a).total_cmp(&size(b)).then(a.cmp(b)));
        let row = Candidate {
            point: record.point,
            name: draft.texts.add_some(record.name.as_deref()),
            key: draft.texts.add(&keys::of_record(Layer::Candidates, &record)),
            rings: draft.polygons(&record.area),
            note: draft.texts.add_some(candidate.note.as_deref()),
            area_square_metres: polygons_square_metres(&record.area.polygons) as f32,
            source: record.source,
            row: record.row,
            compound: compound.unwrap_or(u32::MAX),
        };
        draft.tables.candidates.push(row);
    }
}
