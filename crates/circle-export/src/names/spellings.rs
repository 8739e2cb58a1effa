//! Names in pinyin, and the search for letters in them: each syllable in full or by its initial.

use rustc_hash::FxHashMap;

/// Maximum number of letters of a query: the bits of a mask, and more than anybody types.
pub(super) const MOST_LETTERS: usize = 40;

/// Names in pinyin. Equal syllables are stored once.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// The readings of each distinct syllable.
    readings: Vec<Vec<Box<str>>>,
    /// The first letters of these readings, as bits.
    firsts: Vec<u64>,
    /// Position of each syllable in `readings`.
    known: FxHashMap<Box<str>, u32>,
    /// The syllables of all names, end to end.
    syllables: Vec<u32>,
    /// End of each name in `syllables`.
    ends: Vec<usize>,
}

/// Where letters spell a part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelled {
    /// From its first syllable on.
    FromStart,
    /// From a later syllable on.
    Within,
}

impl Spellings {
    /// Adds a name in pinyin, such as `chang/zhang chun`. The names are numbered from 0.
    pub(super) fn add(&mut self, pinyin: &str) {
        for syllable in pinyin.split(' ').filter(|syllable| !syllable.is_empty()) {
            let number = match self.known.get(syllable) {
                Some(number) => *number,
                None => self.add_syllable(syllable),
            };
            self.syllables.push(number);
        }
        self.ends.push(self.syllables.len());
    }

    fn add_syllable(&mut self, syllable: &str) -> u32 {
        let number = self.readings.len() as u32;
        let readings: Vec<Box<str>> =
            syllable.split('/').filter(|reading| !reading.is_empty()).map(Into::into).collect();
        self.firsts.push(readings.iter().fold(0, |bits, reading| bits | bit(reading.as_bytes()[0])));
        self.readings.push(readings);
        self.known.insert(syllable.into(), number);
        number
    }

    /// Frees what only [`Spellings::add`] needs.
    pub(super) fn finish(&mut self) {
        self.known = FxHashMap::default();
    }

    /// Finds the syllable of a name from which `letters` spell it, each syllable in full or by its initial; the
    /// last may be incomplete. `letters` are 1 to [`MOST_LETTERS`] lower-case letters and digits.
    ///
    /// A mask has bit `n` where the first `n` letters are spelled: names with a repeated character have
    /// exponentially many ways to be spelled.
    pub(super) fn find(&self, name: usize, letters: &[u8]) -> Option<Spelled> {
        let (mut from_start, mut from_later, mut is_within) = (1_u64, 0_u64, false);
        for (at, syllable) in self.of(name).iter().enumerate() {
            if at > 0 {
                from_later |= 1;
            }
            from_start = match self.step(*syllable, from_start, letters) {
                Some(next) => next,
                None => return Some(Spelled::FromStart),
            };
            from_later = self.step(*syllable, from_later, letters).unwrap_or_else(|| {
                is_within = true;
                0
            });
            if is_within && from_start == 0 {
                break;
            }
        }
        is_within.then_some(Spelled::Within)
    }

    /// Whether `letters` are initials of consecutive syllables of a name.
    pub(super) fn has_initials(&self, name: usize, letters: &[u8]) -> bool {
        let is_initial =
            |(syllable, letter): (&u32, &u8)| self.firsts[*syllable as usize] & bit(*letter) != 0;
        let mut parts = self.of(name).windows(letters.len());
        parts.any(|part| part.iter().zip(letters).all(is_initial))
    }

    fn of(&self, name: usize) -> &[u32] {
        let start = name.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.syllables[start..self.ends[name]]
    }

    /// The letters that are spelled after one more syllable; `None` if those are all.
    fn step(&self, syllable: u32, mut spelled: u64, letters: &[u8]) -> Option<u64> {
        let (mut next, syllable) = (0_u64, syllable as usize);
        while spelled != 0 {
            let at = spelled.trailing_zeros() as usize;
            spelled &= spelled - 1;
            let rest = &letters[at..];
            if self.firsts[syllable] & bit(rest[0]) == 0 {
                continue;
            }
            for reading in self.readings[syllable].iter().map(|reading| reading.as_bytes()) {
                if reading.starts_with(rest) {
                    return None;
                }
                if rest.starts_with(reading) {
                    next |= 1_u64 << (at + reading.len());
                }
                if reading[0] == rest[0] {
                    next |= 1_u64 << (at + 1);
                }
            }
        }
        Some(next)
    }
}

/// The bit of a letter or digit; none for other bytes, which no query in letters has.
const fn bit(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' => 1_u64 << (byte - b'a'),
        b'0'..=b'9' => 1_u64 << (26 + byte - b'0'),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings(names: &[&str]) -> Spellings {
        let mut spellings = Spellings::default();
        names.iter().for_each(|name| spellings.add(name));
        spellings.finish();
        spellings
    }

    #[test]
    fn syllables_are_spelled_in_full_or_by_initials_from_any_on() {
        let names = spellings(&["rong yao shi ji xiao qu/ou", "chang/zhang chun", "", "a1 gong yu"]);
        let found = |name: usize, letters: &str| names.find(name, letters.as_bytes());
        for letters in ["r", "rongyao", "rysj", "rongyshijixq", "rongyaoshijixiaoou"] {
            assert_eq!(found(0, letters), Some(Spelled::FromStart), "{letters}");
        }
        for letters in ["shiji", "sjx", "q", "o", "xiaoq"] {
            assert_eq!(found(0, letters), Some(Spelled::Within), "{letters}");
        }
        for letters in ["ry1", "yr", "quo", "rongyaoshijixiaoquq"] {
            assert_eq!(found(0, letters), None, "{letters}");
        }
        assert_eq!(["zc", "changch", "chun"].map(|it| found(1, it).is_some()), [true; 3]);
        assert_eq!((found(2, "a"), found(3, "a1g")), (None, Some(Spelled::FromStart)));
    }

    #[test]
    fn initials_belong_to_consecutive_syllables() {
        let names = spellings(&["rong yao shi ji", "chang/zhang chun"]);
        let has = |name: usize, letters: &str| names.has_initials(name, letters.as_bytes());
        assert!(has(0, "rysj") && has(0, "ys") && has(1, "zc") && has(1, "cc"));
        assert!(!has(0, "rs") && !has(0, "rysjx") && !has(0, "ro"));
    }

    #[test]
    fn the_search_of_a_repeated_character_terminates() {
        let names = spellings(&["a ".repeat(200).as_str()]);
        assert_eq!(names.find(0, format!("{}b", "a".repeat(39)).as_bytes()), None);
    }

    /// Letters that are no ASCII match nothing, and do not end the search.
    #[test]
    fn words_in_other_scripts_are_passed_over() {
        let names = spellings(&["кафе lu"]);
        assert_eq!(names.find(0, b"lu"), Some(Spelled::Within));
        assert_eq!(names.find(0, b"k"), None);
    }
}
