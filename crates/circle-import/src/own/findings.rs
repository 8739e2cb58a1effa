//! Findings on own files, limited for each file.

use super::records::Record;
use circle_model::Point;
use circle_model::city::{Finding, FindingKind, Severity};

/// Limit of listed findings of a file. If there are more, a last finding states the count of the rest.
const MOST_OF_A_FILE: usize = 20_000;

/// A finding before it is written.
#[derive(Debug, Clone)]
pub(crate) struct DraftFinding {
    pub(crate) severity: Severity,
    pub(crate) kind: FindingKind,
    /// Number of the file, from 1.
    pub(crate) source: u32,
    /// Row number; 0 for the file as a whole.
    pub(crate) row: u32,
    pub(crate) point: Point,
    pub(crate) name: Box<str>,
    pub(crate) message: Box<str>,
}

impl DraftFinding {
    /// A finding on a file as a whole.
    pub(super) fn of_file(
        source: u32,
        name: &str,
        severity: Severity,
        kind: FindingKind,
        message: &str,
    ) -> Self {
        Self {
            severity,
            kind,
            source,
            row: 0,
            point: Finding::NOWHERE,
            name: name.into(),
            message: message.into(),
        }
    }

    /// A finding on a record.
    pub(super) fn of_record(record: &Record, severity: Severity, kind: FindingKind, message: &str) -> Self {
        Self {
            severity,
            kind,
            source: record.source,
            row: record.row,
            point: record.point,
            name: record.name.clone().unwrap_or_default(),
            message: message.into(),
        }
    }
}

/// All findings, in order.
#[derive(Debug, Default)]
pub(super) struct Findings {
    listed: Vec<DraftFinding>,
    /// Counts by file number, findings beyond the limit included.
    of_file: Vec<usize>,
}

impl Findings {
    pub(super) fn push(&mut self, finding: DraftFinding) {
        let file = finding.source as usize;
        if self.of_file.len() <= file {
            self.of_file.resize(file + 1, 0);
        }
        self.of_file[file] += 1;
        if self.of_file[file] <= MOST_OF_A_FILE {
            self.listed.push(finding);
        }
    }

    /// The listed findings, and one for every file that has more. `names` are those of the files, by number
    /// from 1.
    pub(super) fn into_listed(mut self, names: &[String]) -> Vec<DraftFinding> {
        for (source, name) in (1u32..).zip(names) {
            let count = self.of_file.get(source as usize).copied().unwrap_or(0);
            if count > MOST_OF_A_FILE {
                let rest = count - MOST_OF_A_FILE;
                let what = format!("{name}: {rest} more findings, which are not listed");
                let kind = FindingKind::OddRow;
                self.listed.push(DraftFinding::of_file(source, name, Severity::Warning, kind, &what));
            }
        }
        self.listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lists_a_limited_number_of_findings_and_the_count_of_the_rest() {
        let names = ["many.csv", "one.csv"].map(str::to_owned);
        let found = |source: u32| {
            let name = &names[source as usize - 1];
            DraftFinding::of_file(source, name, Severity::Error, FindingKind::RejectedRow, "wrong")
        };
        let mut findings = Findings::default();
        (0..MOST_OF_A_FILE + 7).for_each(|_| findings.push(found(1)));
        findings.push(found(2));

        let listed = findings.into_listed(&names);
        let of = |source| listed.iter().filter(|finding| finding.source == source).count();
        assert_eq!((of(1), of(2)), (MOST_OF_A_FILE + 1, 1));
        let rest = "many.csv: 7 more findings, which are not listed";
        assert!(listed.iter().any(|finding| &*finding.message == rest));
    }
}
