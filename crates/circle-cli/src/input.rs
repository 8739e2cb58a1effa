//! Opening what a command works on.

use crate::args::Walking;
use crate::failure::{Failure, summarize, tell};
use crate::progress::Bar;
use anyhow::{Context, anyhow, bail};
use circle_export::{Fit, find_compounds, find_units};
use circle_import::Sources;
use circle_model::city::{Input, KeyOf, Named};
use circle_model::files::{clean, read_whole};
use circle_model::identity::may_be_key;
use circle_model::{
    Catalogue, City, CompoundId, FacilityId, GateId, LegLimits, LonLat, Point, Profile, Profiles, RuleSet,
    UnitId,
};
use circle_plan::Within;
use circle_print::Settings;
use circle_reach::Origin;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A city file is mapped, anything else is read as an extract.
pub(crate) fn city(path: &Path) -> Result<City, Failure> {
    let mut begin = [0; 6];
    // To open a pipe would wait for who writes to it.
    let is_city = path.is_file()
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok()
        && &begin == b"CIRCLE";
    if is_city || path.extension().is_some_and(|extension| extension == "circle") {
        let city = City::open(path)?;
        if city.meta().catalogue != Catalogue::built_in().fingerprint() {
            return Err(anyhow!(
                "{}: built with another catalogue of facilities; build it again with `circle build`",
                path.display()
            )
            .into());
        }
        return Ok(city);
    }
    sources(&Sources { extracts: &[path], ..Sources::default() })
}

/// A city as who walks finds it.
pub(crate) fn city_for(path: &Path, walking: &Walking) -> Result<City, Failure> {
    let legs = legs(walking.legs.as_deref())?;
    let city = city(path)?.with_legs(legs);
    Ok(match walking.at_time {
        Some(time) => city.at(time),
        None => city,
    })
}

/// Limits of access legs, from a file where one is given.
pub(crate) fn legs(path: Option<&Path>) -> anyhow::Result<LegLimits> {
    let Some(path) = path else { return Ok(LegLimits::default()) };
    let text = circle_model::files::read_text(path).with_context(|| path.display().to_string())?;
    LegLimits::parse(&text).with_context(|| path.display().to_string())
}

/// Reads sources into one city, with a progress bar on a terminal.
pub(crate) fn sources(sources: &Sources<'_>) -> Result<City, Failure> {
    let bar = Bar::new();
    let city = circle_import::read(sources, &Catalogue::built_in(), &bar)?;
    bar.finish();
    Ok(city)
}

/// The files of the user's that say how it is walked and judged: no result may replace them.
pub(crate) fn files(walking: &Walking, rules: Option<&str>) -> Vec<PathBuf> {
    let profile = profile_path(&walking.profile);
    let rules = rules.map(PathBuf::from).filter(|path| is_toml(path));
    profile.into_iter().chain(rules).chain(walking.legs.clone()).collect()
}

/// The file of a profile, where it is one of the user's.
pub(crate) fn profile_path(id_or_file: &str) -> Option<PathBuf> {
    profile_file(id_or_file).0.map(PathBuf::from)
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

/// File and id of a profile; without a file it is a built-in one.
fn profile_file(id_or_file: &str) -> (Option<String>, Option<&str>) {
    match id_or_file.rsplit_once(".toml") {
        Some((stem, "")) => (Some(format!("{stem}.toml")), None),
        Some((stem, id)) if id.starts_with(':') => (Some(format!("{stem}.toml")), Some(&id[1..])),
        _ => (None, Some(id_or_file)),
    }
}

/// A profile by its id, or from a file of the user's: `mine.toml`, or `mine.toml:ID` where it holds several.
pub(crate) fn profile(id_or_file: &str) -> Result<Profile, Failure> {
    let (file, id) = profile_file(id_or_file);
    let profiles = match &file {
        Some(file) => profiles(Path::new(file))?,
        None => Profiles::built_in(),
    };
    let Some(id) = id.or_else(|| match profiles.iter().as_slice() {
        [one] => Some(one.id.as_str()),
        _ => None,
    }) else {
        return Err(Failure::Usage(format!(
            "{id_or_file} holds several profiles; ask for one: {}",
            list(
                profiles
                    .iter()
                    .map(|profile| format!("{id_or_file}:{}", profile.id))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str)
            )
        )));
    };
    profiles.find(id).cloned().ok_or_else(|| {
        Failure::Usage(format!(
            "no profile `{id}`; there are: {}",
            list(profiles.iter().map(|profile| profile.id.as_str()))
        ))
    })
}

