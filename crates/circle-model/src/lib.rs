//! The vocabulary of Living Circle: units, coordinates, ids, categories, profiles, rule sets, and the
//! [`City`] with its file.
//!
//! | word | meaning |
//! | --- | --- |
//! | compound 小区 | a residential area with gates; circles are computed for compounds |
//! | gate 出入口 | where people enter a compound; the origin of every circle |
//! | facility 设施 | a place that people walk to, entered at its access points |
//! | unit | 区, 街道, 社区: the levels of roll-up |
//! | zone | ways that are open only to residents and visitors of one closed compound |
//! | band 时段 | a walking time; by default 5, 10 and 15 minutes |
//!
//! Its only file format is the city file.

pub mod bands;
pub mod catalogue;
pub mod census;
pub mod china;
pub mod city;
pub mod clip;
pub mod coordinates;
pub mod density;
pub mod files;
pub mod grid;
pub mod hours;
pub mod identity;
pub mod ids;
pub mod legs;
pub mod mainland;
pub mod plane;
pub mod population;
pub mod profile;
pub mod ranges;
pub mod residents;
pub mod rules;
pub mod simplify;
pub mod units;

pub use catalogue::{Catalogue, Category, Group};
pub use china::{Bd09, Bd09Mc, Gcj02};
pub use city::City;
pub use coordinates::{Frame, LonLat, Point};
pub use density::{Expected, ExpectedDensity};
pub use hours::WeekTime;
pub use ids::{ComponentId, CompoundId, EdgeId, FacilityId, FeatureId, GateId, NodeId, UnitId, ZoneId};
pub use legs::LegLimits;
pub use population::PopulationFactors;
pub use profile::{Pace, Profile, Profiles};
pub use residents::{Residents, ResidentsByUnit};
pub use rules::RuleSet;
pub use units::{MetresPerSecond, Millimetres, Milliseconds};
