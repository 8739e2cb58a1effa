//! Writes the comparison of two cities as a table and as a summary.

use crate::number::counted;
use crate::statement::Statement;
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use circle_model::city::Population;
use circle_model::{CompoundId, Profile, RuleSet};
use circle_plan::{Change, Comparison, Judged, Reason, Turn, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Two cities with their changed verdicts.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonReport<'a> {
    /// The city before.
    pub before: Judged<'a>,
    /// The city after.
    pub after: Judged<'a>,
    /// The walking profile of both.
    pub profile: &'a Profile,
    /// The rule set of both.
    pub rules: &'a RuleSet,
    /// The changed verdicts.
    pub comparison: &'a Comparison,
}

impl ComparisonReport<'_> {
    /// The statement of the city after, with the inputs of both cities.
    pub fn statement(&self) -> Statement {
        let after = Statement::of(self.after.city)
            .walked_as(self.profile)
            .judged_by(self.rules, &self.after.coverage.evidence);
        after.compared_with(self.before.city)
    }

    /// A row for each changed verdict, at the compound.
    pub fn table(&self) -> TypedTable {
        let columns = vec![
            TableColumn::new("change", "变化 change", Kind::Text),
            TableColumn::new("change_zh", "变化说明", Kind::Text),
            TableColumn::new("compound_id_before", "小区编号 前 id before", Kind::Text),
            TableColumn::new("compound_id_after", "小区编号 后 id after", Kind::Text),
            TableColumn::new("compound_name", "小区 compound", Kind::Text),
            TableColumn::new("category", "类别 category", Kind::Text),
            TableColumn::new("line", "条目 line", Kind::Text),
            TableColumn::new("verdict_before", "结论 前 before", Kind::Text),
            TableColumn::new("verdict", "结论 后 after", Kind::Text),
            TableColumn::new("reason_before", "原因 前 reason before", Kind::Text),
            TableColumn::new("reason_after", "原因 后 reason after", Kind::Text),
            TableColumn::new("walk_seconds_before", "步行 秒 前 walk before", Kind::Number),
            TableColumn::new("walk_seconds_after", "步行 秒 后 walk after", Kind::Number),
            TableColumn::new("nearest_before", "最近设施 前 nearest before", Kind::Text),
            TableColumn::new("nearest_after", "最近设施 后 nearest after", Kind::Text),
            TableColumn::new("residents", "居民 residents", Kind::Whole),
            TableColumn::new("cause", "缘由 cause", Kind::Text),
            TableColumn::new("cause_zh", "缘由说明", Kind::Text),
        ];
        let mut table = TypedTable::new("comparison", "变化对比 comparison", columns).with_places();
        for change in &self.comparison.changes {
            self.add(&mut table, change);
        }
        table
    }

    fn add(&self, table: &mut TypedTable, change: &Change) {
        let sides = [(self.before, change.before), (self.after, change.after)];
        let compound =
            |(judged, id): (Judged<'_>, Option<CompoundId>)| id.map(|id| judged.city.compounds()[id.index()]);
        let Some((city, known)) =
            sides.into_iter().rev().find_map(|side| Some((side.0.city, compound(side)?)))
        else {
            return;
        };
        let column = &self.after.coverage.columns[change.column];
        let line = column.line.and_then(|line| self.rules.lines.get(line));
        let row = sides.map(|(judged, id)| id.map(|id| *judged.coverage.at(id, change.column).row));
        let nearest = [0, 1].map(|side| {
            let nearest = row[side].and_then(|row| row.nearest)?;
            let (judged, _) = sides[side];
            Some((judged.city.text(judged.city.facilities()[nearest.facility.index()].name), nearest.time))
        });
        let mut text = |text: &str| if text.is_empty() { Cell::None } else { table.text(text) };
        let verdicts = row.map(|row| text(row.and_then(|row| row.verdict).map_or("", Verdict::word)));
        let reasons = row.map(|row| text(row.and_then(|row| row.reason).map_or("", Reason::word)));
        let names = nearest.map(|nearest| text(nearest.map_or("", |(name, _)| name)));
        let seconds = nearest.map(|nearest| Cell::from(nearest.map(|(_, time)| time.seconds())));
        let keys = sides.map(|(judged, id)| id.map_or(Cell::None, |id| text(&judged.city.compound_key(id))));
        let residents = known.population.residents;
        let cells = [
            text(change.turn.word()),
            text(change.turn.zh()),
            keys[0],
            keys[1],
            text(city.text(known.name)),
            text(&column.name),
            text(line.map_or("", |line| line.zh.as_str())),
            verdicts[0],
            verdicts[1],
            reasons[0],
            reasons[1],
            seconds[0],
            seconds[1],
            names[0],
            names[1],
            if residents == Population::UNKNOWN { Cell::None } else { residents.into() },
            text(change.cause.word()),
            text(change.cause.zh()),
        ];
        table.push_at(TableGeometry::Point(known.point), &cells);
    }

    /// A summary for the terminal.
    pub fn summary(&self) -> String {
        let comparison = self.comparison;
        let mut text = String::new();
        let [before, after] = [self.before.city, self.after.city];
        let date =
            |city: &circle_model::City| city.meta().data_date.clone().unwrap_or_else(|| "?".to_owned());
        let _ = writeln!(
            text,
            "{} -> {}: {} -> 小区 {}, {} in both; {} as before",
            date(before),
            date(after),
            before.compounds().len(),
            counted(after.compounds().len(), "compound"),
            comparison.same,
            counted(comparison.unchanged, "verdict")
        );
        let count = |turn: Turn| comparison.changes.iter().filter(|it| it.turn == turn).count();
        for turn in Turn::ALL.into_iter().filter(|turn| count(*turn) > 0) {
            let mut causes: BTreeMap<_, usize> = BTreeMap::new();
            for change in comparison.changes.iter().filter(|it| it.turn == turn) {
                *causes.entry(change.cause).or_default() += 1;
            }
            let mut causes: Vec<_> = causes.into_iter().collect();
            causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
            let causes: Vec<String> =
                causes.iter().map(|(cause, count)| format!("{} {count}", cause.zh())).collect();
            let people = self.people(turn);
            let _ = writeln!(
                text,
                "{} {}: {} 条结论 verdicts，{people} 居民 people — {}",
                turn.zh(),
                turn.word(),
                count(turn),
                causes.join("，")
            );
            if !matches!(turn, Turn::CompoundNew | Turn::CompoundGone) {
                let _ = writeln!(text, "  {}", self.lines_of(turn));
            }
        }
        text
    }

    /// Residents of the compounds with a change in a direction, each counted once, as far as they are known.
    fn people(&self, turn: Turn) -> u64 {
        let mut compounds: Vec<(Option<CompoundId>, Option<CompoundId>)> = self
            .comparison
            .changes
            .iter()
            .filter(|it| it.turn == turn)
            .map(|it| (it.after, it.before))
            .collect();
        compounds.dedup();
        let residents = |(after, before): (Option<CompoundId>, Option<CompoundId>)| {
            let after = after.map(|id| self.after.city.compounds()[id.index()]);
            let compound = after.or_else(|| before.map(|id| self.before.city.compounds()[id.index()]))?;
            Some(compound.population.residents).filter(|residents| *residents != Population::UNKNOWN)
        };
        compounds.into_iter().filter_map(residents).map(u64::from).sum()
    }

    /// The number of changes in a direction on each line, descending.
    fn lines_of(&self, turn: Turn) -> String {
        const SHOWN: usize = 6;
        let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
        for change in self.comparison.changes.iter().filter(|it| it.turn == turn) {
            *lines.entry(change.column).or_default() += 1;
        }
        let mut lines: Vec<(usize, usize)> = lines.into_iter().collect();
        lines.sort_by_key(|(column, count)| (std::cmp::Reverse(*count), *column));
        let name = |column: usize| {
            let column = &self.after.coverage.columns[column];
            let line = column.line.and_then(|line| self.rules.lines.get(line));
            line.map_or(column.name.as_str(), |line| line.zh.as_str())
        };
        let shown: Vec<String> =
            lines.iter().take(SHOWN).map(|(column, count)| format!("{} {count}", name(*column))).collect();
        let more = if lines.len() > SHOWN { "，…" } else { "" };
        shown.join("，") + more
    }
}
