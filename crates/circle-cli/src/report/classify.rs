//! Outputs about a classified file: the table, counts by category, the confusion matrix.

use circle_import::{ClassifiedFile, ClassifiedRow, NoFacility};
use circle_model::Catalogue;
use circle_model::files::clean;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A row per place as CSV: `row, name, category, categories, channel, confidence`.
pub(crate) fn table(file: &ClassifiedFile, catalogue: &Catalogue) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "name", "category", "categories", "channel", "confidence"])?;
    for row in &file.rows {
        let number = row.row.to_string();
        let name = clean(&row.name, LONGEST);
        let name = circle_export::text_cell(&name);
        match &row.result {
            Ok(found) => {
                let all: Vec<&str> = found.categories.iter().map(|it| id(catalogue, Some(*it))).collect();
                let confidence = format!("{:.2}", f64::from(found.confidence_percent) / 100.0);
                let main = all.first().copied().unwrap_or_default();
                let channel = found.channel.word();
                writer.write_record([&number, &*name, main, &all.join(" "), channel, &confidence])?;
            }
            Err(why) => {
                writer.write_record([&number, &*name, word(*why), "", "", ""])?;
            }
        }
    }
    Ok(writer.into_inner()?)
}

/// Counts of rows by category, then of kinds without a category, the most frequent first.
pub(crate) fn summary(file: &ClassifiedFile, catalogue: &Catalogue) -> String {
    let mut categories: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<(&str, &str), Vec<&ClassifiedRow>> = BTreeMap::new();
    for row in &file.rows {
        match &row.result {
            Ok(found) => {
                let main = found.categories.first().map_or(usize::MAX, |main| usize::from(*main));
                *categories.entry(main).or_default() += 1;
            }
            Err(why) => kinds.entry((word(*why), row.kind.as_str())).or_default().push(row),
        }
    }
    let without: usize = kinds.values().map(Vec::len).sum();
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line(format!(
        "{}: {} with a category, {without} without",
        circle_export::counted(file.rows.len(), "row"),
        grouped(file.rows.len() - without)
    ));
    let mut categories: Vec<(usize, usize)> = categories.into_iter().collect();
    categories.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (category, count) in categories {
        let Some(category) = catalogue.categories.get(category) else { continue };
        line(format!("{:>8}  {} {}", grouped(count), category.id, category.zh));
    }
    if without > 0 {
        line("without a category, by the kind that the file gives:".to_owned());
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let more = kinds.len().saturating_sub(KINDS);
    for ((why, kind), rows) in kinds.into_iter().take(KINDS) {
        let kind = if kind.is_empty() { "no kind".to_owned() } else { clean(kind, LONGEST) };
        let note = if why == "other" { String::new() } else { format!(" ({why})") };
        line(format!("{:>8}  {kind}{note}: {}", grouped(rows.len()), examples(&rows)));
    }
    if more > 0 {
        line(format!("          … and {more} more kinds"));
    }
    text
}

/// Most kinds without a category that are listed.
const KINDS: usize = 40;

/// A count with thousands separators.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (number, digit) in digits.chars().enumerate() {
        if number > 0 && (digits.len() - number).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn examples(rows: &[&ClassifiedRow]) -> String {
    let names: Vec<String> = rows.iter().take(SHOWN).map(|row| clean(&row.name, LONGEST)).collect();
    format!("{}{}", names.join(", "), if rows.len() > SHOWN { ", …" } else { "" })
}

fn word(why: NoFacility) -> &'static str {
    match why {
        NoFacility::Unknown => "other",
        NoFacility::Closed => "closed",
        NoFacility::Gate => "gate",
    }
}

/// Precision and recall by category, and the confusions.
pub(crate) fn confusion(file: &ClassifiedFile, catalogue: &Catalogue) -> String {
    let mut cells: BTreeMap<(&str, &str), Vec<&ClassifiedRow>> = BTreeMap::new();
    for row in &file.rows {
        let found = row.result.as_ref().ok().and_then(|found| found.categories.first().copied());
        cells.entry((id(catalogue, row.truth), id(catalogue, found))).or_default().push(row);
    }
    let total = file.rows.len();
    let share = |count: usize| 100.0 * count as f64 / total.max(1) as f64;
    let count = |fits: &dyn Fn(&str, &str) -> bool| -> usize {
        cells.iter().filter(|((truth, found), _)| fits(truth, found)).map(|(_, rows)| rows.len()).sum()
    };
    let right = count(&|truth, found| truth == found);
    let among = file.rows.iter().filter(|row| match (&row.result, row.truth) {
        (Ok(found), Some(truth)) => found.categories.contains(&truth),
        (Err(_), None) => true,
        _ => false,
    });
    let among = among.count();
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line(format!("accuracy {:.1} % ({right} of {total} rows: main category as labelled)", share(right)));
    line(format!("{:.1} % ({among}) have the label among their categories", share(among)));
    line(String::new());
    line(format!("{:<24} {:>8} {:>8} {:>10} {:>8}", "category", "labelled", "found", "precision", "recall"));
    let mut ids: Vec<&str> = cells.keys().flat_map(|(truth, found)| [*truth, *found]).collect();
    ids.sort_unstable();
    ids.dedup();
    for category in ids {
        let labelled = count(&|truth, _| truth == category);
        let found = count(&|_, found| found == category);
        let both = count(&|truth, found| truth == category && found == category);
        let percent = |of: usize| match of {
            0 => "-".to_owned(),
            of => format!("{:.1} %", 100.0 * both as f64 / of as f64),
        };
        let (precision, recall) = (percent(found), percent(labelled));
        line(format!("{category:<24} {labelled:>8} {found:>8} {precision:>10} {recall:>8}"));
    }
    let mut wrong: Vec<_> = cells.iter().filter(|((truth, found), _)| truth != found).collect();
    wrong.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    line(String::new());
    line("confusion: labelled → found".to_owned());
    if wrong.is_empty() {
        line("none".to_owned());
    }
    for ((truth, found), rows) in wrong {
        line(format!("{:>6}  {truth} → {found}: {}", rows.len(), examples(rows)));
    }
    text
}

/// Longest name, in characters.
const LONGEST: usize = 200;
/// Most names that are printed as examples.
const SHOWN: usize = 3;

fn id(catalogue: &Catalogue, category: Option<u8>) -> &str {
    let category = category.and_then(|category| catalogue.categories.get(usize::from(category)));
    category.map_or("other", |category| category.id.as_str())
}
