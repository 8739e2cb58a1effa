//! Tables with typed columns, from which workbooks, `GeoPackage`s, Parquet files and others are written.

mod cell;
mod column;
mod geometry;
mod layout;
mod reshape;

pub(crate) use cell::days;
pub use cell::{Cell, Kind, TextId};
pub use column::TableColumn;
pub(crate) use column::Words;
pub use geometry::TableGeometry;
pub use layout::{Bar, MapStyle, PrintForm, StyledBy, StyledWord};

use cell::Texts;
use column::check_keys;
use std::sync::Arc;

/// A table in memory: a sheet of a workbook, a layer of a `GeoPackage`, a Parquet file.
///
/// Tables of 100,000 rows are common, so a cell takes 16 bytes and equal texts are stored once.
///
/// ```
/// use circle_export::{Cell, Kind, TableColumn, TypedTable, typed_csv, workbook};
/// use circle_reach::Cancel;
///
/// let columns = vec![
///     TableColumn::new("compound_name", "小区 compound", Kind::Text),
///     TableColumn::new("residents", "居民 residents", Kind::Whole),
/// ];
/// let mut table = TypedTable::new("compounds", "小区 compounds", columns);
/// let name = table.text("和平小区");
/// table.push(&[name, Cell::Whole(1204)]);
/// assert_eq!(String::from_utf8(typed_csv(&table))?, "compound_name,residents\n和平小区,1204\n");
/// // A workbook is a ZIP archive.
/// assert!(workbook(&[table], &["statement".to_owned()], &Cancel::never())?.starts_with(b"PK"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TypedTable {
    name: String,
    title: String,
    description: String,
    columns: Vec<TableColumn>,
    cells: Vec<Cell>,
    texts: Texts,
    rows: usize,
    places: Option<Vec<Option<TableGeometry>>>,
    bars: Vec<Bar>,
    printed: Option<usize>,
    form: Option<PrintForm>,
    styles: Vec<MapStyle>,
    label: Option<&'static str>,
}

impl TypedTable {
    /// An empty table. `name` is the name of sheet and layer, `title` the title for readers, Chinese first.
    ///
    /// # Panics
    ///
    /// When two columns have the same key, or one is `fid`, `geom` or `geometry`.
    pub fn new(name: impl Into<String>, title: impl Into<String>, columns: Vec<TableColumn>) -> Self {
        check_keys(&columns);
        Self {
            name: name.into(),
            title: title.into(),
            description: String::new(),
            columns,
            cells: Vec::new(),
            texts: Texts::default(),
            rows: 0,
            places: None,
            bars: Vec::new(),
            form: None,
            printed: None,
            styles: Vec::new(),
            label: None,
        }
    }

    /// Makes a workbook print the first columns only, ruled as a form.
    pub fn with_printed_columns(self, columns: usize) -> Self {
        Self { printed: Some(columns.min(self.columns.len())), ..self }
    }

    /// Number of printed columns, if not all are printed.
    pub fn printed_columns(&self) -> Option<usize> {
        self.printed
    }

