//! `circle audit`

use crate::failure::{Failure, Outcome, summarize, tell};
use crate::{args, input, output};
use anyhow::{Context, bail};
use circle_export::{Audit, CoverageReport, csv_metadata, typed_csv, workbook};
use circle_import::{TextTable, read_text_table};
use circle_model::Catalogue;
use circle_model::files::clean;
use circle_model::ranges::in_ranges;
use circle_plan::{Finding, Found, Judging, Proportion, Sample, Share, Shares, Verdict};
use circle_reach::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

pub(crate) fn run(asked: &args::Audit) -> Outcome {
    if let Some(findings) = &asked.findings {
        let filled = read_findings(findings)?;
        for warning in &filled.warnings {
            tell(&format!("circle: {warning}\n"));
        }
        let mut shares = Shares::of(&filled.found);
        shares.unfilled += filled.missing;
        return Ok(output::write(None, said(&shares, filled.missing).as_bytes())?);
    }
    let (Some(city_path), Some(path)) = (&asked.city, asked.output.as_deref()) else {
        return Err(Failure::Usage("CITY and --output are needed, or --findings".to_owned()));
    };
    let format = Format::of(path)?;
    let profile = input::profile(&asked.judging.walking.profile)?;
    let rules = input::rules(&asked.judging.rules)?;
    let minutes = input::bands(&asked.judging.minutes)?;
    let mut inputs = input::files(&asked.judging.walking, Some(&asked.judging.rules));
    inputs.push(city_path.clone());
    output::spares(Some(path), &inputs)?;
    let city = input::city_for(city_path, &asked.judging.walking)?;
    let catalogue = Catalogue::built_in();
    let network = Network::build(&city);
    let judging = Judging {
        catalogue: &catalogue,
        profile: &profile,
        rules: &rules,
        minutes: &minutes,
        evidence: asked.judging.evidence(),
    };
    let coverage = circle_plan::coverage(&network, &judging);
    let sample = Sample::draw(&coverage, asked.sample as usize, asked.seed);
    if sample.drawn.is_empty() {
        return Err(anyhow::anyhow!("{}: it has no verdict to be drawn", city_path.display()).into());
    }
    let report = CoverageReport {
        city: &city,
        catalogue: &catalogue,
        profile: &profile,
        rules: &rules,
        coverage: &coverage,
        sensitivity: None,
        within: None,
        carried: None,
    };
    let audit = Audit::of(report, &network, &sample, asked.seed);
    let bytes = match format {
        Format::Page => audit.page(),
        Format::Csv => typed_csv(&audit.table()),
        Format::Workbook => {
            let lines: Vec<String> = audit.method().into_iter().chain(audit.statement().lines()).collect();
            workbook(&audit.tables(), &lines)?
        }
    };
    output::write(Some(path), &bytes)?;
    let statement = audit.statement();
    if format == Format::Csv
        && let Some(name) = path.file_name()
        && path != Path::new("-")
    {
        let table = audit.table();
        let name = name.to_string_lossy();
        let metadata = csv_metadata(&name, table.title(), table.columns(), &statement);
        output::write(Some(&path.with_file_name(format!("{name}-metadata.json"))), &metadata)?;
    }
    let mut text = String::new();
    for stratum in &sample.strata {
        let line = rules.lines.get(coverage.columns[stratum.column].line.unwrap_or(usize::MAX));
        let line = line.map_or("", |line| line.zh.as_str());
        let (word, zh) = (stratum.verdict.word(), stratum.verdict.zh());
        let _ = writeln!(text, "{line} {zh} {word}: {} of {}", stratum.drawn, stratum.size);
    }
    summarize(&format!("{text}{statement}\n"));
    Ok(())
}

/// Output format, by the file's extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Workbook,
    Csv,
    Page,
}

impl Format {
    fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("xlsx") => Ok(Self::Workbook),
            Some("csv") => Ok(Self::Csv),
            Some("html" | "htm") => Ok(Self::Page),
            _ => Err(Failure::Usage(format!(
                "{}: the file's name says no format of an audit: .xlsx, .csv or .html",
                path.display()
            ))),
        }
    }
}

/// Words of a file in a message.
const SHORT: usize = 60;

