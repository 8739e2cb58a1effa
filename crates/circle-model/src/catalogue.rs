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
    /// Layers that are not facilities: compounds, gates, units.
    #[serde(rename = "layer")]
    pub layers: Vec<Layer>,
    /// Matching rules for all categories.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// Kinds of sites whose parts are mapped and listed as if they were sites themselves.
    #[serde(rename = "site", default)]
    pub sites: Vec<Site>,
}

/// A kind of site, such as a hospital.
#[derive(Debug, Clone, Deserialize)]
pub struct Site {
    /// Id of the category of a site without further information.
    pub general: String,
    /// Ids of the more specific categories.
    pub special: Vec<String>,
    /// Regular expression that the names of such sites end with.
    pub whole: String,
    /// Regular expression for the names of their parts, alone or after the name of the site.
    pub parts: String,
}

/// A group of categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    /// Its id in fields.
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
    /// Its id in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// Short Chinese name.
    pub short: String,
    /// English name.
    pub en: String,
    /// Id of its group.
    pub group: String,
    /// Name of its pictogram.
    pub icon: String,
    /// The department in charge 责任部门, such as 民政; empty if none is named.
    #[serde(default)]
    pub department: String,
    /// Whether boards list it.
    pub board: bool,
    /// Whether its facilities have grounds that are entered at gates.
    #[serde(default)]
    pub grounds: bool,
    /// Whether its facilities are open ground, which is entered from any way beside it.
    #[serde(default)]
    pub open_ground: bool,
    /// Alternative OSM tags: at least one alternative must match completely.
    pub osm: Vec<TagRule>,
    /// Whether the tags are too broad, so that the name must match too.
    #[serde(default)]
    pub ask_name_osm: bool,
    /// Tags that exclude the category even if `osm` matches: `amenity=hospital` for clinics.
    #[serde(default)]
    pub osm_not: Vec<TagRule>,
    /// Tags that hint at the category, such as `building=hospital`: the name must match too, and the
    /// confidence is lower.
    #[serde(default)]
    pub osm_hint: Vec<TagRule>,
    /// Amap's six-digit type codes; `0604*` matches every code with that prefix.
    pub amap: Vec<String>,
    /// Codes among these that belong to other categories.
    #[serde(default)]
    pub amap_not: Vec<String>,
    /// Codes that are too broad, so that the name must match too.
    #[serde(default)]
    pub ask_name_amap: Vec<String>,
    /// Codes that take precedence over the name, as in [`Category::amap`]: a garage 维修 is not a repair stall.
    #[serde(default)]
    pub amap_never: Vec<String>,
    /// Baidu's tags, `一级;二级`.
    pub baidu: Vec<String>,
    /// Tags that are too broad, so that the name must match too.
    #[serde(default)]
    pub ask_name_baidu: Vec<String>,
    /// Names of the category (regular expression).
    pub name_include: String,
    /// Similar names that are not of the category (regular expression; empty excludes none).
    pub name_exclude: String,
    /// Names of the category regardless of `name_exclude` (regular expression).
    #[serde(default)]
    pub name_always: String,
    /// Names that are never of the category, regardless of code or tag (regular expression); English names
    /// are tested too.
    #[serde(default)]
    pub name_never: String,
    /// Ids of categories that do not apply beside this one: a specialised hospital is not a general one.
    #[serde(default)]
    pub instead_of: Vec<String>,
    /// Names that belong to further categories.
    #[serde(default)]
    pub also: Option<Also>,
    /// Whether a noise suffix excludes the category; not for car parks, whose own name 停车场 is one.
    #[serde(default = "yes")]
    pub strip_noise_suffix: bool,
    /// Minimum size of an outline, with the categories of smaller ones.
    #[serde(default)]
    pub size: Option<Size>,
    /// Whether a facility inside a closed compound serves only its residents.
    #[serde(default)]
    pub for_residents: bool,
}

