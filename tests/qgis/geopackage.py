"""Opens every layer of a GeoPackage in QGIS and draws it in each of its styles: geopackage.py FILE FOLDER"""

import re
import sqlite3
import sys
from pathlib import Path

import canvas
from qgis.core import QgsVectorLayer, QgsWkbTypes

# Names that SQLite or PostgreSQL reserve.
RESERVED = {"check", "group", "order", "user", "table", "limit", "default", "end"}
# Colours of data/look.toml as drawn: areas are translucent.
COVERED, GAP = "#5DB0A0", "#D15F4D"
# The background of hatched areas and, at small scales, the hatch; each with its tolerance.
UNKNOWN = (("#F2F0EE", 8), ("#D6D3CF", 20))
POINT = {"covered": "#3FA18F", "gap": "#C8442F", "unknown": "#E3E0DA"}


def open_layer(path, name):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    assert layer.isValid(), f"{name}: {layer.error().summary()}"
    return layer


def check_columns(layer):
    """Asserts that every column has a Chinese heading and a name that SQL accepts unquoted."""
    for index, field in enumerate(layer.fields()):
        if field.name() == "fid":
            continue
        assert field.name().lower() not in RESERVED, (layer.name(), field.name())
        alias = layer.attributeAlias(index)
        assert re.search("[\u4e00-\u9fff]|OSM", alias), (layer.name(), field.name(), alias)


def styles_of(layer):
    """Ids and names of the styles in the file, the default first."""
    count, ids, names, _, error = layer.listStylesInDatabase()
    assert count > 0 and not error, (layer.name(), count, error)
    return list(zip(ids[:count], names[:count]))


def apply(layer, style):
    text, error = layer.getStyleFromDatabase(style)
    assert text and not error, (layer.name(), style, error)
    from qgis.PyQt.QtXml import QDomDocument

    document = QDomDocument()
    assert document.setContent(text)[0], (layer.name(), style, "no XML")
    done, message = layer.importNamedStyle(document)
    assert done, (layer.name(), style, message)


def rules(layer):
    """The number of features that each rule of the renderer draws, by label."""
    renderer = layer.renderer()
    assert renderer.type() == "RuleRenderer", (layer.name(), renderer.type())
    counts = {rule.label(): 0 for rule in renderer.rootRule().children()}
    for feature in layer.getFeatures():
        fits = [rule.label() for rule in renderer.rootRule().children() if holds(rule, layer, feature)]
        assert len(fits) <= 1, (layer.name(), feature.id(), fits)
        for label in fits:
            counts[label] += 1
    return counts


def holds(rule, layer, feature):
    from qgis.core import QgsExpressionContext, QgsExpressionContextUtils

    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    context.setFields(layer.fields())
    rule.filter().prepare(context)
    return bool(rule.filter().evaluate(context))


def check_verdict_pixels(layer, counts, pixels, path):
    """Asserts that each verdict of more than 20 features is visible in its colour, and that an absent one is not."""
    is_point = layer.geometryType() == QgsWkbTypes.PointGeometry
    for label, colour in (("达标 covered", COVERED), ("缺口 gap", GAP), ("未知 unknown", None)):
        colour = POINT[label.split()[1]] if is_point else colour
        if colour:
            seen = canvas.near(pixels, colour)
        else:
            seen = sum(canvas.near(pixels, grey, off) for grey, off in UNKNOWN)
        if counts[label] > 20:
            assert seen > 20, f"{path}: {counts[label]} are {label}, {seen} pixels of {colour}"
        if counts[label] == 0 and label != "未知 unknown":
            assert seen < 20, f"{path}: none is {label}, {seen} pixels of {colour}"


def check_units(layer, title):
    """Asserts that a unit with a majority of unknown verdicts is drawn as unknown."""
    (unknown,) = (rule for rule in layer.renderer().rootRule().children() if rule.label() == "未知 unknown")
    if title != "全部有数据的 all with a source":
        return
    for feature in layer.getFeatures():
        covered, gap, open_ones = (feature[f"compounds_{word}"] for word in ("covered", "gap", "unknown"))
        assert holds(unknown, layer, feature) == (open_ones > covered + gap or covered + gap == 0), (
            layer.name(),
            feature["unit_name"],
        )


def main(file, folder):
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    contents = database.execute(
        "SELECT table_name, data_type FROM gpkg_contents WHERE table_name NOT IN ('layer_styles', 'sources')"
    ).fetchall()
    names = [name for name, _ in contents]
    assert {"compounds", "facilities", "gates", "coverage", "ledger", "units_district"} <= set(names), names
    drawn = 0
    for name, kind in contents:
        layer = open_layer(file, name)
        check_columns(layer)
        assert layer.featureCount() > 0, name
        if kind == "attributes":
            assert not layer.isSpatial(), name
            print(name, layer.featureCount(), "rows")
            continue
        assert layer.crs().authid() == "EPSG:4326", name
        places = {feature.geometry().asWkt(7) for feature in layer.getFeatures()}
        # Two facilities may share a place, but a layer with many rows per place should be a table.
        assert len(places) > 0.9 * layer.featureCount(), f"{name}: {len(places)} places"
        styles = styles_of(layer)
        for number, (style, title) in enumerate(styles):
            if number > 0:
                apply(layer, style)
                check_columns(layer)
            path = folder / f"{name}-{number:02}.png"
            counts = rules(layer)
            assert sum(counts.values()) == layer.featureCount() or name == "facilities", (name, title, counts)
            pixels = canvas.draw([layer], path)
            if name.startswith("units_"):
                check_units(layer, title)
            if "达标 covered" in counts:
                check_verdict_pixels(layer, counts, pixels, path)
            drawn += 1
            print(name, layer.featureCount(), title, counts)
    # The default view: compounds above units.
    stack = [open_layer(file, name) for name in ("compounds", "compounds_points", "units_district") if name in names]
    canvas.draw(stack, folder / "all.png", stack[-1].extent())
    print(drawn, "pictures in", folder)


if __name__ == "__main__":
    with canvas.qgis():
        main(Path(sys.argv[1]), Path(sys.argv[2]))
