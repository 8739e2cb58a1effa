//! Parses rule sets from TOML. Errors name the row, the line of the set and the field.

use super::{Line, RuleSet};
use crate::Catalogue;
use crate::files::{is_clean, toml_message};
use std::ops::RangeInclusive;
use toml::de::{DeTable, DeValue};

/// The error of a rule set's file. The caller that read the file puts its name before the message.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not TOML, or a field that is missing, unknown or of the wrong type; the message quotes the row.
    #[error("rule set: {}", .0.trim_end())]
    Form(String),
    /// An invalid value.
    #[error("rule set, row {row}{}: `{field}` {problem}", of(.line))]
    Value {
        /// Row of the file, from 1.
        row: usize,
        /// `zh` of the line; empty for a field of the set itself.
        line: String,
        /// The field.
        field: &'static str,
        /// The value and the allowed values.
        problem: String,
    },
}

fn of(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(", line `{}`", line.escape_debug()) }
}

const MINUTES: RangeInclusive<u32> = 1..=120;
const RADIUS_METRES: RangeInclusive<u32> = 1..=5000;
const LINES: RangeInclusive<usize> = 1..=200;
/// Maximum of the smallest area of a line, in square metres.
const LARGEST_SQUARE_METRES: f64 = 1e8;
/// Maximum length of a name in characters; names are headings of tables.
const LONGEST_NAME: usize = 60;
/// Maximum length of sources and notes in characters; tables repeat them in every row of the line.
const LONGEST_TEXT: usize = 400;

impl RuleSet {
    /// Parses a rule set. Its categories are those of the built-in catalogue.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, a field is unknown, or a value is invalid.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        Self::parse_with(text, &Catalogue::built_in())
    }

    pub(super) fn parse_with(text: &str, catalogue: &Catalogue) -> Result<Self, RulesError> {
        // The message contains the parser's text, so the parser's error is not a `source` too.
        let form = |error: toml::de::Error| RulesError::Form(toml_message(text, &error));
        let mut rules: Self = toml::from_str(text).map_err(form)?;
        let rows = Rows { text, root: DeTable::parse(text).map_err(form)?.into_inner() };
        inherit(&mut rules, &rows);
        check(&rules, &rows, catalogue)?;
        Ok(rules)
    }
}

/// Fields that a line lacks are those of the set.
fn inherit(rules: &mut RuleSet, rows: &Rows<'_>) {
    if rules.en.is_empty() {
        rules.en.clone_from(&rules.zh);
    }
    for (number, line) in rules.lines.iter_mut().enumerate() {
        if line.en.is_empty() {
            line.en.clone_from(&line.zh);
        }
        if line.source.is_empty() {
            line.source.clone_from(&rules.source);
        }
        if rows.field(Some(number), "confidence").is_none() {
            line.confidence = rules.confidence;
        }
    }
}

fn check(rules: &RuleSet, rows: &Rows<'_>, catalogue: &Catalogue) -> Result<(), RulesError> {
    let wrong = |field, problem: String| {
        Err(RulesError::Value { row: rows.of(None, field), line: String::new(), field, problem })
    };
    if let Some(problem) = unfit_id(&rules.id) {
        return wrong("id", problem);
    }
    if let Some(problem) = unfit_name(&rules.zh) {
        return wrong("zh", problem);
    }
    let texts =
        [("en", &rules.en), ("standard", &rules.standard), ("source", &rules.source), ("note", &rules.note)];
    for (field, text) in texts {
        if let Some(problem) = unfit_text(text) {
            return wrong(field, problem);
        }
    }
    if let Some(problem) = outside(rules.minutes, &MINUTES, "minutes") {
        return wrong("minutes", problem);
    }
    if !LINES.contains(&rules.lines.len()) {
        let problem = format!("has {} entries; a set has 1 to 200 lines", rules.lines.len());
        return wrong("line", problem);
    }
    for (number, line) in rules.lines.iter().enumerate() {
        let checked = Checked { line, before: &rules.lines[..number], catalogue };
        if let Err((field, problem)) = checked.check() {
            let row = rows.of(Some(number), field);
            return Err(RulesError::Value { row, line: line.zh.clone(), field, problem });
        }
    }
    Ok(())
}

/// A line that is checked, with its context.
struct Checked<'a> {
    line: &'a Line,
    before: &'a [Line],
    catalogue: &'a Catalogue,
}

