//! Finds the columns of a sheet by their headings: usual names in Chinese and English, and the names in
//! `OWN.toml`.

mod heading;
mod role;

pub(crate) use heading::join_headings;
pub use role::Role;

use crate::datum::Crs;
use crate::layer::OwnLayer;
use crate::quote::name_list;
use crate::sheet::Sheet;
use heading::{Heading, plain};
use std::collections::BTreeMap;

/// The columns of one sheet by their role.
#[derive(Debug, Default)]
pub struct Columns(BTreeMap<Role, usize>);

/// A column that `OWN.toml` names and the sheet lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column `{name}` for `{}`; it has: {}", role.word(), name_list(present))]
pub struct MissingColumn {
    /// Its role.
    pub role: Role,
    /// Its name in `OWN.toml`.
    pub name: String,
    /// The headings that the sheet has.
    pub present: Vec<String>,
}

impl Columns {
    /// Finds the column of every role. `named` are the names in `OWN.toml`.
    ///
    /// # Errors
    /// If the sheet lacks a column of `named`.
    pub fn find(
        sheet: &Sheet,
        layer: OwnLayer,
        named: &BTreeMap<Role, String>,
    ) -> Result<Self, MissingColumn> {
        Self::find_in(sheet, layer, named, None)
    }

    /// As [`find`](Self::find). Of coordinates in several datums, those in `crs` are used, else those without
    /// a datum, else those in WGS 84.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn find_in(
        sheet: &Sheet,
        layer: OwnLayer,
        named: &BTreeMap<Role, String>,
        crs: Option<Crs>,
    ) -> Result<Self, MissingColumn> {
        let headings: Vec<Heading> =
            (0..sheet.columns.len()).map(|column| Heading::new(sheet.heading(column))).collect();
        let (found, missing) = assign(&headings, layer, named, crs);
        match missing {
            None => Ok(Self(found)),
            Some(role) => {
                Err(MissingColumn { role, name: named[&role].clone(), present: sheet.columns.clone() })
            }
        }
    }

    /// The index of the column of a role.
    pub fn position(&self, role: Role) -> Option<usize> {
        self.0.get(&role).copied()
    }

    /// The headings of columns without a role.
    pub fn unused<'a>(&self, sheet: &'a Sheet) -> impl Iterator<Item = &'a String> {
        let is_used = |at: &usize| self.0.values().any(|used| used == at);
        sheet.columns.iter().enumerate().filter(move |(at, _)| !is_used(at)).map(|(_, name)| name)
    }

    /// Whether the sheet has a column of the role.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains_key(&role)
    }

    /// The cell of a row; empty if the sheet has no such column.
    pub fn cell<'a>(&self, sheet: &'a Sheet, row: usize, role: Role) -> &'a str {
        self.0.get(&role).map_or("", |column| sheet.cell(row, *column))
    }

    /// The heading of the role's column; the role's own name if the sheet has no such column.
    pub fn heading<'a>(&self, sheet: &'a Sheet, role: Role) -> &'a str {
        self.0.get(&role).map_or(role.word(), |column| sheet.columns[*column].as_str())
    }

    /// Whether rows of the layer can be read from these columns.
    fn suffice(&self, layer: OwnLayer) -> bool {
        let has_place = self.has(Role::Lon) && self.has(Role::Lat) || self.has(Role::Location);
        match layer {
            OwnLayer::Population => {
                (has_place || self.has(Role::Compound))
                    && (self.has(Role::Households) || self.has(Role::Residents))
            }
            OwnLayer::Corrections => self.has(Role::Action),
            _ => has_place,
        }
    }

    /// The headings of coordinates that name a datum, each with its datum.
    pub(crate) fn datums<'a>(&self, sheet: &'a Sheet) -> Vec<(&'a str, Crs)> {
        let columns =
            [Role::Lon, Role::Lat, Role::Location].into_iter().filter_map(|role| self.position(role));
        let datum = |column: usize| {
            Some((sheet.columns[column].as_str(), Heading::new(sheet.heading(column)).datum?))
        };
        columns.filter_map(datum).collect()
    }
}

