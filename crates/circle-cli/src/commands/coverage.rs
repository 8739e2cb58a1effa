//! `circle coverage`

mod left_over;
mod table_choice;

use crate::args::{self, CoverageFormat};
use crate::failure::{Failure, Outcome, notify, summarize};
use crate::input;
use crate::tabular::{self, Written};
use circle_export::{
    CarriedLedger, CoverageReport, CoverageSelection, CoverageTable, CoverageTables, FilledRow,
    coverage_columns, coverage_summary,
};
use circle_model::City;
use circle_plan::{Level, Sensitivity};
use circle_reach::{Cancel, Cancelled};
use circle_study::coverage::{FileContents, JudgedTables, RowFormat, report};
use circle_study::question::{CoverageQuestion, find_unit, no_compounds};
use circle_study::{CityEdition, Study};
use left_over::LeftOver;
use table_choice::TableChoice;

pub(crate) fn run(asked: &args::Coverage) -> Outcome {
    let request = Request::of(asked)?;
    let (question, choice) = (&request.question, request.choice);
    let filled = asked.ledger.as_deref().map(input::ledger).transpose()?;
    let study = input::study(&asked.city, asked.judging.walking.legs.as_deref())?;
    choice.check_city(study.city())?;
    let within =
        asked.within.as_deref().map(|unit| input::accept(find_unit(study.city(), unit))).transpose()?;
    let (edition, choices, cancel) = (study.edition(question.at_time), study.choices(), Cancel::never());
    let (with_people, with_supply) = (choice.counts_people(), choice.shows_supply());
    let judged = JudgedTables::judge(&edition, choices, question, with_people, with_supply, &cancel)?;
    let sensitivity = sensitivity(asked, &request, &study, &edition)?;
    let report = CoverageReport {
        sensitivity: sensitivity.as_ref(),
        within: within.as_ref(),
        ..report(&edition.city, choices, question, &judged.coverage)
    };
    write(asked, &request, filled, report, &judged)?;
    notify_missing(&edition.city, choice, &judged);
    Ok(())
}

/// The verdicts under other assumptions, where a table shows them.
fn sensitivity(
    asked: &args::Coverage,
    request: &Request,
    study: &Study,
    edition: &CityEdition,
) -> Result<Option<Sensitivity>, Cancelled> {
    if !asked.sensitivity && request.choice != TableChoice::One(CoverageTable::Assumptions) {
        return Ok(None);
    }
    let judging = request.question.judging(&study.choices().catalogue);
    Sensitivity::of(&edition.network, &judging, &Cancel::never()).map(Some)
}

/// Prints what the tables lack: compounds, or capacities for the tables of supply.
fn notify_missing(city: &City, choice: TableChoice, judged: &JudgedTables<'_>) {
    if let Some(advice) = no_compounds(city) {
        notify(&format!("没有小区 {advice}\n"));
    }
    if choice.shows_supply() && choice != TableChoice::All && judged.has_no_capacities() {
        notify(
            "没有设施给出容量 no facility has a capacity: a column of that kind in an own file gives it\n",
        );
    }
}

/// The arguments of the command line, checked before any work.
struct Request {
    question: CoverageQuestion,
    format: CoverageFormat,
    choice: TableChoice,
    ledger_by: Option<Level>,
    left_over: LeftOver,
}

impl Request {
    fn of(asked: &args::Coverage) -> Result<Self, Failure> {
        let question = input::coverage_question(&asked.judging)?;
        let format = tabular::format(asked.format, asked.output.as_deref())?;
        let choice = TableChoice::of(asked, format)?;
        let others = std::iter::once(&asked.city).chain(&asked.ledger);
        let inputs = input::files(&asked.judging.walking, Some(&asked.judging.rules), others);
        tabular::check_output(asked.output.as_deref(), format, &inputs)?;
        let ledger_by = choice.ledger_by(asked, format)?;
        let left_over = LeftOver::of(asked, format, &inputs)?;
        Ok(Self { question, format, choice, ledger_by, left_over })
    }
}

/// Writes the tables, the summary, and the left-over rows of a filled-in ledger.
fn write(
    asked: &args::Coverage,
    request: &Request,
    filled: Option<Vec<FilledRow>>,
    report: CoverageReport<'_>,
    judged: &JudgedTables<'_>,
) -> anyhow::Result<()> {
    let Request { format, choice, ledger_by, .. } = *request;
    let carried = filled.map(|filled| CarriedLedger::of(&report, filled));
    let report = CoverageReport { carried: carried.as_ref(), ..report };
    let (written, statement) = match streamed(&report, choice, format) {
        Some(written) => (written, report.statement()),
        None => judged.with_tables(report, &choice.levels(), ledger_by, |tables| {
            encode(tables, choice, format).map(|written| (written, tables.statement()))
        })?,
    };
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() && !report.city.compounds().is_empty() {
        summarize(&coverage_summary(&report));
    }
    if let Some(carried) = &carried {
        summarize(&carried.summary(&report));
        notify(&carried.troubles());
        request.left_over.write(carried.left_over(&report), &asked.csv, &statement)?;
    }
    Ok(())
}

/// Writers of the two tables that may be larger than memory; they write row by row. `None` for all other
/// tables.
fn streamed<'a>(
    report: &'a CoverageReport<'a>,
    choice: TableChoice,
    format: CoverageFormat,
) -> Option<Written<'a>> {
    let rows = RowFormat::of(format.into());
    let rows = rows.filter(|_| choice == TableChoice::One(CoverageTable::Coverage))?;
    let has_metadata = rows == RowFormat::Csv;
    Some(Written {
        write: Box::new(move |out| rows.write(report, CoverageSelection::default(), out)),
        beside: has_metadata.then(|| (coverage_columns(report), "达标明细 coverage".to_owned())),
    })
}

fn encode(
    tables: &CoverageTables<'_>,
    choice: TableChoice,
    format: CoverageFormat,
) -> anyhow::Result<Written<'static>> {
    match choice.chosen().contents(tables, format.into()) {
        FileContents::Features(bytes) => Ok(Written::whole(bytes)),
        FileContents::Tables(chosen) => tabular::encode(&chosen, format, &tables.statement()),
    }
}
