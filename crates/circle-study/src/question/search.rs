//! Finds records by key, name, or a part of the name in characters or pinyin.
//!
//! A former key leads to the present record, and a part of a name is accepted if it matches exactly one
//! record. In both cases the result carries a note for the user.

use super::key::nearest_record;
use crate::refusal::{Refusal, gone_sentence};
use circle_export::{Fit, find_compounds};
use circle_model::city::{KeyOf, Named};
use circle_model::files::clean;
use circle_model::{City, CompoundId, FacilityId, Point, UnitId};
use circle_plan::Within;
use std::fmt::Write;

/// Most records that a message lists.
const MOST_LISTED: usize = 20;

/// The record that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<T> {
    /// The record.
    pub value: T,
    /// A line for the terminal, without its line end, if the text was a former key or a part of a name.
    pub note: Option<String>,
}

impl<T> Resolved<T> {
    fn map<Other>(self, to: impl FnOnce(T) -> Other) -> Resolved<Other> {
        Resolved { value: to(self.value), note: self.note }
    }
}

/// The row that a present or former key names; `None` if the text is not a key of the collection.
///
/// # Errors
/// [`Refusal::NotFound`] when the record of an earlier edition no longer exists.
pub fn find_row(city: &City, of: KeyOf, text: &str) -> Result<Option<Resolved<u32>>, Refusal> {
    match city.named(of, text) {
        Named::Present(row) => Ok(Some(Resolved { value: row, note: None })),
        Named::Alias(row) => {
            let key = city.key_of(of, row);
            let note = format!("{text} is now {key} 编号 {text} 现为 {key}");
            Ok(Some(Resolved { value: row, note: Some(note) }))
        }
        Named::Gone(place) => {
            let nearest = nearest_record(city, of, place);
            Err(Refusal::NotFound(gone_sentence(of, text, nearest.as_ref())))
        }
        Named::Nothing => Ok(None),
    }
}

/// The compound with this key or name, else the only one whose name contains the text, in characters or
/// pinyin.
///
/// # Errors
/// When the text matches none or several; the refusal lists the matches.
pub fn find_compound(city: &City, id_or_name: &str) -> Result<Resolved<CompoundId>, Refusal> {
    if let Some(row) = find_row(city, KeyOf::Compound, id_or_name)? {
        return Ok(row.map(CompoundId));
    }
    let found = find_compounds(city, id_or_name);
    let described = || {
        let list = found.fits.iter().map(|id| describe_compound(city, *id));
        listed(list, found.fits.len())
    };
    let message = match (found.fits.as_slice(), found.how) {
        ([one], Fit::Whole) => return Ok(Resolved { value: *one, note: None }),
        ([one], Fit::Part) => {
            let note = format!("`{}` is taken for {}", clean(id_or_name, 200), described());
            return Ok(Resolved { value: *one, note: Some(note) });
        }
        ([], _) => format!(
            "{}no compound `{id_or_name}`; `circle export CITY compounds` lists them",
            no_compounds(city).map(|what| format!("{what}; ")).unwrap_or_default()
        ),
        (_, Fit::Alike) => format!("no compound `{id_or_name}`; names much like it: {}", described()),
        (several, Fit::Whole) => {
            format!(
                "{} compounds are called `{id_or_name}`; ask for one by id: {}",
                several.len(),
                described()
            )
        }
        (several, Fit::Part) => format!(
            "`{id_or_name}` fits {} compounds; ask for one by id or whole name: {}",
            several.len(),
            described()
        ),
    };
    Err(Refusal::NotFound(message))
}

/// Key, place, name and 街道 of a compound.
fn describe_compound(city: &City, id: CompoundId) -> String {
    let compound = &city.compounds()[id.index()];
    let at = compound.point.lon_lat();
    let street = city.units().get(compound.units[1] as usize).and_then(|unit| city.text_or_none(unit.name));
    let street = street.map(|street| format!(", {street}")).unwrap_or_default();
    let key = city.compound_key(id);
    format!("{key} at {:.5},{:.5} ({}{street})", at.lon, at.lat, city.text(compound.name))
}

/// The facility with this key or exactly this name.
///
/// # Errors
/// When the text matches none or several; the refusal lists the matches, the nearest to `from` first.
pub fn find_facility(city: &City, id_or_name: &str, from: Point) -> Result<Resolved<FacilityId>, Refusal> {
    if let Some(row) = find_row(city, KeyOf::Facility, id_or_name)? {
        return Ok(row.map(FacilityId));
    }
    match city.facilities_called(id_or_name).as_slice() {
        [one] => Ok(Resolved { value: *one, note: None }),
        [] => Err(Refusal::NotFound(format!(
            "no facility `{id_or_name}`; names are matched whole, `circle coverage CITY` lists the nearest"
        ))),
        several => {
            let metres = |id: &FacilityId| city.facilities()[id.index()].point.distance_metres(from);
            let mut nearest: Vec<(u64, FacilityId)> =
                several.iter().map(|id| (metres(id).round() as u64, *id)).collect();
            nearest.sort_unstable();
            let described = nearest.iter().take(MOST_LISTED).map(|(metres, id)| {
                let at = city.facilities()[id.index()].point.lon_lat();
                format!("{} at {:.5},{:.5}, {metres} m away", city.facility_key(*id), at.lon, at.lat)
            });
            let described: Vec<String> = described.collect();
            let more = several.len().saturating_sub(MOST_LISTED);
            Err(Refusal::NotFound(format!(
                "{} facilities are called `{id_or_name}`; ask for one by id: {}{}",
                several.len(),
                described.join("; "),
                if more > 0 { format!("; and {more} more") } else { String::new() }
            )))
        }
    }
}

