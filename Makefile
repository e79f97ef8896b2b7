# Every target sets up what it needs; run `make` to read what there is.

PORT ?= 8000
SECONDS ?= 600
PYTHON ?= python3
JOBS ?= 2
SEED := $(or $(SEED),$(shell date +%s))

BIN := .venv/bin
STATIC := django_hyper/static/django_hyper
BUILT := $(addprefix $(STATIC)/,hyper.js alpine.js alpine-csp.js LICENSE.alpine.txt)
PEERS := benchmarks/peers
BENCH_SERVER := server_calls server_pages server_streams server_idle server_startup server_scale
BENCH_CLIENT := client_size client_call client_stream client_patch
PLUGIN_SOURCES := $(shell find alpine-plugin -type f ! -path 'alpine-plugin/types/*' 2>/dev/null)

.PHONY: help demo test test-py test-js test-browser fuzz soak guarantees lint format matrix bench bench-server bench-client bench-report build wheel system clean distclean

help:
	@echo "make demo          set up and serve the demo on http://127.0.0.1:$(PORT)/ (PORT=8001 for another port)"
	@echo "make test          all tests: test-py, test-js, test-browser"
	@echo "make fuzz          many random inputs, in Python and JavaScript; SEED=… repeats a run"
	@echo "make lint          formatting, types, size, and whether the built files are those of the sources"
	@echo "make format        format the code and repair what the linters can"
	@echo "make matrix        the Python tests on every pair of Python and Django that is found"
	@echo "make soak          both servers under mixed load for ten minutes (SECONDS=60 for one)"
	@echo "make guarantees    try that each guarantee of SECURITY.md has a test that notices (ONLY=csrf for one)"
	@echo "make bench         the benchmarks, beside peers: bench-server, bench-client, bench-report"
	@echo "make build         the plugin, minified, as Django static files"
	@echo "make wheel         the Python packages, in dist/"
	@echo "make clean         remove what was built; make distclean also environments and the demo's data"
	@echo
	@echo "Needs Python 3.10 or newer (PYTHON=python3.12 to choose one) and Node 20 or newer."

# --- What the targets need, made once ---

.venv/.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
		echo "$(PYTHON) is not Python 3.10 or newer. Choose one: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		echo "Making .venv with $$($(PYTHON) --version)"; \
		$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }; }
	@echo "Installing the Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

node_modules/.stamp: package.json package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "Node 20 or newer is needed; found: $$(node --version 2>/dev/null || echo none)." >&2; exit 1; }
	@echo "Installing the npm packages"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PEERS)/.stamp: benchmarks/requirements.txt benchmarks/install.py pyproject.toml
	@$(PYTHON) benchmarks/install.py
	@touch $@

$(BUILT) &: $(PLUGIN_SOURCES) package-lock.json node_modules/.stamp
	@npm run --silent build
	@touch $(BUILT)

system:
	@sh scripts/system.sh chromium redis-server
	@sh scripts/system.sh chromium-headless-shell || echo "The tests run in Chromium, which takes longer." >&2
	@sh scripts/system.sh nginx || echo "The tests behind nginx are skipped." >&2

# --- The targets ---

demo: .venv/.stamp $(BUILT)
	@$(BIN)/python demo/manage.py migrate --verbosity 0
	@$(BIN)/python demo/manage.py seed
	@echo
	@echo "The demo: http://127.0.0.1:$(PORT)/   (Ctrl+C ends it)"
	@echo
	@exec $(BIN)/uvicorn --app-dir demo --host 127.0.0.1 --port $(PORT) --lifespan off --timeout-graceful-shutdown 1 config.asgi:application

test: test-py test-js test-browser

test-py: .venv/.stamp $(BUILT) system
	$(BIN)/pytest -n $(JOBS) --dist loadgroup -m "not browser" -rs --cov

test-js: node_modules/.stamp system
	npm test --silent

test-browser: .venv/.stamp $(BUILT) system
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m browser

fuzz: .venv/.stamp $(BUILT) system
	@echo "To repeat this run: make fuzz SEED=$(SEED)"
	$(BIN)/pytest tests_py/fuzz -n $(JOBS) --hypothesis-profile=fuzz --hypothesis-seed=$(SEED) -o faulthandler_timeout=0
	FUZZ_SEED=$(SEED) npx vitest run --project=alpine tests_js/fuzz

lint: .venv/.stamp $(BUILT)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	npm run --silent lint
	npm run --silent types
	node alpine-plugin/build.mjs --check
	npm run --silent size

format: .venv/.stamp node_modules/.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	npm run --silent format

matrix: .venv/.stamp
	@JOBS=$(JOBS) $(BIN)/nox

soak: .venv/.stamp
	@sh scripts/system.sh redis-server
	@$(BIN)/python -m tests_py.soak --seconds $(SECONDS)

# Both halves and the report: under 20 minutes on two cores that do nothing else.
bench: bench-server bench-client bench-report

bench-server: $(PEERS)/.stamp
	@for each in $(BENCH_SERVER); do \
		$(PEERS)/venv/bin/python benchmarks/$$each.py $(BENCH_OPTIONS) || exit 1; done

bench-client: $(BUILT) system
	@for each in $(BENCH_CLIENT); do \
		node benchmarks/$$each.mjs $(BENCH_OPTIONS) || exit 1; done

bench-report:
	@$(PYTHON) benchmarks/report.py

guarantees: .venv/.stamp $(BUILT) system
	@$(BIN)/python scripts/guarantees.py $(ONLY)

build: $(BUILT)

wheel: .venv/.stamp $(BUILT)
	$(BIN)/python -m build --no-isolation --outdir dist

clean:
	rm -rf $(STATIC) build dist coverage alpine-plugin/types .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv .venvs node_modules $(PEERS) demo/*.sqlite3* demo/media