type Problem = (&'static str, String);

impl Checked<'_> {
    fn check(&self) -> Result<(), Problem> {
        self.names()?;
        self.categories()?;
        self.measures()?;
        self.area()
    }

    fn names(&self) -> Result<(), Problem> {
        let line = self.line;
        if let Some(problem) = unfit_name(&line.zh) {
            return Err(("zh", problem));
        }
        if self.before.iter().any(|other| other.zh == line.zh) {
            let problem = "is the name of an earlier line; tables could not tell the two apart".to_owned();
            return Err(("zh", problem));
        }
        if self.catalogue.index_of(&line.zh).is_some() {
            return Err(("zh", "is the id of a category; tables could not tell the two apart".to_owned()));
        }
        if ["all", "all_with_source"].contains(&line.zh.as_str()) {
            return Err(("zh", "is what tables call all lines together; choose another name".to_owned()));
        }
        if let Some(id) = &line.id {
            if let Some(problem) = unfit_id(id) {
                return Err(("id", problem));
            }
            if self.before.iter().any(|other| other.id.as_ref() == Some(id)) {
                return Err(("id", format!("`{id}` is the id of an earlier line")));
            }
        }
        for (field, text) in [("en", &line.en), ("source", &line.source), ("note", &line.note)] {
            if let Some(problem) = unfit_text(text) {
                return Err((field, problem));
            }
        }
        for (field, name) in [("tier", &line.tier), ("department", &line.department)] {
            if let Some(problem) = name.as_deref().and_then(unfit_name) {
                return Err((field, problem));
            }
        }
        Ok(())
    }

    fn categories(&self) -> Result<(), Problem> {
        let any_of = &self.line.any_of;
        if let Some(id) = any_of.iter().find(|id| self.catalogue.index_of(id).is_none()) {
            let known: Vec<&str> =
                self.catalogue.categories.iter().map(|category| category.id.as_str()).collect();
            return Err((
                "any_of",
                format!("names `{id}`, which is no category; there are: {}", known.join(", ")),
            ));
        }
        if let Some((_, id)) = any_of.iter().enumerate().find(|(at, id)| any_of[..*at].contains(id)) {
            return Err(("any_of", format!("names `{id}` twice")));
        }
        for (field, ids) in [("beside", &self.line.beside), ("perhaps", &self.line.perhaps)] {
            if let Some(id) = ids.iter().find(|id| self.catalogue.index_of(id).is_none()) {
                return Err((field, format!("names `{id}`, which is no category")));
            }
            if let Some(id) = ids.iter().find(|id| any_of.contains(id)) {
                return Err((field, format!("names `{id}`, which meets the line already")));
            }
        }
        if any_of.is_empty() && self.line.measurable {
            let problem =
                "names no category; a line that no map can tell says `measurable = false`".to_owned();
            return Err(("any_of", problem));
        }
        Ok(())
    }

    fn measures(&self) -> Result<(), Problem> {
        let line = self.line;
        if let Some(problem) = line.minutes.and_then(|minutes| outside(minutes, &MINUTES, "minutes")) {
            return Err(("minutes", problem));
        }
        if let Some(problem) = line.radius_metres.and_then(|metres| outside(metres, &RADIUS_METRES, "metres"))
        {
            return Err(("radius_metres", problem));
        }
        let stated = [
            ("minutes", line.minutes.is_some()),
            ("radius_metres", line.radius_metres.is_some()),
            ("one_per", line.one_per.is_some()),
        ];
        let mut stated = stated.into_iter().filter(|(_, is)| *is).map(|(field, _)| field);
        match (stated.next(), stated.next()) {
            (Some(first), Some(second)) => Err((
                second,
                format!("stands beside `{first}`; a line is judged by one measure: write two lines"),
            )),
            (Some(field), None) if !line.measurable => {
                Err((field, "stands beside `measurable = false`; leave one of the two out".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn area(&self) -> Result<(), Problem> {
        let line = self.line;
        let areas = [
            ("smallest_square_metres", line.smallest_square_metres, LARGEST_SQUARE_METRES),
            ("smallest_hectares", line.smallest_hectares, LARGEST_SQUARE_METRES / 10_000.0),
        ];
        for (field, area, largest) in areas {
            if let Some(area) = area.filter(|area| !(*area > 0.0 && *area <= largest)) {
                return Err((
                    field,
                    format!("= {area} is not possible; it takes more than 0 and up to {largest}"),
                ));
            }
        }
        if line.smallest_square_metres.is_some() && line.smallest_hectares.is_some() {
            let problem = "stands beside `smallest_square_metres`; leave one of the two out".to_owned();
            return Err(("smallest_hectares", problem));
        }
        Ok(())
    }
}

fn outside(value: u32, range: &RangeInclusive<u32>, unit: &str) -> Option<String> {
    let (least, most) = (range.start(), range.end());
    (!range.contains(&value)).then(|| format!("= {value} is not possible; it takes {least} to {most} {unit}"))
}

fn unfit_name(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    if name.trim() != name || !is_clean(name) {
        return Some(
            "begins or ends with a space, or holds a line break or a mark that turns the reading direction; it is a \
             heading of tables"
                .to_owned(),
        );
    }
    let length = name.chars().count();
    (length > LONGEST_NAME).then(|| format!("is {length} characters long; it takes {LONGEST_NAME} at most"))
}

/// Why a text cannot be shown in rows and on terminals.
fn unfit_text(text: &str) -> Option<String> {
    if !is_clean(text) {
        return Some(
            "holds a line break, a control character or a mark that turns the reading direction".to_owned(),
        );
    }
    let length = text.chars().count();
    (length > LONGEST_TEXT).then(|| format!("is {length} characters long; it takes {LONGEST_TEXT} at most"))
}

fn unfit_id(id: &str) -> Option<String> {
    let fit = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    unfit_name(id).or_else(|| {
        (!id.chars().all(fit))
            .then(|| format!("= \"{id}\" is not possible; it takes letters, digits, _ and -"))
    })
}

/// The text of the file, from which rows are computed.
struct Rows<'a> {
    text: &'a str,
    root: DeTable<'a>,
}

impl Rows<'_> {
    /// Byte range of a field's value, in a line or in the set.
    fn field(&self, line: Option<usize>, field: &str) -> Option<std::ops::Range<usize>> {
        let table = match line {
            None => &self.root,
            Some(number) => self.line(number)?.get_ref().as_table()?,
        };
        table.get(field).map(toml::Spanned::span)
    }

    fn line(&self, number: usize) -> Option<&toml::Spanned<DeValue<'_>>> {
        self.root.get("line")?.get_ref().as_array()?.get(number)
    }

    /// Row of a field, else of its line, else the first.
    fn of(&self, line: Option<usize>, field: &str) -> usize {
        let header = || line.and_then(|number| Some(self.line(number)?.span()));
        let start = self.field(line, field).or_else(header).map_or(0, |span| span.start);
        1 + self.text.get(..start).unwrap_or_default().matches('\n').count()
    }
}
