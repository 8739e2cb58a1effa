//! Rule sets 规则集: which categories a standard asks for, within how many minutes or metres, and how sure that is.

mod parse;
#[cfg(test)]
mod tests;

pub use parse::RulesError;

use crate::Catalogue;
use serde::{Deserialize, Serialize};

/// A rule set, as in `data/rules/*.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Its name in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name; the Chinese one where the file has none.
    #[serde(default)]
    pub en: String,
    /// The band of lines that state no measure of their own, in minutes.
    pub minutes: u32,
    /// The document that it transcribes; empty where there is none.
    #[serde(default)]
    pub standard: String,
    /// Where it was read.
    #[serde(default)]
    pub source: String,
    /// How sure it is; a line without a mark of its own has this one.
    #[serde(default)]
    pub confidence: Mark,
    /// What else the reader must know.
    #[serde(default)]
    pub note: String,
    /// What is asked for.
    #[serde(rename(deserialize = "line"))]
    pub lines: Vec<Line>,
    /// The file that it was read from; `None` for those that come with the product.
    #[serde(skip)]
    pub read_from: Option<crate::city::Input>,
}

/// One line of a rule set, met by any facility of any of its categories.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// A name that stays when `zh` is reworded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Chinese name; the line's name in tables, so no two lines of a set share it.
    pub zh: String,
    /// English name; the Chinese one where the file has none.
    #[serde(default)]
    pub en: String,
    /// Ids of the categories that meet it; empty where the catalogue has none, and then it is not measurable.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// Ids of categories that may meet it, nobody knows: with one of these near enough a gap is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perhaps: Vec<String>,
    /// Ids of categories that are said beside the line, nearest first, and do not meet it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// The level that the standard asks at, such as `t15` or `block`. Levels do not include each other: what is
    /// asked for at two of them has two lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Its own band, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Service radius 服务半径, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_metres: Option<u32>,
    /// One is asked for in each of these, at no stated distance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_per: Option<OnePer>,
    /// How strictly it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// The least area that counts, in square metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_square_metres: Option<f64>,
    /// The least area that counts, in hectares, as standards state it for parks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_hectares: Option<f64>,
    /// Department in charge 责任部门, where it is not its categories'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Where the line was read.
    #[serde(default)]
    pub source: String,
    /// How sure it is.
    #[serde(default)]
    pub confidence: Mark,
    /// What else the standard says of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// False for what no map can tell: it is listed as not measured.
    #[serde(default = "yes")]
    pub measurable: bool,
}

fn yes() -> bool {
    true
}

/// How sure a figure is, the surest first; `data/README.md` says what each mark means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read in the named source.
    Verified,
    /// Read in somebody's quotation of the source.
    Secondary,
    /// Computed or inferred from a named source.
    Derived,
    /// Known from practice; a proposal.
    #[default]
    Knowledge,
}

impl Mark {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Secondary => "secondary",
            Self::Derived => "derived",
            Self::Knowledge => "knowledge",
        }
    }

    /// Whether it must be checked before it is quoted 待核.
    pub const fn needs_check(self) -> bool {
        !matches!(self, Self::Verified)
    }
}

/// How strictly a line is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// ▲ 应配建.
    Must,
    /// △ 按需配建.
    May,
    /// 基本保障类.
    Basic,
    /// 品质提升类.
    Quality,
}

impl Need {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::May => "may",
            Self::Basic => "basic",
            Self::Quality => "quality",
        }
    }

    /// What tables and standards call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Must => "▲ 必配",
            Self::May => "△ 按需",
            Self::Basic => "基本保障",
            Self::Quality => "品质提升",
        }
    }
}

/// A unit that each has to have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnePer {
    /// Residential block 居住街坊.
    Block,
    /// Community 社区.
    Community,
    /// Subdistrict 街道.
    Subdistrict,
}

impl OnePer {
    /// What tables for people call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Block => "街坊",
            Self::Community => "社区",
            Self::Subdistrict => "街道",
        }
    }

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Community => "community",
            Self::Subdistrict => "subdistrict",
        }
    }
}

/// What a line is judged by: one measure, never two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Walking time, in minutes.
    Minutes(u32),
    /// Distance in metres, both as the crow flies and as walked.
    Metres(u32),
    /// One in each unit; no walk says whether it is there.
    OnePer(OnePer),
    /// No map can tell.
    None,
}

impl RuleSet {
    /// The rule sets that come with the product; the first is the default.
    ///
    /// # Panics
    /// Never: the files are part of the binary and tested.
    pub fn built_in() -> Vec<Self> {
        let catalogue = Catalogue::built_in();
        #[expect(clippy::expect_used, reason = "the files are compiled in and a test reads them")]
        BUILT_IN.iter().map(|(name, text)| Self::parse_with(text, &catalogue).expect(name)).collect()
    }

    /// GB 50180-2018, which says how much of what a place of some size has.
    ///
    /// # Panics
    /// Never: the file is part of the binary and tested.
    pub fn standard() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        static STANDARD: std::sync::LazyLock<RuleSet> = std::sync::LazyLock::new(|| {
            RuleSet::parse_with(BUILT_IN[1].1, &Catalogue::built_in()).expect(BUILT_IN[1].0)
        });
        &STANDARD
    }

    /// What one of its lines is judged by.
    pub fn measure(&self, line: &Line) -> Measure {
        match (line.measurable, line.one_per, line.radius_metres, line.minutes) {
            (false, ..) => Measure::None,
            (_, Some(unit), ..) => Measure::OnePer(unit),
            (_, _, Some(metres), _) => Measure::Metres(metres),
            (_, _, _, minutes) => Measure::Minutes(minutes.unwrap_or(self.minutes)),
        }
    }

    /// Whether it or any of its lines must be checked before it is quoted 待核.
    pub fn needs_check(&self) -> bool {
        self.confidence.needs_check() || self.lines.iter().any(Line::needs_check)
    }
}

/// The files that come with the product, the default first.
const BUILT_IN: [(&str, &str); 5] = [
    ("data/rules/board.toml", include_str!("../../../data/rules/board.toml")),
    ("data/rules/gb50180.toml", include_str!("../../../data/rules/gb50180.toml")),
    ("data/rules/tdt1062.toml", include_str!("../../../data/rules/tdt1062.toml")),
    ("data/rules/mofcom.toml", include_str!("../../../data/rules/mofcom.toml")),
    ("data/rules/complete_community.toml", include_str!("../../../data/rules/complete_community.toml")),
];

impl Line {
    /// Whether it must be checked before it is quoted 待核.
    pub const fn needs_check(&self) -> bool {
        self.confidence.needs_check()
    }

    /// The least area that counts, in square metres, whichever unit the file states it in.
    pub fn smallest_area(&self) -> Option<f64> {
        self.smallest_square_metres.or_else(|| self.smallest_hectares.map(|hectares| hectares * 10_000.0))
    }

    /// The departments in charge: the line's own, else its categories', each once, in the order of the categories.
    pub fn departments<'a>(&'a self, catalogue: &'a Catalogue) -> Vec<&'a str> {
        if let Some(own) = &self.department {
            return vec![own];
        }
        let mut departments = Vec::new();
        for id in &self.any_of {
            let Some(category) = catalogue.index_of(id).map(|index| &catalogue.categories[index]) else {
                continue;
            };
            let department = category.department.as_str();
            if !department.is_empty() && !departments.contains(&department) {
                departments.push(department);
            }
        }
        departments
    }
}
