//! The report on own files: findings, fates of rows, and keys that corrections followed.

use super::fates::{Fates, RejectReason, RowFate};
use super::findings::{DraftFinding, Findings};
use super::origin::DraftOrigin;
use super::records::{OwnCorrection, Record};
use circle_model::Point;
use circle_model::city::{FindingKind, FollowedKeys, Joined, KeyOf, OwnFile, Severity};

/// Collects the reports of the stages, in order. Stages only append; no stage reads the reports of another.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// Names of the files, by number from 1.
    names: &'a [String],
    /// Present keys by the keys of an earlier edition.
    former_keys: &'a FollowedKeys,
    findings: Findings,
    fates: Fates,
    followed_keys: FollowedKeys,
}

/// A finished report.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    pub(crate) findings: Vec<DraftFinding>,
    /// The files with the counts of their rows.
    pub(crate) files: Vec<OwnFile>,
    /// Former keys that corrections named, each with the present key that it led to.
    pub(crate) followed_keys: FollowedKeys,
}

impl<'a> Report<'a> {
    pub(crate) fn new(names: &'a [String], former_keys: &'a FollowedKeys) -> Self {
        Self {
            names,
            former_keys,
            findings: Findings::default(),
            fates: Fates::default(),
            followed_keys: FollowedKeys::default(),
        }
    }

    /// Finishes the report. `files` are in the order of their numbers.
    pub(crate) fn finish(self, files: impl IntoIterator<Item = OwnFile>) -> Reported {
        let files = (1u32..).zip(files).map(|(source, file)| self.fates.count_into(source, file)).collect();
        Reported { files, findings: self.findings.into_listed(self.names), followed_keys: self.followed_keys }
    }

    /// The name of a file by its number, from 1; empty for the map.
    pub(crate) fn file_name(&self, source: u32) -> &'a str {
        source.checked_sub(1).and_then(|at| self.names.get(at as usize)).map_or("", String::as_str)
    }

    /// The name of a row in messages.
    pub(crate) fn label(&self, source: u32, row: u32) -> String {
        format!("{} row {row}", self.file_name(source))
    }

    /// The present key of a former key.
    pub(crate) fn present_key(&self, of: KeyOf, former: &str) -> Option<&'a str> {
        self.former_keys.get(of, former)
    }

    /// Records that a correction named a former key and was applied to the present one.
    pub(crate) fn follow(&mut self, of: KeyOf, former: &str, present: &str) {
        self.followed_keys.add(of, former, present);
    }

    pub(crate) fn push(&mut self, finding: DraftFinding) {
        self.findings.push(finding);
    }

    /// Sets the count of rows of a file, `not_read` of them on sheets that were not read.
    pub(super) fn add_file(&mut self, source: u32, rows: u64, not_read: u64) {
        self.fates.add_file(source, rows, not_read);
    }

    /// Count of the rows of a file.
    pub(super) fn rows(&self, source: u32) -> u64 {
        self.fates.rows(source)
    }

    /// Count of the rows of a file that were rejected so far.
    pub(super) fn rejected(&self, source: u32) -> u64 {
        self.fates.rejected(source)
    }

    /// Decides the fate of a row without a finding.
    pub(crate) fn decide(&mut self, source: u32, row: u32, fate: RowFate) {
        self.fates.decide(source, row, fate);
    }

    /// Records that a record was merged into another. There is no finding: the origins of the other contain
    /// the record.
    pub(crate) fn merge(&mut self, origin: &DraftOrigin) {
        self.decide(origin.source, origin.row, RowFate::Merged);
    }

    /// Reports that a gate, count, unit or space was merged. These have no origins, so a finding states it.
    pub(crate) fn merge_into(&mut self, record: &Record, into: &str) {
        self.decide(record.source, record.row, RowFate::Merged);
        self.on_record(record, Severity::Info, FindingKind::Merged, &format!("merged: {into}"));
    }

    /// Rejects a record after it was read.
    pub(crate) fn reject(&mut self, record: &Record, reason: RejectReason, message: &str) {
        self.decide(record.source, record.row, RowFate::Rejected(reason));
        self.on_record(record, Severity::Error, FindingKind::RejectedRow, message);
    }

    /// Adds a warning on an accepted record.
    pub(crate) fn warn(&mut self, record: &Record, message: &str) {
        self.on_record(record, Severity::Warning, FindingKind::OddRow, message);
    }

    /// Adds a remark on an accepted record.
    pub(crate) fn note(&mut self, record: &Record, message: &str) {
        self.on_record(record, Severity::Info, FindingKind::OddRow, message);
    }

    /// Adds a finding on a whole file. The message must name the file.
    pub(crate) fn on_file(&mut self, source: u32, severity: Severity, kind: FindingKind, message: &str) {
        let name = self.file_name(source);
        self.findings.push(DraftFinding::of_file(source, name, severity, kind, message));
    }

    /// Reports that a correction was applied at a place.
    pub(crate) fn applied(&mut self, correction: &OwnCorrection, at: Point, message: &str) {
        let record = Record { point: at, ..correction.record.clone() };
        let message = format!("{message} ({})", correction.signature);
        self.on_record(&record, Severity::Info, FindingKind::CorrectionApplied, &message);
    }

    /// Reports that a correction no longer applies.
    pub(crate) fn stale(&mut self, correction: &OwnCorrection, why: &str) {
        let record = &correction.record;
        let word = correction.action.word();
        let message = format!("`{word}` no longer applies: {why} ({})", correction.signature);
        self.on_record(record, Severity::Warning, FindingKind::CorrectionStale, &message);
        self.decide(record.source, record.row, RowFate::Rejected(RejectReason::NoLongerApplies));
    }

    /// Reports that a correction closed a record. Merged rows stay merged.
    pub(crate) fn close(&mut self, origin: &DraftOrigin, by: &str) {
        if origin.source == 0 {
            return;
        }
        if origin.joined == Joined::Kept {
            let fate = RowFate::Rejected(RejectReason::ClosedByCorrection);
            self.decide(origin.source, origin.row, fate);
        }
        self.findings.push(DraftFinding {
            severity: Severity::Info,
            kind: FindingKind::RejectedRow,
            source: origin.source,
            row: origin.row,
            point: origin.point,
            name: origin.name.clone().unwrap_or_default(),
            message: format!("{}: {by}", self.label(origin.source, origin.row)).into(),
        });
    }

    fn on_record(&mut self, record: &Record, severity: Severity, kind: FindingKind, message: &str) {
        let message = format!("{}: {message}", self.label(record.source, record.row));
        self.findings.push(DraftFinding::of_record(record, severity, kind, &message));
    }
}

#[cfg(test)]
impl Report<'static> {
    /// A report without files.
    pub(crate) fn empty() -> Self {
        static NO_KEYS: std::sync::LazyLock<FollowedKeys> = std::sync::LazyLock::new(FollowedKeys::default);
        Report::new(&[], &NO_KEYS)
    }
}
