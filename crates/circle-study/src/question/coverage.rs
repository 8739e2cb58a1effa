//! The questions about coverage 覆盖: how compounds are judged, and which part of the table is written.

use super::format::file_format;
use super::origin::compound;
use crate::choices::Choices;
use crate::parameters::{Parameters, bands_of};
use crate::refusal::{KeySlot, Refusal};
use circle_export::FileFormat;
use circle_model::bands::BANDS;
use circle_model::{Catalogue, City, CompoundId, Profile, RuleSet, WeekTime};
use circle_plan::{Evidence, Judging, Level, Resolution, column_names, line_names};

/// The levels of the parameter `by`; `None` for single compounds.
pub const LEVELS: [(&str, Option<Level>); 7] = [
    ("compound", None),
    ("grid", Some(Level::Grid)),
    ("community", Some(Level::Community)),
    ("subdistrict", Some(Level::Subdistrict)),
    ("district", Some(Level::District)),
    ("city", Some(Level::City)),
    ("h3", Some(Level::H3(Resolution::Eight))),
];

/// The level with this word in [`LEVELS`]; `None` for single compounds, as for a word that is none of them.
pub fn level_named(word: &str) -> Option<Level> {
    LEVELS.into_iter().find(|(other, _)| *other == word).and_then(|(_, level)| level)
}

/// The levels at which a city has units, and the level of single compounds.
pub fn levels_of(city: &City) -> impl Iterator<Item = (&'static str, Option<Level>)> {
    LEVELS.into_iter().filter(move |(_, level)| level.is_none_or(|level| !level.groups(city).is_empty()))
}

/// The rules, profile and time that compounds are judged by.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CoverageQuestion {
    /// The rule set.
    pub rules: RuleSet,
    /// The walking profile.
    pub profile: Profile,
    /// Bands in minutes, ascending.
    pub minutes: Vec<u32>,
    /// The time to which opening hours are applied; everything is open if `None`.
    pub at_time: Option<WeekTime>,
    /// The evidence that a gap requires.
    pub evidence: Evidence,
}

impl CoverageQuestion {
    /// Names of the parameters, without those of a [`CoveragePart`].
    pub const PARAMETERS: [&str; 5] = ["rules", "profile", "minutes", "at_time", "as_mapped"];

    /// The question with these bands, in any order.
    ///
    /// # Errors
    /// As [`bands_of`].
    pub fn new(
        rules: RuleSet,
        profile: Profile,
        minutes: &[u32],
        at_time: Option<WeekTime>,
        evidence: Evidence,
    ) -> Result<Self, Refusal> {
        Ok(Self { rules, profile, minutes: bands_of(minutes)?, at_time, evidence })
    }

    /// Parses the question. The caller has checked the names with [`Parameters::expect_only`].
    ///
    /// # Errors
    /// When the rule set or profile does not exist, or the bands or the time are invalid.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        let at_time = parameters.at_time()?;
        let rules = choices.rules(parameters.text("rules"))?.clone();
        let profile = choices.profile(parameters.text("profile"))?.clone();
        let minutes = parameters.minutes()?.unwrap_or_else(|| BANDS.to_vec());
        let as_mapped = parameters.word("as_mapped", &[("false", false), ("true", true)])?;
        let evidence = if as_mapped { Evidence::AS_MAPPED } else { Evidence::default() };
        Ok(Self { rules, profile, minutes, at_time, evidence })
    }

    /// The question for another profile.
    #[must_use]
    pub fn walked_as(&self, profile: &Profile) -> Self {
        Self { profile: profile.clone(), ..self.clone() }
    }

    /// The inputs of [`circle_plan::coverage()`].
    pub fn judging<'a>(&'a self, catalogue: &'a Catalogue) -> Judging<'a> {
        Judging {
            catalogue,
            profile: &self.profile,
            rules: &self.rules,
            minutes: &self.minutes,
            evidence: self.evidence,
        }
    }
}

/// The part of the coverage table that is written, and its file format.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CoveragePart {
    /// The verdicts by column, for a map.
    Verdicts,
    /// A row or feature per compound and category.
    Compounds {
        /// Only the lines of the rule set.
        only_rules: bool,
        /// Only this category or line.
        line: Option<String>,
        /// Only this compound.
        compound: Option<CompoundId>,
        /// The file format.
        format: FileFormat,
    },
    /// A row or feature per unit.
    Units {
        /// The level of the units.
        level: Level,
        /// Only this line.
        line: Option<String>,
        /// The file format.
        format: FileFormat,
    },
}

impl CoveragePart {
    /// Whether it is about one compound alone, and so quick to write.
    pub(crate) const fn is_of_one(&self) -> bool {
        matches!(self, Self::Compounds { compound: Some(_), .. })
    }

    /// Whether its bytes are worth compressing once for all clients: it is about many compounds, and the format is not
    /// compressed itself.
    pub const fn is_compressible(&self) -> bool {
        !self.is_of_one() && !matches!(self.format(), FileFormat::Xlsx | FileFormat::Parquet)
    }

