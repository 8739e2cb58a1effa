//! Field corrections in memory, such as those of a store. They are read like the rows of a file.

use super::list::ListedFile;
use circle_model::LonLat;
use circle_model::corrections::{CorrectedThing, CorrectionAction};
use circle_sheet::{OwnLayer, Role, Sheet};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Field corrections 更正 under one name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corrections {
    /// The name in messages and in the city's list of own files.
    pub name: String,
    /// The corrections. Messages name them by number, from 1.
    pub records: Vec<FieldCorrection>,
}

/// A field correction of the row that `target` identifies, else name and place.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldCorrection {
    /// The kind of correction.
    pub action: CorrectionAction,
    /// The collection of the corrected row.
    pub of: CorrectedThing,
    /// An id, a key, or an OSM object such as `node/123`.
    pub target: Option<String>,
    /// Name of the corrected row.
    pub name: Option<String>,
    /// The compound of a gate, by name, id or key.
    pub compound: Option<String>,
    /// Place of the corrected row, WGS 84.
    pub place: Option<LonLat>,
    /// The new name, for [`CorrectionAction::Renamed`].
    pub new_name: Option<String>,
    /// The category by id or name, for [`CorrectionAction::WrongCategory`] and [`CorrectionAction::NewFacility`].
    pub new_category: Option<String>,
    /// The new place, for [`CorrectionAction::Moved`], WGS 84.
    pub new_place: Option<LonLat>,
    /// The person or office that reported it.
    pub author: String,
    /// The date of the report.
    pub date: String,
    /// Further remarks.
    pub note: String,
}

/// The columns of [`Corrections::sheet`], in the order of [`FieldCorrection::cells`].
const COLUMNS: [Role; 14] = [
    Role::Action,
    Role::TargetLayer,
    Role::Target,
    Role::Name,
    Role::Compound,
    Role::Lon,
    Role::Lat,
    Role::NewName,
    Role::NewCategory,
    Role::NewLon,
    Role::NewLat,
    Role::Author,
    Role::Date,
    Role::Note,
];

impl Corrections {
    /// The entry of `OWN.toml` that a file of these corrections would have.
    pub(super) fn listed(&self) -> ListedFile {
        ListedFile {
            path: PathBuf::from(&self.name),
            layer: OwnLayer::Corrections,
            crs: Some("wgs84".to_owned()),
            sheet: None,
            encoding: None,
            header_row: None,
            category: None,
            complete_for: Vec::new(),
            complete_in: Vec::new(),
            label: None,
            level: None,
            columns: BTreeMap::new(),
        }
    }

    /// The corrections as the rows of a sheet, and the SHA-256 of their cells in hex.
    pub(super) fn sheet(&self) -> (Sheet, String) {
        let rows: Vec<Vec<String>> = self.records.iter().map(FieldCorrection::cells).collect();
        let mut hash = Sha256::new();
        for cell in rows.iter().flatten() {
            hash.update(cell.as_bytes());
            hash.update([0]);
        }
        let mut hex = String::with_capacity(64);
        for byte in hash.finalize() {
            let _ = write!(hex, "{byte:02x}");
        }
        (Sheet::from_records(&COLUMNS.map(Role::word), rows), hex)
    }
}

impl FieldCorrection {
    fn cells(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let place = |place: Option<LonLat>| match place {
            Some(LonLat { lon, lat }) => [lon.to_string(), lat.to_string()],
            None => [String::new(), String::new()],
        };
        let ([lon, lat], [new_lon, new_lat]) = (place(self.place), place(self.new_place));
        vec![
            self.action.word().to_owned(),
            self.of.word().to_owned(),
            text(&self.target),
            text(&self.name),
            text(&self.compound),
            lon,
            lat,
            text(&self.new_name),
            text(&self.new_category),
            new_lon,
            new_lat,
            self.author.clone(),
            self.date.clone(),
            self.note.clone(),
        ]
    }
}
