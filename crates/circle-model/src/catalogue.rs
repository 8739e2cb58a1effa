//! The facility catalogue, from `data/categories.toml`.

use crate::city::Channel;
use serde::{Deserialize, Deserializer};

/// Groups, categories and layers, in the order of the file.
#[derive(Debug, Clone, Deserialize)]
pub struct Catalogue {
    /// The board's groups 食 医 养 学 办 乐 行 服.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// The facility categories.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    /// What is not a facility: compounds, gates, units.
    #[serde(rename = "layer")]
    pub layers: Vec<Layer>,
    /// Matching rules that hold for all.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// Kinds of places whose parts are mapped and listed as if they were such places themselves.
    #[serde(rename = "site", default)]
    pub sites: Vec<Site>,
}

/// A kind of place with a ground, such as a hospital.
#[derive(Debug, Clone, Deserialize)]
pub struct Site {
    /// Category id of one that nothing more is known of.
    pub general: String,
    /// Category ids of those that are known better.
    pub special: Vec<String>,
    /// How the names of such places end (regular expression).
    pub whole: String,
    /// What their parts are called, alone or after the name of the whole (regular expression).
    pub parts: String,
}

/// A group of categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    /// Its name in fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// Marker colour, `#RRGGBB`.
    pub color: String,
}

/// A category 类别 of facilities.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the file, none a state")]
pub struct Category {
    /// Its name in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// Chinese name where space is short.
    pub short: String,
    /// English name.
    pub en: String,
    /// Id of its group.
    pub group: String,
    /// Name of its pictogram.
    pub icon: String,
    /// The department in charge 责任部门, such as 民政; empty where none is named.
    #[serde(default)]
    pub department: String,
    /// Whether boards list it.
    pub board: bool,
    /// Whether its places have grounds that are entered at gates.
    #[serde(default)]
    pub grounds: bool,
    /// Whether its places are open ground, entered from any way beside them.
    #[serde(default)]
    pub open_ground: bool,
    /// OSM tags: any of these alternatives, each of which must hold whole.
    pub osm: Vec<TagRule>,
    /// The tags are too broad: the name must match as well.
    #[serde(default)]
    pub ask_name_osm: bool,
    /// Tags that exclude the category although `osm` holds: `amenity=hospital` for clinics.
    #[serde(default)]
    pub osm_not: Vec<TagRule>,
    /// Tags that hint at it, such as `building=hospital`: the name must say so too, and it is less sure.
    #[serde(default)]
    pub osm_hint: Vec<TagRule>,
    /// Amap's six-digit type codes; `0604*` is every code that begins so.
    pub amap: Vec<String>,
    /// Codes among these that belong elsewhere.
    #[serde(default)]
    pub amap_not: Vec<String>,
    /// Codes that are too broad: the name must match as well.
    #[serde(default)]
    pub ask_name_amap: Vec<String>,
    /// Codes that overrule the name, as in [`Category::amap`]: a garage 维修 is no mender's stall.
    #[serde(default)]
    pub amap_never: Vec<String>,
    /// Baidu's tags, `一级;二级`.
    pub baidu: Vec<String>,
    /// Tags that are too broad: the name must match as well.
    #[serde(default)]
    pub ask_name_baidu: Vec<String>,
    /// Names that belong here (regular expression).
    pub name_include: String,
    /// Names that do not, though they look like it (regular expression; empty excludes nothing).
    pub name_exclude: String,
    /// Names that belong here whatever `name_exclude` says (regular expression).
    #[serde(default)]
    pub name_always: String,
    /// Names that do not, whatever code or tag says (regular expression); an English name is read too.
    #[serde(default)]
    pub name_never: String,
    /// Category ids that do not hold beside this one: a special hospital is no general one.
    #[serde(default)]
    pub instead_of: Vec<String>,
    /// Names that belong to other categories as well.
    #[serde(default)]
    pub also: Option<Also>,
    /// Whether suffixes that make a name something else's count; a car park is called 停车场.
    #[serde(default = "yes")]
    pub strip_noise_suffix: bool,
    /// What an outline must measure to be one, and what it is where it does not.
    #[serde(default)]
    pub size: Option<Size>,
    /// Whether one inside a closed compound serves its residents alone.
    #[serde(default)]
    pub for_residents: bool,
}

/// What an outline must measure to belong to a category.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Size {
    /// Square metres that it covers at least.
    pub smallest_square_metres: f64,
    /// Mean width, in metres, that it has at least.
    pub least_mean_width_metres: f64,
    /// Category id of what covers less.
    pub smaller: String,
    /// Category id of what is narrower.
    pub narrower: String,
}

fn yes() -> bool {
    true
}

/// What a name says of further categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Also {
    /// Pattern on the name.
    pub regex: String,
    /// Category ids that hold too.
    pub ids: Vec<String>,
}

/// A layer that is not a facility.
#[derive(Debug, Clone, Deserialize)]
pub struct Layer {
    /// Its name.
    pub id: String,
    /// OSM tags, as in [`Category::osm`].
    pub osm: Vec<TagRule>,
    /// Amap's type codes, as in [`Category::amap`].
    pub amap: Vec<String>,
    /// Names that belong here (regular expression).
    pub name_include: String,
    /// Names that do not, by reason.
    #[serde(default)]
    pub name_exclude: Vec<Excluded>,
}

/// Names that do not belong to a layer.
#[derive(Debug, Clone, Deserialize)]
pub struct Excluded {
    /// Why, as counted in the summary of a city: `planned`.
    pub reason: String,
    /// Pattern on the name.
    pub regex: String,
}

