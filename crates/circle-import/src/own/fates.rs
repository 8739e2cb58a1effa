//! The fate of every row of the own files: accepted, merged or rejected.

use circle_model::city::OwnFile;
use std::collections::BTreeMap;

/// The fate of a row. A row without a decision was accepted as a separate record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFate {
    /// It was merged into another record of its place.
    Merged,
    /// It was rejected.
    Rejected(RejectReason),
}

macro_rules! reasons {
    ($($reason:ident = $word:literal),* $(,)?) => {
        /// The reason why a row was rejected.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum RejectReason { $($reason),* }

        impl RejectReason {
            /// The word in reports.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$reason => $word),* }
            }
        }
    };
}

reasons! {
    ClosedByCorrection = "closed_by_correction",
    Crowded = "crowded",
    Incomplete = "incomplete",
    NoAction = "no_action",
    NoArea = "no_area",
    NoCategory = "no_category",
    NoCompound = "no_compound",
    NoCount = "no_count",
    NoHomes = "no_homes",
    NoLevel = "no_level",
    NoLongerApplies = "no_longer_applies",
    NoName = "no_name",
    NoOutline = "no_outline",
    NoPosition = "no_position",
    NotANumber = "not_a_number",
    NotOpen = "not_open",
    OffTheGlobe = "off_the_globe",
    OutlineTooCrooked = "outline_too_crooked",
    OutsideTheCity = "outside_the_city",
    SheetNotRead = "sheet_not_read",
    SwappedCoordinates = "swapped_coordinates",
    TooLarge = "too_large",
    Unreadable = "unreadable",
}

/// The fates of all rows, by file.
#[derive(Debug, Default)]
pub(crate) struct Fates(Vec<FileFates>);

/// The rows of one file.
#[derive(Debug, Default)]
struct FileFates {
    rows: u64,
    /// The fate of each row that was not accepted, by row number.
    decided: BTreeMap<u32, RowFate>,
    /// Rows on sheets that were not read; they have no row numbers.
    not_read: u64,
}

impl Fates {
    /// Sets the count of rows of a file, `not_read` of them on sheets that were not read.
    pub(super) fn add_file(&mut self, source: u32, rows: u64, not_read: u64) {
        let file = self.file_mut(source);
        file.rows = rows;
        file.not_read = not_read;
    }

    /// Decides the fate of a row. Every row is decided at most once: by the stage that reads, merges or drops
    /// it.
    ///
    /// # Panics
    /// In debug builds, if the row was decided before.
    pub(super) fn decide(&mut self, source: u32, row: u32, fate: RowFate) {
        if source > 0 {
            let previous = self.file_mut(source).decided.insert(row, fate);
            // All rows of a spreadsheet beyond the limit of `u32` have the last number.
            debug_assert!(
                previous.is_none() || row == u32::MAX,
                "row {row} of file {source} was {previous:?} before it was {fate:?}"
            );
        }
    }

    /// Count of the rows of a file.
    pub(super) fn rows(&self, source: u32) -> u64 {
        self.file(source).map_or(0, |file| file.rows)
    }

    /// Count of the rejected rows of a file.
    pub(super) fn rejected(&self, source: u32) -> u64 {
        self.file(source).map_or(0, |file| {
            let rejected = file.decided.values().filter(|fate| matches!(fate, RowFate::Rejected(_)));
            rejected.count() as u64 + file.not_read
        })
    }

    /// The file with the counts of its rows by fate.
    pub(super) fn count_into(&self, source: u32, file: OwnFile) -> OwnFile {
        let Some(fates) = self.file(source) else { return file };
        let mut rejected: BTreeMap<String, u64> = BTreeMap::new();
        let mut merged = 0;
        for fate in fates.decided.values() {
            match fate {
                RowFate::Merged => merged += 1,
                RowFate::Rejected(reason) => *rejected.entry(reason.word().to_owned()).or_default() += 1,
            }
        }
        if fates.not_read > 0 {
            rejected.insert(RejectReason::SheetNotRead.word().to_owned(), fates.not_read);
        }
        let dropped = merged + rejected.values().sum::<u64>();
        OwnFile { rows: fates.rows, accepted: fates.rows.saturating_sub(dropped), merged, rejected, ..file }
    }

    fn file(&self, source: u32) -> Option<&FileFates> {
        self.0.get(source.checked_sub(1)? as usize)
    }

    fn file_mut(&mut self, source: u32) -> &mut FileFates {
        let at = source.saturating_sub(1) as usize;
        if self.0.len() <= at {
            self.0.resize_with(at + 1, FileFates::default);
        }
        &mut self.0[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_accepted_merged_or_rejected() {
        let mut fates = Fates::default();
        fates.add_file(2, 10, 3);
        fates.decide(2, 4, RowFate::Merged);
        fates.decide(2, 5, RowFate::Rejected(RejectReason::NoName));
        fates.decide(2, 7, RowFate::Rejected(RejectReason::NoName));
        // The map has no rows.
        fates.decide(0, 1, RowFate::Merged);
        let file = fates.count_into(2, OwnFile::default());
        let rejected = [("no_name".to_owned(), 2), ("sheet_not_read".to_owned(), 3)];
        assert_eq!((file.rows, file.accepted, file.merged), (10, 4, 1));
        assert_eq!(file.rejected, BTreeMap::from(rejected));
        assert_eq!(fates.rejected(2), 5);
        assert_eq!(fates.count_into(1, OwnFile::default()), OwnFile::default());
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "row 4 of file 1 was Some(Merged) before it was Rejected(NoName)")]
    fn a_row_has_one_fate_only() {
        let mut fates = Fates::default();
        fates.decide(1, 4, RowFate::Merged);
        // Rows of other files have the same numbers.
        fates.decide(2, 4, RowFate::Merged);
        fates.decide(1, 4, RowFate::Rejected(RejectReason::NoName));
    }
}
