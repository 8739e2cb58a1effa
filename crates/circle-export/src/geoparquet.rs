//! Writes a table as GeoParquet 1.1, which `DuckDB` and `GeoPandas` read:
//! <https://geoparquet.org/releases/v1.1.0/>.

use crate::error::ExportError;
use crate::statement::titled;
use crate::typed::{Cell, Kind, TableGeometry, TypedTable, days};
use crate::wkb::{Bounds, write_wkb};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};
use serde_json::json;
use std::sync::Arc;

/// Name of the geometry column.
const GEOMETRY: &str = "geometry";
/// Rows of a row group, which are also copied at a time.
const ROWS_OF_A_GROUP: usize = 131_072;

/// Writes a GeoParquet file for a layer, a plain Parquet file for a table without geometries. The geometry
/// is the last column.
///
/// The lines of `statement` are in the metadata under `statement`, the title under `title`. Repeated texts
/// are stored once.
///
/// # Errors
///
/// When Parquet rejects the name of a column.
pub fn geoparquet(table: &TypedTable, statement: &[String]) -> Result<Vec<u8>, ExportError> {
    let mut metadata = vec![
        KeyValue::new("title".to_owned(), titled(table.title(), statement)),
        KeyValue::new("statement".to_owned(), statement.join("\n")),
    ];
    if table.is_layer() {
        metadata.push(KeyValue::new("geo".to_owned(), geo(table)));
    }
    let places = ColumnPath::from(GEOMETRY);
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("circle version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(metadata))
        // Geometries do not repeat and have no order, so dictionary and statistics are disabled.
        .set_column_dictionary_enabled(places.clone(), false)
        .set_column_statistics_enabled(places, EnabledStatistics::None);
    // Times and lengths hardly repeat.
    for column in table.columns().iter().filter(|column| column.kind == Kind::Number) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column.key.as_ref()), false);
    }
    let properties = properties.build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema(table)?, Arc::new(properties))?;
    let texts: Vec<ByteArray> =
        table.texts().iter().map(|text| ByteArray::from(text.as_bytes().to_vec())).collect();
    for first in (0..table.len()).step_by(ROWS_OF_A_GROUP) {
        let rows = first..table.len().min(first + ROWS_OF_A_GROUP);
        let mut group = file.next_row_group()?;
        for (index, column) in table.columns().iter().enumerate() {
            let cells = table.rows().skip(rows.start).take(rows.len()).map(|row| row[index]);
            write_cells(&mut group, column.kind, cells, &texts)?;
        }
        if table.is_layer() {
            let places = rows.map(|row| {
                table.place(row).map(|place| {
                    let mut bytes = Vec::new();
                    write_wkb(&mut bytes, place);
                    ByteArray::from(bytes)
                })
            });
            write_column::<ByteArrayType>(&mut group, places)?;
        }
        group.close()?;
    }
    Ok(file.into_inner()?)
}

fn schema(table: &TypedTable) -> Result<Arc<Type>, ParquetError> {
    let field = |name: &str, physical, logical| {
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        field.with_logical_type(logical).build().map(Arc::new)
    };
    let mut fields = Vec::new();
    for column in table.columns() {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Whole => (Physical::INT64, None),
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Flag => (Physical::BOOLEAN, None),
            Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        };
        fields.push(field(&column.key, physical, logical)?);
    }
    if table.is_layer() {
        fields.push(field(GEOMETRY, Physical::BYTE_ARRAY, None)?);
    }
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

/// The metadata `geo` of the standard. Without a reference system, coordinates are longitude and latitude of
/// WGS 84.
fn geo(table: &TypedTable) -> String {
    let places = || (0..table.len()).filter_map(|row| table.place(row));
    let is_point = |place: &TableGeometry| matches!(place, TableGeometry::Point(_));
    let mut kinds = Vec::new();
    if places().any(|place| !is_point(place)) {
        kinds.push("MultiPolygon");
    }
    if places().any(is_point) {
        kinds.push("Point");
    }
    let mut column = json!({ "encoding": "WKB", "geometry_types": kinds, "orientation": "counterclockwise" });
    if let Some(bounds) = Bounds::around(places()) {
        column["bbox"] = json!(bounds.degrees());
    }
    json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } }).to_string()
}

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