/// The compounds of the unit with this key or name, else of the only unit whose name contains the text.
///
/// # Errors
/// When the text matches none or several, which are listed, or a unit without compounds.
pub fn find_unit(city: &City, id_or_name: &str) -> Result<Resolved<Within>, Refusal> {
    // `find_units` finds keys too; `find_row` rejects keys whose unit no longer exists.
    let note = find_row(city, KeyOf::Unit, id_or_name)?.and_then(|row| row.note);
    let mut found = circle_export::find_units(city, id_or_name);
    // Units without compounds, such as one cut off at the edge of the data, are ignored if another unit
    // matches.
    let holding: Vec<Within> =
        found.fits.iter().filter_map(|unit| Within::unit(city, UnitId(*unit))).collect();
    if !holding.is_empty() {
        found.fits = holding.iter().map(|within| within.unit_id().0).collect();
    }
    let candidates = || listed(found.fits.iter().map(|unit| describe_unit(city, *unit)), found.fits.len());
    let message = match (found.fits.as_slice(), found.how) {
        ([_], Fit::Whole | Fit::Part) => match holding.into_iter().next() {
            Some(value) => return Ok(Resolved { value, note }),
            None => format!("no compound lies in {}", candidates()),
        },
        ([], _) | (_, Fit::Alike) => no_unit(city, id_or_name),
        (several, _) => {
            format!("`{id_or_name}` fits {} units; ask for one by id: {}", several.len(), candidates())
        }
    };
    Err(Refusal::NotFound(message))
}

/// Key, name, parent and level of a unit.
fn describe_unit(city: &City, unit: u32) -> String {
    let of = &city.units()[unit as usize];
    let parent = city.units().get(of.parent as usize).and_then(|unit| city.text_or_none(unit.name));
    let parent = parent.map(|parent| format!(" in {parent}")).unwrap_or_default();
    let key = city.unit_key(UnitId(unit));
    format!("{key} {}{parent} (level {})", city.text(of.name), of.admin_level)
}

fn no_unit(city: &City, id_or_name: &str) -> String {
    let units = (0..city.units().len() as u32).filter_map(|unit| Within::unit(city, UnitId(unit)));
    let names = sorted_names(units.filter_map(|within| {
        let name = within.name(city);
        (!name.is_empty()).then_some(name)
    }));
    if names.is_empty() {
        return format!(
            "no unit `{id_or_name}`: no unit of this city holds a compound; units of your own: `circle build --own`, \
             layer `units`"
        );
    }
    format!("no unit `{id_or_name}`; there are: {}", names.join(", "))
}

/// The row of the unit with this key, else the rows of all units with exactly this name.
///
/// # Errors
/// When there is none; the refusal lists the names of all units.
pub fn find_units(city: &City, name: &str) -> Result<Resolved<Vec<u32>>, Refusal> {
    if let Some(row) = find_row(city, KeyOf::Unit, name)? {
        return Ok(row.map(|row| vec![row]));
    }
    let rows = (0u32..).zip(city.units()).filter(|(_, unit)| city.text(unit.name) == name);
    let found: Vec<u32> = rows.map(|(row, _)| row).collect();
    if found.is_empty() {
        let known = sorted_names(city.units().iter().filter_map(|unit| city.text_or_none(unit.name)));
        return Err(Refusal::NotFound(format!(
            "no 区, 街道 or 社区 `{name}`; there are: {}",
            known.join(", ")
        )));
    }
    Ok(Resolved { value: found, note: None })
}

/// Advice for a city without compounds; `None` if the city has any.
pub fn no_compounds(city: &City) -> Option<String> {
    city.compounds().is_empty().then(|| {
        "this city has no compounds 小区, so there is nobody to judge for: the extract maps no residential areas with \
         an outline; give a list of your own (`circle build EXTRACT --own OWN.toml`), such as [[source]] path = \
         \"compounds.csv\", layer = \"compounds\", crs = \"wgs84\", with the columns name, lon, lat"
            .to_owned()
    })
}

fn sorted_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn listed(list: impl Iterator<Item = String>, all: usize) -> String {
    let mut text = list.take(MOST_LISTED).collect::<Vec<_>>().join("; ");
    if all > MOST_LISTED {
        let _ = write!(text, "; … and {} more", all - MOST_LISTED);
    }
    text
}
