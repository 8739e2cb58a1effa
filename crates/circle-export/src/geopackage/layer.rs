//! Division of tables into layers with one geometry type.

use crate::statement::titled;
use crate::typed::{TableGeometry, TypedTable};

/// A table of the file.
pub(super) struct FileTable<'a> {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) table: &'a TypedTable,
    /// The geometry type; `None` without geometries.
    pub(super) shape: Option<Shape>,
    /// The rows of the table that are in it.
    rows: Rows,
}

/// The geometry type of a table.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Points,
    Polygons,
    /// No row has a geometry.
    Any,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    All,
    Points,
    AllButPoints,
}

impl FileTable<'_> {
    /// Whether a row of the table is in it.
    pub(super) fn has(&self, row: usize) -> bool {
        match self.rows {
            Rows::All => true,
            Rows::Points => is_point(self.table, row),
            Rows::AllButPoints => !is_point(self.table, row),
        }
    }
}

fn is_point(table: &TypedTable, row: usize) -> bool {
    matches!(table.place(row), Some(TableGeometry::Point(_)))
}

/// The tables of the file for a table: two if it has points and polygons.
pub(super) fn layers_of<'a>(
    table: &'a TypedTable,
    before: &[FileTable<'_>],
    statement: &[String],
) -> Vec<FileTable<'a>> {
    let name = free_name(table.name(), before);
    let title = titled(table.title(), statement);
    let layer = |shape, rows| FileTable { name: name.clone(), title: title.clone(), table, shape, rows };
    if !table.is_layer() {
        return vec![layer(None, Rows::All)];
    }
    let placed = || (0..table.len()).filter(|&row| table.place(row).is_some());
    let points = placed().any(|row| is_point(table, row));
    let polygons = placed().any(|row| !is_point(table, row));
    match (points, polygons) {
        (false, false) => vec![layer(Some(Shape::Any), Rows::All)],
        (true, false) => vec![layer(Some(Shape::Points), Rows::All)],
        (false, true) => vec![layer(Some(Shape::Polygons), Rows::All)],
        (true, true) => {
            let points = FileTable {
                name: free_name(&format!("{name}_points"), before),
                title: format!("{title} · 点 points"),
                ..layer(Some(Shape::Points), Rows::Points)
            };
            vec![layer(Some(Shape::Polygons), Rows::AllButPoints), points]
        }
    }
}

/// A name that no other table of the file has.
fn free_name(name: &str, before: &[FileTable<'_>]) -> String {
    // Names without quotes keep the SQL of triggers simple.
    let name = name.replace(['"', '\0'], "_");
    let reserved =
        ["gpkg_", "sqlite_", "rtree_"].iter().any(|start| name.to_ascii_lowercase().starts_with(start));
    let name = if reserved || name.is_empty() { format!("t_{name}") } else { name };
    let taken = |name: &String| {
        let same = |other: &str| name.eq_ignore_ascii_case(other);
        ["sources", "layer_styles"].into_iter().any(same) || before.iter().any(|layer| same(&layer.name))
    };
    let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

impl Shape {
    pub(super) fn sql_name(self) -> &'static str {
        match self {
            Self::Points => "POINT",
            Self::Polygons => "MULTIPOLYGON",
            Self::Any => "GEOMETRY",
        }
    }
}
