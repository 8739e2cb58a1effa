//! The parent of each unit: the unit that its own file names, else the unit that it lies in.

use super::draft::{DraftUnit, UnitIndex};
use super::join::plain_name;
use crate::own::{DraftFinding, Report};
use circle_model::UnitId;
use circle_model::city::{FindingKind, Severity};
use circle_sheet::excerpt;
use std::collections::HashMap;

/// The parent of each unit. `named` are the parents in own files, by name or code.
pub(super) fn parents(
    units: &[DraftUnit],
    named: &[Option<Box<str>>],
    report: &mut Report<'_>,
) -> Vec<Option<UnitId>> {
    let index = UnitIndex::new(units);
    let words = UnitWords::of(units);
    warn_of_odd_rows(units, named, &words, report);
    let parent = |(unit, named): (&DraftUnit, &Option<Box<str>>)| {
        let named = named.as_deref().and_then(|word| words.above(word, unit.level));
        named.or_else(|| index.smallest(unit.point, |level| level < unit.level))
    };
    units.iter().zip(named).map(parent).collect()
}

/// Units by name and code.
struct UnitWords<'a> {
    units: &'a [DraftUnit],
    words: HashMap<Box<str>, Vec<UnitId>>,
}

impl<'a> UnitWords<'a> {
    fn of(units: &'a [DraftUnit]) -> Self {
        let mut words: HashMap<Box<str>, Vec<UnitId>> = HashMap::new();
        for (id, unit) in (0u32..).map(UnitId).zip(units) {
            let name = plain_name(unit.name.as_deref().unwrap_or_default());
            for word in [name, unit.code.as_deref().unwrap_or_default().into()] {
                words.entry(word).or_default().push(id);
            }
        }
        Self { units, words }
    }

    fn find(&self, word: &str) -> Option<&[UnitId]> {
        self.words.get(word).or_else(|| self.words.get(&plain_name(word))).map(Vec::as_slice)
    }

    /// The lowest unit above a level with this name or code; the last of several equal ones.
    fn above(&self, word: &str, level: u8) -> Option<UnitId> {
        let level_of = |id: &UnitId| self.units[id.index()].level;
        self.find(word)?.iter().copied().filter(|id| level_of(id) < level).max_by_key(level_of)
    }
}

/// Warns of parents that do not exist, of equal codes, and of own units without name and code.
fn warn_of_odd_rows(
    units: &[DraftUnit],
    named: &[Option<Box<str>>],
    words: &UnitWords<'_>,
    report: &mut Report<'_>,
) {
    let mut warn = |unit: &DraftUnit, what: &str| {
        let message = format!("{}: {what}", report.label(unit.source, unit.row));
        report.push(DraftFinding {
            severity: Severity::Warning,
            kind: FindingKind::OddRow,
            source: unit.source,
            row: unit.row,
            point: unit.point,
            name: unit.name.clone().unwrap_or_default(),
            message: message.into(),
        });
    };
    let mut coded: HashMap<&str, &DraftUnit> = HashMap::new();
    for (unit, parent) in units.iter().zip(named) {
        let name = unit.name.as_deref().unwrap_or_default();
        let code = unit.code.as_deref().unwrap_or_default();
        if let Some(word) = parent.as_deref().filter(|word| words.above(word, unit.level).is_none()) {
            let why = if plain_name(word) == plain_name(name) || word == code {
                "is the unit itself"
            } else if words.find(word).is_some() {
                "is no unit of a higher level"
            } else {
                "is the name or code of no unit"
            };
            let what = format!(
                "parent 上级: `{}` {why}; it was placed below the unit that it lies in. Write the name or code of the \
                 unit above it, or leave the cell empty",
                excerpt(word)
            );
            warn(unit, &what);
        }
        if unit.source > 0 && name.is_empty() && code.is_empty() {
            warn(
                unit,
                "a unit with neither name (名称) nor code (代码); nothing can refer to it; add one of them",
            );
        }
        if code.is_empty() {
            continue;
        }
        let first = *coded.entry(code).or_insert(unit);
        if std::ptr::eq(first, unit) || first.source == 0 && unit.source == 0 {
            continue;
        }
        let (later, other) = if unit.source > 0 { (unit, first) } else { (first, unit) };
        let what = format!(
            "code 代码: `{}` is the code of `{}` as well; correct the one that is wrong",
            excerpt(code),
            excerpt(other.name.as_deref().unwrap_or_default())
        );
        warn(later, &what);
    }
}