/// A filled-in sheet.
#[derive(Debug)]
struct Filled {
    found: Vec<Found>,
    /// Rows that were drawn and are not in it, at least.
    missing: u64,
    /// Doubts about the shares, a line each.
    warnings: Vec<String>,
}

/// Columns without which nothing is read back.
const NEEDED: [&str; 4] = ["line", "verdict", "stratum_size", "finding"];

/// Reads a filled-in sheet.
fn read_findings(path: &Path) -> anyhow::Result<Filled> {
    let table = read_text_table(path, &NEEDED)?;
    found(&table).with_context(|| path.display().to_string())
}

/// The columns whose headings end with a key: `核查 finding` in workbooks and `finding` in CSV.
fn columns(table: &TextTable, key: &str) -> impl Iterator<Item = usize> {
    let all = table.columns.iter().enumerate();
    all.filter(move |(_, heading)| heading.split_whitespace().last() == Some(key)).map(|(at, _)| at)
}

fn found(table: &TextTable) -> anyhow::Result<Filled> {
    if let Some((row, what)) = table.rejected.first() {
        bail!("row {row}: {what}; repair the row");
    }
    let needed = |key: &str| -> anyhow::Result<usize> {
        let mut found = columns(table, key);
        let at = found.next().with_context(|| {
            let headings = clean(&table.columns.join(", "), 2 * SHORT);
            let sheets = match table.without.as_slice() {
                [] => String::new(),
                sheets => format!(
                    "; sheets looked at (hidden ones are not): {}",
                    clean(&sheets.join(", "), 4 * SHORT)
                ),
            };
            format!(
                "no column `{key}`, it has: {headings}{sheets}; take the sheet that `circle audit CITY -o FILE.xlsx` or .csv made"
            )
        })?;
        if found.next().is_some() {
            bail!("two columns are called `{key}`; leave one");
        }
        Ok(at)
    };
    let (line, verdict) = (needed("line")?, needed("verdict")?);
    let (size, finding) = (needed("stratum_size")?, needed("finding")?);
    let (drawn, number) = (columns(table, "stratum_drawn").next(), columns(table, "number").next());
    let mut strata = Strata::default();
    let mut numbers = BTreeSet::new();
    let mut seen = Seen::of(table);
    let mut all = Vec::new();
    for (row, cells) in &table.rows {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let word = cell(verdict).split_whitespace().last().unwrap_or_default();
        let Some(verdict) = Verdict::ALL.into_iter().find(|it| it.word() == word || it.zh() == word) else {
            bail!(
                "row {row}: verdict `{}` is none; it is covered, gap or unknown",
                clean(cell(verdict), SHORT)
            );
        };
        let stratum_size = whole(*row, "stratum_size", cell(size), MOST)?;
        let drawn = drawn.map(|at| whole(*row, "stratum_drawn", cell(at), MOST_DRAWN)).transpose()?;
        let number = number.map(|at| whole(*row, "number", cell(at), MOST_DRAWN)).transpose()?;
        let line = cell(line).to_owned();
        if line.is_empty() {
            bail!("row {row}: line is empty; it says which line of the rule set was judged");
        }
        if let Some((above, what)) = seen.again(*row, number, cells, &line) {
            bail!(
                "rows {above} and {row} are of one verdict, {what}; each counts once: delete one of the two"
            );
        }
        numbers.extend(number);
        strata.add(*row, (&line, verdict), stratum_size, drawn)?;
        let finding = match cell(finding) {
            "" => None,
            text => Some(Finding::parse(text).with_context(|| {
                format!(
                    "row {row}: finding `{}` is not known; it is stands 成立, wrong 错误, not defensible 站不住, or empty",
                    clean(text, SHORT)
                )
            })?),
        };
        all.push(Found { line, verdict, stratum_size, finding });
    }
    if all.is_empty() {
        bail!("no row in it");
    }
    let (missing, mut warnings) = strata.missing(&numbers, all.len() as u64);
    if table.hollow && all.iter().any(|it| it.finding.is_none()) {
        warnings.push(
            "cells hold formulas without values, and findings among them count as not filled in: open the file in \
             Excel or WPS and save it"
                .to_owned(),
        );
    }
    if drawn.is_none() {
        warnings.push(
            "no column `stratum_drawn`: only holes in the numbers tell whether rows are missing".to_owned(),
        );
    }
    Ok(Filled { found: all, missing, warnings })
}

