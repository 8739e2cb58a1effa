//! The compounds that got no board: counted and named by reason, on standard error and in the folder.

use crate::args::CsvFiles;
use crate::failure::notify;
use crate::output;
use circle_model::City;
use circle_model::files::clean;
use circle_study::boards::left_out_csv;
use circle_study::question::{LeftOutBoard, LeftOutReason};
use std::path::Path;

/// The name of the table in the folder of the boards.
const FILE: &str = "left-out.csv";
/// Most names of a line; the table has all of them.
const MOST_NAMES: usize = 200;
/// Most messages about boards that could not be made; the table has all of them.
const MOST_FAULTS: usize = 20;

/// Writes the table into the folder of the boards. It is there even if it is empty, so that none of an earlier run
/// stays.
pub(super) fn write(city: &City, left_out: &[LeftOutBoard], folder: &Path) -> anyhow::Result<()> {
    let table = left_out_csv(city, left_out);
    output::write_csv(Some(&folder.join(FILE)), &CsvFiles { no_bom: false }, |out| out.write_all(&table))
}

/// Names the compounds, in a line for each reason, and the faults of boards.
pub(super) fn report(city: &City, left_out: &[LeftOutBoard]) {
    for line in lines(city, left_out) {
        notify(&format!("{line}\n"));
    }
}

fn lines(city: &City, left_out: &[LeftOutBoard]) -> Vec<String> {
    let mut lines = Vec::new();
    let without = |reason: &LeftOutReason| *reason != LeftOutReason::Failed;
    for reason in LeftOutReason::ALL.into_iter().filter(without) {
        let name = |it: &LeftOutBoard| {
            let name = city.text(city.compounds()[it.compound.index()].name);
            format!("{} {}", city.compound_key(it.compound), clean(name, 60))
        };
        let names: Vec<String> = left_out.iter().filter(|it| it.reason == reason).map(name).collect();
        if !names.is_empty() {
            let count = circle_export::counted(names.len(), "compound");
            let more = names.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
            let names = names[..names.len().min(MOST_NAMES)].join(", ");
            lines.push(format!("no board: {count} {}: {names}{more}", reason.sentence()));
        }
    }
    let faults: Vec<&str> = left_out.iter().filter_map(|it| it.message.as_deref()).collect();
    lines.extend(faults.iter().take(MOST_FAULTS).map(|fault| (*fault).to_owned()));
    if faults.len() > MOST_FAULTS {
        lines.push(format!("… and {} more", faults.len() - MOST_FAULTS));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::CompoundId;
    use circle_model::city::{CityTables, Compound, Meta};

    #[test]
    fn every_compound_is_named_with_its_reason_and_every_fault_is_told() {
        let empty = CityTables::default;
        let zero = circle_model::city::Span::default();
        let compound = |osm_id| Compound {
            osm_id,
            point: circle_model::Point::default(),
            name: zero,
            name_en: zero,
            rings: zero,
            gates: zero,
            area_square_metres: 0.0,
            zone: circle_model::ZoneId::PUBLIC,
            units: [u32::MAX; 4],
            origins: zero,
            key: zero,
            population: circle_model::city::Population::NONE,
            osm_kind: circle_model::city::OsmKind::Way.code(),
            closed: 0,
            evidence: 0,
            generated_name: 0,
            population_from: 0,
            spare: [0; 3],
        };
        let tables = CityTables { compounds: vec![compound(1), compound(2), compound(3)], ..empty() };
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        let left_out = |row, reason, message: Option<&str>| LeftOutBoard {
            compound: CompoundId(row),
            gate: None,
            reason,
            message: message.map(str::to_owned),
        };
        let all = [
            left_out(0, LeftOutReason::Locked, None),
            left_out(1, LeftOutReason::Locked, None),
            left_out(2, LeftOutReason::Failed, Some("no font has it")),
        ];
        let lines = lines(&city, &all);
        assert!(
            lines[0].contains("2 compounds") && lines[0].contains("w1") && lines[0].contains("w2"),
            "{lines:?}"
        );
        assert_eq!(lines[1..], ["no font has it"]);
    }
}
