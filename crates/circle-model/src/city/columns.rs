//! The tables: one list of columns defines the owned form, the mapped form and the file layout.

use super::conditions::{Conditions, Shut};
use super::facilities::{Access, Facility, SourceRecord};
use super::findings::Finding;
use super::image::{Image, Section};
use super::key_records::FormerKey;
use super::meta::Meta;
use super::places::{Building, Candidate, Compound, Gate, Hours, Unit};
use super::records::{Edge, MapFeature, Node, Ring, Slope, Zone};
use crate::coordinates::Point;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;
use zerocopy::{FromBytes, IntoBytes};

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        /// The tables while a city is being built.
        #[derive(Debug, Default)]
        pub struct CityTables { $($(#[$doc])* pub $name: Vec<$type>),* }

        /// Tables that replace those of a city.
        #[derive(Debug, Default)]
        pub struct ChangedTables { $($(#[$doc])* pub $name: Option<Vec<$type>>),* }

        /// Position of each table, and whether it is in the overlay rather than in the image.
        #[derive(Debug, Clone, Copy, Default)]
        pub(super) struct Sections { $($name: (Section, bool)),* }

        impl CityTables {
            pub(super) fn columns(&self) -> Vec<&[u8]> {
                vec![$(self.$name.as_bytes()),*]
            }
        }

        impl Sections {
            /// `None` when the sections do not fit the row sizes.
            pub(super) fn of(sections: &[Section], image: &Image) -> Option<Self> {
                let mut sections = sections.iter().copied();
                let result = Self { $($name: (sections.next().filter(|section| {
                    <[$type]>::ref_from_bytes(image.section(*section)).is_ok()
                })?, false)),* };
                sections.next().is_none().then_some(result)
            }
        }

        impl City {
            /// The same city with some tables replaced; the others are shared, not copied.
            #[must_use]
            pub fn changed(&self, changed: ChangedTables) -> Self {
                let mut overlay: Vec<u64> = Vec::new();
                let mut sections = self.sections;
                let mut changes = Xxh3::new();
                $(
                    // Tables that an earlier change replaced stay replaced.
                    let own = self.sections.$name.1.then(|| self.$name());
                    if let Some(rows) = changed.$name.as_deref().or(own) {
                        changes.update(stringify!($name).as_bytes());
                        changes.update(rows.as_bytes());
                        sections.$name = (lay_over(&mut overlay, rows.as_bytes()), true);
                    }
                )*
                let overlay = Some(Image::Heap(overlay.into()));
                Self { overlay, sections, changes: changes.digest(), ..self.clone() }
            }

            /// Copies all tables, with their changes.
            pub(super) fn tables(&self) -> CityTables {
                CityTables { $($name: self.$name().to_vec()),* }
            }

            $($(#[$doc])*
            #[inline]
            pub fn $name(&self) -> &[$type] {
                <[$type]>::ref_from_bytes(self.section(self.sections.$name)).unwrap_or_default()
            })*
        }
    };
}

columns! {
    /// All names, end to end, UTF-8.
    texts: u8,
    /// All coordinates, end to end.
    points: Point,
    /// Rings, lines and points of features, compounds and units.
    rings: Ring,
    /// Junctions of the pedestrian network, along a Hilbert curve.
    nodes: Node,
    /// Edges of the pedestrian network, by their `from`.
    edges: Edge,
    /// Slopes of the edges, one for each; empty if heights are not known.
    slopes: Slope,
    /// Zones; the first is the public network.
    zones: Zone,
    /// Metres of way in each connected component of the network.
    component_metres: u32,
    /// The base map.
    features: MapFeature,
    /// Compounds.
    compounds: Compound,
    /// Gates, by compound.
    gates: Gate,
    /// Residential buildings, by compound.
    buildings: Building,
    /// Facilities.
    facilities: Facility,
    /// Access points, by facility.
    access_points: Access,
    /// Positions in the catalogue, by facility.
    facility_categories: u8,
    /// District units, by level.
    units: Unit,
    /// The records that facilities and compounds were made from.
    origins: SourceRecord,
    /// Candidate spaces for facilities.
    candidates: Candidate,
    /// Findings of the build, for the quality report.
    findings: Finding,
    /// Opening hours of gates, ways, compounds' gates and facilities.
    hours: Hours,
    /// Keys of earlier editions, by collection and key.
    former_keys: FormerKey,
}

/// A built city: a checked image in memory, or mapped from a private copy of its file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct City {
    pub(super) image: Image,
    /// Tables that were replaced in memory.
    pub(super) overlay: Option<Image>,
    /// Hash of the replaced tables; 0 without any.
    pub(super) changes: u64,
    pub(super) sections: Sections,
    pub(super) meta: Arc<Meta>,
    pub(super) conditions: Conditions,
    pub(super) shut: Arc<Shut>,
}

/// Appends the bytes of a table to an overlay, aligned to 8 bytes.
fn lay_over(overlay: &mut Vec<u64>, bytes: &[u8]) -> Section {
    let words = overlay.len();
    overlay.resize(words + bytes.len().div_ceil(8), 0);
    overlay[words..].as_mut_bytes()[..bytes.len()].copy_from_slice(bytes);
    Section::new(words * 8, bytes.len())
}

impl City {
    #[inline]
    fn section(&self, (section, changed): (Section, bool)) -> &[u8] {
        match &self.overlay {
            Some(overlay) if changed => overlay.section(section),
            _ => self.image.section(section),
        }
    }

    /// The summary.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }
}