/// Matching rules that hold for all categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Matching {
    /// Bracketed branch suffixes, which say nothing of the category.
    pub strip_brackets: String,
    /// Suffixes that make a name something else's.
    pub noise_suffix: String,
    /// Words that say a place is not open.
    pub noise_any: String,
    /// OSM tags that say so.
    pub closed_osm: Vec<TagRule>,
    /// Amap's codes of homes and works, as in [`Category::amap`]: a name alone does not overrule them.
    pub veto_amap: Vec<String>,
    /// Keys of OSM's further names that are read for a category.
    pub other_names: Vec<String>,
    /// Those of names that hold no longer: read where nothing else says what a place is.
    pub former_names: Vec<String>,
    /// Traditional characters …
    pub traditional: String,
    /// … each at the position of its simplified form here.
    pub simplified: String,
    /// Names of halal places.
    pub halal: String,
    /// How sure a category is, by the channel that found it.
    pub confidence: Confidence,
}

/// How sure a category is, 0 to 1, by channel.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Confidence {
    /// The planner's own file names it.
    pub user: f64,
    /// Code and name agree.
    pub code_and_name: f64,
    /// The name alone.
    pub name: f64,
    /// The code alone.
    pub code: f64,
    /// OSM tags alone.
    pub osm: f64,
    /// One of OSM's further names alone.
    pub other_name: f64,
    /// A name and a hint of the tags, such as `building=hospital`.
    pub hint: f64,
}

impl Confidence {
    /// A share in per cent.
    pub fn in_percent(share: f64) -> u8 {
        (share * 100.0).round().clamp(0.0, 100.0) as u8
    }

    /// In per cent.
    pub fn percent(&self, channel: Channel) -> u8 {
        let share = match channel {
            Channel::User => self.user,
            Channel::CodeAndName => self.code_and_name,
            Channel::Name => self.name,
            Channel::Code => self.code,
            Channel::Osm => self.osm,
        };
        Self::in_percent(share)
    }
}

/// Conditions that must all hold.
#[derive(Debug, Clone)]
pub struct TagRule(pub Vec<TagTest>);

/// `key`, `key=value` or `key=one|other`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagTest {
    /// The tag's key.
    pub key: String,
    /// Accepted values; empty accepts any.
    pub values: Vec<String>,
}

impl<'de> Deserialize<'de> for TagRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tests = Vec::<String>::deserialize(deserializer)?;
        Ok(Self(tests.iter().map(|test| TagTest::parse(test)).collect()))
    }
}

impl TagTest {
    fn parse(text: &str) -> Self {
        match text.split_once('=') {
            None => Self { key: text.to_owned(), values: Vec::new() },
            Some((key, values)) => {
                Self { key: key.to_owned(), values: values.split('|').map(str::to_owned).collect() }
            }
        }
    }
}

impl Catalogue {
    /// The catalogue that comes with the product.
    ///
    /// # Panics
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        toml::from_str(include_str!("../../../data/categories.toml")).expect("data/categories.toml")
    }

    /// Changes when categories are added, dropped or moved: cities keep positions, not names.
    pub fn fingerprint(&self) -> String {
        let ids: Vec<&str> = self.categories.iter().map(|category| category.id.as_str()).collect();
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(ids.join("\n").as_bytes()))
    }

    /// Position of a category in the table.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.id == id)
    }

    /// The layer of that id.
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One word each, so that a list sorted by department falls into whole blocks.
    const DEPARTMENTS: [&str; 17] = [
        "商务", "民政", "卫健", "教育", "住建", "文旅", "体育", "公安", "交通", "城管", "邮政", "组织",
        "工会", "司法", "金融", "通信", "应急",
    ];

    #[test]
    fn the_built_in_catalogue_is_whole() {
        let catalogue = Catalogue::built_in();
        assert_eq!(catalogue.groups.len(), 8);
        assert!(catalogue.categories.len() >= 56, "{}", catalogue.categories.len());
        for category in &catalogue.categories {
            assert!(catalogue.groups.iter().any(|group| group.id == category.group), "{}", category.id);
            assert!(!category.zh.is_empty() && !category.en.is_empty() && !category.osm.is_empty());
            assert!(!category.icon.is_empty(), "{}", category.id);
            assert!(DEPARTMENTS.contains(&category.department.as_str()), "{}", category.id);
        }
        let park = &catalogue.categories[catalogue.index_of("park").unwrap()];
        let size = park.size.as_ref().unwrap();
        assert!((size.smallest_square_metres - 4_000.0).abs() < 1e-9);
        assert!((size.least_mean_width_metres - 25.0).abs() < 1e-9);
        for site in &catalogue.sites {
            for id in std::iter::once(&site.general).chain(&site.special) {
                assert!(catalogue.index_of(id).is_some_and(|at| catalogue.categories[at].grounds), "{id}");
            }
        }
        for category in &catalogue.categories {
            for id in category.size.iter().flat_map(|size| [&size.smaller, &size.narrower]) {
                assert!(catalogue.index_of(id).is_some(), "{}: {id}", category.id);
            }
        }
        assert!(catalogue.layer("compound").is_some() && catalogue.layer("compound_gate").is_some());
    }

    #[test]
    fn tag_tests_are_split_at_equals_and_bar() {
        assert_eq!(TagTest::parse("name"), TagTest { key: "name".into(), values: vec![] });
        assert_eq!(
            TagTest::parse("shop=a|b"),
            TagTest { key: "shop".into(), values: vec!["a".into(), "b".into()] }
        );
    }
}