/// The minimum size of an outline for a category.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Size {
    /// Minimum area, square metres.
    pub smallest_square_metres: f64,
    /// Minimum mean width, metres.
    pub least_mean_width_metres: f64,
    /// Id of the category of a smaller one.
    pub smaller: String,
    /// Id of the category of a narrower one.
    pub narrower: String,
}

fn yes() -> bool {
    true
}

/// Further categories that a name implies.
#[derive(Debug, Clone, Deserialize)]
pub struct Also {
    /// Regular expression for the name.
    pub regex: String,
    /// Ids of the further categories.
    pub ids: Vec<String>,
}

/// A layer that is not a facility.
#[derive(Debug, Clone, Deserialize)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// OSM tags, as in [`Category::osm`].
    pub osm: Vec<TagRule>,
    /// Amap's type codes, as in [`Category::amap`].
    pub amap: Vec<String>,
    /// Names of the layer (regular expression).
    pub name_include: String,
    /// Names that are not of the layer, by reason.
    #[serde(default)]
    pub name_exclude: Vec<Excluded>,
}

/// Names that are not of a layer.
#[derive(Debug, Clone, Deserialize)]
pub struct Excluded {
    /// The reason, as counted in the summary of a city: `planned`.
    pub reason: String,
    /// Regular expression for the name.
    pub regex: String,
}

/// Matching rules for all categories.
#[derive(Debug, Clone, Deserialize)]
pub struct Matching {
    /// Bracketed branch suffixes, which are removed before matching.
    pub strip_brackets: String,
    /// Suffixes that make a name another thing's.
    pub noise_suffix: String,
    /// Words that mark a place as not open.
    pub noise_any: String,
    /// OSM tags that mark a place as not open.
    pub closed_osm: Vec<TagRule>,
    /// Amap's codes of homes and works, as in [`Category::amap`]: a name alone does not overrule them.
    pub veto_amap: Vec<String>,
    /// Keys of OSM's further names that are matched with a category.
    pub other_names: Vec<String>,
    /// Keys of former names, which are matched only if nothing else decides the category.
    pub former_names: Vec<String>,
    /// Traditional characters …
    pub traditional: String,
    /// … each at the position of its simplified form here.
    pub simplified: String,
    /// Regular expression for the names of halal places.
    pub halal: String,
    /// Confidence of a category, by the channel that found it.
    pub confidence: Confidence,
}

/// Confidence of a category, 0 to 1, by channel.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Confidence {
    /// An own file names it.
    pub user: f64,
    /// Code and name agree.
    pub code_and_name: f64,
    /// The name only.
    pub name: f64,
    /// The code only.
    pub code: f64,
    /// OSM tags only.
    pub osm: f64,
    /// One of OSM's further names only.
    pub other_name: f64,
    /// A name with a hint of the tags, such as `building=hospital`.
    pub hint: f64,
}

impl Confidence {
    /// Converts a share to per cent.
    pub fn in_percent(share: f64) -> u8 {
        (share * 100.0).round().clamp(0.0, 100.0) as u8
    }

    /// The confidence of a channel, in per cent.
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

/// Conditions that must all match.
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
    /// The built-in catalogue.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        toml::from_str(include_str!("../../../data/categories.toml")).expect("data/categories.toml")
    }

    /// A hash that changes when categories are added, removed or moved: cities store positions, not names.
    pub fn fingerprint(&self) -> String {
        let ids: Vec<&str> = self.categories.iter().map(|category| category.id.as_str()).collect();
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(ids.join("\n").as_bytes()))
    }

    /// Position of a category in the table.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.id == id)
    }

    /// The layer with an id.
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Departments are one word each, so that a list sorted by department has one block for each.
    const DEPARTMENTS: [&str; 17] = [
        "商务", "民政", "卫健", "教育", "住建", "文旅", "体育", "公安", "交通", "城管", "邮政", "组织",
        "工会", "司法", "金融", "通信", "应急",
    ];

    #[test]
    fn the_built_in_catalogue_is_complete() {
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
