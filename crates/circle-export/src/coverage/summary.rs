//! The summary on the terminal: how many people lack what, and where most.

use super::CoverageReport;
use circle_model::city::Population;
use circle_plan::{Group, Key, Level, Reason, RollUp, RolledLine, Tally, Verdict, Walkers};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Lines of the rule set that are shown; a screen has 24.
const LINES: usize = 8;
/// Units that are shown.
const UNITS: usize = 5;
/// Columns that a name may take.
const NAME: usize = 24;

/// At most 20 lines of at most 80 columns.
pub fn coverage_summary(report: &CoverageReport<'_>) -> String {
    let (city, walkers) = (report.city, Walkers::alone(report.coverage));
    let roll_up = |level: Level| RollUp::of(city, report.rules, walkers, level);
    let whole = roll_up(Level::City);
    let mut text = String::new();
    if whole.groups.is_empty() {
        let _ = writeln!(text, "没有小区 no compounds");
        return text;
    }
    head(&mut text, report);
    lines(&mut text, report, &whole);
    where_most(&mut text, report, &roll_up);
    let unchecked = report.rules.lines.iter().filter(|line| line.needs_check()).count();
    if unchecked > 0 {
        let all = report.rules.lines.len();
        let _ =
            writeln!(text, "待核 {unchecked} of {all} lines: figures not checked against the published text");
    }
    text
}

fn head(text: &mut String, report: &CoverageReport<'_>) {
    let compounds = report.city.compounds();
    let residents = compounds.iter().map(|compound| compound.population.residents);
    let known: Vec<u64> =
        residents.filter(|residents| *residents != Population::UNKNOWN).map(u64::from).collect();
    let _ = writeln!(
        text,
        "{} 小区 compounds, {} 居民 residents known in {} of them",
        grouped(compounds.len() as u64),
        grouped(known.iter().sum()),
        grouped(known.len() as u64)
    );
    let _ = writeln!(
        text,
        "{} {} · {} {}",
        report.rules.id, report.rules.zh, report.profile.id, report.profile.zh
    );
}

fn lines(text: &mut String, report: &CoverageReport<'_>, whole: &RollUp) {
    let mut rows: Vec<(&RolledLine, &Tally)> = whole.lines.iter().zip(whole.of_group(0)).collect();
    // Lines of their own, then all together; those that most lack first.
    let together =
        |line: &RolledLine| line.name == RolledLine::ALL || line.name == RolledLine::ALL_WITH_SOURCE;
    rows.sort_by_key(|(line, tally)| {
        (together(line), std::cmp::Reverse((tally.residents.gap, tally.compounds.gap)))
    });
    let own = rows.iter().filter(|(line, _)| !together(line)).count();
    // Chinese signs are two columns wide each.
    let _ = writeln!(
        text,
        "{}{:>7}{:>7}{:>7}{:>8}  主要原因 main reason",
        padded("", NAME),
        "达标",
        "缺口",
        "未知",
        "缺的居民"
    );
    let _ = writeln!(
        text,
        "{}{:>9}{:>9}{:>9}{:>12}",
        padded("", NAME),
        "covered",
        "gap",
        "unknown",
        "people lack"
    );
    let hidden = own.saturating_sub(LINES);
    for (number, (line, tally)) in rows.iter().enumerate() {
        if (LINES..own).contains(&number) {
            continue;
        }
        if number == own && hidden > 0 {
            let _ = writeln!(text, "… {hidden} more lines in the table");
        }
        let name = match line.name.as_str() {
            RolledLine::ALL => "全部 all of them".to_owned(),
            RolledLine::ALL_WITH_SOURCE => "全部有数据的 with data".to_owned(),
            name => title(report, line).unwrap_or_else(|| name.to_owned()),
        };
        let lacking = if tally.residents.total() > 0 { grouped(tally.residents.gap) } else { "-".to_owned() };
        let _ = writeln!(
            text,
            "{}{:>9}{:>9}{:>9}{:>12}  {}",
            padded(&name, NAME),
            grouped(tally.compounds.covered),
            grouped(tally.compounds.gap),
            grouped(tally.compounds.unknown),
            lacking,
            main_reason(report, line)
        );
    }
}

