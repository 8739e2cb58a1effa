"""The commands and requests of `compare-binaries`, which fills in {city} and names that it takes from the city."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# The command that builds each city, in this order.
CITIES = {
    "harbin": "build {root}/data/harbin.osm.pbf -o {name}.circle",
    "heidelberg": "build {root}/benches/data/heidelberg-ors.osm.pbf -o {name}.circle",
    "own": "build {root}/data/harbin.osm.pbf --own {root}/data/own/harbin/OWN.toml -o {name}.circle",
    "harbin-2017": "build {root}/tests/data/harbin-2017.osm.pbf -o {name}.circle",
    "since": "build {root}/data/harbin.osm.pbf --since {harbin-2017} -o {name}.circle",
}
# The cities that commands and requests are run on.
ASKED = ["harbin", "heidelberg", "own", "since"]

LAYERS = ["compounds", "compound_points", "gates", "facilities", "units", "buildings", "candidates",
          "candidate_points", "access_points"]
FORMATS = ["csv", "geojson", "xlsx", "gpkg", "parquet"]
FORMS = ["discs", "rings", "lines"]
RULES = ["board", "complete_community", "gb50180", "mofcom", "tdt1062"]
PROFILES = ["planning", "adult", "elderly", "frail", "child_with_carer", "wheelchair"]
LEVELS = ["compound", "grid", "community", "subdistrict", "district", "city", "h3"]
TABLES = ["coverage", "units", "compounds", "ledger", "assumptions", "supply", "catchments", "sources", "bring",
          "survey", "rules"]
SHELLS = ["bash", "elvish", "fish", "powershell", "zsh"]
SUBCOMMANDS = ["build", "info", "check", "classify", "times", "isochrone", "explain", "audit", "coverage", "compare",
               "export", "board", "serve", "completions"]
NASTY = sorted(file.name for file in (ROOT / "tests/data/nasty").iterdir() if file.suffix == ".pbf")

# Commands that need none of the cities, or two of them. Outputs go to an empty folder.
ONCE = {
    "help": "--help",
    "version": "--version",
    "no command": "",
    "wrong command": "explore",
    **{f"help {it}": f"{it} --help" for it in SUBCOMMANDS},
    **{f"completions {it}": f"completions {it}" for it in SHELLS},
    "classify truth": "classify {root}/tests/data/name_samples.csv --truth expect",
    "classify file": "classify {root}/tests/data/name_samples.csv -o out.csv",
    "classify own": "classify {root}/data/own/harbin/clinics.csv --no-bom",
    **{f"classify {it}": f"classify {{root}}/tests/data/office/stations.{it}" for it in ("ods", "xls")},
    "no such file": "info nothing.circle",
    "no city": "info {root}/README.md",
    "damaged extract": "build {root}/README.md -o out.circle",
    "build demo": "build {root}/data/harbin.osm.pbf --own {root}/data/own/harbin/DEMO.toml -o out.circle",
    **{f"build closed {it}": f"build {{root}}/data/harbin.osm.pbf --closed-by-default {it} -o out.circle"
       for it in ("never", "always")},
    "build two": "build {root}/tests/data/beijing-bupt.osm.pbf {root}/data/harbin.osm.pbf -o out.circle",
    **{f"build {it}": f"build {{root}}/tests/data/nasty/{it} -o out.circle" for it in NASTY},
    **{f"compare {it}": f"compare {{harbin-2017}} {{harbin}} -o out.{it}" for it in FORMATS},
    "compare own": "compare {harbin} {own} --rules gb50180 --as-mapped --completeness 0.8",
}

# Commands on a city.
OF_CITY = {
    "info": "info {city}",
    "info quiet": "info {city} --quiet -o out.json",
    "check": "check {city}",
    **{f"check {it}": f"check {{city}} -o out.{it}" for it in ("csv", "xlsx", "geojson")},
    "check no-bom": "check {city} --no-bom -o out.csv",
    "export": "export {city}",
    **{f"export {layer} {it}": f"export {{city}} {layer} -o out.{it}" for layer in LAYERS for it in FORMATS},
    "export output": "export {city} gates --format csv",
    **{f"isochrone {it}": f"isochrone {{city}} --at {{place}} --form {it}" for it in FORMS},
    **{f"isochrone {it}": f"isochrone {{city}} --at {{place}} --minutes 3,20 --profile {it}" for it in PROFILES},
    "isochrone from": "isochrone {city} --from {folder}/places.csv --minutes 5 10 15 -o out.geojson",
    "isochrone night": "isochrone {city} --at {place} --at-time 22:30",
    "isochrone legs": "isochrone {city} --at {place} --legs {folder}/legs.toml",
    "isochrone own profile": "isochrone {city} --at {place} --profile {folder}/profiles.toml",
    "isochrone outside": "isochrone {city} --at 1.5,47.5",
    "times": "times {city} --from {folder}/places.csv --to {folder}/places.csv",
    "times file": "times {city} --from {folder}/places.csv --to {folder}/targets.csv --profile elderly"
                  " --max-minutes 30 -o out.csv",
    "times night": "times {city} --from {folder}/places.csv --to {folder}/targets.csv --at-time 'Sa 23:00' --no-bom",
    "explain": "explain {city} --from {place} --to {target}",
    **{f"explain {it}": f"explain {{city}} --from {{place}} --to {{target}} --profile {it}" for it in PROFILES},
    "explain night": "explain {city} --from {place} --to {target} --at-time 03:00 -o out.geojson",
    "no such profile": "coverage {city} --profile sprinter",
    "no such rules": "coverage {city} --rules none-such",
    "no such compound": "isochrone {city} --compound 没有这个小区",
    "no such unit": "coverage {city} --within 没有这个区",
    "coverage": "coverage {city}",
}

# Commands on a city that has compounds.
OF_COMPOUNDS = {
    **{f"isochrone compound {it}": f"isochrone {{city}} --compound {{compound}} --form {it}" for it in FORMS},
    "isochrone by name": "isochrone {city} --compound {compound_name}",
    "isochrone by pinyin": "isochrone {city} --compound rysj",
    "times of gates": "times {city} --from {folder}/gates.csv --to {folder}/targets.csv",
    "explain facility": "explain {city} --compound {compound} --facility {facility}",
    "explain barred": "explain {city} --compound {closed} --to {target}",
    **{f"coverage {it}": f"coverage {{city}} -o out.{it}" for it in FORMATS},
    **{f"coverage {it}": f"coverage {{city}} --rules {it} -o out.csv" for it in RULES},
    **{f"coverage {it}": f"coverage {{city}} --profile {it} --minutes 7,14 -o out.csv" for it in PROFILES},
    **{f"coverage by {it}": f"coverage {{city}} --by {it} -o out.csv" for it in LEVELS},
    **{f"coverage by {it} geojson": f"coverage {{city}} --by {it} -o out.geojson" for it in LEVELS[3:]},
    "coverage by h3 9": "coverage {city} --by h3 --h3 9 -o out.gpkg",
    **{f"coverage table {it}": f"coverage {{city}} --table {it} -o out.csv" for it in TABLES},
    "coverage table units xlsx": "coverage {city} --table units -o out.xlsx",
    "coverage as mapped": "coverage {city} --as-mapped --rules gb50180 -o out.xlsx",
    "coverage sensitivity": "coverage {city} --sensitivity -o out.csv",
    "coverage assumptions": "coverage {city} --sensitivity --table assumptions -o out.csv",
    "coverage night": "coverage {city} --at-time 22:30 -o out.csv",
    "coverage legs": "coverage {city} --legs {folder}/legs.toml -o out.csv",
    "coverage completeness": "coverage {city} --completeness 0.1 --no-bom -o out.csv",
    "coverage within": "coverage {city} --within 南岗区 --sheets-by subdistrict -o out.xlsx",
    "coverage own rules": "coverage {city} --rules {folder}/rules.toml -o out.csv",
    "coverage ledger": "coverage {city} --ledger {folder}/ledger.csv -o out.xlsx",
    **{f"board {it}": f"board {{city}} --compound {{compound}} --dpi 40 --inferred -o out.{it}"
       for it in ("pdf", "svg", "png")},
    "board settings": "board {city} --compound {compound} --board {root}/data/boards/example.toml --size A2 --bleed"
                      " --crop-marks --inferred -o out.svg",
    "board landscape": "board {city} --compound {compound} --landscape --north-up --inferred"
                       " --address https://circle.example.org -o out.svg",
    "board faces": "board {city} --compound {compound} --faces NE --minutes 5,10 --profile elderly --inferred"
                   " --categories primary_school hospital -o out.svg",
    "board folder": "board {city} --compound {compound} --inferred --format svg -o boards",
    **{f"audit {it}": f"audit {{city}} --sample 20 --seed 17 -o out.{it}" for it in ("xlsx", "csv", "html")},
    "audit lines": "audit {city} --sample 12 --rules gb50180 --as-mapped -o out.csv",
    "audit findings": "audit --findings {folder}/findings.csv",
}

# Requests of a city's server: method, path, headers.
REQUESTS = [("GET", path, {}) for path in """
/ /healthz /readyz /metrics /api /api/ /api/conformance /api/openapi.json /api/settings /api/names
/api/collections /api/collections/moons /api/collections/moons/items
/api/quality /api/quality?format=csv /api/quality?format=xlsx /api/quality?format=gpkg&download=true
/api/tiles /api/tiles/WebMercatorQuad /api/tileMatrixSets /api/tileMatrixSets/WebMercatorQuad
/api/tiles/14/{x}/{y} /api/tiles/WebMercatorQuad/14/{y}/{x} /api/tiles/10/0/0 /api/tiles/30/1/1 /api/tiles/a/b/c
/api/isochrones /api/isochrones?at={place} /api/isochrones?at={place}&form=rings&minutes=3,6,9
/api/isochrones?at={place}&form=lines /api/isochrones?at={place}&profile=wheelchair&at_time=22:30
/api/isochrones?at=200,10 /api/isochrones?at=1.5,47.5 /api/isochrones?at={place}&form=blobs
/api/isochrones?at={place}&minutes=0 /api/isochrones?at={place}&profile=sprinter /api/isochrones?at={place}&colour=red
/api/isochrones?compound=nothing /api/isochrones?at={place}&edition=000000000000
/api/reach /api/reach?at={place} /api/reach?at={place}&minutes=20&profile=elderly /api/reach?at={place}&at_time=03:00
/api/explain?from={place} /api/explain?from={place}&to={target} /api/explain?from={place}&to={target}&profile=planning
/api/coverage /api/coverage?format=csv&only=rules /api/verdicts /api/boards/nothing.pdf /api/nothing /nothing
""".split()]
REQUESTS += [("GET", f"/api/collections/{layer}{path}", {}) for layer in LAYERS for path in (
    "", "/schema", "/schema/feature", "/items", "/items?limit=3&offset=2", "/items?bbox={box}&limit=50",
    "/items?datetime=2024-01-01", "/items?limit=0", "/items?colour=red", "/items/nothing", "/items/{" + layer + "}")]
REQUESTS += [
    ("POST", "/api/reach", {}),
    ("HEAD", "/api/isochrones?at={place}", {}),
    ("OPTIONS", "/api/reach", {"Origin": "http://a.test"}),
    ("GET", "/api/coverage?only=rules", {"Accept": "text/csv"}),
    ("GET", "/api/quality", {"Accept": "text/csv"}),
    ("GET", "/api/isochrones?at={place}", {"Accept-Encoding": "gzip"}),
    ("GET", "/api/settings", {"If-None-Match": "*"}),
    ("GET", "/api/collections", {"X-Forwarded-Proto": "https"}),
    ("GET", "/api/reach?at=" + "1" * 20000, {}),
]

# Requests of a server whose city has compounds.
REQUESTS_OF_COMPOUNDS = [("GET", path, {}) for path in """
/api/isochrones?compound={compound} /api/isochrones?compound={compound}&form=rings /api/isochrones?gate={gate}&form=lines
/api/isochrones?compound={former} /api/collections/compounds/items/{former} /api/reach?compound={former}&minutes=5
/api/reach?compound={compound} /api/reach?gate={gate}&minutes=12
/api/explain?compound={compound}&facility={facility} /api/explain?gate={gate}&facility={facility}
/api/explain?compound={closed}&to={target}
/api/coverage?compound={compound} /api/coverage?by=district /api/coverage?by=subdistrict&format=csv
/api/coverage?by=city /api/coverage?by=h3&format=geojson /api/coverage?by=moon /api/coverage?line=0
/api/coverage?rules=gb50180&format=csv /api/coverage?format=xlsx&only=rules /api/coverage?format=gpkg&by=district
/api/coverage?format=parquet&compound={compound} /api/coverage?as_mapped=true&only=rules&format=csv&download=true
/api/coverage?profile=elderly&only=rules&at_time=22:30&format=csv
/api/verdicts?rules=mofcom /api/verdicts?rules=tdt1062&profile=frail&minutes=5,10
/api/verdicts?rules=board&as_mapped=true&at_time=22:30
/api/boards/{compound}.svg?inferred=true /api/boards/{compound}.pdf?inferred=true
/api/boards/{compound}.png?dpi=40&inferred=true /api/boards/{compound}.svg?gate={gate}&inferred=true&size=tiny
/api/boards/{compound}.svg?gate={gate}&inferred=true&size=A3&landscape=true&north_up=true&minutes=5,10&profile=elderly
/api/collections/gates/items?compound_id={compound} /api/collections/compounds/items?closed=true&limit=3
""".split()]
