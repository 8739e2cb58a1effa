//! The keys of compounds, which corrections and gates refer to.

use super::draft::DraftCompound;
use crate::keys::{Key, Keyed, distinguish, naming_object, of_place};
use circle_sheet::OwnLayer;

/// The keys of all compounds, without repeats.
pub(super) fn keys_of(compounds: &[DraftCompound]) -> Vec<String> {
    let mut keys: Vec<String> = compounds.iter().map(key_of).collect();
    let keyed: Vec<Keyed> = keys
        .iter()
        .zip(compounds)
        .map(|(key, compound)| {
            let from = compound.origins.first().map_or((0, 0), |origin| (origin.source, origin.row));
            Keyed { key: Key::of(key), point: compound.point, from }
        })
        .collect();
    for (number, key) in distinguish(&keyed) {
        keys[number] = key;
    }
    keys
}

/// The key of a compound, which several may share.
pub(super) fn key_of(compound: &DraftCompound) -> String {
    let object = naming_object(&compound.origins, compound.name.as_deref());
    of_place(&compound.origins, object, OwnLayer::Compounds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Area;
    use crate::own::{DraftOrigin, Record};
    use circle_model::Point;
    use circle_model::city::Population;
    use circle_model::coordinates::Bounds;
    use circle_model::identity::{own_key, place_suffix};

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };
    const THERE: Point = Point { lon: 1_266_100_000, lat: 457_000_000 };

    #[test]
    fn compounds_of_one_id_in_two_files_have_two_keys() {
        let compound = |point: Point, source: u32| {
            let (reference, name) = (Some("7".into()), Some("和平里".into()));
            let record = Record { source, row: 2, reference, name, point: HERE, ..Record::default() };
            DraftCompound {
                origins: vec![DraftOrigin::own(&record)],
                name: record.name,
                name_en: None,
                area: Area::default(),
                bounds: Bounds::of([point]),
                point,
                square_metres: 0.0,
                closed: None,
                population: Population::NONE,
            }
        };
        let keys = keys_of(&[compound(HERE, 1), compound(THERE, 2)]);
        let key = own_key("compounds", "7");
        assert_eq!(keys, [HERE, THERE].map(|point| key.clone() + &place_suffix(point)));
        assert_eq!(keys_of(&[compound(HERE, 1)]), [key]);
    }
}
