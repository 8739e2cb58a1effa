//! `circle audit`

use crate::failure::{Failure, Outcome, tell};
use crate::{args, input, output};
use anyhow::{Context, bail};
use circle_export::{Audit, CoverageReport, csv_metadata, typed_csv, workbook};
use circle_import::{TextTable, read_text_table};
use circle_model::Catalogue;
use circle_model::files::clean;
use circle_plan::{Finding, Found, Judging, Proportion, Sample, Share, Shares, Verdict};
use circle_reach::Network;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

pub(crate) fn run(asked: &args::Audit) -> Outcome {
    if let Some(findings) = &asked.findings {
        let found = read_findings(findings)?;
        return Ok(output::write(None, said(&Shares::of(&found)).as_bytes())?);
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
    tell(&format!("{text}{statement}\n"));
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

/// The rows of a filled-in sheet.
fn read_findings(path: &Path) -> anyhow::Result<Vec<Found>> {
    let table = read_text_table(path)?;
    found(&table).with_context(|| path.display().to_string())
}

fn found(table: &TextTable) -> anyhow::Result<Vec<Found>> {
    if let Some((row, what)) = table.rejected.first() {
        bail!("row {row}: {what}; repair the row");
    }
    // Headings are `核查 finding` in workbooks and `finding` in CSV.
    let column = |key: &str| -> anyhow::Result<usize> {
        let is = |heading: &&String| heading.split_whitespace().last() == Some(key);
        let mut found = table.columns.iter().enumerate().filter(|(_, heading)| is(heading));
        let at = found.next().with_context(|| {
            format!("no column `{key}`; take the sheet that `circle audit CITY -o FILE.xlsx` or .csv made")
        })?;
        if found.next().is_some() {
            bail!("two columns are called `{key}`; leave one");
        }
        Ok(at.0)
    };
    let (line, verdict) = (column("line")?, column("verdict")?);
    let (size, finding) = (column("stratum_size")?, column("finding")?);
    let mut sizes: BTreeMap<(String, Verdict), u64> = BTreeMap::new();
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
        let digits: String = cell(size).chars().filter(|char| *char != ',').collect();
        let Some(stratum_size) = digits.parse::<u64>().ok().filter(|size| (1..=MOST).contains(size)) else {
            bail!("row {row}: stratum_size `{}` is no whole number above 0", clean(cell(size), SHORT));
        };
        let line = cell(line).to_owned();
        if line.is_empty() {
            bail!("row {row}: line is empty; it says which line of the rule set was judged");
        }
        if let Some((above, what)) = seen.again(*row, cells, &line) {
            bail!(
                "rows {above} and {row} are of one verdict, {what}; each counts once: delete one of the two"
            );
        }
        let known = *sizes.entry((line.clone(), verdict)).or_insert(stratum_size);
        if known != stratum_size {
            bail!(
                "row {row}: stratum_size {stratum_size} is {known} in a row above of the same line and verdict; fill in \
                 one sheet at a time"
            );
        }
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
    Ok(all)
}

/// The rows above, by what tells one verdict from another.
struct Seen {
    number: Option<usize>,
    /// The id; the name, which several compounds may have, only where nothing else is there.
    compound: Option<usize>,
    numbers: BTreeMap<String, u32>,
    lines: BTreeMap<(String, String), u32>,
}

impl Seen {
    fn of(table: &TextTable) -> Self {
        let column = |key: &str| {
            table.columns.iter().position(|heading| heading.split_whitespace().last() == Some(key))
        };
        let number = column("number");
        let mut compound = column("compound_id");
        if compound.is_none() && number.is_none() {
            compound = column("compound").or_else(|| column("compound_name"));
        }
        Self { number, compound, numbers: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// The row above that is of the same verdict, and what both have.
    fn again(&mut self, row: u32, cells: &[String], line: &str) -> Option<(u32, String)> {
        let cell =
            |at: Option<usize>| at.and_then(|at| cells.get(at)).filter(|text| !text.is_empty()).cloned();
        if let Some(number) = cell(self.number) {
            let what = format!("number {}", clean(&number, SHORT));
            if let Some(above) = self.numbers.insert(number, row) {
                return Some((above, what));
            }
        }
        let compound = cell(self.compound)?;
        let what = format!("compound {} and line {}", clean(&compound, SHORT), clean(line, SHORT));
        let above = self.lines.insert((compound, line.to_owned()), row)?;
        Some((above, what))
    }
}

/// More than any city has verdicts.
const MOST: u64 = 1_000_000_000_000;

/// The shares in words.
fn said(shares: &Shares) -> String {
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
            rejected: Vec::new(),
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
        let found = found(&table(&HEADER, &rows)).unwrap();
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
        assert!(of("序号 number", [row("", "公园"), row("", "公园")]).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_row() {
        let good: &[&str] = &["公园", "gap", "30", "stands"];
        for (bad, words) in [
            (["公园", "gap", "30", "maybe"], ["row 3", "`maybe`"]),
            (["公园", "fine", "30", "stands"], ["row 3", "`fine`"]),
            (["公园", "gap", "0", "stands"], ["row 3", "stratum_size"]),
            (["公园", "gap", "-3", "stands"], ["row 3", "stratum_size"]),
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
}