/// The profiles of a file.
pub(crate) fn profiles(path: &Path) -> anyhow::Result<Profiles> {
    let text = circle_model::files::read_text(path).with_context(|| path.display().to_string())?;
    let profiles = Profiles::parse(&text).with_context(|| path.display().to_string())?;
    Ok(profiles.read_from(&Input::of(path, text.as_bytes())))
}

/// A rule set by its id, or from a file of the user's.
pub(crate) fn rules(id: &str) -> Result<RuleSet, Failure> {
    let path = Path::new(id);
    if is_toml(path) {
        return Ok(read_rules(path)?);
    }
    let sets = RuleSet::built_in();
    let names = list(sets.iter().map(|rules| rules.id.as_str()));
    sets.into_iter()
        .find(|rules| rules.id == id)
        .ok_or_else(|| Failure::Usage(format!("no rule set `{id}`; there are: {names}")))
}

fn read_rules(path: &Path) -> anyhow::Result<RuleSet> {
    let text = circle_model::files::read_text(path).with_context(|| path.display().to_string())?;
    let rules = RuleSet::parse(&text).with_context(|| path.display().to_string())?;
    Ok(RuleSet { read_from: Some(Input::of(path, text.as_bytes())), ..rules })
}

/// How boards are made: as a board file says, whose logo lies beside it.
pub(crate) fn boards(path: Option<&Path>, catalogue: &Catalogue) -> anyhow::Result<Settings> {
    let Some(path) = path else { return Ok(Settings::built_in(catalogue)) };
    let text = circle_model::files::read_text(path).with_context(|| path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Settings::parse(&text, folder, catalogue).with_context(|| path.display().to_string())
}

/// The built-in rule sets, then those of the user's files; no two of one id.
pub(crate) fn rule_sets(paths: &[PathBuf]) -> anyhow::Result<Vec<RuleSet>> {
    let mut sets = RuleSet::built_in();
    for path in paths {
        let rules = read_rules(path)?;
        if sets.iter().any(|other| other.id == rules.id) {
            bail!(
                "{}: `id = \"{}\"` is another rule set's already; choose another",
                path.display(),
                rules.id
            );
        }
        sets.push(rules);
    }
    Ok(sets)
}

/// Most compounds or units that a message lists.
const MOST_LISTED: usize = 20;

/// The row that a key names, present or former; `None` where it is no key of the collection. That a former one has
/// another now is said.
///
/// # Errors
/// When it names what is gone since an earlier edition.
pub(crate) fn by_key(city: &City, of: KeyOf, text: &str) -> anyhow::Result<Option<u32>> {
    match city.named(of, text) {
        Named::Present(row) => Ok(Some(row)),
        Named::Alias(row) => {
            let key = city.key_of(of, row);
            summarize(&format!("{text} is now {key} 编号 {text} 现为 {key}\n"));
            Ok(Some(row))
        }
        Named::Gone(place) => Err(anyhow!(gone(city, of, text, place))),
        Named::Nothing => Ok(None),
    }
}

/// Says that a key is gone, and what of its kind stands nearest to where its thing stood.
fn gone(city: &City, of: KeyOf, key: &str, place: Point) -> String {
    let (word, zh) = match of {
        KeyOf::Compound => ("compound", "小区"),
        KeyOf::Gate => ("gate", "出入口"),
        KeyOf::Facility => ("facility", "设施"),
        KeyOf::Unit => ("unit", "单元"),
        KeyOf::Candidate => ("candidate space", "空间"),
        KeyOf::Building => ("building", "楼栋"),
    };
    let Some((row, metres)) = city.nearest_row(of, place) else {
        return format!(
            "{key} is gone since an earlier edition, and there is no other {word} 编号 {key} 已不存在"
        );
    };
    let name = match of {
        KeyOf::Compound => city.compounds()[row as usize].name,
        KeyOf::Gate => city.gates()[row as usize].name,
        KeyOf::Facility => city.facilities()[row as usize].name,
        KeyOf::Unit => city.units()[row as usize].name,
        KeyOf::Candidate => city.candidates()[row as usize].name,
        KeyOf::Building => city.buildings()[row as usize].name,
    };
    let name = city.text_or_none(name).map(|name| format!(" {name}")).unwrap_or_default();
    let nearest = city.key_of(of, row);
    format!(
        "{key} is gone since an earlier edition; the nearest {word} is {nearest}{name}, {metres:.0} m away 编号 {key} \
         已不存在，最近的{zh}是 {nearest}，距 {metres:.0} 米"
    )
}

/// A compound by its key or name, else by a part of its name, in characters or pinyin, where that fits one alone; several
/// that fit are listed.
pub(crate) fn compound(city: &City, id_or_name: &str) -> anyhow::Result<CompoundId> {
    if let Some(row) = by_key(city, KeyOf::Compound, id_or_name)? {
        return Ok(CompoundId(row));
    }
    let found = find_compounds(city, id_or_name);
    let described = || {
        let list = found.fits.iter().map(|id| described(city, *id));
        listed(list, found.fits.len())
    };
    match (found.fits.as_slice(), found.how) {
        ([one], Fit::Whole) => Ok(*one),
        ([one], Fit::Part) => {
            summarize(&format!("`{}` is taken for {}\n", clean(id_or_name, 200), described()));
            Ok(*one)
        }
        ([], _) => bail!(
            "{}no compound `{id_or_name}`; `circle export CITY compounds` lists them",
            no_compounds(city).map(|what| format!("{what}; ")).unwrap_or_default()
        ),
        (_, Fit::Alike) => bail!("no compound `{id_or_name}`; names much like it: {}", described()),
        (several, Fit::Whole) => {
            bail!("{} compounds are called `{id_or_name}`; ask for one by id: {}", several.len(), described())
        }
        (several, Fit::Part) => bail!(
            "`{id_or_name}` fits {} compounds; ask for one by id or whole name: {}",
            several.len(),
            described()
        ),
    }
}

/// Key, place, name and 街道 of a compound.
fn described(city: &City, id: CompoundId) -> String {
    let compound = &city.compounds()[id.index()];
    let at = compound.point.lon_lat();
    let street = city.units().get(compound.units[1] as usize).and_then(|unit| city.text_or_none(unit.name));
    let street = street.map(|street| format!(", {street}")).unwrap_or_default();
    let key = city.compound_key(id);
    format!("{key} at {:.5},{:.5} ({}{street})", at.lon, at.lat, city.text(compound.name))
}

fn listed(list: impl Iterator<Item = String>, all: usize) -> String {
    let mut text = list.take(MOST_LISTED).collect::<Vec<_>>().join("; ");
    if all > MOST_LISTED {
        let _ = write!(text, "; … and {} more", all - MOST_LISTED);
    }
    text
}

/// Advice for a city without compounds; `None` where it has some.
pub(crate) fn no_compounds(city: &City) -> Option<String> {
    city.compounds().is_empty().then(|| {
        "this city has no compounds 小区, so there is nobody to judge for: the extract maps no residential areas with \
         an outline; give a list of your own (`circle build EXTRACT --own OWN.toml`), such as [[source]] path = \
         \"compounds.csv\", layer = \"compounds\", crs = \"wgs84\", with the columns name, lon, lat"
            .to_owned()
    })
}

/// The compounds of a unit by its key or name, else by a part of its name where that fits one alone.
pub(crate) fn within(city: &City, id_or_name: &str) -> anyhow::Result<Within> {
    // What is known by key is found again below.
    by_key(city, KeyOf::Unit, id_or_name)?;
    let mut found = find_units(city, id_or_name);
    // Boundaries that hold nobody, such as those cut off at the edge, are not meant where another of the name is.
    let holding: Vec<Within> =
        found.fits.iter().filter_map(|unit| Within::unit(city, UnitId(*unit))).collect();
    if !holding.is_empty() {
        found.fits = holding.iter().map(|within| within.unit_id().0).collect();
    }
    let described = |unit: u32| {
        let of = &city.units()[unit as usize];
        let parent = city.units().get(of.parent as usize).and_then(|unit| city.text_or_none(unit.name));
        let parent = parent.map(|parent| format!(" in {parent}")).unwrap_or_default();
        let key = city.unit_key(UnitId(unit));
        format!("{key} {}{parent} (level {})", city.text(of.name), of.admin_level)
    };
    let candidates = || listed(found.fits.iter().map(|unit| described(*unit)), found.fits.len());
    match (found.fits.as_slice(), found.how) {
        ([_], Fit::Whole | Fit::Part) => {
            holding.into_iter().next().with_context(|| format!("no compound lies in {}", candidates()))
        }
        ([], _) | (_, Fit::Alike) => {
            let mut names: Vec<&str> = (0..city.units().len() as u32)
                .filter_map(|unit| Within::unit(city, UnitId(unit)))
                .filter_map(|within| Some(within.name(city)).filter(|name| !name.is_empty()))
                .collect();
            names.sort_unstable();
            names.dedup();
            if names.is_empty() {
                bail!(
                    "no unit `{id_or_name}`: no unit of this city holds a compound; units of your own: `circle build --own`, layer `units`"
                )
            }
            bail!("no unit `{id_or_name}`; there are: {}", list(names.into_iter()))
        }
        (several, _) => {
            bail!("`{id_or_name}` fits {} units; ask for one by id: {}", several.len(), candidates())
        }
    }
}

/// A place that is not far outside of the city's data: no walk leads there, and an empty answer would say nothing.
pub(crate) fn place_in(city: &City, place: Point) -> anyhow::Result<Point> {
    match city.says_outside(place) {
        Some(what) => bail!("--at: {what}"),
        None => Ok(place),
    }
}

/// Bands in order, each once.
pub(crate) fn bands(minutes: &[u32]) -> Result<Vec<u32>, Failure> {
    circle_model::bands::bands(minutes).map_err(|error| Failure::Usage(format!("--minutes: {error}")))
}

/// Coordinates of a gate may have been rounded.
const SAME_GATE_METRES: f64 = 2.0;
/// Most bytes of a list of places.
const MOST_PLACES_BYTES: u64 = 1 << 30;

/// Places of a list, in its order.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) ids: Vec<String>,
    pub(crate) points: Vec<Point>,
    /// The gate that a place is said to be, with its row of the file.
    gates: Vec<Option<(usize, String)>>,
}

