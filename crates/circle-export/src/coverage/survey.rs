//! The gates to survey as `GeoJSON`: the survey list by gate, for whoever walks there.

use super::CoverageReport;
use crate::typed::TableGeometry;
use crate::typed_geojson::{Collection, geometry};
use circle_model::GateId;
use circle_plan::survey;
use serde_json::json;

/// Writes the inferred gates of the compounds of [`survey`], in its order, as points: `id` of the gate,
/// `compound_id`, `compound_name`, `side` of the compound, `people` whose verdicts the place of the gate
/// decides, and `lines`, the columns of these verdicts. At most `limit` gates.
pub fn survey_geojson(report: &CoverageReport<'_>, limit: usize) -> Vec<u8> {
    let city = report.city;
    let mut collection = Collection::new();
    let surveyed = survey(city, report.coverage, report.within);
    let gates = surveyed.iter().flat_map(|it| {
        let compound = &city.compounds()[it.compound.index()];
        compound.gates.range().map(move |gate| (it, compound, GateId(gate as u32)))
    });
    for (it, compound, gate) in gates.take(limit) {
        let point = city.gates()[gate.index()].point;
        let lines: Vec<&str> =
            it.columns.iter().map(|column| report.coverage.columns[*column].name.as_str()).collect();
        let key = city.gate_key(gate);
        collection.push(&json!({
            "type": "Feature",
            "id": key,
            "geometry": geometry(&TableGeometry::Point(point)),
            "properties": {
                "id": key,
                "compound_id": city.compound_key(it.compound),
                "compound_name": city.text(compound.name),
                "side": side(compound.point.bearing_degrees(point)),
                "people": it.residents,
                "lines": lines,
            },
        }));
    }
    collection.finish(&report.statement().counting_people(city))
}

/// The side of a compound that a direction points to, as boards name it.
fn side(degrees: f64) -> &'static str {
    const SIDES: [&str; 8] =
        ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];
    SIDES[(degrees / 45.0).round() as usize % SIDES.len()]
}

#[cfg(test)]
mod tests {
    use super::side;

    #[test]
    fn a_side_is_the_nearest_of_eight() {
        for (degrees, expected) in
            [(0.0, "north"), (22.0, "north"), (23.0, "northeast"), (180.0, "south"), (359.0, "north")]
        {
            assert_eq!(side(degrees), expected, "{degrees}");
        }
    }
}
