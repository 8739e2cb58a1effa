//! The summary on the terminal: the lines that most people lack, and where.

use super::CoverageReport;
use circle_model::Residents;
use circle_model::city::{Compound, PopulationFrom};
use circle_plan::{
    Assumption, CompoundGroup, Key, Level, Reason, RollUp, Rolled, RolledLine, Sensitivity, ShareRange,
    Tally, Verdict, Walkers, bring,
};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Maximum number of lines of the rule set; a screen has 24 lines.
const LINES: usize = 6;
/// Maximum number of units.
const UNITS: usize = 3;
/// Width of a name, in columns.
const NAME: usize = 24;

/// Maximum number of lines that are unknown because of incomplete data, shown with what would settle them.
const BRING: usize = 3;

/// Writes at most 24 lines of at most 80 columns.
pub fn coverage_summary(report: &CoverageReport<'_>) -> String {
    let (city, walkers) = (report.city, Walkers::alone(report.coverage));
    let roll_up = |level: Level| RollUp::within(city, report.rules, walkers, level, report.within);
    let whole = roll_up(Level::City);
    let mut text = String::new();
    if whole.groups.is_empty() {
        let _ = writeln!(text, "没有小区 no compounds");
        return text;
    }
    head(&mut text, report);
    lines(&mut text, report, &whole);
    what_to_bring(&mut text, report);
    where_most(&mut text, report, &roll_up);
    if let Some(sensitivity) = report.sensitivity {
        hangs_on(&mut text, report, sensitivity);
    }
    let unchecked = report.rules.lines.iter().filter(|line| line.needs_check()).count();
    if unchecked > 0 {
        let all = report.rules.lines.len();
        let _ = writeln!(
            text,
            "待核：{all} 条中 {unchecked} 条未与发布文本核对 not checked against the published text"
        );
    }
    text
}

fn head(text: &mut String, report: &CoverageReport<'_>) {
    let compounds: Vec<&Compound> =
        report.compounds().map(|id| &report.city.compounds()[id.index()]).collect();
    let counted = |from: &dyn Fn(PopulationFrom) -> bool| {
        let of: Vec<Residents> = compounds
            .iter()
            .filter(|it| from(PopulationFrom::from_code(it.population_from)))
            .filter_map(|it| it.population.residents_range())
            .collect();
        let sum = |which: fn(&Residents) -> u64| of.iter().map(which).sum::<u64>();
        ([sum(|it| it.low), sum(|it| it.high)], of.len() as u64)
    };
    let estimated = counted(&|from| from == PopulationFrom::Estimate);
    let known = counted(&|from| from != PopulationFrom::Estimate);
    if let Some(within) = report.within {
        let _ = write!(text, "{}：", within.name(report.city));
    }
    let word = if compounds.len() == 1 { "compound" } else { "compounds" };
    let _ = write!(text, "{} 小区 {word}", grouped(compounds.len() as u64));
    for (([low, high], of), how) in [(known, "登记 counted"), (estimated, "估算 estimated")] {
        if of > 0 {
            let residents =
                if low == high { grouped(low) } else { format!("{}–{}", grouped(low), grouped(high)) };
            let _ = write!(text, " · {residents} 居民（{how}，{} 小区）", grouped(of));
        }
    }
    if known.1 + estimated.1 == 0 {
        let _ = write!(text, " · 居民未知 residents unknown");
    }
    let _ = writeln!(text);
    let _ = writeln!(
        text,
        "{} {} · {} {}",
        report.rules.id, report.rules.zh, report.profile.id, report.profile.zh
    );
}

/// Width of a figure, in columns.
const FIGURE: usize = 8;
/// Width of a reason: the rest of the line.
const REASON: usize = 18;

fn row(text: &mut String, name: &str, figures: [&str; 4], reason: &str) {
    let _ = write!(text, "{}", padded(name, NAME));
    for (figure, columns) in figures.into_iter().zip([FIGURE, FIGURE, FIGURE, 12]) {
        let _ = write!(text, "{}{figure}", " ".repeat(columns.saturating_sub(figure.width())));
    }
    let _ = writeln!(text, "  {}", padded(reason, REASON).trim_end());
}

fn lines(text: &mut String, report: &CoverageReport<'_>, whole: &RollUp) {
    let mut rows: Vec<(&RolledLine, &Tally)> = whole.lines.iter().zip(whole.of_group(0)).collect();
    // Single lines first, then all together; those that most people lack first.
    rows.sort_by_key(|(line, tally)| {
        (line.of, std::cmp::Reverse((tally.residents.known.gap, tally.compounds.gap)))
    });
    row(text, "", ["达标", "缺口", "未知", "居民达标"], "主要原因");
    row(text, "", ["covered", "gap", "unknown", "of people"], "main reason");
    let own = rows.iter().filter(|(line, _)| line.of == Rolled::Line).count();
    for (number, (line, tally)) in rows.iter().enumerate() {
        if (LINES..own).contains(&number) {
            continue;
        }
        if number == own && own > LINES {
            let _ = writeln!(text, "… 另有 {} 条，见表 more lines in the table", own - LINES);
        }
        let people = people_shares(tally);
        let figures = [tally.compounds.covered, tally.compounds.gap, tally.compounds.unknown].map(grouped);
        let [covered, gap, unknown] = &figures;
        row(text, report.title_of(line), [covered, gap, unknown, &people], main_reason(report, line));
    }
}

/// The share of residents, with `约` if the population of some compounds is unknown; the share of compounds if
/// too many are unknown.
fn people_shares(tally: &Tally) -> String {
    let of_people = shares(tally.residents.range(), tally.residents.share());
    if of_people == "?" {
        let of_compounds = shares(tally.compounds.range(), tally.compounds.share());
        return if of_compounds == "?" { of_compounds } else { format!("小区{of_compounds}") };
    }
    if tally.residents.without.total() > 0 { format!("约{of_people}") } else { of_people }
}

