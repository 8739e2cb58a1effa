//! What is found of own files, on its way into the city: so much of one file and no more.

use super::Record;
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::{Finding, FindingKind, OwnFile, Severity};

/// So many findings of a file are listed; of more, the last one says how many.
const MOST_OF_A_FILE: usize = 20_000;

/// A finding before it is written.
#[derive(Debug, Clone)]
pub(crate) struct DraftFinding {
    pub(crate) severity: Severity,
    pub(crate) kind: FindingKind,
    /// Number of the file, from 1.
    pub(crate) source: u32,
    pub(crate) row: u32,
    pub(crate) point: Point,
    pub(crate) name: Box<str>,
    pub(crate) message: Box<str>,
}

impl DraftFinding {
    /// Of a file as a whole.
    pub(crate) fn of_file(
        source: u32,
        file: &OwnFile,
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
            name: file.name.as_str().into(),
            message: message.into(),
        }
    }

    /// Of a record.
    pub(crate) fn of(record: &Record, severity: Severity, kind: FindingKind, message: &str) -> Self {
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

/// All findings.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    listed: Vec<DraftFinding>,
    /// How many there are of every file, by its number.
    of_file: Vec<usize>,
}

impl Findings {
    pub(crate) fn push(&mut self, finding: DraftFinding) {
        let file = finding.source as usize;
        if self.of_file.len() <= file {
            self.of_file.resize(file + 1, 0);
        }
        self.of_file[file] += 1;
        if self.of_file[file] <= MOST_OF_A_FILE {
            self.listed.push(finding);
        }
    }

    /// Writes them to the city's table.
    pub(crate) fn write(mut self, draft: &mut Draft, files: &[OwnFile]) {
        for (source, file) in (1u32..).zip(files) {
            let count = self.of_file.get(source as usize).copied().unwrap_or(0);
            if count > MOST_OF_A_FILE {
                let rest = count - MOST_OF_A_FILE;
                let what = format!("{}: {rest} more findings, which are not listed", file.name);
                let kind = FindingKind::OddRow;
                self.listed.push(DraftFinding::of_file(source, file, Severity::Warning, kind, &what));
            }
        }
        for finding in &self.listed {
            let row = Finding {
                name: draft.texts.add(&finding.name),
                message: draft.texts.add(&finding.message),
                point: finding.point,
                source: finding.source,
                row: finding.row,
                severity: finding.severity.code(),
                kind: finding.kind.code(),
                spare: [0; 6],
            };
            draft.tables.findings.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lists_so_much_and_says_how_much_more_there_is() {
        let files =
            ["many.csv", "one.csv"].map(|name| OwnFile { name: name.to_owned(), ..OwnFile::default() });
        let found = |source: u32| {
            let file = &files[source as usize - 1];
            DraftFinding::of_file(source, file, Severity::Error, FindingKind::RejectedRow, "wrong")
        };
        let mut findings = Findings::default();
        (0..MOST_OF_A_FILE + 7).for_each(|_| findings.push(found(1)));
        findings.push(found(2));

        let mut draft = Draft::default();
        findings.write(&mut draft, &files);
        let of = |source| draft.tables.findings.iter().filter(|finding| finding.source == source).count();
        assert_eq!((of(1), of(2)), (MOST_OF_A_FILE + 1, 1));
        let rest = draft.texts.add("many.csv: 7 more findings, which are not listed");
        assert!(draft.tables.findings.iter().any(|finding| finding.message == rest));
    }
}
