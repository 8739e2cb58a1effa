//! Field corrections in memory, such as those of a store. They are read like the rows of a file.

use super::list::ListedFile;
use circle_model::LonLat;
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
    /// The correct category by id or name, for [`CorrectionAction::WrongCategory`].
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

/// The kind of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionAction {
    /// It is closed for good, or gone.
    Closed,
    /// It is at another place.
    Moved,
    /// There is an unmapped gate.
    NewGate,
    /// It has another name.
    Renamed,
    /// It is of another category.
    WrongCategory,
}

impl CorrectionAction {
    /// The action of a word in a file, in lower case.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "closed" | "关闭" | "已关闭" | "停业" | "已停业" | "撤销" => Self::Closed,
            "moved" | "移位" | "搬迁" | "已搬迁" | "位置错误" => Self::Moved,
            "new_gate" | "new gate" | "新增出入口" | "新门" | "新增大门" => Self::NewGate,
            "renamed" | "更名" | "已更名" | "名称错误" => Self::Renamed,
            "wrong_category" | "wrong category" | "类别错误" | "分类错误" => Self::WrongCategory,
            _ => return None,
        })
    }

    /// Its name in files and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Moved => "moved",
            Self::NewGate => "new_gate",
            Self::Renamed => "renamed",
            Self::WrongCategory => "wrong_category",
        }
    }
}

/// The collection that a correction applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectedThing {
    /// A facility.
    Facility,
    /// A compound.
    Compound,
    /// A gate of a compound.
    Gate,
}

impl CorrectedThing {
    /// The collection of a word in a file; `None` for other words, where the action decides.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "compound" | "compounds" | "小区" => Some(Self::Compound),
            "gate" | "gates" | "出入口" | "大门" => Some(Self::Gate),
            _ => None,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Compound => "compound",
            Self::Gate => "gate",
        }
    }
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
