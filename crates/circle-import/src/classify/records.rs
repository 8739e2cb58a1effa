//! Records of planners' files: a category of their own, a code of Amap's or Baidu's, a name.

use super::amap::Types;
use super::classified::{Classified, NoFacility};
use super::classifier::Classifier;
use circle_model::city::Channel;

/// Amap's code of halal restaurants.
const HALAL: &str = "050121";

/// The fields of a record that determine its category; empty if absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordFields<'a> {
    /// A category by its id or name.
    pub category: &'a str,
    /// Amap's `typecode`; several are separated by `|`.
    pub code: &'a str,
    /// A kind in words: Amap's `type`, Baidu's tag, or the planner's own 类型.
    pub kind: &'a str,
    /// The name.
    pub name: &'a str,
}

impl Classifier {
    /// The category of an id, a Chinese or an English name.
    pub fn category_called(&self, word: &str) -> Option<u8> {
        self.codes.word(word)
    }

    /// The categories of a record, by the first channel that decides: its own category; code and name if they
    /// agree; the name; the code alone, unless it is too broad or the name excludes it.
    ///
    /// # Errors
    /// The reason why the record is not a facility of the catalogue.
    pub fn classify_record(&self, record: RecordFields<'_>) -> Result<Classified, NoFacility> {
        let (codes, tagged) = self.codes_and_tags(record);
        let codes = || codes.iter().map(String::as_str);
        if codes().any(|code| self.codes.gates.iter().any(|gate| gate == code)) {
            return Err(NoFacility::Gate);
        }
        if self.names.is_closed(record.name) {
            return Err(NoFacility::Closed);
        }
        let halal = codes().any(|code| code == HALAL);
        let finish = |categories: Vec<u8>, channel| Ok(self.finish(categories, channel, record.name, halal));
        if let Some(category) = self.codes.word(record.category).or_else(|| self.codes.word(record.kind)) {
            return finish(vec![category], Channel::User);
        }
        let mut by_code: Vec<(u8, bool)> = codes().flat_map(|code| self.codes.amap(code)).collect();
        by_code.extend(tagged);
        let coded = |category: &u8| by_code.iter().any(|(code, _)| code == category);
        let mut by_name = self.names.categories(record.name);
        by_name.retain(|category| coded(category) || !codes().any(|code| self.codes.denies(code, *category)));
        self.drop_unspecific(&mut by_name);
        if by_name.iter().any(coded) {
            let (agreed, rest): (Vec<u8>, Vec<u8>) = by_name.iter().partition(|category| coded(category));
            return finish([agreed, rest].concat(), Channel::CodeAndName);
        }
        if !by_name.is_empty() {
            return finish(by_name, Channel::Name);
        }
        let mut alone: Vec<u8> = Vec::new();
        for (category, ask) in by_code {
            if !ask && !self.names.denies(record.name, category) && !alone.contains(&category) {
                alone.push(category);
            }
        }
        self.drop_unspecific(&mut alone);
        if alone.is_empty() { Err(NoFacility::Unknown) } else { finish(alone, Channel::Code) }
    }

    /// Amap's codes of a record, given as codes or in words, and the categories of its other words.
    fn codes_and_tags(&self, record: RecordFields<'_>) -> (Vec<String>, Vec<(u8, bool)>) {
        let given = record.code.split(['|', ',', ';']).map(str::trim).filter(|code| !code.is_empty());
        let mut codes: Vec<String> = given.map(str::to_owned).collect();
        let coded = !codes.is_empty();
        let mut tagged = Vec::new();
        let kinds = [record.category, record.kind];
        for kind in kinds.into_iter().flat_map(|kind| kind.split('|')).map(str::trim) {
            if kind.is_empty() {
                continue;
            }
            if kind.len() == 6 && kind.bytes().all(|byte| byte.is_ascii_digit()) {
                codes.push(kind.to_owned());
                continue;
            }
            let found = Types::built_in().find(kind);
            if let Some(found) = found.as_ref().filter(|found| found.whole) {
                codes.push(found.code.clone());
                continue;
            }
            let baidu = self.codes.baidu(kind);
            match found {
                _ if !baidu.is_empty() => tagged.extend(baidu),
                // A class above the small one adds nothing to a code.
                Some(_) if coded => {}
                Some(found) => codes.push(found.code),
                None => match Types::built_in().find_word(kind) {
                    Some(code) => codes.push(code),
                    None => tagged.extend(self.by_words(kind)),
                },
            }
        }
        (codes, tagged)
    }

    /// The categories of a planner's own words: those of the last part that the catalogue knows.
    fn by_words(&self, kind: &str) -> Vec<(u8, bool)> {
        for part in kind.rsplit([';', '；', '-', '/', '>', ':', '：']).map(str::trim) {
            if let Some(category) = self.codes.word(part) {
                return vec![(category, false)];
            }
            if let Some(code) = Types::built_in().find_word(part) {
                return self.codes.amap(&code);
            }
            let named = self.names.categories(part);
            if !named.is_empty() {
                return named.into_iter().map(|category| (category, false)).collect();
            }
        }
        Vec::new()
    }
}
