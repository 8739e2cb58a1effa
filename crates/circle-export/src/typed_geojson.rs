//! Writes a typed table as `GeoJSON`: a feature for each row.

use crate::geometry::polygon_geometry;
use crate::statement::Statement;
use crate::typed::{Cell, TableGeometry, TypedTable};
use crate::written::written;
use serde_json::{Map, Value, json};

/// Writes a `FeatureCollection` with `edition` and `statement`. The columns are the properties.
pub fn typed_geojson(table: &TypedTable, statement: &Statement) -> Vec<u8> {
    let mut collection = Collection::new();
    for (number, row) in table.rows().enumerate() {
        let values = table.columns().iter().zip(row);
        let properties: Map<String, Value> =
            values.map(|(column, cell)| (column.key.to_string(), value(table, *cell))).collect();
        let geometry = table.place(number).map_or(Value::Null, geometry);
        collection.push(&json!({ "type": "Feature", "geometry": geometry, "properties": properties }));
    }
    collection.finish(statement)
}

/// A collection that is serialised feature by feature: held as JSON values, all features take twenty times
/// the memory.
pub(crate) struct Collection {
    out: Vec<u8>,
    is_empty: bool,
}

impl Collection {
    pub(crate) fn new() -> Self {
        Self { out: br#"{"type":"FeatureCollection","features":["#.to_vec(), is_empty: true }
    }

    /// Adds a feature.
    pub(crate) fn push(&mut self, feature: &Value) {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        written(serde_json::to_writer(&mut self.out, feature));
    }

    pub(crate) fn finish(mut self, statement: &Statement) -> Vec<u8> {
        self.out.extend_from_slice(br#"],"edition":"#);
        written(serde_json::to_writer(&mut self.out, &statement.edition));
        self.out.extend_from_slice(br#","statement":"#);
        written(serde_json::to_writer(&mut self.out, statement));
        self.out.extend_from_slice(b"}\n");
        self.out
    }
}

pub(crate) fn value(table: &TypedTable, cell: Cell) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Text(text) => table.words(text).into(),
        Cell::Whole(whole) => whole.into(),
        Cell::Number(number) => json!(number),
        Cell::Flag(flag) => flag.into(),
        Cell::Date(date) => date.to_string().into(),
    }
}

pub(crate) fn geometry(place: &TableGeometry) -> Value {
    match place {
        TableGeometry::Point(point) => {
            let place = point.lon_lat();
            json!({ "type": "Point", "coordinates": [place.lon, place.lat] })
        }
        TableGeometry::Polygons(polygons) => written(serde_json::to_value(polygon_geometry(polygons))),
    }
}
