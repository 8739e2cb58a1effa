//! Tables made of tables.

use super::{Cell, Column, Kind, TypedTable};
use circle_model::Point;
use rustc_hash::FxHashMap;

impl TypedTable {
    /// The same table with the columns `lon` and `lat`, for formats without places; nothing where `point` gives none.
    ///
    /// # Panics
    /// When it has such columns.
    pub fn with_coordinates(self, point: impl Fn(usize) -> Option<Point>) -> Self {
        let mut columns = self.columns.clone();
        columns.push(Column::new("lon", "经度 lon", Kind::Number).shown_as("0.000000"));
        columns.push(Column::new("lat", "纬度 lat", Kind::Number).shown_as("0.000000"));
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

    /// Its rows by what they say in some columns, in the order in which that comes first; `number` counts anew in each.
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
            let said: Vec<String> = by.iter().map(words).collect();
            let part = *known.entry(said.clone()).or_insert_with(|| {
                let places = self.places.is_some().then(Vec::new);
                let (cells, rows) = (Vec::new(), 0);
                parts.push((said, Self { cells, rows, places, ..self.clone_frame() }));
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

    /// All but the rows.
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
    fn parts_hold_each_row_once_and_are_numbered_anew() {
        let columns = vec![
            Column::new("number", "序号", Kind::Whole),
            Column::new("street", "街道", Kind::Text),
            Column::new("name", "名称", Kind::Text),
        ];
        let mut table = TypedTable::new("t", "t", columns).with_places();
        for (number, (street, name)) in (1u32..).zip([("乙", "a"), ("甲", "b"), ("乙", "c"), ("", "d")]) {
            let street = if street.is_empty() { Cell::None } else { table.text(street) };
            let name = table.text(name);
            table.push(&[number.into(), street, name]);
        }
        let parts = table.split_by(&["street"], "number");
        let said: Vec<&str> = parts.iter().map(|(said, _)| said[0].as_str()).collect();
        assert_eq!(said, ["乙", "甲", ""]);
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
    fn coordinates_stand_beside_what_is_there() {
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
