//! `circle audit`

use crate::failure::{Failure, Outcome, notify, summarize};
use crate::report::audit::shares_text;
use crate::{args, input, output};
use circle_export::{Audit, csv_metadata, typed_csv, workbook};
use circle_plan::Shares;
use circle_reach::Cancel;
use circle_study::audit::DrawnAudit;
use std::path::Path;

pub(crate) fn run(asked: &args::Audit) -> Outcome {
    if let Some(findings) = &asked.findings {
        return read_back(findings);
    }
    let (Some(city), Some(path)) = (&asked.city, asked.output.as_deref()) else {
        return Err(Failure::Usage("CITY and --output are needed, or --findings".to_owned()));
    };
    draw(asked, city, path)
}

/// Draws verdicts of the city and writes them as a sheet.
fn draw(asked: &args::Audit, city: &Path, path: &Path) -> Outcome {
    let format = Format::of(path)?;
    let question = input::coverage_question(&asked.judging)?;
    let walking = &asked.judging.walking;
    output::check_output(Some(path), &input::files(walking, Some(&asked.judging.rules), [city]))?;
    let study = input::study(city, walking.legs.as_deref())?;
    let (edition, choices, cancel) = (study.edition(question.at_time), study.choices(), Cancel::never());
    let count = asked.sample as usize;
    let drawn = DrawnAudit::draw(&edition, choices, &question, count, asked.seed, &cancel)?;
    if drawn.sample.drawn.is_empty() {
        return Err(anyhow::anyhow!("{}: it has no verdicts to draw", city.display()).into());
    }
    let audit = drawn.sheet(&edition, choices, &question, &cancel)?;
    write(&audit, format, path)?;
    let strata: String = drawn.strata(&question).map(|line| line + "\n").collect();
    summarize(&format!("{strata}{}\n", audit.statement()));
    Ok(())
}

/// Prints the shares of verdicts that stood in a filled-in audit.
fn read_back(path: &Path) -> Outcome {
    let filled = input::findings(path)?;
    for warning in &filled.warnings {
        notify(&format!("circle: {warning}\n"));
    }
    let mut shares = Shares::of(&filled.found);
    shares.unfilled += filled.missing;
    Ok(output::write(None, shares_text(&shares, filled.missing).as_bytes())?)
}

/// Writes the sheet. A CSV file gets its statement in a file beside it.
fn write(audit: &Audit<'_>, format: Format, path: &Path) -> anyhow::Result<()> {
    let statement = audit.statement();
    let bytes = match format {
        Format::Page => audit.page(),
        Format::Csv => typed_csv(&audit.table()),
        Format::Workbook => {
            let lines: Vec<String> = audit.method().into_iter().chain(statement.lines()).collect();
            workbook(&audit.tables(), &lines, &Cancel::never())?
        }
    };
    output::write(Some(path), &bytes)?;
    if format == Format::Csv
        && let Some(name) = path.file_name()
        && path != Path::new("-")
    {
        let table = audit.table();
        let name = name.to_string_lossy();
        let metadata = csv_metadata(&name, table.title(), table.columns(), &statement);
        output::write(Some(&path.with_file_name(format!("{name}-metadata.json"))), &metadata)?;
    }
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
                "{}: the file name has no ending of an audit: .xlsx, .csv or .html",
                path.display()
            ))),
        }
    }
}
