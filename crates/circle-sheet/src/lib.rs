//! Planners' files of any format, read as rows of cells and shapes, with their columns and their coordinate
//! reference system.
//!
//! Planners keep facilities, gates, compounds and counts in spreadsheets and exports of GIS programs. This
//! crate reads CSV, XLSX, XLS, ODS, `GeoJSON`, KML, `GeoPackage` and Shapefile into one form, the [`Sheet`]:
//! cells as text, shapes in the file's own coordinates, and every row that cannot be read with its reason. It
//! recognises the columns by their headings ([`Columns`]) and determines the coordinate reference system of
//! the numbers ([`datum`]). It knows nothing of the city except the raster for this comparison; the import
//! converts rows to records.
//!
//! Files are untrusted: every reader bounds time and memory, and none panics.
//!
//! | layer | files | uses |
//! | --- | --- | --- |
//! | data | `error`, `quote`, `number`, `layer`, `sheet` | |
//! | coordinates | `datum` (without `resolve`) | data |
//! | columns | `columns`, `options`, `coordinates` | data, coordinates |
//! | bytes | `source` | data |
//! | construction | `build` | data, columns |
//! | readers | `formats`, `read` | all above |
//! | decision | `datum::resolve` | columns, coordinates |
//!
//! # Example
//!
//! ```
//! use circle_sheet::{
//!     Columns, ExpectedColumns, OwnLayer, ReadOptions, Role, RowCoordinates, read_sheet, row_coordinates,
//! };
//! use std::collections::BTreeMap;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("诊所.csv");
//! std::fs::write(&path, "诊所一览表\n名称,经度(GCJ02),纬度(GCJ02),床位\n康民诊所,126.63,45.75,12\n错位,1,2,3,4\n")?;
//!
//! // The names of columns in `OWN.toml`; there are none.
//! let named = BTreeMap::new();
//! let expected = Some(ExpectedColumns { layer: OwnLayer::Facilities, named: &named });
//! let sheet = read_sheet(&path, &ReadOptions { expected, ..ReadOptions::default() })?;
//! assert_eq!((sheet.len(), sheet.number(0)), (1, 3)); // The title and the header are rows 1 and 2.
//! assert_eq!(sheet.rejected.len(), 1); // It has a surplus cell.
//!
//! let columns = Columns::find(&sheet, OwnLayer::Facilities, &named)?;
//! assert_eq!(columns.cell(&sheet, 0, Role::Name), "康民诊所");
//! assert_eq!(row_coordinates(&sheet, &columns, 0), RowCoordinates::At([126.63, 45.75]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod columns;
mod coordinates;
pub mod datum;
mod error;
mod formats;
#[cfg(test)]
mod hostile;
mod layer;
mod number;
mod options;
mod quote;
mod read;
mod sheet;
mod source;

pub use columns::{Columns, ExpectedColumns, MissingColumn, Role};
pub use coordinates::{
    CellError, NoCoordinates, RowCoordinates, check_coordinates, parse_coordinates, row_coordinates,
};
pub use error::SheetError;
pub use formats::xlsx::preview::{PREVIEW_ROWS, PreviewRow, SheetPreview, read_previews};
pub use layer::OwnLayer;
pub use number::parse_number;
pub use options::ReadOptions;
pub use quote::{excerpt, name_list};
pub use read::read_sheet;
pub use sheet::{DeclaredCrs, FORMULAS_WITHOUT_VALUES, RejectedRow, Shape, Sheet, UnreadSheet};
