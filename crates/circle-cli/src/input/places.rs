//! Reads lists of places as CSV.

use crate::failure::{notify, summarize};
use anyhow::{Context, bail};
use circle_model::city::KeyOf;
use circle_model::files::read_whole;
use circle_model::identity::may_be_key;
use circle_model::{City, GateId, LonLat, Point};
use circle_reach::Origin;
use circle_study::question::{Resolved, find_row};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

/// Largest distance between a gate and the coordinates of its row, which may have been rounded.
const SAME_GATE_METRES: f64 = 2.0;
/// Most bytes of a list of places: more than the ten million places of one question take.
const MOST_PLACES_BYTES: u64 = 512 << 20;
/// Most bytes of a line.
const MOST_LINE_BYTES: usize = 1 << 20;

/// Places of a list, in its order.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) ids: Vec<String>,
    pub(crate) points: Vec<Point>,
    /// Row of the file and `gate_id` of each place.
    gates: Vec<Option<(usize, String)>>,
}

impl Places {
    /// The origins of walks: the places, or the gates in `gate_id`, which residents leave by.
    ///
    /// # Errors
    /// When the city has no such gate, or the gate is more than 2 m from the coordinates of its row: a key
    /// outlives a build of the city, but its gate may have been moved on the map.
    pub(crate) fn origins(&self, path: &Path, city: &City) -> anyhow::Result<Vec<Origin>> {
        let any = self.gates.iter().any(Option::is_some);
        let rows = if any { 0..city.count_of(KeyOf::Gate) } else { 0..0 };
        // A map, because lists name thousands of gates.
        let present: HashMap<Cow<'_, str>, u32> =
            rows.map(|row| (city.key_of(KeyOf::Gate, row), row)).collect();
        let origin = |(point, gate): (&Point, &Option<(usize, String)>)| {
            let Some((row, key)) = gate else { return Ok(Origin::Place(*point)) };
            let place = || format!("{}: row {row}: gate_id {key}", path.display());
            let found = match present.get(key.as_str()) {
                Some(row) => Some(*row),
                None => former_gate(city, key).with_context(place)?,
            };
            let Some(id) = found else { bail!("{}: the city has no such gate", place()) };
            let metres = city.gates()[id as usize].point.distance_metres(*point);
            if metres > SAME_GATE_METRES {
                bail!(
                    "{}: that gate stands {metres:.0} m from lon, lat; it may have been moved on the map, so take its \
                     coordinates from this city",
                    place()
                );
            }
            Ok(Origin::Gate(GateId(id)))
        };
        self.points.iter().zip(&self.gates).map(origin).collect()
    }
}

/// The row of the gate with this former key.
fn former_gate(city: &City, key: &str) -> anyhow::Result<Option<u32>> {
    let found = find_row(city, KeyOf::Gate, key)?;
    Ok(found.map(|Resolved { value, note }| {
        if let Some(note) = note {
            summarize(&format!("{note}\n"));
        }
        value
    }))
}

/// Reads a CSV of places with the columns `id,lon,lat` and an optional column `gate_id`. Bad rows are
/// reported and left out.
pub(crate) fn places(path: &Path) -> anyhow::Result<Places> {
    let name = path.display();
    let bytes = read_whole(path, MOST_PLACES_BYTES).with_context(|| name.to_string())?;
    // Millions of cells in one line take many times the memory of the file.
    let mut lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    if lines.any(|line| line.len() > MOST_LINE_BYTES) {
        bail!("{name}: it has a line of more than 1 MiB; a list has one place on each line: id,lon,lat");
    }
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes.as_slice());
    let headers = reader.headers().with_context(|| name.to_string())?.clone();
    let column = |asked: &str| {
        let found = headers
            .iter()
            .position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(asked));
        found.with_context(|| {
            let headings: Vec<&str> = headers.iter().collect();
            format!("{name}: no column `{asked}`; it needs id, lon and lat, and has: {}", headings.join(", "))
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
                Some(gate) if !may_be_key(gate) => {
                    return Err(format!("gate_id `{gate}` is not the id of a gate"));
                }
                gate => gate.map(str::to_owned),
            };
            Ok((record.get(id).unwrap_or_default().to_owned(), place.point(), gate))
        }) {
            Ok((id, point, gate)) => {
                places.ids.push(id);
                places.points.push(point);
                places.gates.push(gate.map(|gate| (row, gate)));
            }
            Err(what) => notify(&format!("{name}: row {row}: {what}; the row is left out\n")),
        }
    }
    if places.points.is_empty() {
        bail!("{name}: it has no places");
    }
    Ok(places)
}
