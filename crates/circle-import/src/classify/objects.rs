//! Classifies OSM objects by their tags, refined by their names.

use super::classified::Classified;
use super::classifier::Classifier;
use crate::tags::Tags;
use circle_model::catalogue::{Confidence, TagTest};
use circle_model::city::Channel;

/// Keys of objects that may be facilities by their name alone.
const PLACE_KEYS: [&str; 8] =
    ["amenity", "shop", "healthcare", "office", "leisure", "craft", "social_facility", "club"];

impl Classifier {
    /// Whether the tags fit the compound layer.
    pub(crate) fn is_compound(&self, tags: Tags<'_>) -> bool {
        self.compound.iter().any(|rule| rule.iter().all(|test| holds(test, tags)))
    }

    /// Whether the tags are of a named place that people visit, of any category.
    pub(crate) fn is_named_place(tags: Tags<'_>) -> bool {
        PLACE_KEYS.iter().any(|key| tags.has(key)) && tags.has("name")
    }

    /// The categories of an object; `None` if it is not a facility.
    pub(crate) fn classify(&self, tags: Tags<'_>) -> Option<Classified> {
        let mut tagged = Tagged::default();
        let mut may_be_named = false;
        for (key, value) in tags.0 {
            may_be_named |= PLACE_KEYS.contains(key);
            for rule in self.rules.get(*key).map(Vec::as_slice).unwrap_or_default() {
                if accepts(&rule.values, value) && rule.rest.iter().all(|test| holds(test, tags)) {
                    tagged.add(rule.category, rule.hint, self.asks_name[usize::from(rule.category)]);
                }
            }
        }
        let nothing = tagged.sure.is_empty() && tagged.ask_name.is_empty() && tagged.hints.is_empty();
        if nothing && !may_be_named {
            return None;
        }
        let name = tags.value("name").or_else(|| tags.value("name:zh")).unwrap_or_default();
        let closed = self.closed.iter().any(|rule| rule.iter().all(|test| holds(test, tags)));
        if closed || self.names.is_closed(name) {
            return None;
        }
        let english = tags.value("name:en").unwrap_or_default();
        let overruled = |category: &u8| {
            self.names.overrules_tag(name, *category, self.has_grounds(*category))
                || self.names.overrules_tag(english, *category, false)
        };
        let holds_any =
            |rules: &[Vec<TagTest>]| rules.iter().any(|rule| rule.iter().all(|it| holds(it, tags)));
        let is_other = |category: &u8| holds_any(&self.tags_not[usize::from(*category)]);
        tagged.sure.retain(|category| !overruled(category) && !is_other(category));
        tagged.sure.sort_unstable();
        let named = self.named(tags, name);
        let (categories, found_by) = self.join(&tagged, &named, may_be_named)?;
        let mut found =
            self.finish(categories, found_by.channel(), name, tags.is("diet:halal", &["yes", "only"]));
        found.confidence_percent = match found_by {
            FoundBy::OtherName => Confidence::in_percent(self.confidence.other_name),
            FoundBy::Hint => Confidence::in_percent(self.confidence.hint),
            _ => found.confidence_percent,
        };
        Some(found)
    }

    /// The categories of the name, and further ones of the other names.
    fn named(&self, tags: Tags<'_>, name: &str) -> Named {
        let mut named = Named { by_name: self.names.categories(name), by_other: Vec::new() };
        self.read_further(tags, &self.other_names, name, &mut named);
        if named.by_name.is_empty() && named.by_other.is_empty() {
            self.read_further(tags, &self.former_names, name, &mut named);
        }
        named
    }

    fn read_further(&self, tags: Tags<'_>, keys: &[String], name: &str, named: &mut Named) {
        let values = keys.iter().filter_map(|key| tags.value(key));
        for other in values.flat_map(|value| value.split(';')).map(str::trim).take(MOST_NAMES) {
            for category in self.names.categories(other) {
                let known = named.by_name.contains(&category) || named.by_other.contains(&category);
                if !known && !self.names.overrules_tag(name, category, true) {
                    named.by_other.push(category);
                }
            }
        }
    }