impl Places {
    /// Where walks start: at the place, or at the gate that it is said to be, as its residents leave by it. A key outlives
    /// a build, but its gate may have been moved on the map, so it has to stand where its row says.
    pub(crate) fn origins(&self, path: &Path, city: &City) -> anyhow::Result<Vec<Origin>> {
        let said = self.gates.iter().any(Option::is_some);
        let rows = if said { 0..city.count_of(KeyOf::Gate) } else { 0..0 };
        // Lists name thousands of gates.
        let present: HashMap<Cow<'_, str>, u32> =
            rows.map(|row| (city.key_of(KeyOf::Gate, row), row)).collect();
        let origin = |(point, gate): (&Point, &Option<(usize, String)>)| {
            let Some((row, key)) = gate else { return Ok(Origin::Place(*point)) };
            let place = || format!("{}: row {row}: gate_id {key}", path.display());
            let found = match present.get(key.as_str()) {
                Some(row) => Some(*row),
                None => by_key(city, KeyOf::Gate, key).with_context(place)?,
            };
            let Some(id) = found else { bail!("{}: the city has no such gate", place()) };
            let metres = city.gates()[id as usize].point.distance_metres(*point);
            if metres > SAME_GATE_METRES {
                bail!(
                    "{}: that gate stands {metres:.0} m from lon, lat; it may have been moved on the map, so take both \
                     from this city",
                    place()
                );
            }
            Ok(Origin::Gate(GateId(id)))
        };
        self.points.iter().zip(&self.gates).map(origin).collect()
    }
}

