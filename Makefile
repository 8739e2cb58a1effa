# Living Circle. `make run` and `make test` are all that most people need.

CITY    ?= data/harbin.osm.pbf
LISTEN  ?= 127.0.0.1:8080
CARGO   ?= cargo
CIRCLE  := target/release/circle

.PHONY: help run demo test bench truth truth-tenth peers load soak fuzz check unit suite page test-qgis clean

help:
	@echo "make run    build everything, build the city $(CITY) and serve it on $(LISTEN)"
	@echo "make demo   the same with made-up lists of its own 演示数据: what a district with its own data sees"
	@echo "make test   everything that proves the project"
	@echo "make test-qgis  layers and collections drawn in QGIS itself; installs it (1.2 GB)"
	@echo "make bench  the figures of the README"
	@echo "make truth  isochrones against the times of a lattice, 100 origins in three cities"
	@echo "make peers  side by side with other engines"
	@echo "make load   requests a second over loopback, 64 connections"
	@echo "make soak   a server under everything at once for SECONDS=600: no fault, memory flat"
	@echo "make fuzz   each fuzz target for SECONDS=60"

run: web/dist/index.html
	$(CARGO) build --release --locked -p circle-cli
	$(CIRCLE) build $(CITY) -o target/city.circle
	$(CIRCLE) serve target/city.circle --listen $(LISTEN)

# Clinics, service centres, gates, people: made up, and every title says so.
demo: web/dist/index.html
	$(CARGO) build --release --locked -p circle-cli
	$(CIRCLE) build data/harbin.osm.pbf --own data/own/harbin/DEMO.toml -o target/demo.circle
	$(CIRCLE) serve target/demo.circle --listen $(LISTEN)

test: check unit suite truth-tenth page

# The quick ones first: form and lints, then tests beside the code, then whole runs, then the page. All with the
# same profile and features, so that a crate is compiled once for lints and once for running.
check: web/dist/index.html
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd web && npm run check

unit: web/dist/index.html
	$(CARGO) test --workspace --lib --bins --locked
	$(CARGO) test --workspace --doc --locked

suite: web/dist/index.html scripts/.packages target/readers/.installed target/schemathesis/.installed
	$(CARGO) test --workspace --test suite --locked

page: web/dist/index.html scripts/.packages
	$(CARGO) build --workspace --locked
	scripts/test-page target/debug/circle $(CITY)

# Not a part of `make test`: QGIS is 290 MB to load and 1.2 GB on the disk. Pictures are in target/qgis.
test-qgis: web/dist/index.html
	scripts/install-packages python3-qgis fonts-noto-cjk
	$(CARGO) build --release --locked -p circle-cli
	scripts/test-qgis $(CIRCLE) $(CITY)

bench: web/dist/index.html scripts/.packages
	$(CARGO) build --release --locked -p circle-cli
	node scripts/bench.mjs $(CIRCLE)
	$(CARGO) bench -p circle-cli --locked --bench harbin
	$(CARGO) bench -p circle-cli --locked --bench coverage
	$(CARGO) bench -p circle-cli --locked --bench boards
	$(CARGO) bench -p circle-cli --locked --bench scale

truth: web/dist/index.html
	$(CARGO) bench -p circle-cli --locked --bench truth

truth-tenth: web/dist/index.html
	$(CARGO) bench --profile dev --workspace --locked --bench truth -- 0.1

peers: web/dist/index.html benches/peers/node_modules/.package-lock.json target/peers/venv/.installed \
		target/peers/pyvalhalla/.installed
	scripts/install-packages wrk
	$(CARGO) build --release --locked -p circle-cli
	$(CARGO) bench -p circle-cli --locked --bench ours --no-run
	node benches/peers/peers.mjs $(CIRCLE)

load: web/dist/index.html
	scripts/install-packages wrk
	$(CARGO) build --release --locked -p circle-cli
	$(CIRCLE) build $(CITY) -o target/city.circle
	scripts/load $(CIRCLE) target/city.circle

soak: SECONDS ?= 600
soak: web/dist/index.html
	$(CARGO) build --release --locked -p circle-cli
	$(CIRCLE) build $(CITY) -o target/city.circle
	scripts/soak $(CIRCLE) target/city.circle $(SECONDS)

# Built by a nightly toolchain in a workspace of its own; installs what it lacks.
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

# Tables are read back by what people read them with.
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

# Its programs are what is wanted; they run beside any Python, the module does not.
target/peers/pyvalhalla/.installed: benches/peers/requirements-valhalla.txt target/peers/venv/.installed
	rm -rf $(@D)
	target/peers/venv/bin/pip install --quiet --no-deps --only-binary=:all: --python-version 312 --target $(@D) --requirement $<
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/build web/public web/index.html web/vite.config.ts data/look.toml -type f)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

# Chromium draws the page, GDAL reads the API, osmium is what the import is measured against, Python
# reads the tables.
scripts/.packages: scripts/install-packages
	scripts/install-packages chromium gdal-bin osmium-tool poppler-utils fonts-noto-cjk time python3 python3-venv
	@touch $@

clean:
	$(CARGO) clean
	rm -rf web/dist web/node_modules scripts/.packages