/// A share in per cent: a single figure if very little is unknown, else a range.
fn shares(range: Option<ShareRange>, share: Option<f64>) -> String {
    let whole = |share: f64| (share * 100.0).round();
    match (share, range) {
        (Some(share), _) => format!("{}%", whole(share)),
        (None, Some(range)) => format!("{}–{}%", whole(range.proven), whole(range.possible)),
        (None, None) => "?".to_owned(),
    }
}

/// Writes the completeness of the data behind unknown verdicts, and the own files that would settle most.
fn what_to_bring(text: &mut String, report: &CoverageReport<'_>) {
    let bring = bring(report.city, report.coverage, report.rules, report.within);
    if report.coverage.evidence.as_mapped {
        let _ =
            writeln!(text, "按地图所示：没画的算没有 as mapped: what is not on the map counts as missing");
    }
    if bring.is_empty() {
        return;
    }
    let _ = writeln!(text, "补充名单可判定 lists that would settle what is unknown:");
    for it in bring.iter().take(BRING) {
        let names: Vec<&str> = it.categories.iter().map(|column| report.category_name(*column)).collect();
        let known = match it.completeness {
            Some(share) => format!("地图约含 has {:>4}", format!("{}%", (share * 100.0).round())),
            None => "需居民数 needs residents too".to_owned(),
        };
        let who = if it.residents > 0 {
            format!("约{} 居民 people", grouped(it.residents))
        } else {
            format!("{} 小区 compounds", grouped(u64::from(it.compounds)))
        };
        let _ = writeln!(text, "  {}{known}, {who}", padded(&names.join("、"), NAME));
    }
}

/// The most frequent reason of a line's gaps; of its unknown verdicts if it has no gaps.
fn main_reason(report: &CoverageReport<'_>, line: &RolledLine) -> &'static str {
    let Some(column) = line.column() else { return "" };
    let mut reasons: BTreeMap<(Verdict, Reason), usize> = BTreeMap::new();
    for compound in report.compounds() {
        let row = report.coverage.at(compound, column).row;
        if let (Some(verdict), Some(reason)) = (row.verdict, row.reason) {
            *reasons.entry((verdict, reason)).or_default() += 1;
        }
    }
    let most = reasons.into_iter().max_by_key(|((verdict, reason), count)| {
        (*verdict == Verdict::Gap, *count, std::cmp::Reverse(*reason))
    });
    most.map_or("", |((_, reason), _)| reason.zh())
}

/// Writes the units with the most people who lack something, of the smallest level with several units.
fn where_most(text: &mut String, report: &CoverageReport<'_>, roll_up: &impl Fn(Level) -> RollUp) {
    let levels = [Level::Community, Level::Subdistrict, Level::District];
    let Some(level) = levels.into_iter().map(roll_up).find(tells_apart) else { return };
    // The last line is all required lines, without those that the data is incomplete for.
    let Some(line) = level.lines.len().checked_sub(1) else { return };
    let mut units: Vec<(usize, &Tally)> =
        (0..level.groups.len()).map(|group| (group, &level.of_group(group)[line])).collect();
    units.sort_by_key(|(group, tally)| {
        (std::cmp::Reverse((tally.residents.known.gap, tally.compounds.gap)), *group)
    });
    units.retain(|(group, tally)| tally.compounds.gap > 0 && level.groups[*group].key != Key::Outside);
    if units.is_empty() {
        return;
    }
    let _ = writeln!(text, "缺口最多的{} where most people lack something:", level.level.zh());
    for (group, tally) in units.into_iter().take(UNITS) {
        let group = &level.groups[group];
        let people = tally
            .residents
            .of(Verdict::Gap)
            .map_or_else(|| "?".to_owned(), |it| format!("约{}", grouped(it)));
        let _ = writeln!(
            text,
            "  {}{people:>8} 居民 people, {} of {} 小区{}",
            padded(&group.name(report.city), NAME - 2),
            grouped(tally.compounds.gap),
            grouped(tally.compounds.total()),
            if group.partial { "，不完整 partial" } else { "" }
        );
    }
}

/// Writes the number of verdicts that depend on assumptions.
fn hangs_on(text: &mut String, report: &CoverageReport<'_>, sensitivity: &Sensitivity) {
    let judged = report.coverage.judged();
    let changed: Vec<String> = Assumption::ALL
        .into_iter()
        .map(|assumption| {
            let changes = judged
                .iter()
                .map(|column| sensitivity.changes(report.coverage, assumption, *column, report.compounds()));
            format!("{} {}", assumption.zh(), grouped(changes.map(|it| u64::from(it.all)).sum()))
        })
        .collect();
    let all = grouped((judged.len() * report.compounds().len()) as u64);
    let _ = writeln!(text, "{all} 个结论中随假设改变的 verdicts that hang on assumptions:");
    for two in changed.chunks(2) {
        let _ = writeln!(text, "  {}", two.join("，"));
    }
}

/// Whether a level has several units and most compounds are in one of them.
fn tells_apart(level: &RollUp) -> bool {
    let (outside, units): (Vec<&CompoundGroup>, Vec<&CompoundGroup>) =
        level.groups.iter().partition(|group| group.key == Key::Outside);
    let compounds =
        |groups: &[&CompoundGroup]| groups.iter().map(|group| group.compounds.len()).sum::<usize>();
    units.len() > 1 && compounds(&outside) < compounds(&units)
}

/// Pads a name to a width in columns, or cuts it with an ellipsis.
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

/// Writes digits in groups of three.
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
    fn names_are_padded_or_cut_to_their_column() {
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
    fn digits_are_grouped_in_threes() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
