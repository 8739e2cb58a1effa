//! A collection as a typed table, for a layer of a `GeoPackage` or a file of any format.

use super::{Collection, Value};
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use crate::words::in_chinese;
use circle_model::{Catalogue, City};

impl Collection {
    /// All features as a table with geometries. Lists are texts with their words separated by `; `.
    pub fn table(self, city: &City, catalogue: &Catalogue) -> TypedTable {
        let schema = self.schema();
        let columns = schema
            .iter()
            .map(|property| TableColumn::new(property.name, property.title, property.kind))
            .collect();
        let mut table = TypedTable::new(self.id(), self.title(), columns).with_places();
        for row in self.rows(city) {
            let row = row as usize;
            let values = self.values(city, catalogue, row);
            let cells: Vec<Cell> = values
                .into_iter()
                .zip(&schema)
                .map(|(value, property)| cell(&mut table, value, property.kind))
                .collect();
            let place = if self.is_of_areas() {
                let polygons = crate::geometry::polygons(city, self.outline(city, row));
                (!polygons.is_empty()).then(|| TableGeometry::Polygons(polygons.into()))
            } else {
                Some(TableGeometry::Point(self.point(city, row)))
            };
            match place {
                Some(place) => table.push_at(place, &cells),
                None => table.push(&cells),
            }
        }
        in_chinese(table, catalogue)
    }
}

/// Converts a value to a cell of a column of `kind`. A value that does not fit is written as text or left
/// empty.
fn cell(table: &mut TypedTable, value: Value<'_>, kind: Kind) -> Cell {
    match (value, kind) {
        (Value::Flag(flag), Kind::Flag) => flag.into(),
        (Value::Whole(whole), Kind::Whole) => whole.into(),
        (Value::Whole(whole), Kind::Number) => Cell::Number(whole as f64),
        (Value::Number(number), Kind::Number) => number.into(),
        (value, Kind::Text) => value.as_text().map_or(Cell::None, |text| table.text(&text)),
        _ => Cell::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Point;
    use circle_model::city::{CityTables, Compound, Facility, Meta, Ring, RingRole, Span};
    use zerocopy::FromZeros;

    /// A compound with an outline and one without, and a facility with two categories.
    fn city() -> City {
        let at = |lon, lat| Point { lon, lat };
        let tables = CityTables {
            points: vec![at(0, 0), at(90, 0), at(90, 90), at(0, 0)],
            rings: vec![Ring { line: Span { start: 0, len: 4 }, role: u32::from(RingRole::Outer.code()) }],
            compounds: vec![
                Compound { point: at(7, 8), ..Compound::new_zeroed() },
                Compound { rings: Span { start: 0, len: 1 }, ..Compound::new_zeroed() },
            ],
            facility_categories: vec![5, 1],
            facilities: vec![Facility {
                osm_id: 9,
                categories: Span { start: 0, len: 2 },
                ..Facility::new_zeroed()
            }],
            ..CityTables::default()
        };
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    #[test]
    fn compounds_without_an_outline_are_a_separate_collection() {
        let city = city();
        let rows = |collection: Collection| collection.rows(&city).collect::<Vec<_>>();
        assert_eq!(rows(Collection::Compounds), [1]);
        assert_eq!(rows(Collection::CompoundPoints), [0]);
        assert_eq!((Collection::Compounds.len(&city), Collection::CompoundPoints.len(&city)), (1, 1));
        assert!(!Collection::CompoundPoints.has(&city, 2));
        let catalogue = Catalogue::built_in();
        let areas = Collection::Compounds.table(&city, &catalogue);
        assert!(matches!(areas.place(0), Some(TableGeometry::Polygons(polygons)) if polygons.len() == 1));
        let points = Collection::CompoundPoints.table(&city, &catalogue);
        assert_eq!(points.place(0), Some(&TableGeometry::Point(Point { lon: 7, lat: 8 })));
    }

    #[test]
    fn lists_and_ids_are_texts() {
        let catalogue = Catalogue::built_in();
        let table = Collection::Facilities.table(&city(), &catalogue);
        let text = |key: &str| {
            let column = table.columns().iter().position(|column| column.key == key).unwrap();
            match table.rows().next().unwrap()[column] {
                Cell::Text(text) => Some(table.words(text).to_owned()),
                _ => None,
            }
        };
        let both = format!("{}; {}", catalogue.categories[5].id, catalogue.categories[1].id);
        assert_eq!(text("categories"), Some(both));
        assert_eq!(text("id").as_deref(), Some("n9"));
        assert_eq!(text("sources"), None);
    }
}
