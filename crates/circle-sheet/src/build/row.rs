//! The cells of one row before they enter a sheet.

/// Limit of bytes of a cell: the 32,767 characters of a spreadsheet cell at four bytes each.
const MAX_CELL_BYTES: usize = 131_068;

/// The cells of a row, reused from row to row.
#[derive(Debug, Default, Clone)]
pub(crate) struct RowBuffer {
    /// As [`Sheet::number`](crate::Sheet::number).
    pub(crate) number: u32,
    /// The first fault of the row; a row with one is rejected.
    pub(crate) fault: Option<RowFault>,
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
}

/// The reason for which a row is rejected.
#[derive(Debug, Clone)]
pub(crate) struct RowFault {
    /// The column at fault; `None` for the whole row.
    pub(crate) column: Option<usize>,
    pub(crate) reason: String,
}

impl RowBuffer {
    /// Empties the buffer for the row of this number.
    pub(crate) fn start(&mut self, number: u32) {
        self.number = number;
        self.fault = None;
        self.text.clear();
        self.ends.clear();
    }

    pub(crate) fn push(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.len() > MAX_CELL_BYTES {
            self.fail(
                Some(self.ends.len()),
                "the cell is longer than 32,767 characters, the limit of spreadsheets",
            );
        } else {
            self.text.push_str(cell);
        }
        self.ends.push(self.text.len() as u32);
    }

    /// Records a fault, unless the row already has one.
    pub(crate) fn fail(&mut self, column: Option<usize>, reason: impl Into<String>) {
        if self.fault.is_none() {
            self.fault = Some(RowFault { column, reason: reason.into() });
        }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start as usize..*end as usize])
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Count of cells up to the last filled one.
    pub(crate) fn filled(&self) -> usize {
        let end = self.text.len() as u32;
        if end == 0 { 0 } else { self.ends.partition_point(|it| *it < end) + 1 }
    }

    /// Drops all cells after the first `cells`.
    pub(crate) fn truncate(&mut self, cells: usize) {
        self.ends.truncate(cells);
        self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// Writes texts into those of the given columns that are empty.
    pub(crate) fn fill(&mut self, texts: &[(usize, String)]) {
        let mut cells: Vec<String> = self.cells().map(str::to_owned).collect();
        for (column, text) in texts {
            if cells.len() <= *column {
                cells.resize(*column + 1, String::new());
            }
            if cells[*column].is_empty() {
                cells[*column].clone_from(text);
            }
        }
        self.text.clear();
        self.ends.clear();
        for cell in &cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len() as u32);
        }
    }

    /// Approximate size in memory, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice()) + size_of::<Self>()
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.fault.is_none()
    }
}