    /// Joins both channels. The name refines the tags within their group, and decides alone where the tags
    /// are too broad. A bus stop named after a park stays a bus stop.
    fn join(&self, tagged: &Tagged, named: &Named, may_be_named: bool) -> Option<(Vec<u8>, FoundBy)> {
        let group = |category: u8| &self.groups[usize::from(category)];
        let mut all_named = [&named.by_name[..], &named.by_other].concat();
        if !named.by_other.is_empty() {
            all_named.sort_unstable();
        }
        let refines = |category: &u8| {
            let alike = |tagged: &u8| group(*tagged) == group(*category) && !is_stop(group(*category));
            tagged.sure.iter().any(alike)
        };
        let asked = |category: &u8| tagged.ask_name.contains(category) || tagged.hints.contains(category);
        let mut categories: Vec<u8> = Vec::new();
        let mut add = |category: u8| {
            if !categories.contains(&category) {
                categories.push(category);
            }
        };
        all_named.iter().filter(|it| refines(it)).for_each(|it| add(*it));
        all_named.iter().filter(|it| asked(it)).for_each(|it| add(*it));
        tagged.sure.iter().for_each(|category| add(*category));
        if tagged.sure.is_empty() && tagged.ask_name.is_empty() && may_be_named {
            all_named.iter().for_each(|category| add(*category));
        }
        self.drop_unspecific(&mut categories);
        let main = categories.first()?;
        let agreed = named
            .by_name
            .iter()
            .any(|category| tagged.sure.contains(category) || tagged.ask_name.contains(category));
        let found_by = if named.by_other.contains(main) {
            FoundBy::OtherName
        } else if agreed {
            FoundBy::Both
        } else if !tagged.sure.is_empty() {
            FoundBy::Tags
        } else if tagged.hints.contains(main) && !may_be_named {
            FoundBy::Hint
        } else {
            FoundBy::Name
        };
        Some((categories, found_by))
    }
}

/// Limit of other names read of one object.
const MOST_NAMES: usize = 16;

/// Categories of the tags.
#[derive(Debug, Default)]
struct Tagged {
    sure: Vec<u8>,
    /// Those that count only if the name agrees.
    ask_name: Vec<u8>,
    hints: Vec<u8>,
}

impl Tagged {
    fn add(&mut self, category: u8, hint: bool, asks_name: bool) {
        let list = match (hint, asks_name) {
            (true, _) => &mut self.hints,
            (false, true) => &mut self.ask_name,
            (false, false) => &mut self.sure,
        };
        if !list.contains(&category) {
            list.push(category);
        }
    }
}

/// Categories of the names.
#[derive(Debug)]
struct Named {
    by_name: Vec<u8>,
    /// Those of other names alone.
    by_other: Vec<u8>,
}

/// The source that decided the main category.
#[derive(Debug, Clone, Copy)]
enum FoundBy {
    Both,
    Name,
    Tags,
    OtherName,
    Hint,
}

impl FoundBy {
    fn channel(self) -> Channel {
        match self {
            Self::Both => Channel::CodeAndName,
            Self::Name | Self::OtherName | Self::Hint => Channel::Name,
            Self::Tags => Channel::Osm,
        }
    }
}

fn is_stop(group: &str) -> bool {
    group == "xing"
}

fn holds(test: &TagTest, tags: Tags<'_>) -> bool {
    tags.value(&test.key).is_some_and(|value| accepts(&test.values, value))
}

/// Whether a value, or one of several separated by semicolons, is accepted.
fn accepts(accepted: &[String], value: &str) -> bool {
    let fits = |value: &str| accepted.iter().any(|accepted| accepted == value);
    accepted.is_empty() || fits(value) || (value.contains(';') && value.split(';').any(|it| fits(it.trim())))
}
