"""Opens table.{xlsx,gpkg,parquet} of a folder with common readers and compares them with table.csv."""

import csv
import sys
import tomllib
from pathlib import Path

import duckdb
import geopandas
import openpyxl
import pandas
import pyarrow.parquet
import pyogrio

folder = Path(sys.argv[1])
with open(folder / "table.csv", encoding="utf-8-sig", newline="") as file:
    expected = list(csv.DictReader(file))
print(len(expected), "rows of CSV")

# No reader takes the byte-order mark for a part of the first column's name.
assert (folder / "table.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
columns = list(expected[0])
assert list(pandas.read_csv(folder / "table.csv", low_memory=False).columns) == columns
assert duckdb.sql(f"select * from read_csv('{folder / 'table.csv'}', all_varchar=true)").columns == columns
assert list(pyogrio.read_info(folder / "table.csv")["fields"]) == columns


def text(value):
    """The text of a value in CSV."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def plain(cell):
    """A cell without the quote that protects formulas."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def same(columns, rows, what):
    assert list(expected[0]) == columns, (what, columns)
    count = 0
    for number, (row, of_csv) in enumerate(zip(rows, expected)):
        for column, value in zip(columns, row):
            assert text(value) == plain(of_csv[column]), (what, number, column, value, of_csv[column])
        count += 1
    assert count == len(expected), (what, count)
    print(what, "has the same", count, "rows")


# The workbook.
book = openpyxl.load_workbook(folder / "table.xlsx")
print(book.sheetnames)
sheets = {name.split()[-1]: book[name] for name in book.sheetnames}
for name in ["summary", "units", "ledger", "compounds", "rules", "coverage", "sources"]:
    assert name in sheets, name
for sheet in book:
    assert any("\u4e00" <= sign <= "\u9fff" for sign in sheet.title), sheet.title
    if sheet is sheets["sources"]:
        continue
    assert sheet.freeze_panes == "A2", sheet.title
    assert sheet.auto_filter.ref, sheet.title
    heading = "".join(str(cell.value) for cell in sheet[1])
    assert any("\u4e00" <= sign <= "\u9fff" for sign in heading), (sheet.title, heading)
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in row), (sheet.title, "a formula")
(chart,) = sheets["summary"]._charts
colours = [series.graphicalProperties.solidFill.srgbClr for series in chart.series]
with open(Path(__file__).parents[2] / "data/look.toml", "rb") as file:
    verdict = tomllib.load(file)["day"]["verdict"]
assert colours == [verdict[name].lstrip("#").upper() for name in ("covered", "gap", "unknown")], colours
sheet = sheets["coverage"]
rows = [[plain(text(value)) for value in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
# The workbook has Chinese words where the CSV has codes. Codes and words correspond one to one.
for place, column in enumerate(columns):
    if column in ("category", "verdict", "reason", "need", "confidence", "gate_provenance") or "verdict" in column:
        words = {}
        for row, of_csv in zip(rows, expected):
            if of_csv[column]:
                assert any("\u4e00" <= sign <= "\u9fff" for sign in row[place]), (column, row[place])
                assert words.setdefault(of_csv[column], row[place]) == row[place], (column, row[place])
            row[place] = of_csv[column] if row[place] else ""
        # A line of the rule set may have the name of a category.
        assert column == "category" or len(set(words.values())) == len(words), words
same(columns, rows, "xlsx")
for name in sheets:
    page = sheets[name].page_setup
    assert page.orientation == "landscape" and page.fitToHeight == 0, name
    assert name == "sources" or sheets[name].print_title_rows == "$1:$1", name
statement = " ".join(str(cell) for row in sheets["sources"].iter_rows(values_only=True) for cell in row)
assert "sha256" in statement and "ODbL" in statement and "complete is unknown" in statement, statement

# GeoParquet, three ways.
path = str(folder / "table.parquet")
arrow = pyarrow.parquet.read_table(path)
columns = [name for name in arrow.column_names if name != "geometry"]
same(columns, zip(*(arrow.column(name).to_pylist() for name in columns)), "pyarrow")
assert b"sha256" in arrow.schema.metadata[b"statement"]
names = ", ".join(f'"{name}"' for name in columns)
same(columns, duckdb.sql(f"select {names} from read_parquet('{path}')").fetchall(), "duckdb")
gaps = duckdb.sql(f"select count(*) from read_parquet('{path}') where verdict = 'gap'").fetchall()[0][0]
assert gaps == sum(row["verdict"] == "gap" for row in expected) > 0
frame = geopandas.read_parquet(path)
assert frame.crs.to_epsg() in (4326, None) or frame.crs.name.startswith("WGS 84"), frame.crs
assert len(frame) == len(expected) and frame.geometry.notna().all()
west, south, east, north = frame.total_bounds
assert 126 < west < east < 127 and 45 < south < north < 46, frame.total_bounds

# The GeoPackage, layer by layer.
path = folder / "table.gpkg"
layers = dict(pyogrio.list_layers(path))
print(layers)
assert layers["compounds"] == "MultiPolygon" and layers["compounds_points"] == "Point", layers
assert layers["gates"] == layers["facilities"] == "Point" and layers["units_district"] == "MultiPolygon", layers
# Tables with many rows per place have no geometry.
assert layers["coverage"] is layers["ledger"] is layers["units"] is None, layers
frame = pyogrio.read_dataframe(path, layer="coverage", read_geometry=False)
columns = list(frame.columns)
same(columns, zip(*([None if v is None or v != v else v for v in frame[name].astype(object)] for name in columns)), "geopackage")
styles = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
assert {"compounds", "facilities", "gates", "units_district", "units_subdistrict"} <= set(styles["f_table_name"]), styles
for name, of_layer in styles.groupby("f_table_name"):
    assert of_layer["useAsDefault"].sum() == 1, name
# Every line has a column with verdicts and a style, so that a map needs no join.
lines = pyogrio.read_dataframe(path, layer="rules", read_geometry=False)
verdicts = pyogrio.read_dataframe(path, layer="compounds", read_geometry=False)
points = pyogrio.read_dataframe(path, layer="compounds_points", read_geometry=False)
by_line = {(row["compound_id"], row["category"]): row["verdict"] for row in expected}
for line in lines["category"]:
    for part in (verdicts, points):
        for compound, verdict in zip(part["compound_id"], part[f"verdict_{line}"]):
            assert verdict == by_line[compound, line], (compound, line, verdict)
of_styles = styles[styles["f_table_name"] == "units_district"]
assert len(of_styles) == len(lines) + 1, of_styles["styleName"]
districts = geopandas.read_file(path, layer="units_district")
assert len(districts) == districts["unit_id"].nunique() and districts["compounds_share_proven"].between(0, 1).all()
for line in lines[lines["has_source"]]["category"]:
    for unit in districts.itertuples():
        within = [row for part in (verdicts, points) for row in part.itertuples() if row.district_id == unit.unit_id]
        counted = {word: sum(getattr(row, f"verdict_{line}") == word for row in within) for word in ("covered", "gap", "unknown")}
        share = getattr(unit, f"share_{line}")
        assert getattr(unit, f"gap_{line}") == counted["gap"], (unit.unit_name, line)
        assert abs(share - counted["covered"] / sum(counted.values())) < 1e-6, (unit.unit_name, line, share)
compounds = geopandas.read_file(path, layer="compounds")
assert compounds.geometry.is_valid.mean() > 0.99
print("all readers agree")
