//! Tables derived from tables.

use super::{Cell, Kind, TableColumn, TypedTable};
use circle_model::Point;
use rustc_hash::FxHashMap;

impl TypedTable {
    /// Adds the columns `lon` and `lat`, for formats without geometries; both are empty where `point` returns
    /// `None`.
    ///
    /// # Panics
    ///
    /// When it has such columns.
    pub fn with_coordinates(self, point: impl Fn(usize) -> Option<Point>) -> Self {
        let mut columns = self.columns.clone();
        columns.push(TableColumn::new("lon", "经度 lon", Kind::Number).shown_as("0.000000"));
        columns.push(TableColumn::new("lat", "纬度 lat", Kind::Number).shown_as("0.000000"));
        let mut table = Self::new(self.name.clone(), self.title.clone(), columns);
        table.texts.clone_from(&self.texts);
        for (number, row) in self.rows().enumerate() {
            let at = point(number).map(Point::lon_lat);
            let mut cells = row.to_vec();
            cells.extend([Cell::from(at.map(|at| at.lon)), Cell::from(at.map(|at| at.lat))]);
            table.push(&cells);
        }
        Self { places: self.places, bars: self.bars, printed: self.printed, ..table }
    }

    /// Splits the rows by their values in some columns, in the order of first appearance. The column `number`
    /// is renumbered in each part.
    pub fn split_by(&self, keys: &[&str], number: &str) -> Vec<(Vec<String>, Self)> {
        let column = |key: &str| self.columns.iter().position(|column| column.key == key);
        let (by, number): (Vec<usize>, _) =
            (keys.iter().filter_map(|key| column(key)).collect(), column(number));
        let mut parts: Vec<(Vec<String>, Self)> = Vec::new();
        let mut known: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        for (at, row) in self.rows().enumerate() {
            let words = |column: &usize| match row[*column] {
                Cell::Text(text) => self.words(text).to_owned(),
                _ => String::new(),
            };
            let values: Vec<String> = by.iter().map(words).collect();
            let part = *known.entry(values.clone()).or_insert_with(|| {
                let places = self.places.is_some().then(Vec::new);
                let (cells, rows) = (Vec::new(), 0);
                parts.push((values, Self { cells, rows, places, ..self.clone_frame() }));
                parts.len() - 1
            });
            let part = &mut parts[part].1;
            part.cells.extend_from_slice(row);
            part.rows += 1;
            if let Some(number) = number {
                let cell = (part.rows - 1) * self.columns.len() + number;
                part.cells[cell] = Cell::Whole(part.rows as i64);
            }
            if let Some(places) = &mut part.places {
                places.push(self.place(at).cloned());
            }
        }
        parts
    }

    /// A copy without the rows.
    fn clone_frame(&self) -> Self {
        Self {
            name: self.name.clone(),
            title: self.title.clone(),
            columns: self.columns.clone(),
            cells: Vec::new(),
            texts: self.texts.clone(),
            rows: 0,
            places: None,
            bars: self.bars.clone(),
            printed: self.printed,
            form: self.form.clone(),
            description: self.description.clone(),
            label: self.label,
            styles: self.styles.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::tests::compounds;

    #[test]
    fn parts_hold_each_row_once_and_are_renumbered() {
        let columns = vec![
            TableColumn::new("number", "序号", Kind::Whole),
            TableColumn::new("street", "街道", Kind::Text),
            TableColumn::new("name", "名称", Kind::Text),
        ];
        let mut table = TypedTable::new("t", "t", columns).with_places();
        for (number, (street, name)) in (1u32..).zip([("乙", "a"), ("甲", "b"), ("乙", "c"), ("", "d")]) {
            let street = if street.is_empty() { Cell::None } else { table.text(street) };
            let name = table.text(name);
            table.push(&[number.into(), street, name]);
        }
        let parts = table.split_by(&["street"], "number");
        let values: Vec<&str> = parts.iter().map(|(values, _)| values[0].as_str()).collect();
        assert_eq!(values, ["乙", "甲", ""]);
        let rows: Vec<(Cell, &str)> = parts[0]
            .1
            .rows()
            .map(|row| {
                let Cell::Text(name) = row[2] else { panic!("{row:?}") };
                (row[0], parts[0].1.words(name))
            })
            .collect();
        assert_eq!(rows, [(Cell::Whole(1), "a"), (Cell::Whole(2), "c")]);
        assert_eq!(parts.iter().map(|(_, part)| part.len()).sum::<usize>(), table.len());
    }

    #[test]
    fn coordinates_are_added_after_the_other_columns() {
        let table = compounds();
        let at = Point { lon: 1_266_400_000, lat: 457_500_000 };
        let with = table.clone().with_coordinates(|row| (row == 1).then_some(at));
        let keys: Vec<&str> = with.columns().iter().map(|column| column.key.as_ref()).collect();
        assert_eq!(keys[keys.len() - 2..], ["lon", "lat"]);
        let rows: Vec<&[Cell]> = with.rows().collect();
        let width = keys.len();
        assert_eq!(rows[1][width - 2..], [Cell::Number(126.64), Cell::Number(45.75)]);
        assert_eq!(rows[0][width - 2..], [Cell::None, Cell::None]);
        assert_eq!(with.place(1), table.place(1));
    }
}
