//! Map layers: the tables of compounds and units with columns for each line, so that every line is a map
//! without a join, and the styles of these maps.

use super::cells::minutes_up;
use super::input::CoverageTables;
use super::{compounds, units};
use crate::Collection;
use crate::coverage::CoverageReport;
use crate::look::{Day, day};
use crate::typed::{Cell, Kind, MapStyle, StyledBy, StyledWord, TableColumn, TypedTable};
use circle_model::CompoundId;
use circle_model::city::GateProvenance;
use circle_plan::{Counted, RollUp, Rolled, RolledLine, Verdict};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// `SQLite` allows 2,000 columns. Longer rule sets have further lines only in the long tables.
const MOST_LINES: usize = 200;

/// The description of all layers: one colour for one verdict.
const COLOURED: &str = "默认按规则集所要求的、且数据有来源的全部条目着色；每个条目另有一个样式（图层属性 → 样式 → 加载样式）。\
    Coloured by all that the rule set asks for and the data has a source for; each line has a style of its own.";

/// Compounds with verdict and minutes of each line.
pub(super) fn compounds(tables: &CoverageTables<'_>) -> TypedTable {
    let report = &tables.report;
    let coverage = report.coverage;
    let base = compounds::table(tables).with_description(COLOURED).labelled("compound_name");
    let lines: Vec<usize> = coverage.judged().into_iter().take(MOST_LINES).collect();
    let mut keys = Keys::of(&base);
    let mut columns = Vec::new();
    let mut styles = vec![by_all(StyledBy::Verdict("verdict".to_owned()))];
    for &line in &lines {
        let (word, title) = (&coverage.columns[line].name, title(report, line));
        let key = keys.new_key("verdict", word);
        styles.push(MapStyle { name: title.clone(), by: StyledBy::Verdict(key.clone()) });
        columns.push(TableColumn::new(key, format!("{title} 结论 verdict"), Kind::Text));
        let heading = format!("{title} 步行 分钟 minutes");
        columns.push(TableColumn::new(keys.new_key("minutes", word), heading, Kind::Number));
    }
    let by_key: FxHashMap<Cow<'_, str>, CompoundId> =
        report.compounds().map(|id| (report.city.compound_key(id), id)).collect();
    let table = base.with_columns(columns, |table, row| {
        let Some(&id) = table.words_at(row, "compound_id").and_then(|key| by_key.get(key)) else {
            return vec![Cell::None; 2 * lines.len()];
        };
        let mut cells = Vec::with_capacity(2 * lines.len());
        for &line in &lines {
            let row = coverage.at(id, line).row;
            cells.push(row.verdict.map_or(Cell::None, |verdict| table.text(verdict.word())));
            cells.push(row.nearest.map(|nearest| minutes_up(nearest.time.seconds())).into());
        }
        cells
    });
    table.with_styles(styles)
}

/// The units of a level with the share of each line, and the number of compounds and residents that lack it.
pub(super) fn units(tables: &CoverageTables<'_>, roll_up: &RollUp) -> TypedTable {
    let report = &tables.report;
    let base = units::layer(tables, roll_up).with_description(COLOURED).labelled("unit_name");
    let lines: Vec<(usize, &RolledLine)> = roll_up
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.of == Rolled::Line)
        .take(MOST_LINES)
        .collect();
    let mut keys = Keys::of(&base);
    let mut columns = Vec::new();
    let mut styles = vec![by_all(StyledBy::Share("compounds_share_proven".to_owned()))];
    for (_, line) in &lines {
        let word = line.word(report.coverage);
        let title = line.column().map_or_else(String::new, |column| title(report, column));
        let share = keys.new_key("share", word);
        styles.push(MapStyle { name: title.clone(), by: StyledBy::Share(share.clone()) });
        columns.push(
            TableColumn::new(share, format!("{title} 小区达标率 已证实 proven"), Kind::Number)
                .shown_as("0.0%"),
        );
        let heading = format!("{title} 缺口小区 compounds lacking");
        columns.push(TableColumn::new(keys.new_key("gap", word), heading, Kind::Whole));
        let heading = format!("{title} 缺口居民 residents lacking");
        columns.push(TableColumn::new(keys.new_key("residents_gap", word), heading, Kind::Whole));
    }
    let groups: FxHashMap<String, usize> =
        roll_up.groups.iter().enumerate().map(|(number, group)| (group.id(report.city), number)).collect();
    let table = base.with_columns(columns, |table, row| {
        let group = table.words_at(row, "unit_id").and_then(|id| groups.get(id));
        let Some(&group) = group else { return vec![Cell::None; 3 * lines.len()] };
        let tallies = roll_up.of_group(group);
        let of_line = |(number, _): &(usize, &RolledLine)| {
            let tally = &tallies[*number];
            let share = tally.compounds.range().map(|range| units::rounded(range.proven));
            let people = tally.residents.of(Verdict::Gap);
            [share.into(), units::whole(tally.compounds.gap), people.map_or(Cell::None, units::whole)]
        };
        lines.iter().flat_map(of_line).collect()
    });
    by_known_share(tables, roll_up, table, styles)
}

