//! `/api/openapi.json`: every path described, in `OpenAPI` 3.1.

use super::boards::{self, content_type};
use super::coverage::{self, LEVELS};
use super::isochrones::{self, FORMS};
use super::items::{DEFAULT_LIMIT, LARGEST_LIMIT};
use super::{GEOJSON, JSON, OPENAPI, SCHEMA, TILE, explain, quality, reach, typed, verdicts};
use crate::api::settings::bounds;
use crate::links::Base;
use crate::served::Pinned;
use crate::state::State;
use axum::response::Response;
use circle_export::{Collection, FileFormat, Property, TileIndex};
use circle_model::WeekTime;
use circle_model::bands::{LONGEST_BAND, MOST_BANDS};
use circle_print::Format;
use serde_json::{Map, Value, json};

/// The description of the API.
pub(crate) async fn openapi(Pinned(state): Pinned, base: Base) -> Response {
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "生活圈 Living Circle",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What is within a 15-minute walk. Coordinates are WGS 84, longitude first. \
                Errors are problem JSON (RFC 9457). Ids are keys, which outlive a build of the city: a former key is answered with \
                308, that of what is gone with 410 and the nearest thing of its kind. Every answer has an ETag and names \
                the edition of the city that it is of in the header circle-edition; answers of two editions must not be \
                joined, and `edition` asks for one of them alone. The member `edition` is that of the answer itself: it \
                differs from the header where `at_time` is given.",
        },
        "servers": [{ "url": if base.0.is_empty() { "/" } else { base.0.as_str() } }],
        "paths": paths(),
        "components": {
            "parameters": parameters(&state),
            "schemas": schemas(),
            "responses": responses(),
            "headers": headers(),
        },
    });
    typed(OPENAPI, document.to_string())
}

fn paths() -> Map<String, Value> {
    let mut paths = ogc_paths();
    let mut add = |path: &str, operation: Value| paths.insert(path.to_owned(), json!({ "get": operation }));
    let shapes = answer(GEOJSON, Some("FeatureCollection"));
    add(
        "/api/isochrones",
        operation(
            "isochrones",
            "等时圈 Isochrones: the shapes reached within each band",
            &isochrones::PARAMETERS,
            &shapes,
        ),
    );
    add(
        "/api/reach",
        operation("reach", "Every facility within reach, nearest first", &reach::PARAMETERS, &shapes),
    );
    add(
        "/api/explain",
        operation(
            "explain",
            "One walk in full: every leg, way and wait, and what bars a shorter one",
            &explain::PARAMETERS,
            &shapes,
        ),
    );
    let mut table = shapes;
    for format in FileFormat::ALL {
        let content = &mut table["content"][format.media_type()];
        if content.is_null() {
            *content = json!({ "schema": {} });
        }
    }
    add(
        "/api/coverage",
        operation(
            "coverage",
            "覆盖 Coverage: how every compound stands in every category, or units added up",
            &coverage::PARAMETERS,
            &table,
        ),
    );
    add(
        "/api/verdicts",
        operation(
            "verdicts",
            "Verdicts of all compounds on the rule set's lines, by column",
            &verdicts::PARAMETERS,
            &answer(JSON, None),
        ),
    );
    add("/api/names", operation("names", "Names of compounds with their pinyin", &[], &answer(JSON, None)));
    let quality = operation(
        "quality",
        "数据质量 Data quality: what is missing or doubtful",
        &quality::PARAMETERS,
        &table,
    );
    add("/api/quality", quality);
    let mut board = operation(
        "board",
        "导视图 The board at a gate, to be printed",
        &[["board"].as_slice(), &boards::PARAMETERS].concat(),
        &answer(content_type(Format::Svg), None),
    );
    for format in Format::ALL {
        board["responses"]["200"]["content"][content_type(format)] = json!({ "schema": {} });
    }
    add("/api/boards/{board}", board);
    add(
        "/api/settings",
        operation("settings", "Profiles, categories, rule sets, bounds", &[], &answer(JSON, None)),
    );
    for (path, operation) in &mut paths {
        of_the_api(path, &mut operation["get"]);
    }
    let mut add = |path: &str, operation: Value| paths.insert(path.to_owned(), json!({ "get": operation }));
    add("/metrics", operation("metrics", "Figures for Prometheus", &[], &answer("text/plain", None)));
    add("/healthz", operation("healthz", "Liveness", &[], &answer("text/plain", None)));
    add("/readyz", operation("readyz", "Readiness, with the data date", &[], &answer("text/plain", None)));
    paths
}

