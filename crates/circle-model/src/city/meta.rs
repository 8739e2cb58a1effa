//! What a city was made from.

use super::keys::KeyOf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Kept as JSON in the city file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// The files read, in order.
    pub inputs: Vec<Input>,
    /// Newest state of the map data, RFC 3339; `None` where the extract does not say.
    pub data_date: Option<String>,
    /// West, south, east, north in degrees: the extract's own box, else the box around its network.
    pub bounds: Option<[f64; 4]>,
    /// The network in figures.
    pub network: Network,
    /// Things left out, by reason.
    pub skipped: Skipped,
    /// Version of the program that built the city.
    pub built_by: String,
    /// [`Catalogue::fingerprint`](crate::Catalogue::fingerprint) of the catalogue that its facilities were sorted by.
    pub catalogue: String,
    /// Where heights come from; empty where slopes are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elevation: Vec<Input>,
    /// The planner's own files, in the order of their list; records name them by position, from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnFile>,
    /// Where compounds are closed without evidence.
    #[serde(default)]
    pub closed_by_default: ClosedByDefault,
    /// Districts that the census knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub census: Vec<CensusDistrict>,
    /// The earlier edition that keys were carried on from; `None` where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Keys of earlier editions that corrections name, and what they were taken for. What a correction leaves out has
    /// no row that could be an alias.
    #[serde(default, skip_serializing_if = "FollowedKeys::is_empty")]
    pub followed_keys: FollowedKeys,
}

/// Present keys by former ones, by collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FollowedKeys(BTreeMap<String, BTreeMap<String, String>>);

impl FollowedKeys {
    /// The present key of a former one.
    pub fn get(&self, of: KeyOf, former: &str) -> Option<&str> {
        self.0.get(of.word())?.get(former).map(String::as_str)
    }

    /// Adds a former key, in place of what it led to before.
    pub fn add(&mut self, of: KeyOf, former: &str, present: &str) {
        self.0.entry(of.word().to_owned()).or_default().insert(former.to_owned(), present.to_owned());
    }

    /// Former and present keys of a collection.
    pub fn pairs(&self, of: KeyOf) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.get(of.word()).into_iter().flatten();
        pairs.map(|(former, present)| (former.as_str(), present.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An earlier edition, and what became of its keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The [`Edition`](super::Edition) in hex.
    pub edition: String,
    /// The counts.
    #[serde(flatten)]
    pub keys: CarriedKeys,
    /// The first reused keys of each collection; `keys` counts all of them.
    #[serde(default)]
    pub reused: Vec<ReusedKey>,
}

/// Reused keys of a collection that are listed.
const MOST_LISTED: usize = 5;

impl Since {
    /// Lists a reused key with the names of the thing before and now, as long as few of its collection are listed.
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

/// A key made from an own id that names another thing than in the earlier edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReusedKey {
    /// The collection: the word of a [`KeyOf`].
    pub collection: String,
    /// The key.
    pub key: String,
    /// Name of the thing that it named before; empty where it has none of its own. Of a gate whose key is made from its
    /// compound's, the compound's name.
    pub name_before: String,
    /// Name of the thing that it names now.
    pub name_after: String,
    /// Metres between the two things.
    pub distance_metres: u64,
}

/// What became of keys, by collection.
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
    /// Those of a collection.
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

    /// Those of a collection, to be counted.
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

/// Things of an earlier edition by what became of their keys: kept, aliased, gone and reused add up to all of them, and
/// to its former keys that are reused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// They have their key still.
    pub kept: usize,
    /// They have another key, and their old one answers as well.
    pub aliased: usize,
    /// Things that the earlier edition did not have.
    pub new: usize,
    /// They are there no more.
    pub gone: usize,
    /// Their key, or a former one, names another thing now: an own id that is used again.
    #[serde(default)]
    pub reused: usize,
}

/// Where a compound that nothing is known of is closed, if it is named, has 2 to 40 ha and no public street through it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedByDefault {
    /// In mainland China, where that is the custom.
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

/// A district of the city in the census, and how its residents were estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CensusDistrict {
    /// Official code 行政区划代码.
    pub code: u32,
    /// Its name.
    pub name: String,
    /// Residents in the census of 2020.
    pub residents: u32,
    /// The data holds all of it.
    pub whole: bool,
    /// Residents by buildings before they were scaled, and by own counts.
    pub estimated: u64,
    /// What estimates were multiplied by to add up to the census; `None` where they were not.
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
    /// A file's name and hash.
    pub fn of(path: &std::path::Path, bytes: &[u8]) -> Self {
        use sha2::{Digest, Sha256};
        let sha256 = format!("{:x}", Sha256::digest(bytes));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, sha256 }
    }
}

impl Meta {
    /// What every title says of results on this city: the first label of its own files.
    pub fn label(&self) -> Option<&str> {
        self.own.iter().find_map(|file| file.label.as_deref())
    }
}

/// One of the planner's own files, and what became of its rows: `rows` = `accepted` + `merged` + all of `rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFile {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// What its rows are: `facilities`, `compounds`, …
    pub layer: String,
    /// The coordinates that its rows were read in.
    pub crs: String,
    /// Categories that it is said to list completely: what is not in it, or on the map, is not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete_for: Vec<String>,
    /// Names of the units that it is complete in; the whole city without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete_in: Vec<String>,
    /// What every title says of results that it is in, such as 演示数据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Remarks on the file as a whole: its encoding, its sheet, how its coordinates lie on the city.
    pub said: Vec<String>,
    /// Rows in it.
    pub rows: u64,
    /// Rows that became records of their own.
    pub accepted: u64,
    /// Rows taken for a place that another record already stands for.
    pub merged: u64,
    /// Rows left out, by reason.
    pub rejected: BTreeMap<String, u64>,
}

/// The network in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Junctions.
    pub nodes: usize,
    /// Stretches between junctions.
    pub edges: usize,
    /// Length of all edges.
    pub walkable_km: f64,
    /// Parts that hang together.
    pub components: usize,
    /// Share of the length in the largest part.
    pub largest_component_share: f64,
}

/// Counts by reason.
pub type Skipped = BTreeMap<String, u64>;
