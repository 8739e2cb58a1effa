//! From rows as a format delivers them to a [`Sheet`](crate::Sheet): headers, merged cells, bounds of memory.

pub(crate) mod builder;
pub(crate) mod cell;
mod header;
pub(crate) mod row;
pub(crate) mod shape_parts;
pub(crate) mod table;
pub(crate) mod workbook;
