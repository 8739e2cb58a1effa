"""Connects QGIS to a server, loads each collection and draws it: collections_of.py http://HOST:PORT FOLDER"""

import json
import sys
import urllib.request
from pathlib import Path

import canvas
from qgis.core import Qgis, QgsVectorLayer, QgsWkbTypes

# QGIS reads the schema from this version on. Earlier versions infer types from the first ten features.
READS_SCHEMA = 34400


def ask(address, path):
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer)


def main(address, folder):
    listed = ask(address, "/api/collections")["collections"]
    names = [collection["id"] for collection in listed]
    assert {"compounds", "compound_points", "gates", "facilities", "units"} <= set(names), names
    stack = {}
    for collection in listed:
        name = collection["id"]
        links = {link["rel"]: link["href"] for link in collection["links"]}
        schema = json.load(urllib.request.urlopen(links["http://www.opengis.net/def/rel/ogc/1.0/schema"]))
        source = f"url='{address}/api' typename='{name}' pageSize='2000'"
        layer = QgsVectorLayer(source, name, "OAPIF")
        assert layer.isValid(), f"{name}: {layer.error().summary()}"
        if collection["numberOfItems"] == 0 and Qgis.QGIS_VERSION_INT < READS_SCHEMA:
            continue
        areas = schema["properties"]["geometry"]["format"] == "geometry-multipolygon"
        expected = QgsWkbTypes.PolygonGeometry if areas else QgsWkbTypes.PointGeometry
        assert layer.geometryType() == expected, (name, QgsWkbTypes.displayString(layer.wkbType()))
        features = list(layer.getFeatures())
        assert len(features) == collection["numberOfItems"], (name, len(features))
        first = ask(address, f"/api/collections/{name}/items?limit=10")["features"]
        for field in layer.fields():
            described = schema["properties"].get(field.name())
            if described is None or "type" not in described:
                continue
            values = [feature["properties"][field.name()] for feature in first]
            if Qgis.QGIS_VERSION_INT >= READS_SCHEMA or any(value is not None for value in values):
                numeric = described["type"] in ("integer", "number")
                assert field.isNumeric() == numeric, (name, field.name(), field.typeName())
        pixels = canvas.draw([layer], folder / f"{name}.png")
        stack[name] = layer
        print(name, len(features), QgsWkbTypes.displayString(layer.wkbType()), len(pixels), "colours")
    canvas.draw(
        [stack[name] for name in ("compound_points", "compounds", "units")], folder / "all.png", stack["units"].extent()
    )


if __name__ == "__main__":
    with canvas.qgis():
        main(sys.argv[1].strip().rstrip("/").split()[-1], Path(sys.argv[2]))
