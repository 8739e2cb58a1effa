//! Rule sets 规则集: the categories that a standard requires, the limit in minutes or metres, and the certainty
//! of the figures.

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
    /// Its id in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name; the Chinese one if the file has none.
    #[serde(default)]
    pub en: String,
    /// The limit in minutes of lines without a measure of their own.
    pub minutes: u32,
    /// The standard that it transcribes; empty for none.
    #[serde(default)]
    pub standard: String,
    /// Where it was read.
    #[serde(default)]
    pub source: String,
    /// The certainty of its figures; lines without a mark of their own have this one.
    #[serde(default)]
    pub confidence: Mark,
    /// Notes for the reader.
    #[serde(default)]
    pub note: String,
    /// Its lines.
    #[serde(rename(deserialize = "line"))]
    pub lines: Vec<Line>,
    /// The file that it was read from; `None` for a built-in one.
    #[serde(skip)]
    pub read_from: Option<crate::city::Input>,
}

/// A line of a rule set. Any facility of any of its categories meets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// An id that stays when `zh` is reworded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Chinese name, which is the name of the line in tables; unique in the set.
    pub zh: String,
    /// English name; the Chinese one if the file has none.
    #[serde(default)]
    pub en: String,
    /// Ids of the categories that meet it; empty if the catalogue has none, in which case it is not
    /// measurable.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// Ids of categories that may meet it, because their level is not recorded: with one of these within the
    /// limit, a gap is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perhaps: Vec<String>,
    /// Ids of categories that are named beside the line, nearest first, and do not meet it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// The level of the standard, such as `t15` or `block`. Levels do not include each other: a requirement
    /// at two levels is two lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Limit in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Service radius 服务半径, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radius_metres: Option<u32>,
    /// One is required in each of these units, at any distance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_per: Option<OnePer>,
    /// How strictly it is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Minimum area in square metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_square_metres: Option<f64>,
    /// Minimum area in hectares, as standards state it for parks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_hectares: Option<f64>,
    /// Department in charge 责任部门, if it is not that of its categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Where the line was read.
    #[serde(default)]
    pub source: String,
    /// The certainty of its figures.
    #[serde(default)]
    pub confidence: Mark,
    /// Notes of the standard.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// `false` if no map data can decide it: it is listed as not measured.
    #[serde(default = "yes")]
    pub measurable: bool,
}

fn yes() -> bool {
    true
}

/// Certainty of a figure, the most certain first; `data/README.md` explains the marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read in the named source.
    Verified,
    /// Read in a quotation of the source.
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

/// How strictly a line is required.
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

    /// The Chinese term of tables and standards.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Must => "▲ 必配",
            Self::May => "△ 按需",
            Self::Basic => "基本保障",
            Self::Quality => "品质提升",
        }
    }
}

/// A kind of unit, each of which needs one.
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
    /// The Chinese label in tables for readers.
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

/// How a line is judged: by exactly one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Walking time, in minutes.
    Minutes(u32),
    /// Distance in metres, by the walk and by the straight line.
    Metres(u32),
    /// One in each unit, at any distance.
    OnePer(OnePer),
    /// No map data can decide it.
    None,
}

impl RuleSet {
    /// The built-in rule sets; the first is the default.
    ///
    /// # Panics
    ///
    /// Never: the files are part of the binary and tested.
    pub fn built_in() -> Vec<Self> {
        let catalogue = Catalogue::built_in();
        #[expect(clippy::expect_used, reason = "the files are compiled in and a test reads them")]
        BUILT_IN.iter().map(|(name, text)| Self::parse_with(text, &catalogue).expect(name)).collect()
    }

    /// GB 50180-2018, which states the number and size of facilities for a number of residents.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the binary and tested.
    pub fn standard() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        static STANDARD: std::sync::LazyLock<RuleSet> = std::sync::LazyLock::new(|| {
            RuleSet::parse_with(BUILT_IN[1].1, &Catalogue::built_in()).expect(BUILT_IN[1].0)
        });
        &STANDARD
    }

    /// The measure of one of its lines.
    pub fn measure(&self, line: &Line) -> Measure {
        match (line.measurable, line.one_per, line.radius_metres, line.minutes) {
            (false, ..) => Measure::None,
            (_, Some(unit), ..) => Measure::OnePer(unit),
            (_, _, Some(metres), _) => Measure::Metres(metres),
            (_, _, _, minutes) => Measure::Minutes(minutes.unwrap_or(self.minutes)),
        }
    }

    /// Whether the set or any of its lines must be checked before it is quoted 待核.
    pub fn needs_check(&self) -> bool {
        self.confidence.needs_check() || self.lines.iter().any(Line::needs_check)
    }
}

/// The built-in files, the default first.
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

    /// Minimum area in square metres, whichever unit the file states it in.
    pub fn smallest_area(&self) -> Option<f64> {
        self.smallest_square_metres.or_else(|| self.smallest_hectares.map(|hectares| hectares * 10_000.0))
    }

    /// The departments in charge: the line's own, else those of its categories, each once, in the order of
    /// the categories.
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