/// Parameters that hold keys, by name.
const KEYS: [&str; 5] = ["id", "board", "compound", "gate", "facility"];

/// What holds for every path of the API: it can be asked for one edition and says which one answers. Where it takes keys,
/// these may be former ones.
fn of_the_api(path: &str, operation: &mut Value) {
    let reference = |name: &str| format!("#/components/parameters/{name}");
    let is_key = |parameter: &Value| KEYS.iter().any(|name| parameter["$ref"] == reference(name));
    let takes_keys = operation["parameters"].as_array().is_some_and(|list| list.iter().any(is_key));
    // Their filters hold keys too.
    let takes_keys = takes_keys || path.ends_with("/items");
    if let Some(list) = operation["parameters"].as_array_mut() {
        list.push(json!({ "$ref": reference("edition") }));
    }
    let responses = &mut operation["responses"];
    for status in ["200", "204"] {
        if responses[status].is_object() {
            responses[status]["headers"] =
                json!({ "circle-edition": { "$ref": "#/components/headers/Edition" } });
        }
    }
    responses["409"] = json!({ "$ref": "#/components/responses/Replaced" });
    if takes_keys {
        responses["308"] = json!({ "$ref": "#/components/responses/Moved" });
        responses["410"] = json!({ "$ref": "#/components/responses/Gone" });
    }
}

/// What OGC API Features and Tiles ask for.
fn ogc_paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, operation: Value| paths.insert(path.to_owned(), json!({ "get": operation }));
    add("/api", operation("landing", "Landing page", &[], &answer(JSON, None)));
    add("/api/conformance", operation("conformance", "Conformance classes", &[], &answer(JSON, None)));
    add("/api/openapi.json", operation("openapi", "This description", &[], &answer(OPENAPI, None)));
    add("/api/collections", operation("collections", "All collections", &[], &answer(JSON, None)));
    for collection in Collection::ALL {
        let (id, title) = (collection.id(), collection.title());
        let path = format!("/api/collections/{id}");
        add(&path, operation(&format!("{id}.describe"), title, &[], &answer(JSON, None)));
        let schema = answer(SCHEMA, None);
        let of_properties = format!("Schema of the properties of {id}: types, titles, units");
        add(&format!("{path}/schema"), operation(&format!("{id}.schema"), &of_properties, &[], &schema));
        let of_features = format!("JSON Schema of {id} as GeoJSON");
        let name = format!("{id}.schema.feature");
        add(&format!("{path}/schema/feature"), operation(&name, &of_features, &[], &schema));
        let mut items = operation(
            &format!("{id}.items"),
            title,
            &["limit", "offset", "bbox", "datetime"],
            &answer(GEOJSON, Some("FeatureCollection")),
        );
        if let Some(list) = items["parameters"].as_array_mut() {
            list.extend(collection.schema().iter().map(filter));
        }
        add(&format!("{path}/items"), items);
        let item = operation(&format!("{id}.item"), title, &["id"], &answer(GEOJSON, Some("Feature")));
        add(&format!("{path}/items/{{id}}"), item);
    }
    let tile = |id: &str, parameters: &[&str]| {
        let mut tile = operation(id, "Vector tile of the base map", parameters, &answer(TILE, None));
        tile["responses"]["204"] = json!({ "description": "Nothing to draw here" });
        tile
    };
    add("/api/tiles/{z}/{x}/{y}", tile("tile", &["z", "x", "y"]));
    add("/api/tiles", operation("tilesets", "All tilesets", &[], &answer(JSON, None)));
    add(
        "/api/tiles/WebMercatorQuad",
        operation("tileset", "Tileset of the base map", &[], &answer(JSON, None)),
    );
    add(
        "/api/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
        tile("tileset.tile", &["tileMatrix", "tileRow", "tileCol"]),
    );
    add("/api/tileMatrixSets", operation("tileMatrixSets", "All tiling schemes", &[], &answer(JSON, None)));
    add(
        "/api/tileMatrixSets/WebMercatorQuad",
        operation("tileMatrixSet", "Definition of the tiling scheme", &[], &answer(JSON, None)),
    );
    paths
}

fn operation(id: &str, summary: &str, parameters: &[&str], answer: &Value) -> Value {
    let reference = |name: &&str| json!({ "$ref": format!("#/components/parameters/{name}") });
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters.iter().map(reference).collect::<Vec<_>>(),
        "responses": {
            "200": answer,
            "304": { "description": "The client has this answer already" },
            "4XX": { "$ref": "#/components/responses/Problem" },
            "5XX": { "$ref": "#/components/responses/Problem" },
        },
    })
}