/// Reads a CSV of places with the columns `id,lon,lat` and, where it has it, `gate_id`. Bad rows are said and left
/// out.
pub(crate) fn places(path: &Path) -> anyhow::Result<Places> {
    let name = path.display();
    let bytes = read_whole(path, MOST_PLACES_BYTES).with_context(|| name.to_string())?;
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes.as_slice());
    let headers = reader.headers().with_context(|| name.to_string())?.clone();
    let column = |wanted: &str| {
        let found = headers
            .iter()
            .position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(wanted));
        found.with_context(|| {
            format!(
                "{name}: no column `{wanted}`; it needs id, lon and lat, and has: {}",
                list(headers.iter())
            )
        })
    };
    let (id, lon, lat, gate) = (column("id")?, column("lon")?, column("lat")?, column("gate_id").ok());
    let mut places = Places::default();
    for (row, record) in (2..).zip(reader.records()) {
        match record.map_err(|error| error.to_string()).and_then(|record| {
            let field = |at: usize, name: &str| {
                let text = record.get(at).unwrap_or_default();
                text.parse::<f64>().map_err(|_| format!("{name} `{text}` is not a number"))
            };
            let (lon, lat) = (field(lon, "lon")?, field(lat, "lat")?);
            let place =
                LonLat::new(lon, lat).ok_or_else(|| format!("lon {lon}, lat {lat} is not on the globe"))?;
            let gate = gate.and_then(|gate| record.get(gate)).filter(|gate| !gate.is_empty());
            let gate = match gate {
                Some(gate) if !may_be_key(gate) => return Err(format!("gate_id `{gate}` is no gate's id")),
                gate => gate.map(str::to_owned),
            };
            Ok((record.get(id).unwrap_or_default().to_owned(), place.point(), gate))
        }) {
            Ok((id, point, gate)) => {
                places.ids.push(id);
                places.points.push(point);
                places.gates.push(gate.map(|gate| (row, gate)));
            }
            Err(what) => tell(&format!("{name}: row {row}: {what}; the row is left out\n")),
        }
    }
    if places.points.is_empty() {
        bail!("{name}: no place in it");
    }
    Ok(places)
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// A facility by its key or exact name; several that fit are listed, the nearest to `from` first.
pub(crate) fn facility(city: &City, id_or_name: &str, from: Point) -> anyhow::Result<FacilityId> {
    if let Some(row) = by_key(city, KeyOf::Facility, id_or_name)? {
        return Ok(FacilityId(row));
    }
    match city.facilities_called(id_or_name).as_slice() {
        [one] => Ok(*one),
        [] => bail!(
            "no facility `{id_or_name}`; names are matched whole, `circle coverage CITY` lists the nearest"
        ),
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
            bail!(
                "{} facilities are called `{id_or_name}`; ask for one by id: {}{}",
                several.len(),
                described.join("; "),
                if more > 0 { format!("; and {more} more") } else { String::new() }
            )
        }
    }
}