/// A cell as a whole number from 1 to `most`.
fn whole(row: u32, field: &str, cell: &str, most: u64) -> anyhow::Result<u64> {
    let digits: String = cell.chars().filter(|char| *char != ',').collect();
    let number = digits.parse::<u64>().ok().filter(|number| (1..=most).contains(number));
    number.with_context(|| {
        format!("row {row}: {field} `{}` is no whole number from 1 to {most}", clean(cell, SHORT))
    })
}

/// The strata of a sheet, by line and verdict.
#[derive(Debug, Default)]
struct Strata(BTreeMap<(String, Verdict), OfSheet>);

/// Figures of a stratum, as the sheet has them.
#[derive(Debug)]
struct OfSheet {
    size: u64,
    drawn: Option<u64>,
    rows: u64,
}

impl Strata {
    /// Counts a row, which must say the same of its stratum as the rows above, and be one of those that were drawn.
    fn add(
        &mut self,
        row: u32,
        (line, verdict): (&str, Verdict),
        size: u64,
        drawn: Option<u64>,
    ) -> anyhow::Result<()> {
        let new = OfSheet { size, drawn, rows: 0 };
        let known = self.0.entry((line.to_owned(), verdict)).or_insert(new);
        let above = "in a row above of the same line and verdict; fill in one sheet at a time";
        if known.size != size {
            bail!("row {row}: stratum_size {size} is {} {above}", known.size);
        }
        if let (Some(drawn), Some(before)) = (drawn, known.drawn) {
            if drawn != before {
                bail!("row {row}: stratum_drawn {drawn} is {before} {above}");
            }
            if drawn > size {
                bail!(
                    "row {row}: stratum_drawn {drawn} is more than stratum_size {size}; leave both as they were drawn"
                );
            }
            if known.rows == drawn {
                bail!(
                    "row {row}: stratum_drawn {drawn}, but {drawn} rows above are of the same line and verdict; leave \
                     the rows that were drawn"
                );
            }
        }
        known.rows += 1;
        Ok(())
    }

    /// How many rows of those drawn are not there, at least, and which.
    fn missing(&self, numbers: &BTreeSet<u64>, rows: u64) -> (u64, Vec<String>) {
        let mut by_stratum = Vec::new();
        let mut drawn = 0;
        for ((line, verdict), stratum) in &self.0 {
            let of_stratum = stratum.drawn.unwrap_or(stratum.rows);
            drawn += of_stratum;
            if of_stratum > stratum.rows {
                let (line, word) = (clean(line, SHORT), verdict.word());
                by_stratum.push(format!("{line} {word} {}", of_stratum - stratum.rows));
            }
        }
        let last = numbers.last().copied().unwrap_or(0);
        // Rows are numbered from 1 without a hole; of a stratum without any row left, only holes tell.
        let of = drawn.max(last).max(rows);
        let missing = of - rows;
        if missing == 0 {
            return (0, Vec::new());
        }
        let elsewhere = missing.saturating_sub(drawn.saturating_sub(rows));
        if elsewhere > 0 && !by_stratum.is_empty() {
            by_stratum.push(format!("lines and verdicts without any row left {elsewhere}"));
        }
        let holes = (1..=last).filter(|number| !numbers.contains(number));
        let holes: Vec<u32> = holes.filter_map(|number| u32::try_from(number).ok()).collect();
        let mut text = format!("at least {missing} rows of {of} are missing");
        for (between, parts) in [(": ", by_stratum), ("; no number ", in_ranges(&holes))] {
            if !parts.is_empty() {
                let more = if parts.len() > MOST_NAMED { ", …" } else { "" };
                let named = &parts[..parts.len().min(MOST_NAMED)];
                let _ = write!(text, "{between}{}{more}", named.join(", "));
            }
        }
        text.push_str(
            "; they count as not filled in, and the shares hold only if nobody chose them by their finding",
        );
        (missing, vec![text])
    }
}

/// The rows above, by what tells one verdict from another.
struct Seen {
    /// The id; the name, which several compounds may have, only where nothing else is there.
    compound: Option<usize>,
    numbers: BTreeMap<u64, u32>,
    lines: BTreeMap<(String, String), u32>,
}

