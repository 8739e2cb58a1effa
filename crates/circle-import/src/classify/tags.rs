//! The channel of OSM tags, sharpened by the name.

use super::{Classified, Classifier};
use crate::tags::Tags;
use circle_model::catalogue::TagTest;
use circle_model::city::Channel;

/// Keys whose objects may be facilities by their name alone.
const PLACE_KEYS: [&str; 8] =
    ["amenity", "shop", "healthcare", "office", "leisure", "craft", "social_facility", "club"];

impl Classifier {
    /// Whether the compound layer names these tags.
    pub(crate) fn is_compound(&self, tags: Tags<'_>) -> bool {
        self.compound.iter().any(|rule| rule.iter().all(|test| holds(test, tags)))
    }

    /// Whether tags are of a place that people go to, with a name, whatever it is.
    pub(crate) fn is_named_place(tags: Tags<'_>) -> bool {
        PLACE_KEYS.iter().any(|key| tags.has(key)) && tags.has("name")
    }

    /// `None` where it is no facility.
    pub(crate) fn classify(&self, tags: Tags<'_>) -> Option<Classified> {
        let mut by_tags: Vec<u8> = Vec::new();
        let mut ask_name: Vec<u8> = Vec::new();
        let mut may_be_named = false;
        for (key, value) in tags.0 {
            may_be_named |= PLACE_KEYS.contains(key);
            for rule in self.rules.get(*key).map(Vec::as_slice).unwrap_or_default() {
                let fits = rule.values.is_empty() || rule.values.iter().any(|accepted| accepted == value);
                if fits && rule.rest.iter().all(|test| holds(test, tags)) {
                    let list =
                        if self.asks_name[usize::from(rule.category)] { &mut ask_name } else { &mut by_tags };
                    if !list.contains(&rule.category) {
                        list.push(rule.category);
                    }
                }
            }
        }
        if by_tags.is_empty() && ask_name.is_empty() && !may_be_named {
            return None;
        }
        let name = tags.value("name").or_else(|| tags.value("name:zh")).unwrap_or_default();
        if self.names.is_closed(name) {
            return None;
        }
        by_tags.sort_unstable();
        let by_name = self.names.categories(name);
        let (categories, channel) = self.join(&by_tags, &ask_name, &by_name)?;
        Some(self.finish(categories, channel, name, tags.is("diet:halal", &["yes", "only"])))
    }

    /// Tags say what a thing is; its name may sharpen that within the group, and decides alone where
    /// the tags are too broad. A bus stop called after a park stays a bus stop.
    fn join(&self, by_tags: &[u8], ask_name: &[u8], by_name: &[u8]) -> Option<(Vec<u8>, Channel)> {
        let group = |category: u8| &self.groups[usize::from(category)];
        let asked = by_name.iter().filter(|category| ask_name.contains(category));
        let sharper = by_name.iter().filter(|category| {
            by_tags.iter().any(|tagged| group(*tagged) == group(**category)) && !is_stop(group(**category))
        });
        let agreed =
            asked.clone().next().is_some() || by_name.iter().any(|category| by_tags.contains(category));
        let mut categories: Vec<u8> = Vec::new();
        let mut add = |category: u8| {
            if !categories.contains(&category) {
                categories.push(category);
            }
        };
        sharper.chain(asked).for_each(|category| add(*category));
        by_tags.iter().for_each(|category| add(*category));
        if by_tags.is_empty() && ask_name.is_empty() {
            by_name.iter().for_each(|category| add(*category));
        }
        self.drop_unspecific(&mut categories);
        let channel = match (agreed, by_tags.is_empty()) {
            (true, _) => Channel::CodeAndName,
            (false, true) => Channel::Name,
            (false, false) => Channel::Osm,
        };
        (!categories.is_empty()).then_some((categories, channel))
    }
}

fn is_stop(group: &str) -> bool {
    group == "xing"
}

fn holds(test: &TagTest, tags: Tags<'_>) -> bool {
    tags.value(&test.key)
        .is_some_and(|value| test.values.is_empty() || test.values.iter().any(|accepted| accepted == value))
}
