//! The coordinates of a row, as numbers of the file: from its shape, from two columns, or from one cell.

use crate::columns::{Columns, Role};
use crate::datum::parse_coordinate;
use crate::quote::{excerpt, name_list};
use crate::sheet::{Shape, Sheet};
use circle_model::files::clean;

/// The coordinates of a row, in the file's own reference system and order.
#[derive(Debug, Clone, PartialEq)]
pub enum RowCoordinates {
    /// The row has neither a shape nor filled cells.
    Missing,
    /// A cell is not a number.
    Invalid(CellError),
    /// Two finite numbers: of a point, of the middle vertex of a line, of the first vertex of a polygon.
    At([f64; 2]),
}

/// A cell that is not valid in its column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column}: {reason}")]
pub struct CellError {
    /// The heading of its column.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

/// A sheet without any coordinates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no coordinates in it: it needs columns for longitude and latitude (经度, 纬度), or one `location` with both, and \
     has: {}; name them in OWN.toml as `lon` and `lat`{}",
    name_list(present),
    remark.as_ref().map(|remark| format!(" ({remark})")).unwrap_or_default()
)]
pub struct NoCoordinates {
    /// The headings that the sheet has.
    pub present: Vec<String>,
    /// The remark on the choice of the sheet, if there is one.
    pub remark: Option<String>,
}

/// Checks that a sheet has columns for coordinates, or shapes.
///
/// # Errors
/// If it has neither.
pub fn check_coordinates(sheet: &Sheet, columns: &Columns) -> Result<(), NoCoordinates> {
    let has_shapes = (0..sheet.len()).any(|row| !matches!(sheet.shape(row), Shape::None));
    if has_columns(columns) || columns.has(Role::Location) || has_shapes {
        return Ok(());
    }
    let of_sheet = sheet.remarks.iter().find(|remark| remark.starts_with("sheet `"));
    Err(NoCoordinates { present: sheet.columns.clone(), remark: of_sheet.map(|remark| clean(remark, 200)) })
}

/// The coordinates of a row: of its shape, else of the columns `lon` and `lat`, else of the column
/// `location`.
///
/// # Panics
/// If `row` is not below the sheet's length.
pub fn row_coordinates(sheet: &Sheet, columns: &Columns, row: usize) -> RowCoordinates {
    let of_vertex = |at: Option<&[f64; 2]>| at.map_or(RowCoordinates::Missing, |at| RowCoordinates::At(*at));
    match sheet.shape(row) {
        Shape::Point(at) => return RowCoordinates::At(*at),
        Shape::Lines(lines) => {
            return of_vertex(lines.first().and_then(|line| line.get(line.len() / 2)));
        }
        Shape::Polygons(polygons) => {
            return of_vertex(polygons.first().and_then(|rings| rings.first()).and_then(|ring| ring.first()));
        }
        Shape::None => {}
    }
    let pair = |cells| {
        parse_coordinates(sheet, columns, cells).map_or_else(RowCoordinates::Invalid, RowCoordinates::At)
    };
    if has_columns(columns) {
        let (lon, lat) = (columns.cell(sheet, row, Role::Lon), columns.cell(sheet, row, Role::Lat));
        if !lon.is_empty() || !lat.is_empty() {
            if let Some(error) = empty_formula(sheet, columns, row) {
                return RowCoordinates::Invalid(error);
            }
            return pair([(Role::Lon, lon), (Role::Lat, lat)]);
        }
    }
    let location = columns.cell(sheet, row, Role::Location);
    if location.is_empty() {
        return RowCoordinates::Missing;
    }
    match split_location(location) {
        Some([lon, lat]) => pair([(Role::Location, lon), (Role::Location, lat)]),
        None => RowCoordinates::Invalid(CellError {
            column: columns.heading(sheet, Role::Location).to_owned(),
            reason: format!("`{}` is not `lng,lat`", excerpt(location)),
        }),
    }
}