/// The columns that a file should have, known before its header is found.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedColumns<'a> {
    /// The kind of its rows.
    pub layer: OwnLayer,
    /// The names in `OWN.toml`.
    pub named: &'a BTreeMap<Role, String>,
}

impl ExpectedColumns<'_> {
    /// How well the headings match those of a header.
    pub(crate) fn score<'b>(&self, headings: impl Iterator<Item = (&'b str, &'b str)>) -> HeaderScore {
        let headings: Vec<Heading> = headings.map(Heading::new).collect();
        let (found, _) = assign(&headings, self.layer, self.named, None);
        let named = self.named.keys().filter(|role| found.contains_key(role)).count();
        let roles = found.len() - named;
        HeaderScore { named, suffices: Columns(found).suffice(self.layer), roles }
    }

    /// Whether rows of the layer can be read from a sheet.
    pub(crate) fn suffices(&self, sheet: &Sheet) -> bool {
        Columns::find(sheet, self.layer, self.named).is_ok_and(|columns| columns.suffice(self.layer))
    }
}

/// How well a row matches a header; compared field by field, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HeaderScore {
    /// Count of columns that `OWN.toml` names.
    pub(crate) named: usize,
    /// Whether rows of the layer can be read below it.
    pub(crate) suffices: bool,
    /// Count of columns with usual names.
    pub(crate) roles: usize,
}

/// The column of every role, and the first role in `named` without a column.
fn assign(
    headings: &[Heading],
    layer: OwnLayer,
    named: &BTreeMap<Role, String>,
    crs: Option<Crs>,
) -> (BTreeMap<Role, usize>, Option<Role>) {
    let mut found = BTreeMap::new();
    let mut missing = None;
    for (role, name) in named {
        let first = |matches: &dyn Fn(&Heading) -> bool| headings.iter().position(matches);
        let at = first(&|heading| heading.whole.trim() == name.trim())
            .or_else(|| first(&|heading| heading.plain == plain(name)))
            .or_else(|| first(&|heading| plain(&heading.whole) == plain(name)));
        match at {
            Some(at) => {
                found.insert(*role, at);
            }
            None => missing = missing.or(Some(*role)),
        }
    }
    // Longitude and latitude must have the same datum.
    let missing_axes: Vec<Role> =
        [Role::Lon, Role::Lat].into_iter().filter(|role| !found.contains_key(role)).collect();
    if missing_axes.len() == 2 {
        let of_datum = |datum: Option<Crs>| {
            let at = |role: Role| coordinate_column(headings, role, &found, Some(datum));
            Some([at(Role::Lon)?, at(Role::Lat)?])
        };
        let usual = [None, Some(Crs::Wgs84), Some(Crs::Cgcs2000), Some(Crs::Gcj02), Some(Crs::Bd09)];
        let mut datums = crs.map(Some).into_iter().chain(usual).chain([Some(Crs::Bd09Mc)]);
        if let Some([lon, lat]) = datums.find_map(of_datum) {
            found.extend([(Role::Lon, lon), (Role::Lat, lat)]);
        }
    }
    for role in [Role::Lon, Role::Lat, Role::Location] {
        if !found.contains_key(&role) {
            let of_crs = coordinate_column(headings, role, &found, Some(crs)).filter(|_| crs.is_some());
            let at = of_crs.or_else(|| coordinate_column(headings, role, &found, None));
            found.extend(at.map(|at| (role, at)));
        }
    }
    for role in Role::ALL {
        if found.contains_key(&role) {
            continue;
        }
        let is_taken = |at: &usize| found.values().any(|taken| taken == at);
        let at =
            role.usual_names().iter().filter(|name| !is_misleading(layer, role, name)).find_map(|name| {
                headings.iter().position(|heading| heading.plain == *name).filter(|at| !is_taken(at))
            });
        if let Some(at) = at {
            found.insert(role, at);
        }
    }
    (found, missing)
}

