//! Keys: the public names of things, which are stable across builds (`docs/identity.md`). Row numbers never
//! leave the process.
//!
//! | thing | key |
//! | --- | --- |
//! | from OSM | `n123`, `w123`, `r123` |
//! | a gate where a way crosses an outline | compound's key, `.`, the way: `w123.w789`, `w123.w789-2` |
//! | an inferred gate | compound's key and the side: `w123.n` |
//! | a record of an own file | `x` and 12 characters of a hash |

use crate::city::OsmKind;
use crate::coordinates::Point;
use sha2::{Digest, Sha256};

/// Maximum length of a key.
pub const MOST_CHARACTERS: usize = 32;
/// Characters of the hash in the key of an own record: 60 bits.
const HASHED: usize = 12;
/// Characters of the hash of a position, which is added to equal keys.
const HASHED_PLACE: usize = 4;
/// 10⁻⁷ degrees, about 11 m: the precision of the position that identifies an own record without an id.
const PLACE_STEP: i32 = 1_000;

/// Whether a text may be a key: 1 to 32 of `a–z 0–9 . -`.
///
/// ```
/// use circle_model::identity::may_be_key;
/// assert!(may_be_key("w123.w789-2"));
/// assert!(!may_be_key("和平小区") && !may_be_key(""));
/// ```
pub fn may_be_key(text: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    (1..=MOST_CHARACTERS).contains(&text.len()) && text.bytes().all(allowed)
}

/// The key of a thing that a map object names; `None` for a thing that is not on the map.
///
/// ```
/// use circle_model::{city::OsmKind, identity::osm_key};
/// assert_eq!(osm_key(OsmKind::Way, 123).as_deref(), Some("w123"));
/// assert_eq!(osm_key(OsmKind::None, 0), None);
/// ```
pub fn osm_key(kind: OsmKind, id: i64) -> Option<String> {
    let letter = match kind {
        OsmKind::Node => 'n',
        OsmKind::Way => 'w',
        OsmKind::Relation => 'r',
        OsmKind::None => return None,
    };
    if id == 0 {
        return None;
    }
    // Map editors number new objects from -1 downwards.
    Some(if id < 0 { format!("{letter}-{}", id.unsigned_abs()) } else { format!("{letter}{id}") })
}

/// The key of an own record with an id.
pub fn own_key(layer: &str, id: &str) -> String {
    hashed(&["id", layer, id])
}

/// The key of an own record without an id: from its layer, its name and its position to about 11 m.
pub fn own_key_by_place(layer: &str, name: &str, place: Point) -> String {
    let [lon, lat] = [place.lon, place.lat].map(|it| it.div_euclid(PLACE_STEP).to_string());
    hashed(&["place", layer, name, &lon, &lat])
}

/// The suffix of equal keys, from the position of the thing.
pub fn place_suffix(place: Point) -> String {
    let [lon, lat] = [place.lon, place.lat].map(|it| it.to_string());
    format!("-{}", base32(&["suffix", &lon, &lat], HASHED_PLACE))
}

fn hashed(parts: &[&str]) -> String {
    format!("x{}", base32(parts, HASHED))
}

/// Characters of a hash of texts, five bits each (RFC 4648, in lower case).
fn base32(parts: &[&str], characters: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let bit = |at: usize| digest[at / 8] >> (7 - at % 8) & 1;
    let letter = |at: usize| {
        let value = (0..5).fold(0, |value, bits| value << 1 | bit(at * 5 + bits));
        char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(value)])
    };
    (0..characters).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_keys_depend_on_layer_and_id_and_are_valid() {
        let keys = [own_key("gates", "7"), own_key("facilities", "7"), own_key("gates", "8")];
        assert!(keys.iter().all(|key| may_be_key(key) && key.len() == 13 && key.starts_with('x')));
        assert!(keys[0] != keys[1] && keys[0] != keys[2]);
        assert_ne!(own_key("a", "bc"), own_key("ab", "c"), "parts are told apart");
        assert_eq!(keys[0], own_key("gates", "7"));
    }

    #[test]
    fn a_record_without_an_id_is_identified_by_name_and_position_to_11_m() {
        let at = |lon, lat| own_key_by_place("facilities", "社区食堂", Point { lon, lat });
        assert_eq!(at(1_266_430_100, 457_570_100), at(1_266_430_900, 457_570_900));
        assert_ne!(at(1_266_430_100, 457_570_100), at(1_266_431_100, 457_570_100));
        assert_ne!(place_suffix(Point { lon: 1, lat: 2 }), place_suffix(Point { lon: 2, lat: 1 }));
    }

    #[test]
    fn objects_with_negative_ids_have_keys() {
        assert_eq!(osm_key(OsmKind::Node, -5).as_deref(), Some("n-5"));
        assert!(may_be_key(&osm_key(OsmKind::Relation, i64::MIN).unwrap()));
    }
}