impl Seen {
    fn of(table: &TextTable) -> Self {
        let column = |key: &str| columns(table, key).next();
        let mut compound = column("compound_id");
        if compound.is_none() && column("number").is_none() {
            compound = column("compound").or_else(|| column("compound_name"));
        }
        Self { compound, numbers: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// The row above that is of the same verdict, and what both have.
    fn again(
        &mut self,
        row: u32,
        number: Option<u64>,
        cells: &[String],
        line: &str,
    ) -> Option<(u32, String)> {
        if let Some(number) = number
            && let Some(above) = self.numbers.insert(number, row)
        {
            return Some((above, format!("number {number}")));
        }
        let compound = self.compound.and_then(|at| cells.get(at)).filter(|text| !text.is_empty()).cloned()?;
        let what = format!("compound {} and line {}", clean(&compound, SHORT), clean(line, SHORT));
        let above = self.lines.insert((compound, line.to_owned()), row)?;
        Some((above, what))
    }
}

/// More than any city has verdicts of one line: one of each compound.
const MOST: u64 = 10_000_000;
/// The most that `--sample` draws.
const MOST_DRAWN: u64 = 10_000;
/// Parts of a list that a message names.
const MOST_NAMED: usize = 20;

/// The shares in words.
fn said(shares: &Shares, missing: u64) -> String {
    let mut text = String::new();
    let mut line = |name: &str, share: &Share| {
        let checked = share.stood + share.wrong + share.not_defensible;
        let _ = write!(
            text,
            "{name}: {} of {checked} stood 成立, {} wrong 错误, {} not defensible 站不住",
            share.stood, share.wrong, share.not_defensible
        );
        match &share.plain {
            Some(plain) => {
                let _ = writeln!(text, ": {}", in_percent(plain));
            }
            None => {
                let _ = writeln!(text, ": nothing filled in 未填写");
            }
        }
        if let Some(weighted) = &share.weighted {
            let _ = writeln!(
                text,
                "  weighted to {} verdicts of the city 按全市结论加权: {}",
                share.population,
                in_percent(weighted)
            );
        }
        if share.not_looked_at > 0 {
            let _ = writeln!(
                text,
                "  not looked at: {} verdicts of lines without a finding 未核查",
                share.not_looked_at
            );
        }
    };
    for (verdict, share) in &shares.by_verdict {
        line(&format!("{} {}", verdict.zh(), verdict.word()), share);
    }
    line("全部 all", &shares.all);
    let _ = writeln!(text, "unfilled 未填写: {}", shares.unfilled);
    if missing > 0 {
        let _ = writeln!(text, "  of these missing in the sheet 其中表中缺行: at least {missing}");
    }
    text.push_str(
        "95 % intervals: Clopper–Pearson (exact); of weighted shares at Kish's effective size of the sample\n",
    );
    text
}

fn in_percent(proportion: &Proportion) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let interval = proportion.interval;
    format!("{} (95 %: {} to {})", percent(proportion.share), percent(interval.low), percent(interval.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(header: &[&str], rows: &[&[&str]]) -> TextTable {
        let texts = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        TextTable {
            columns: texts(header),
            rows: (2..).zip(rows).map(|(row, cells)| (row, texts(cells))).collect(),
            ..TextTable::default()
        }
    }

    const HEADER: [&str; 4] = ["条目 line", "结论 verdict", "同类总数 stratum_size", "核查 finding"];

    #[test]
    fn a_filled_in_sheet_is_read() {
        let rows: [&[&str]; 4] = [
            &["公园", "达标 covered", "1,204", "成立 stands"],
            &["公园", "gap", "30", "wrong"],
            &["公园", "缺口", "30", ""],
            &["", "", "", ""],
        ];
        let found = found(&table(&HEADER, &rows)).unwrap().found;
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].stratum_size, found[0].finding), (1204, Some(Finding::Stands)));
        assert_eq!((found[2].verdict, found[2].finding), (Verdict::Gap, None));
    }