    /// Names of the parameters, with those of the [`CoverageQuestion`].
    pub const PARAMETERS: [&str; 11] = [
        "rules",
        "by",
        "line",
        "only",
        "compound",
        "profile",
        "minutes",
        "at_time",
        "as_mapped",
        "format",
        "download",
    ];

    /// Parses the part. Its format is `default` if `format` is not given.
    ///
    /// # Errors
    /// When the city has no such compound or level, the rule set no such line, or the parameters exclude each
    /// other.
    pub fn parse(choices: &Choices, parameters: &Parameters, default: FileFormat) -> Result<Self, Refusal> {
        let (city, catalogue) = (&choices.city, &choices.catalogue);
        // The answer needs it last, and must not be made for one that is no switch.
        parameters.switch("download", false)?;
        let rules = choices.rules(parameters.text("rules"))?;
        let level = parameters.word("by", &LEVELS)?;
        let only_rules = parameters.text("only").is_some();
        parameters.word("only", &[("rules", ())])?;
        let line = parameters.text("line").map(str::to_owned);
        let known = |asked| compound(city, asked, KeySlot::parameter("compound"));
        let compound = parameters.text("compound").map(known).transpose()?;
        let format = file_format(parameters, default)?;
        let Some(level) = level else {
            if !matches!(format, FileFormat::Csv | FileFormat::Geojson) && compound.is_some() {
                let message =
                    "files of this format hold every compound; `compound` goes with geojson and csv";
                return Err(Refusal::parameter("format", message));
            }
            check_line(line.as_deref(), column_names(catalogue, rules), &[])?;
            return Ok(Self::Compounds { only_rules, line, compound, format });
        };
        if compound.is_some() || only_rules {
            let message = "units are added up over all compounds and the rule set's lines; `compound` and `only` do not \
                           go with it";
            return Err(Refusal::parameter("by", message));
        }
        if level.groups(city).is_empty() {
            let asked = parameters.text("by").unwrap_or_default();
            let there = levels_of(city).map(|(word, _)| word);
            return Err(Refusal::no_such("level with units in this city", asked, there));
        }
        let mut lines = line_names(catalogue, rules);
        lines.push(ALL_LINES);
        check_line(line.as_deref(), lines, &[ALL_LINES_WITH_SOURCE])?;
        Ok(Self::Units { level, line, format })
    }

    /// The file format; `Geojson` for [`CoveragePart::Verdicts`], which are JSON.
    pub const fn format(&self) -> FileFormat {
        match self {
            Self::Units { format, .. } | Self::Compounds { format, .. } => *format,
            Self::Verdicts => FileFormat::Geojson,
        }
    }

    /// Whether the part holds tables of units, which have columns for the elderly and for children.
    pub const fn counts_people(&self) -> bool {
        match self {
            Self::Verdicts => false,
            Self::Units { .. } => true,
            Self::Compounds { only_rules, line, format, .. } => {
                format.holds_several() && line.is_none() && !*only_rules
            }
        }
    }
}

/// All lines of a rule set together, in tables of units.
const ALL_LINES: &str = "all";
/// Those of them whose data is complete enough. Only the table tells whether there are any.
const ALL_LINES_WITH_SOURCE: &str = "all_with_source";

/// Checks that a line is one of `known` or `perhaps`, before the table is made. The refusal lists `known`.
///
/// # Errors
/// When it is none of them.
fn check_line(line: Option<&str>, known: Vec<&str>, perhaps: &[&str]) -> Result<(), Refusal> {
    match line {
        Some(line) if !known.contains(&line) && !perhaps.contains(&line) => {
            Err(Refusal::no_such("line", line, known))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Meta};

    fn part(pairs: &[(&str, &str)]) -> Result<CoveragePart, Refusal> {
        let choices = Choices::built_in(City::from_tables(CityTables::default(), &Meta::default()).unwrap());
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        CoveragePart::parse(&choices, &Parameters::new(pairs), FileFormat::Geojson)
    }

    #[test]
    fn a_line_is_one_of_the_rule_set_that_the_question_names() {
        let lines = |rules: &str| {
            let Err(Refusal::NoSuch { what: "line", choices, .. }) =
                part(&[("rules", rules), ("line", "nope")])
            else {
                panic!("it is accepted")
            };
            choices
        };
        for rules in ["board", "gb50180"] {
            for line in lines(rules) {
                assert!(part(&[("rules", rules), ("line", &line)]).is_ok(), "{rules}: {line}");
            }
        }
        let own: Vec<String> =
            lines("gb50180").into_iter().filter(|line| !lines("board").contains(line)).collect();
        assert!(!own.is_empty() && own.iter().all(|line| part(&[("line", line)]).is_err()), "{own:?}");
    }

    #[test]
    fn a_switch_that_is_none_is_refused_before_the_answer() {
        let refused = part(&[("download", "maybe")]).unwrap_err();
        assert!(refused.to_string().contains("`download` takes"), "{refused}");
    }
}
