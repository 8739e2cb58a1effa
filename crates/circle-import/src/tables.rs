//! Tables that are not part of a city: labelled records, filled-in forms, ledgers of problems.

mod classified;
mod ledger;
mod text_table;

pub use classified::{ClassifiedFile, ClassifiedRow, classify_file};
pub use ledger::{FilledLedger, LedgerRow, read_ledger};
pub use text_table::{TextTable, read_text_table};
