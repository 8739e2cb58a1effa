//! Remarks on a ledger, the most important first.

/// Remarks by kind.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// Reasons, each with the sheets that were skipped for it.
    sheets: Vec<(String, Vec<String>)>,
    /// Remarks on several rows, or cells of several rows.
    pub(super) many: Vec<String>,
    /// Remarks on rows that could not be read.
    pub(super) rows: Vec<String>,
    /// Remarks on cells that were changed.
    pub(super) changed: Vec<String>,
}

impl Remarks {
    /// Records a sheet that was skipped.
    pub(super) fn skip_sheet(&mut self, sheet: String, why: String) {
        match self.sheets.iter_mut().find(|(same, _)| *same == why) {
            Some((_, sheets)) => sheets.push(sheet),
            None => self.sheets.push((why, vec![sheet])),
        }
    }

    /// The skipped sheets with their reasons in one text.
    pub(super) fn reasons(&self) -> String {
        let sheets = self.sheets.iter().map(|(why, sheets)| format!("`{}`: {why}", sheets.join("`, `")));
        sheets.collect::<Vec<_>>().join("; ")
    }

    /// All remarks, one for each line.
    pub(super) fn lines(self) -> Vec<String> {
        /// Limit of names of sheets on a line.
        const MOST_NAMES: usize = 15;
        let mut lines = Vec::new();
        for (why, sheets) in &self.sheets {
            for sheets in sheets.chunks(MOST_NAMES) {
                let word = if sheets.len() == 1 { "sheet" } else { "sheets" };
                lines.push(format!("{word} `{}`: left out: {why}", sheets.join("`, `")));
            }
        }
        lines.extend(self.many.into_iter().chain(self.rows).chain(self.changed));
        lines
    }
}
