//! Examples at the end of each command's help.

pub(super) const CIRCLE: &str = "\
Examples:
  circle build data/harbin.osm.pbf --own data/own/harbin/OWN.toml -o harbin.circle
  circle coverage harbin.circle -o coverage.xlsx
  circle serve harbin.circle
  circle help coverage";

pub(super) const BUILD: &str = "\
Examples:
  circle build harbin.osm.pbf -o harbin.circle
  circle build harbin.osm.pbf --own OWN.toml -o harbin.circle
  circle build inner.osm.pbf outer.osm.pbf --elevation N45E126.hgt -o harbin.circle
  circle build harbin-new.osm.pbf --since harbin.circle -o harbin.circle";

pub(super) const INFO: &str = "\
Examples:
  circle info harbin.circle
  circle info harbin.circle -o harbin.json";

pub(super) const CHECK: &str = "\
Findings about your own files come first, then findings about the map; in each part errors, warnings, notes.

Examples:
  circle check harbin.circle -o report.xlsx
  circle check harbin.circle -o report.csv
  circle check harbin.circle --format csv | grep no_mapped_gate";

pub(super) const CLASSIFY: &str = "\
Examples:
  circle classify pois.csv -o classified.csv
  circle classify pois.xlsx --truth category";

pub(super) const TIMES: &str = "\
Examples:
  circle times harbin.circle --from gates.csv --to schools.csv -o times.csv
  circle times harbin.circle --from a.csv --to b.csv --profile elderly --max-minutes 30";

pub(super) const ISOCHRONE: &str = "\
Examples:
  circle isochrone harbin.circle --compound 荣耀世纪小区 -o circle.geojson
  circle isochrone harbin.circle --at 126.63,45.76 --minutes 5 10 15
  circle isochrone harbin.circle --from places.csv --minutes 5,10,15 --form rings -o rings.geojson";

pub(super) const EXPLAIN: &str = "\
Examples:
  circle explain harbin.circle --from 126.63,45.76 --to 126.64,45.76
  circle explain harbin.circle --from 126.63,45.76 --to 126.64,45.76 --profile elderly -o walk.geojson";

pub(super) const COVERAGE: &str = "\
CSV files begin with a byte-order mark, so that Excel reads them as UTF-8; standard output has none.

Examples:
  circle coverage harbin.circle -o coverage.xlsx
  circle coverage harbin.circle --rules gb50180 --minutes 5 10 15 -o coverage.gpkg
  circle coverage harbin.circle --within 南岗区 --sheets-by subdistrict -o nangang.xlsx
  circle coverage harbin.circle --table ledger --ledger filled-in.xlsx -o ledger.xlsx
  circle coverage harbin.circle --by subdistrict -o streets.csv --no-bom";

pub(super) const COMPARE: &str = "\
Examples:
  circle compare 2024.circle 2025.circle -o changes.xlsx
  circle compare before.circle after.circle --rules gb50180 -o changes.csv";

pub(super) const BOARD: &str = "\
Examples:
  circle board harbin.circle --compound 荣耀世纪小区 -o board.pdf
  circle board harbin.circle --compound rysj --size A2 --minutes 5 10 15 -o board.svg
  circle board harbin.circle --unit 荣市街道 --board board.toml -o boards/
  circle board harbin.circle --all --inferred -o boards/";

pub(super) const EXPORT: &str = "\
Without LAYER, the layers are listed with their numbers of rows.

Examples:
  circle export harbin.circle
  circle export harbin.circle compounds -o compounds.gpkg
  circle export harbin.circle facilities -o facilities.csv
  circle export harbin.circle units --format geojson > units.geojson";

pub(super) const OPENAPI: &str = "\
It is the document at /api/openapi.json of `circle serve`.

Examples:
  circle openapi -o openapi.json
  circle openapi harbin.circle > openapi.json";

pub(super) const COMPLETIONS: &str = "\
Examples:
  circle completions bash > ~/.local/share/bash-completion/completions/circle
  circle completions zsh > ~/.zfunc/_circle
  circle completions fish > ~/.config/fish/completions/circle.fish";

pub(super) const SERVE: &str = "\
The server prints its address when it is ready: the page is at /, the API at /api, its description at
/api/openapi.json. /healthz, /readyz and /metrics are for the operator. The server speaks HTTP/1.1; TLS and access
control belong to a reverse proxy.

If the city file is replaced, the server serves the new one within two seconds, on SIGHUP at once, and drops no
request. Ctrl-C or SIGTERM ends it after the answers under way. It writes no files; the log goes to standard error.
--access-log all logs every request; RUST_LOG=warn leaves out all lines but warnings and errors.

Examples:
  circle serve harbin.circle
  circle serve harbin.circle --listen 0.0.0.0:8080 --rate-limit 20
  circle serve harbin.circle --rate-limit 20 --trust-proxy --log json --board board.toml";
