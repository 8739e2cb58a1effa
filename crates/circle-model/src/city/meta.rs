//! The summary of a city: what it was built from.

use super::key_records::KeyOf;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The summary of a city, stored as JSON in the city file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// The input files, in order.
    pub inputs: Vec<Input>,
    /// Date of the newest map data, RFC 3339; `None` if the extract does not state it.
    pub data_date: Option<String>,
    /// West, south, east, north in degrees: the extract's own box, else the bounding box of its network.
    pub bounds: Option<[f64; 4]>,
    /// Figures of the network.
    pub network: NetworkSummary,
    /// Numbers of skipped objects, by reason.
    pub skipped: Skipped,
    /// Version of the program that built the city.
    pub built_by: String,
    /// [`Catalogue::fingerprint`](crate::Catalogue::fingerprint) of the catalogue that its facilities were
    /// classified with.
    pub catalogue: String,
    /// Sources of heights; empty if slopes are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elevation: Vec<Input>,
    /// Own files, in the order of their list; records name them by position, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnFile>,
    /// Where compounds without evidence are taken as closed.
    #[serde(default)]
    pub closed_by_default: ClosedByDefault,
    /// Districts that are in the census.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub census: Vec<CensusDistrict>,
    /// The earlier edition that keys were carried on from; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Keys of earlier editions that corrections name, with the keys that they were resolved to. A thing that
    /// a correction removes has no row that could have an alias.
    #[serde(default, skip_serializing_if = "FollowedKeys::is_empty")]
    pub followed_keys: FollowedKeys,
}

/// Present keys by former keys, by collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FollowedKeys(BTreeMap<String, BTreeMap<String, String>>);

impl FollowedKeys {
    /// The present key of a former one.
    pub fn get(&self, of: KeyOf, former: &str) -> Option<&str> {
        self.0.get(of.word())?.get(former).map(String::as_str)
    }

    /// Adds a former key, or replaces its present key.
    pub fn add(&mut self, of: KeyOf, former: &str, present: &str) {
        self.0.entry(of.word().to_owned()).or_default().insert(former.to_owned(), present.to_owned());
    }

    /// Former and present keys of a collection.
    pub fn pairs(&self, of: KeyOf) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.get(of.word()).into_iter().flatten();
        pairs.map(|(former, present)| (former.as_str(), present.as_str()))
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An earlier edition with the fate of its keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The [`Edition`](super::Edition) in hex.
    pub edition: String,
    /// The counts.
    #[serde(flatten)]
    pub keys: CarriedKeys,
    /// The first reused keys of each collection; `keys` has their number.
    #[serde(default)]
    pub reused: Vec<ReusedKey>,
}

/// Maximum number of listed reused keys of a collection.
const MOST_LISTED: usize = 5;

impl Since {
    /// Lists a reused key with the former and the present name of the thing, unless `MOST_LISTED` are listed.
    pub fn list_reused(&mut self, of: KeyOf, key: &str, names: [&str; 2], distance_metres: f64) {
        let collection = of.word().to_owned();
        if self.reused.iter().filter(|listed| listed.collection == collection).count() < MOST_LISTED {
            let [name_before, name_after] = names.map(str::to_owned);
            let distance_metres = distance_metres.round() as u64;
            let key = key.to_owned();
            self.reused.push(ReusedKey { collection, key, name_before, name_after, distance_metres });
        }
    }
}

/// A key made from an own id that now names another thing than in the earlier edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReusedKey {
    /// The collection: the word of a [`KeyOf`].
    pub collection: String,
    /// The key.
    pub key: String,
    /// Name of the thing that it named before; empty if it has none. For a gate whose key is made from that
    /// of its compound, the name of the compound.
    pub name_before: String,
    /// Name of the thing that it names now.
    pub name_after: String,
    /// Metres between the two things.
    pub distance_metres: u64,
}

/// Counts of keys, by collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CarriedKeys {
    /// Compounds.
    pub compounds: Carried,
    /// Gates.
    pub gates: Carried,
    /// Facilities.
    pub facilities: Carried,
    /// District units.
    pub units: Carried,
    /// Candidate spaces.
    pub candidates: Carried,
    /// Residential buildings.
    pub buildings: Carried,
}