fn answer(kind: &str, schema: Option<&str>) -> Value {
    let schema =
        schema.map_or_else(|| json!({}), |name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    json!({ "description": "Done", "content": { kind: { "schema": schema } } })
}

fn filter(property: &Property) -> Value {
    let Property { name, title, .. } = property;
    json!({
        "name": name,
        "in": "query",
        "description": format!("{title}: only features whose `{name}` is this"),
        "schema": { "type": "string" },
    })
}

fn parameters(state: &State) -> Value {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema });
    let switch = |name: &str, description: &str| query(name, description, json!({ "type": "boolean" }));
    let list = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "description": description, "schema": schema, "style": "form", "explode": false });
    let path =
        |name: &str, schema: Value| json!({ "name": name, "in": "path", "required": true, "schema": schema });
    let profiles: Vec<&str> = state.profiles.iter().map(|profile| profile.id.as_str()).collect();
    let rule_sets: Vec<&str> = state.rule_sets.iter().map(|rules| rules.id.as_str()).collect();
    let numbers = |least: usize, most: usize| json!({ "type": "array", "items": { "type": "number" }, "minItems": least, "maxItems": most });
    let [west, south, east, north] = bounds(state.city());
    let place_in = |name: &str, description: &str, share: f64| {
        let degrees = |most: u32| json!({ "type": "number", "minimum": -f64::from(most), "maximum": most });
        let schema = json!({ "type": "array", "prefixItems": [degrees(180), degrees(90)], "minItems": 2, "maxItems": 2 });
        let mut parameter = list(name, description, schema);
        parameter["example"] = json!([west + share * (east - west), south + share * (north - south)]);
        parameter
    };
    let zoom =
        json!({ "type": "integer", "minimum": TileIndex::FIRST_ZOOM, "maximum": TileIndex::LAST_ZOOM });
    let place = json!({ "type": "integer", "minimum": 0 });
    let mut parameters = json!({
        "limit": query("limit", "Features on a page", json!({
            "type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT
        })),
        "offset": query("offset", "Features to skip", json!({ "type": "integer", "minimum": 0, "default": 0 })),
        "bbox": list("bbox", "west,south,east,north; west above east crosses the antimeridian", numbers(4, 6)),
        "datetime": query("datetime", "RFC 3339; features have no time, so all fit", json!({ "type": "string" })),
        "id": path("id", json!({ "type": "string", "pattern": KEY })),
        "at": place_in("at", "LON,LAT; either this, `compound` or `gate`", 0.5),
        "from": place_in("from", "Where the walk starts, LON,LAT; either this, `compound` or `gate`", 0.45),
        "to": place_in("to", "Where the walk ends, LON,LAT; either this or `facility`", 0.55),
        "facility": query("facility", "Key or exact name of a facility", json!({ "type": "string" })),
        "compound": query("compound", "Key or exact name of a compound", json!({ "type": "string" })),
        "minutes": list("minutes", "Bands, whole minutes", json!({
            "type": "array",
            "items": { "type": "integer", "minimum": 1, "maximum": LONGEST_BAND },
            "maxItems": MOST_BANDS
        })),
        "at_time": query(
            "at_time",
            &format!("Honour opening hours at a time: {}", WeekTime::FORMS),
            json!({ "type": "string" }),
        ),
        "profile": query("profile", "How somebody walks", json!({
            "type": "string", "enum": profiles, "default": circle_model::Profiles::DEFAULT
        })),
        "form": query("form", "How the shapes are cut", json!({
            "type": "string", "enum": FORMS.map(|(word, _)| word), "default": FORMS[0].0
        })),
        "rules": query("rules", "Rule set that is judged by", json!({
            "type": "string", "enum": rule_sets, "default": rule_sets.first()
        })),
        "by": query("by", "Level", json!({ "type": "string", "enum": LEVELS.map(|(word, _)| word), "default": "compound" })),
        "line": query("line", "One category or line alone; of units also `all` and `all_with_source`", json!({ "type": "string" })),
        "as_mapped": switch("as_mapped", "Judge as if the map held every facility 按地图所示"),
        "format": query("format", "Format, before what `Accept` says", json!({
            "type": "string", "enum": FileFormat::ALL.map(FileFormat::word)
        })),
        "only": query("only", "`rules`: only the rule set's lines", json!({ "type": "string", "enum": ["rules"] })),
        "board": path("board", json!({ "type": "string", "pattern": "^[a-z][a-z0-9.-]{0,31}\\.(svg|pdf|png)$" })),
        "gate": query(
            "gate",
            "Key of a gate: the walk starts there. For a board, key or name of a gate of the compound; its most certain \
            one without it",
            json!({ "type": "string" }),
        ),
        "size": query("size", "A0 to A4, or millimetres such as 800x1200", json!({ "type": "string", "default": "A1" })),
        "landscape": switch("landscape", "Landscape: wider than high"),
        "bleed": switch("bleed", "3 mm more on every side, to be cut off"),
        "crop_marks": switch("crop_marks", "Marks where to cut"),
        "categories": query("categories", "Categories to list, parted by commas; the five of the board without it", json!({ "type": "string" })),
        "group_by": query("group_by", "Headings of the list", json!({ "type": "string", "enum": ["band", "theme"] })),
        "faces": query("faces", "What the reader faces, which is up: N, NE, … or degrees", json!({ "type": "string" })),
        "north_up": switch("north_up", "North is up"),
        "inferred": switch("inferred", "Also of a gate that was only inferred; the board says so"),
        "address": query("address", "The page's address, for the QR code", json!({ "type": "string", "format": "uri" })),
        "dpi": query("dpi", "Dots an inch of a PNG", json!({ "type": "integer", "minimum": 20, "maximum": 150 })),
        "download": switch("download", "Offered as a file to save"),
        "z": path("z", zoom.clone()),
        "x": path("x", place.clone()),
        "y": path("y", place.clone()),
        "tileMatrix": path("tileMatrix", zoom),
        "tileRow": path("tileRow", place.clone()),
        "tileCol": path("tileCol", place),
    });
    parameters["edition"] = query(
        "edition",
        "Answer of this edition of the city alone, as the header circle-edition names it; 409 where another is served",
        json!({ "type": "string", "pattern": "^[0-9a-f]{12}$" }),
    );
    parameters
}