/// The column of a coordinate. `datum` is `None` for any datum, `Some(None)` for headings without a datum.
#[expect(
    clippy::option_option,
    reason = "a heading may name no datum, and the caller may ask for exactly that"
)]
fn coordinate_column(
    headings: &[Heading],
    role: Role,
    found: &BTreeMap<Role, usize>,
    datum: Option<Option<Crs>>,
) -> Option<usize> {
    let fits = |at: &usize| {
        datum.is_none_or(|datum| headings[*at].datum == datum) && !found.values().any(|taken| taken == at)
    };
    let named = |name: &&str| {
        let matches = |at: &usize| headings[*at].plain == **name || headings[*at].without_datum == **name;
        (0..headings.len()).filter(fits).find(matches)
    };
    role.usual_names().iter().find_map(named)
}

/// Whether a usual name means something else in a layer: 小区名称 is the compound of a gate, not the gate's name.
fn is_misleading(layer: OwnLayer, role: Role, name: &str) -> bool {
    let of_compound = matches!(layer, OwnLayer::Gates | OwnLayer::Population);
    match role {
        Role::Name => of_compound && name == "小区名称" || layer == OwnLayer::Population,
        Role::Compound => layer == OwnLayer::Compounds,
        Role::UnitCode | Role::Level | Role::Parent => layer != OwnLayer::Units,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(columns: &[&str], crs: Option<Crs>) -> BTreeMap<Role, usize> {
        let headings: Vec<Heading> =
            columns.iter().map(|name| Heading::new(name.split_once('/').unwrap_or(("", name)))).collect();
        assign(&headings, OwnLayer::Facilities, &BTreeMap::new(), crs).0
    }

    #[test]
    fn headings_of_coordinates_may_name_the_datum() {
        for (lon, lat, datum) in [
            ("经度_gcj02", "纬度_gcj02", Crs::Gcj02),
            ("经度(WGS84)", "纬度(WGS84)", Crs::Wgs84),
            ("lng_bd09", "lat_bd09", Crs::Bd09),
            ("X坐标(CGCS2000)", "Y坐标(CGCS2000)", Crs::Cgcs2000),
            ("GCJ-02 经度", "GCJ-02 纬度", Crs::Gcj02),
            ("经度（百度坐标系）", "纬度（百度坐标系）", Crs::Bd09),
            ("高德坐标/经度", "高德坐标/纬度", Crs::Gcj02),
            ("高德经度", "高德纬度", Crs::Gcj02),
        ] {
            let found = found(&["名称", lon, lat], None);
            assert_eq!((found.get(&Role::Lon), found.get(&Role::Lat)), (Some(&1), Some(&2)), "{lon}");
            let heading = Heading::new(lon.split_once('/').unwrap_or(("", lon)));
            assert_eq!(heading.datum, Some(datum), "{lon}");
        }
    }

    #[test]
    fn longitude_and_latitude_have_the_same_datum() {
        let both = ["经度_gcj02", "纬度_gcj02", "经度_wgs84", "纬度_wgs84"];
        let pair = |found: &BTreeMap<Role, usize>| [found[&Role::Lon], found[&Role::Lat]];
        assert_eq!(pair(&found(&both, None)), [2, 3]);
        assert_eq!(pair(&found(&both, Some(Crs::Gcj02))), [0, 1]);
        let plain = ["经度(百度)", "经度", "纬度(百度)", "纬度"];
        assert_eq!(pair(&found(&plain, None)), [1, 3]);
    }

    #[test]
    fn lower_headings_decide_unless_they_are_generic_counts() {
        let columns = ["坐标位置/经度", "坐标位置/纬度", "人口/户数", "人口/人数", "60岁以上/人数"];
        let found = found(&columns, None);
        let roles = [Role::Lon, Role::Lat, Role::Households, Role::Residents, Role::Elderly];
        assert_eq!(roles.map(|role| found[&role]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_column_named_in_the_list_must_exist() {
        let sheet = Sheet { columns: vec!["lon".to_owned(), "lat".to_owned()], ..Sheet::default() };
        let named = BTreeMap::from([(Role::Name, "门牌".to_owned())]);
        let error = Columns::find(&sheet, OwnLayer::Gates, &named).unwrap_err();
        assert_eq!(error.to_string(), "no column `门牌` for `name`; it has: lon, lat");
    }
}