/// Colours units by the covered share of the compounds with a known verdict, and hatches those where most are
/// unknown: unknown is not a gap.
fn by_known_share(
    tables: &CoverageTables<'_>,
    roll_up: &RollUp,
    table: TypedTable,
    styles: Vec<MapStyle>,
) -> TypedTable {
    let all = roll_up.lines.len().checked_sub(1);
    let single = (0..roll_up.lines.len()).filter(|line| roll_up.lines[*line].of == Rolled::Line);
    let shown: Vec<(usize, MapStyle)> = all.into_iter().chain(single).zip(styles).collect();
    let mut keys = Keys::of(&table);
    let mut columns = Vec::new();
    let mut styles = Vec::new();
    for (line, style) in &shown {
        let key = keys.new_key("told", roll_up.lines[*line].word(tables.report.coverage));
        let heading =
            format!("{} 可判定小区达标率 covered share of compounds with a known verdict", style.name);
        columns.push(TableColumn::new(key.clone(), heading, Kind::Number).shown_as("0.0%"));
        styles.push(MapStyle { name: style.name.clone(), by: StyledBy::Share(key) });
    }
    let groups: FxHashMap<String, usize> = roll_up
        .groups
        .iter()
        .enumerate()
        .map(|(number, group)| (group.id(tables.report.city), number))
        .collect();
    let table = table.with_columns(columns, |table, row| {
        let group = table.words_at(row, "unit_id").and_then(|id| groups.get(id));
        let of_line = |(line, _): &(usize, MapStyle)| -> Cell {
            group
                .and_then(|group| known_share(roll_up.of_group(*group)[*line].compounds))
                .map(units::rounded)
                .into()
        };
        shown.iter().map(of_line).collect()
    });
    table.with_styles(styles)
}

/// The covered share of those with a known verdict, if these are half of all or more.
fn known_share(compounds: Counted) -> Option<f64> {
    let known = compounds.covered + compounds.gap;
    (known > 0 && compounds.unknown <= known).then(|| compounds.covered as f64 / known as f64)
}

/// Gates; observed ones are filled.
pub(super) fn gates(report: &CoverageReport<'_>) -> TypedTable {
    let Day { page, verdict, .. } = day();
    let shown = [
        (GateProvenance::Own, "自有数据 own file", &page.accent, false),
        (GateProvenance::Mapped, "地图所绘 mapped", &page.accent, false),
        (GateProvenance::Crossing, "道路穿过边界 crossing", &page.muted, false),
        (GateProvenance::Inferred, "推断 inferred", &verdict.unknown_line, true),
    ];
    let words = shown.map(|(provenance, label, colour, hollow)| StyledWord {
        word: provenance.word().to_owned(),
        label: label.to_owned(),
        colour: colour.clone(),
        hollow,
    });
    let style = StyledBy::Words("provenance".to_owned(), words.into());
    Collection::Gates
        .table(report.city, report.catalogue)
        .with_styles(vec![MapStyle { name: "来源 provenance".to_owned(), by: style }])
}

/// Facilities in the colours of their groups.
pub(super) fn facilities(report: &CoverageReport<'_>) -> TypedTable {
    let words = report.catalogue.groups.iter().map(|group| StyledWord {
        word: group.id.clone(),
        label: group.zh.clone(),
        colour: group.color.clone(),
        hollow: false,
    });
    let style = StyledBy::Words("group".to_owned(), words.collect());
    Collection::Facilities
        .table(report.city, report.catalogue)
        .labelled("name")
        .with_styles(vec![MapStyle { name: "大类 group".to_owned(), by: style }])
}

fn by_all(by: StyledBy) -> MapStyle {
    MapStyle { name: "全部有数据的 all with a source".to_owned(), by }
}

/// The name of a line in both languages.
fn title(report: &CoverageReport<'_>, column: usize) -> String {
    match report.line(column) {
        Some(line) if !line.en.is_empty() => format!("{} {}", line.zh, line.en),
        _ => report.title(column).to_owned(),
    }
}

/// Keys in use. Lines of a rule set may differ only in case, which column names do not distinguish.
struct Keys(Vec<String>);

impl Keys {
    fn of(table: &TypedTable) -> Self {
        Self(table.columns().iter().map(|column| column.key.to_ascii_lowercase()).collect())
    }

    fn new_key(&mut self, what: &str, word: &str) -> String {
        let key = format!("{what}_{word}");
        let numbered = (2..).map(|number: u32| format!("{key}_{number}"));
        let is_free = |key: &String| !self.0.contains(&key.to_ascii_lowercase());
        let key = std::iter::once(key.clone()).chain(numbered).find(is_free).unwrap_or_default();
        self.0.push(key.to_ascii_lowercase());
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_with_mostly_unknown_verdicts_has_no_colour() {
        let of = |covered, gap, unknown| known_share(Counted { covered, gap, unknown });
        assert_eq!(of(3, 1, 4), Some(0.75));
        assert_eq!((of(3, 1, 5), of(0, 0, 9), of(0, 0, 0)), (None, None, None));
        assert_eq!(of(0, 2, 0), Some(0.0));
    }

    #[test]
    fn lines_that_differ_only_in_case_have_different_keys() {
        let table = TypedTable::new("t", "t", vec![TableColumn::new("gap_park", "公园", Kind::Whole)]);
        let mut keys = Keys::of(&table);
        let made = ["park", "Park", "幼儿园"].map(|word| keys.new_key("gap", word));
        assert_eq!(made, ["gap_park_2", "gap_Park_3", "gap_幼儿园"]);
    }
}