    /// Replaces the title.
    pub fn with_title(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// Sets the labels for the words of a column.
    pub(crate) fn set_words(&mut self, key: &str, words: Arc<Words>) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.key == key) {
            column.words = Some(words);
        }
    }

    /// Makes workbooks lay it out as a form.
    pub fn as_form(self, form: PrintForm) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The layout of a form; `None` if it is no form.
    pub fn form(&self) -> Option<&PrintForm> {
        self.form.as_ref()
    }

    /// Sets a description, which is longer than the title.
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// Sets the styles on a map; programs open the layer with the first.
    pub fn with_styles(self, styles: Vec<MapStyle>) -> Self {
        Self { styles, ..self }
    }

    /// Sets the column that labels features on a map.
    pub fn labelled(self, key: &'static str) -> Self {
        Self { label: Some(key), ..self }
    }

    /// Adds columns on the right; `cells` returns their cells, row by row.
    ///
    /// # Panics
    ///
    /// When two columns have the same key, or a row's cells do not fit the columns.
    pub fn with_columns(
        mut self,
        columns: Vec<TableColumn>,
        mut cells: impl FnMut(&mut Self, &[Cell]) -> Vec<Cell>,
    ) -> Self {
        let more = columns.len();
        let (before, places) = (std::mem::take(&mut self.cells), self.places.take());
        let (width, rows) = (self.columns.len(), std::mem::take(&mut self.rows));
        self.columns.extend(columns);
        check_keys(&self.columns);
        self.reserve(rows);
        for row in 0..rows {
            let row = &before[row * width..(row + 1) * width];
            let added = cells(&mut self, row);
            assert_eq!(added.len(), more, "{}: cells of a row", self.name);
            self.push(&[row, &added].concat());
        }
        self.places = places;
        self
    }

    /// Makes workbooks draw a bar for each row, labelled by the first column.
    pub fn with_bars(self, bars: Vec<Bar>) -> Self {
        Self { bars, ..self }
    }

    /// The parts of each row's bar, from left to right; empty without bars.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// Makes it a layer of a map: its rows may have geometries.
    pub fn with_places(mut self) -> Self {
        self.places.get_or_insert_with(|| vec![None; self.rows]);
        self
    }

    /// Removes the geometries.
    pub fn without_places(self) -> Self {
        Self { places: None, ..self }
    }

    /// Retains the rows whose cell in column `key` is `word`.
    pub fn only(mut self, key: &str, word: &str) -> Self {
        let Some(column) = self.columns.iter().position(|column| column.key == key) else { return self };
        let width = self.columns.len();
        let cell = self.texts.ids.get(word).map(|&id| Cell::Text(TextId(id)));
        let keep: Vec<bool> = self.rows().map(|row| Some(row[column]) == cell).collect();
        let mut row = keep.iter();
        if let Some(places) = &mut self.places {
            places.retain(|_| *row.next().unwrap_or(&false));
        }
        let cells = self.cells.chunks_exact(width).zip(&keep).filter(|(_, keep)| **keep);
        self.cells = cells.flat_map(|(row, _)| row.iter().copied()).collect();
        self.rows = keep.into_iter().filter(|keep| *keep).count();
        self
    }

    /// Reserves memory for rows.
    pub fn reserve(&mut self, rows: usize) {
        self.cells.reserve(rows * self.columns.len());
    }

    /// Interns a text and returns its cell. Reuse the cell for repeated texts to save the look-up.
    pub fn text(&mut self, text: &str) -> Cell {
        Cell::Text(self.texts.id(text))
    }

    /// Adds a row without a geometry.
    ///
    /// # Panics
    ///
    /// When the number of cells is not that of the columns, or a cell is not of its column's kind.
    pub fn push(&mut self, cells: &[Cell]) {
        assert_eq!(cells.len(), self.columns.len(), "{}: cells of a row", self.name);
        for (&cell, column) in cells.iter().zip(&self.columns) {
            let cell = match cell {
                Cell::Number(number) if !number.is_finite() => Cell::None,
                cell => cell,
            };
            let kind = cell.kind();
            assert!(kind.is_none_or(|kind| kind == column.kind), "{}: {cell:?}", column.key);
            self.cells.push(cell);
        }
        self.rows += 1;
        if let Some(places) = &mut self.places {
            places.push(None);
        }
    }

    /// Adds a row with a geometry.
    ///
    /// # Panics
    ///
    /// As [`TypedTable::push`], and when the table is not [`TypedTable::with_places`].
    pub fn push_at(&mut self, place: TableGeometry, cells: &[Cell]) {
        self.push(cells);
        let last = self.places.as_mut().and_then(|places| places.last_mut());
        *last.expect("a table with places") = Some(place);
    }

    /// Name of the sheet and the layer.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Title for readers, Chinese first.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Description; empty if there is none.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Styles on a map.
    pub fn styles(&self) -> &[MapStyle] {
        &self.styles
    }

    /// The column that labels it on a map.
    pub fn label(&self) -> Option<&'static str> {
        self.label
    }

    /// The text of the cell of `row` in column `key`.
    pub fn words_at<'a>(&'a self, row: &[Cell], key: &str) -> Option<&'a str> {
        let column = self.columns.iter().position(|column| column.key == key)?;
        match row.get(column)? {
            Cell::Text(text) => Some(self.words(*text)),
            _ => None,
        }
    }

    /// Its columns.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Its rows, as they were added.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        let width = self.columns.len();
        (0..self.rows).map(move |row| &self.cells[row * width..(row + 1) * width])
    }

    /// A text of this table.
    ///
    /// # Panics
    ///
    /// When the id is that of another, longer table.
    pub fn words(&self, text: TextId) -> &str {
        &self.texts.words[text.0 as usize]
    }

    /// All distinct texts, by id.
    pub(crate) fn texts(&self) -> &[Arc<str>] {
        &self.texts.words
    }

    /// Whether its rows may have geometries.
    pub fn is_layer(&self) -> bool {
        self.places.is_some()
    }

    /// The geometry of a row.
    pub fn place(&self, row: usize) -> Option<&TableGeometry> {
        self.places.as_ref()?[row].as_ref()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use circle_model::Point;
    use jiff::civil::date;

    /// A layer of three compounds, the last without a geometry.
    pub(crate) fn compounds() -> TypedTable {
        let columns = vec![
            TableColumn::new("compound_name", "小区", Kind::Text),
            TableColumn::new("residents", "居民 人", Kind::Whole),
            TableColumn::new("walk_seconds", "步行 秒", Kind::Number),
            TableColumn::new("covered_share", "达标 比例", Kind::Number).shown_as("0.0%"),
            TableColumn::new("closed", "封闭", Kind::Flag),
            TableColumn::new("since", "自", Kind::Date),
            TableColumn::new("verdict", "结论", Kind::Text),
        ];
        let mut table = TypedTable::new("compounds", "小区结论 compounds", columns).with_places();
        let at = |lon: i32, lat: i32| Point { lon: 1_260_000_000 + lon, lat: 450_000_000 + lat };
        let ring = |from: i32, to: i32| vec![at(from, from), at(to, from), at(to, to), at(from, from)];
        let hole = vec![at(70_000, 20_000), at(70_000, 30_000), at(80_000, 30_000), at(70_000, 20_000)];
        let shape = TableGeometry::Polygons(vec![vec![ring(0, 100_000), hole]].into());
        let (covered, gap) = (table.text("covered"), table.text("gap"));
        let row = [
            table.text("=HYPERLINK(\"x\",\"y\")"),
            Cell::Whole(1204),
            Cell::Number(412.5),
            Cell::Number(0.75),
            Cell::Flag(true),
            Cell::Date(date(2024, 11, 1)),
            covered,
        ];
        table.push_at(shape, &row);
        let row = [
            table.text("滨江小区"),
            Cell::Whole(0),
            Cell::Number(f64::NAN),
            Cell::None,
            Cell::Flag(false),
            Cell::None,
            gap,
        ];
        table.push_at(TableGeometry::Point(at(-50_000, 200_000)), &row);
        table.push(&[Cell::None; 7]);
        table
    }

    #[test]
    fn equal_texts_are_stored_once() {
        let mut table = compounds();
        assert_eq!(table.text("gap"), Cell::Text(TextId(1)));
        assert_eq!(table.texts().len(), 4);
        assert_eq!(table.words(TextId(3)), "滨江小区");
        assert_eq!(size_of::<Cell>(), 16);
    }

    #[test]
    fn rows_keep_their_order_and_cells() {
        let table = compounds();
        assert_eq!((table.len(), table.rows().len()), (3, 3));
        let row = table.rows().nth(1).unwrap();
        assert_eq!(row[1..5], [Cell::Whole(0), Cell::None, Cell::None, Cell::Flag(false)]);
        assert!(table.place(1).is_some() && table.place(2).is_none());
    }

    #[test]
    fn added_columns_belong_to_their_rows() {
        let more =
            vec![TableColumn::new("double", "两倍", Kind::Whole), TableColumn::new("word", "词", Kind::Text)];
        let table = compounds().with_columns(more, |table, row| {
            let double = match row[1] {
                Cell::Whole(residents) => Cell::Whole(2 * residents),
                _ => Cell::None,
            };
            let word = table.words_at(row, "verdict").map(|word| format!("is {word}"));
            vec![double, word.map_or(Cell::None, |word| table.text(&word))]
        });
        let rows: Vec<&[Cell]> = table.rows().collect();
        assert_eq!((rows.len(), rows[0][7], rows[2][7]), (3, Cell::Whole(2408), Cell::None));
        assert_eq!(table.words_at(rows[1], "word"), Some("is gap"));
        assert!(table.place(0).is_some() && table.place(1).is_some() && table.place(2).is_none());
    }

    #[test]
    #[should_panic(expected = "residents: Flag(true)")]
    fn a_cell_of_another_kind_panics() {
        let mut table = TypedTable::new("t", "t", vec![TableColumn::new("residents", "居民", Kind::Whole)]);
        table.push(&[Cell::Flag(true)]);
    }

    #[test]
    #[should_panic(expected = "two columns Name")]
    fn two_columns_with_one_key_panic() {
        let column = |key: &'static str| TableColumn::new(key, key, Kind::Text);
        TypedTable::new("t", "t", vec![column("name"), column("Name")]);
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days(date(1970, 1, 1)), 0);
        assert_eq!(days(date(2024, 2, 29)), 19_782);
        assert_eq!(days(date(1969, 12, 31)), -1);
    }
}