fn write_cells(
    group: &mut Group<'_>,
    kind: Kind,
    cells: impl ExactSizeIterator<Item = Cell>,
    texts: &[ByteArray],
) -> Result<(), ParquetError> {
    match kind {
        Kind::Text => write_column::<ByteArrayType>(
            group,
            cells.map(|cell| match cell {
                Cell::Text(text) => Some(texts[text.0 as usize].clone()),
                _ => None,
            }),
        ),
        Kind::Whole => write_column::<Int64Type>(
            group,
            cells.map(|cell| match cell {
                Cell::Whole(whole) => Some(whole),
                _ => None,
            }),
        ),
        Kind::Number => write_column::<DoubleType>(
            group,
            cells.map(|cell| match cell {
                Cell::Number(number) => Some(number),
                _ => None,
            }),
        ),
        Kind::Flag => write_column::<BoolType>(
            group,
            cells.map(|cell| match cell {
                Cell::Flag(flag) => Some(flag),
                _ => None,
            }),
        ),
        Kind::Date => write_column::<Int32Type>(
            group,
            cells.map(|cell| match cell {
                Cell::Date(date) => Some(days(date)),
                _ => None,
            }),
        ),
    }
}

/// Writes the values of a column and, for every row, whether it has one.
fn write_column<T: DataType>(
    group: &mut Group<'_>,
    cells: impl ExactSizeIterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut values = Vec::with_capacity(cells.len());
    let mut present = Vec::with_capacity(cells.len());
    for cell in cells {
        present.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than fields".to_owned()));
    };
    column.typed::<T>().write_batch(&values, Some(&present), None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::{TableColumn, tests::compounds};
    use parquet::basic::Encoding;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};

    fn opened(bytes: Vec<u8>) -> SerializedFileReader<bytes::Bytes> {
        SerializedFileReader::new(bytes.into()).unwrap()
    }

    fn rows(reader: &SerializedFileReader<bytes::Bytes>) -> Vec<Row> {
        reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
    }

    fn metadata(reader: &SerializedFileReader<bytes::Bytes>, key: &str) -> Option<String> {
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone())
    }

    #[test]
    fn values_are_read_back_unchanged() {
        let reader = opened(geoparquet(&compounds(), &[]).unwrap());
        let rows = rows(&reader);
        let fields: Vec<(String, Field)> =
            rows[0].get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect();
        let expected = [
            ("compound_name", Field::Str("=HYPERLINK(\"x\",\"y\")".into())),
            ("residents", Field::Long(1204)),
            ("walk_seconds", Field::Double(412.5)),
            ("covered_share", Field::Double(0.75)),
            ("closed", Field::Bool(true)),
            ("since", Field::Date(20_028)),
            ("verdict", Field::Str("covered".into())),
        ];
        assert_eq!(fields[..7], expected.map(|(name, field)| (name.to_owned(), field)));
        assert!(matches!(fields[7], (ref name, Field::Bytes(_)) if name == GEOMETRY));
        assert!(rows[2].get_column_iter().all(|(_, field)| *field == Field::Null));
    }

    #[test]
    fn the_metadata_has_geometry_title_and_statement() {
        let statement = ["数据 data".to_owned(), "a line".to_owned()];
        let reader = opened(geoparquet(&compounds(), &statement).unwrap());
        let geo: serde_json::Value = serde_json::from_str(&metadata(&reader, "geo").unwrap()).unwrap();
        assert_eq!(
            geo,
            json!({
                "version": "1.1.0",
                "primary_column": "geometry",
                "columns": { "geometry": {
                    "encoding": "WKB",
                    "geometry_types": ["MultiPolygon", "Point"],
                    "orientation": "counterclockwise",
                    "bbox": [125.995, 45.0, 126.01, 45.02],
                } },
            })
        );
        assert_eq!(metadata(&reader, "statement").unwrap(), "数据 data\na line");
        assert_eq!(metadata(&reader, "title").unwrap(), "小区结论 compounds");
    }

    #[test]
    fn a_table_without_geometries_is_plain_parquet() {
        let table = TypedTable::new("t", "t", vec![TableColumn::new("name", "名", Kind::Text)]);
        let reader = opened(geoparquet(&table, &[]).unwrap());
        assert_eq!((rows(&reader).len(), metadata(&reader, "geo")), (0, None));
    }

    #[test]
    fn long_tables_keep_their_rows_and_store_texts_once() {
        let columns =
            vec![TableColumn::new("n", "数", Kind::Whole), TableColumn::new("verdict", "结论", Kind::Text)];
        let mut table = TypedTable::new("t", "t", columns);
        let gap = table.text("gap");
        (0..200_000).for_each(|row| table.push(&[Cell::Whole(row), gap]));
        let reader = opened(geoparquet(&table, &[]).unwrap());
        assert_eq!(reader.num_row_groups(), 2);
        let numbers = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns().remove(0).1);
        assert!(numbers.zip(0..).all(|(number, row)| number == Field::Long(row)));
        let column = reader.metadata().row_group(0).column(1);
        assert!(column.encodings().any(|encoding| encoding == Encoding::RLE_DICTIONARY));
        assert!(column.compressed_size() < 1000);
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let make = || geoparquet(&compounds(), &["a".to_owned()]).unwrap();
        assert_eq!(make(), make());
    }
}