/// Of every key, at most 32 characters; ids of access points are a little longer than those of their facilities.
const KEY: &str = "^[a-z][a-z0-9.-]{0,39}$";

fn headers() -> Value {
    json!({
        "Edition": {
            "description": "The edition of the city that answers",
            "required": true,
            "schema": { "type": "string", "pattern": "^[0-9a-f]{12}$" },
        },
    })
}

fn schemas() -> Value {
    json!({
        "Feature": {
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
                "type": { "const": "Feature" },
                "id": { "type": "string" },
                "geometry": { "type": ["object", "null"] },
                "properties": { "type": "object" },
            },
        },
        "FeatureCollection": {
            "type": "object",
            "required": ["type", "features", "statement"],
            "properties": {
                "type": { "const": "FeatureCollection" },
                "features": { "type": "array", "items": { "$ref": "#/components/schemas/Feature" } },
                "links": { "type": "array", "items": { "type": "object" } },
                "numberMatched": { "type": "integer" },
                "numberReturned": { "type": "integer" },
                "edition": { "type": "string", "description": "Of this answer" },
                "origin": { "type": "object", "description": "Where the walk starts, and whether it could" },
                "statement": { "type": "object", "description": "Data date, profile, rule set, version, inputs" },
            },
        },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
                "choices": { "type": "array", "items": { "type": "string" } },
                "compounds": { "type": "array", "items": { "type": "object" } },
                "nearest": {
                    "type": ["object", "null"],
                    "description": "The thing of its kind that is nearest to where one that is gone was",
                    "properties": {
                        "id": { "type": "string" },
                        "name": { "type": ["string", "null"] },
                        "metres": { "type": "integer" },
                        "href": { "type": "string" },
                    },
                },
                "edition": { "type": "string", "description": "The edition that is served" },
                "first": { "type": "string", "description": "The address to begin again at" },
            },
        },
    })
}

fn responses() -> Value {
    let problem = |description: &str| {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
    };
    json!({
        "Problem": problem("What went wrong, and what would not"),
        "Gone": problem("The key is that of what is there no more; `nearest` is the nearest thing of its kind"),
        "Replaced": problem("Another edition is served; `first` is where to begin again"),
        "Moved": {
            "description": "The key is a former one; the same address with the present key is in `Location`",
            "headers": { "Location": { "required": true, "schema": { "type": "string", "format": "uri-reference" } } },
        },
    })
}
