//! A typed table as `GeoJSON`: a feature per row.

use crate::geometry::polygon_geometry;
use crate::statement::Statement;
use crate::typed::{Cell, TableGeometry, TypedTable};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A `FeatureCollection` with `statement`; the columns are the properties.
pub fn typed_geojson(table: &TypedTable, statement: &Statement) -> Vec<u8> {
    #[derive(Serialize)]
    struct Collection<'a> {
        r#type: &'static str,
        features: Vec<Value>,
        statement: &'a Statement,
    }
    let feature = |(number, row): (usize, &[Cell])| {
        let values = table.columns().iter().zip(row);
        let properties: Map<String, Value> =
            values.map(|(column, cell)| (column.key.to_string(), value(table, *cell))).collect();
        let geometry = table.place(number).map_or(Value::Null, geometry);
        json!({ "type": "Feature", "geometry": geometry, "properties": properties })
    };
    let features = table.rows().enumerate().map(feature).collect();
    let collection = Collection { r#type: "FeatureCollection", features, statement };
    let mut out = serde_json::to_vec(&collection).unwrap_or_default();
    out.push(b'\n');
    out
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
        TableGeometry::Polygons(polygons) => {
            serde_json::to_value(polygon_geometry(polygons)).unwrap_or_default()
        }
    }
}