/// Two cells as numbers.
///
/// # Errors
/// If one is not a number; the error names its column.
pub fn parse_coordinates(
    sheet: &Sheet,
    columns: &Columns,
    cells: [(Role, &str); 2],
) -> Result<[f64; 2], CellError> {
    let number = |(role, cell): (Role, &str)| {
        parse_coordinate(cell).ok_or_else(|| CellError {
            column: columns.heading(sheet, role).to_owned(),
            reason: format!("`{}` is not a number", excerpt(cell)),
        })
    };
    Ok([number(cells[0])?, number(cells[1])?])
}

fn has_columns(columns: &Columns) -> bool {
    columns.has(Role::Lon) && columns.has(Role::Lat)
}

/// The error of a row whose coordinate is a formula without a value.
fn empty_formula(sheet: &Sheet, columns: &Columns, row: usize) -> Option<CellError> {
    let is_empty =
        |role: &Role| columns.position(*role).is_some_and(|column| sheet.is_empty_formula(row, column));
    let role = [Role::Lon, Role::Lat].into_iter().find(is_empty)?;
    Some(CellError {
        column: columns.heading(sheet, role).to_owned(),
        reason: "it is a formula without a value; open the file in Excel or WPS and save it".to_owned(),
    })
}

/// Two coordinates in one cell: `126.63,45.75`, `126.63/45.75`, `POINT (126.63 45.75)`, `经度：126.63 纬度：45.75`.
fn split_location(cell: &str) -> Option<[&str; 2]> {
    let cell = cell.trim();
    let bracket = cell.find(['(', '（']).filter(|at| cell[..*at].to_ascii_uppercase().contains("POINT"));
    let cell = bracket.map_or(cell, |at| &cell[at..]);
    let cell =
        cell.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '（' | '）') || c.is_whitespace());
    let separators = [[',', '，'], [';', '；'], ['/', '／'], ['|', '｜'], ['、', '\t'], [' ', '\u{3000}']];
    let split = |separators: [char; 2]| {
        let mut parts = cell.split(separators).map(str::trim).filter(|part| !part.is_empty());
        let pair = [parts.next()?, parts.next()?];
        // A third number is a height.
        let are_numbers = parts.all(|part| part.parse::<f64>().is_ok());
        (are_numbers && pair.iter().all(|part| parse_coordinate(part).is_some())).then_some(pair)
    };
    let pair = separators.into_iter().find_map(split);
    // Not two numbers: the parts around the comma are returned for the message.
    pair.or_else(|| cell.split_once([',', '，']).map(|(lon, lat)| [lon.trim(), lat.trim()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::OwnLayer;
    use std::collections::BTreeMap;

    #[test]
    fn two_coordinates_in_one_cell_are_split() {
        for cell in [
            "126.63,45.75",
            "126.63，45.75",
            "126.63/45.75",
            " 126.63 | 45.75 ",
            "POINT (126.63 45.75)",
            "[126.63;45.75;120]",
        ] {
            assert_eq!(split_location(cell), Some(["126.63", "45.75"]), "{cell}");
        }
        assert_eq!(split_location("某路,1号"), Some(["某路", "1号"]));
        assert_eq!(split_location("某路1号"), None);
    }

    #[test]
    fn sheets_without_coordinates_are_rejected_with_their_headings() {
        let sheet = Sheet {
            columns: vec!["名称".to_owned()],
            remarks: vec!["sheet `a` was read; there is also `b`".to_owned()],
            ..Sheet::default()
        };
        let columns = Columns::find(&sheet, OwnLayer::Facilities, &BTreeMap::new()).unwrap();
        assert_eq!(
            check_coordinates(&sheet, &columns).unwrap_err().to_string(),
            "no coordinates in it: it needs columns for longitude and latitude (经度, 纬度), or one `location` with both, \
             and has: 名称; name them in OWN.toml as `lon` and `lat` (sheet `a` was read; there is also `b`)"
        );
    }
}