impl CarriedKeys {
    /// The counts of a collection.
    pub const fn of(&self, of: KeyOf) -> &Carried {
        match of {
            KeyOf::Compound => &self.compounds,
            KeyOf::Gate => &self.gates,
            KeyOf::Facility => &self.facilities,
            KeyOf::Unit => &self.units,
            KeyOf::Candidate => &self.candidates,
            KeyOf::Building => &self.buildings,
        }
    }

    /// The counts of a collection, for counting.
    pub const fn of_mut(&mut self, of: KeyOf) -> &mut Carried {
        match of {
            KeyOf::Compound => &mut self.compounds,
            KeyOf::Gate => &mut self.gates,
            KeyOf::Facility => &mut self.facilities,
            KeyOf::Unit => &mut self.units,
            KeyOf::Candidate => &mut self.candidates,
            KeyOf::Building => &mut self.buildings,
        }
    }
}

/// Things of an earlier edition, counted by the fate of their keys. Kept, aliased, gone and reused add up to
/// all things plus the reused former keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Things that still have their key.
    pub kept: usize,
    /// Things with another key; the old one is an alias.
    pub aliased: usize,
    /// Things that the earlier edition did not have.
    pub new: usize,
    /// Things that are gone.
    pub gone: usize,
    /// Keys, present or former, that now name another thing, because an own id was reused.
    #[serde(default)]
    pub reused: usize,
}

/// Where a compound without evidence is taken as closed, if it is named, has 2 to 40 ha and no public street
/// runs through it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedByDefault {
    /// In mainland China, where this is the custom.
    #[default]
    China,
    /// Nowhere.
    Never,
    /// Everywhere.
    Always,
}

impl ClosedByDefault {
    /// The word in files, options and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::China => "china",
            Self::Never => "never",
            Self::Always => "always",
        }
    }
}

/// A district of the city in the census, with the estimate of its residents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CensusDistrict {
    /// Official code 行政区划代码.
    pub code: u32,
    /// Its name.
    pub name: String,
    /// Residents in the census of 2020.
    pub residents: u32,
    /// Whether the data holds all of it.
    pub whole: bool,
    /// Residents by estimates before scaling, and by own counts.
    pub estimated: u64,
    /// The factor that scaled the estimates to the census; `None` if they were not scaled.
    pub scaled_by: Option<f64>,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl Input {
    /// Name and hash of a file.
    pub fn of(path: &std::path::Path, bytes: &[u8]) -> Self {
        Self::hashed(path, Sha256::new_with_prefix(bytes))
    }

    /// As [`Input::of`], for a file that is read in parts, so that it may be larger than memory.
    ///
    /// # Errors
    ///
    /// When the file system fails, or the path is a folder, device or pipe.
    pub fn of_file(path: &std::path::Path) -> std::io::Result<Self> {
        let mut hash = Sha256::new();
        std::io::copy(&mut crate::files::open_regular(path)?, &mut hash)?;
        Ok(Self::hashed(path, hash))
    }

    fn hashed(path: &std::path::Path, hash: Sha256) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, sha256: format!("{:x}", hash.finalize()) }
    }
}

impl Meta {
    /// The label of results on this city: the first label of its own files.
    pub fn label(&self) -> Option<&str> {
        self.own.iter().find_map(|file| file.label.as_deref())
    }
}

/// An own file with the fate of its rows: `rows` = `accepted` + `merged` + the sum of `rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFile {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// The kind of its rows: `facilities`, `compounds`, …
    pub layer: String,
    /// The coordinate reference system of its rows.
    pub crs: String,
    /// Categories that it is declared to list completely: what is neither in it nor on the map does not
    /// exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete_for: Vec<String>,
    /// Names of the units in which it is complete; empty for the whole city.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete_in: Vec<String>,
    /// A label for all results that use it, such as 演示数据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Remarks on the whole file: its encoding, its sheet, the position of its coordinates relative to the
    /// city.
    #[serde(rename = "said")]
    pub remarks: Vec<String>,
    /// Number of rows.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows merged into another record of the same thing.
    pub merged: u64,
    /// Rejected rows, by reason.
    pub rejected: BTreeMap<String, u64>,
}

/// Figures of the network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkSummary {
    /// Junctions.
    pub nodes: usize,
    /// Pieces of way between junctions.
    pub edges: usize,
    /// Length of all edges.
    pub walkable_km: f64,
    /// Number of connected components.
    pub components: usize,
    /// Share of the length in the largest component.
    pub largest_component_share: f64,
}

/// Counts by reason.
pub type Skipped = BTreeMap<String, u64>;