fn title(report: &CoverageReport<'_>, line: &RolledLine) -> Option<String> {
    let column = &report.coverage.columns[*line.columns.first()?];
    Some(report.rules.lines.get(column.line?)?.zh.clone())
}

/// The reason that most gaps of a line have; of what is unknown where there are no gaps.
fn main_reason(report: &CoverageReport<'_>, line: &RolledLine) -> &'static str {
    let [column] = line.columns.as_slice() else { return "" };
    let mut reasons: BTreeMap<(Verdict, Reason), usize> = BTreeMap::new();
    for compound in (0..report.coverage.compounds() as u32).map(circle_model::CompoundId) {
        let row = report.coverage.at(compound, *column).row;
        if let (Some(verdict), Some(reason)) = (row.verdict, row.reason) {
            *reasons.entry((verdict, reason)).or_default() += 1;
        }
    }
    let most = reasons.into_iter().max_by_key(|((verdict, reason), count)| {
        (*verdict == Verdict::Gap, *count, std::cmp::Reverse(*reason))
    });
    most.map_or("", |((_, reason), _)| reason.word())
}

/// The units of the smallest level that has several, where most people lack something that the data can tell.
fn where_most(text: &mut String, report: &CoverageReport<'_>, roll_up: &impl Fn(Level) -> RollUp) {
    let levels = [Level::Community, Level::Subdistrict, Level::District];
    let Some(level) = levels.into_iter().map(roll_up).find(tells_apart) else { return };
    // The last line is all that has a source, or all.
    let Some(line) = level.lines.len().checked_sub(1) else { return };
    let mut units: Vec<(usize, &Tally)> =
        (0..level.groups.len()).map(|group| (group, &level.of_group(group)[line])).collect();
    units.sort_by_key(|(group, tally)| {
        (std::cmp::Reverse((tally.residents.gap, tally.compounds.gap)), *group)
    });
    units.retain(|(_, tally)| tally.compounds.gap > 0);
    if units.is_empty() {
        return;
    }
    let _ = writeln!(text, "缺口最多的{} where most people lack something:", level.level.zh());
    for (group, tally) in units.into_iter().take(UNITS) {
        let group = &level.groups[group];
        let partial = if group.partial { "，不完整 partial" } else { "" };
        let _ = writeln!(
            text,
            "  {}{:>9} 居民 residents, {} of {} 小区 compounds{partial}",
            padded(&group.name(report.city), NAME - 2),
            grouped(tally.residents.gap),
            grouped(tally.compounds.gap),
            grouped(tally.compounds.total())
        );
    }
}

/// There are several units, and most compounds lie in one of them.
fn tells_apart(level: &RollUp) -> bool {
    let (outside, units): (Vec<&Group>, Vec<&Group>) =
        level.groups.iter().partition(|group| group.key == Key::Outside);
    let compounds = |groups: &[&Group]| groups.iter().map(|group| group.compounds.len()).sum::<usize>();
    units.len() > 1 && compounds(&outside) < compounds(&units)
}

/// A name as wide as so many columns, cut with an ellipsis where it is wider.
fn padded(name: &str, columns: usize) -> String {
    let mut shown = String::new();
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        if shown.width() + unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0) > columns - 1 {
            if shown.width() < name.width() {
                while shown.width() > columns - 2 {
                    shown.pop();
                }
                shown.push('…');
            }
            break;
        }
        shown.push(letter);
    }
    let missing = columns.saturating_sub(shown.width());
    shown + &" ".repeat(missing)
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_wide_as_their_column() {
        for name in [
            "",
            "公园",
            "a",
            "一个名字特别特别长的社区卫生服务中心或站",
            "mixed 混合 name that is long enough",
        ] {
            assert_eq!(padded(name, NAME).width(), NAME, "{name}");
        }
        assert_eq!(padded("公园", 6), "公园  ");
        assert_eq!(padded("中央大街", 6), "中央… ");
    }

    #[test]
    fn digits_come_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