    #[test]
    fn rows_that_are_there_twice_are_refused_with_both() {
        let of = |first: &str, rows: [[&str; 5]; 2]| {
            let header = [first, HEADER[0], HEADER[1], HEADER[2], HEADER[3]];
            found(&table(&header, &[&rows[0], &rows[1]])).map_err(|error| error.to_string())
        };
        let row = |first, line| [first, line, "gap", "30", "stands"];
        for (first, rows) in [
            ("序号 number", [row("1", "公园"), row("1", "药店")]),
            ("compound_id", [row("7", "公园"), row("7", "公园")]),
            ("小区 compound", [row("甲", "公园"), row("甲", "公园")]),
        ] {
            let error = of(first, rows).unwrap_err();
            assert!(error.contains("rows 2 and 3"), "{error}");
        }
        assert!(of("compound_id", [row("7", "公园"), row("7", "药店")]).is_ok());
        let error = of("序号 number", [row("", "公园"), row("", "公园")]).unwrap_err();
        assert!(error.contains("row 2: number"), "{error}");
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_row() {
        let good: &[&str] = &["公园", "gap", "30", "stands"];
        for (bad, words) in [
            (["公园", "gap", "30", "maybe"], ["row 3", "`maybe`"]),
            (["公园", "fine", "30", "stands"], ["row 3", "`fine`"]),
            (["公园", "gap", "0", "stands"], ["row 3", "stratum_size"]),
            (["公园", "gap", "-3", "stands"], ["row 3", "stratum_size"]),
            (["公园", "covered", "1000000000000", "stands"], ["row 3", "stratum_size"]),
            (["公园", "gap", "31", "stands"], ["row 3", "30"]),
            (["", "gap", "30", "stands"], ["row 3", "line"]),
        ] {
            let error = found(&table(&HEADER, &[good, &bad])).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{error}");
        }
        assert!(
            found(&table(&["line", "verdict"], &[good])).unwrap_err().to_string().contains("stratum_size")
        );
        assert!(found(&table(&HEADER, &[])).unwrap_err().to_string().contains("no row"));
    }

    const DRAWN: [&str; 6] = ["number", "line", "verdict", "stratum_size", "stratum_drawn", "finding"];

    #[test]
    fn rows_that_are_missing_are_counted_and_named() {
        let rows: [&[&str]; 3] = [
            &["1", "公园", "gap", "30", "2", "stands"],
            &["5", "卫生室", "gap", "40", "3", "stands"],
            &["7", "学校", "gap", "20", "1", ""],
        ];
        let filled = found(&table(&DRAWN, &rows)).unwrap();
        assert_eq!((filled.found.len(), filled.missing, filled.warnings.len()), (3, 4, 1));
        let warning = &filled.warnings[0];
        for words in [
            "at least 4 rows of 7 are missing: 公园 gap 1, 卫生室 gap 2",
            "without any row left 1",
            "no number 2 to 4, 6;",
        ] {
            assert!(warning.contains(words), "{warning}");
        }
        let whole: [&[&str]; 1] = [&["1", "公园", "gap", "30", "1", "stands"]];
        let filled = found(&table(&DRAWN, &whole)).unwrap();
        assert!(filled.missing == 0 && filled.warnings.is_empty(), "{filled:?}");
        // Rows at the end leave no hole in the numbers.
        let cut: [&[&str]; 1] = [&["1", "公园", "gap", "30", "3", "stands"]];
        assert_eq!(found(&table(&DRAWN, &cut)).unwrap().missing, 2);
    }

    #[test]
    fn what_was_drawn_has_to_fit() {
        let good: &[&str] = &["1", "公园", "gap", "30", "1", "stands"];
        for (bad, words) in [
            (["2", "公园", "gap", "30", "1", "stands"], ["row 3", "stratum_drawn 1, but 1 rows above"]),
            (["2", "公园", "gap", "30", "2", "stands"], ["row 3", "stratum_drawn 2 is 1"]),
            (["2", "学校", "gap", "30", "9999", "stands"], ["row 3", "stratum_drawn 9999 is more"]),
            (["2", "学校", "gap", "30", "", "stands"], ["row 3", "stratum_drawn"]),
            (["1.5", "学校", "gap", "30", "1", "stands"], ["row 3", "number"]),
            (["01", "学校", "gap", "30", "1", "stands"], ["rows 2 and 3", "number 1"]),
        ] {
            let error = found(&table(&DRAWN, &[good, &bad])).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{error}");
        }
    }
}
