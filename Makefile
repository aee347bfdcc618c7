# Everything installs what it needs; `make demo` and `make test` work in a fresh checkout.
PYTHON ?= python3
BIN := .venv/bin
STATIC := src/agui_widget/static/widget.js
JS_SOURCES := $(shell find js/src js/build.mjs js/package-lock.json js/tsconfig.json -type f)

.PHONY: help setup js browser demo check unit test notebooks bench format lock clean

help:            ## what there is
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready js   ## the Python environment and the built browser part
js: $(STATIC)            ## the browser part

.venv/.ready: requirements.lock pyproject.toml | $(STATIC)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or later is needed: make PYTHON=python3.12"; exit 1; }
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	AGUI_WIDGET_SKIP_JS=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

js/node_modules/.ready: js/package-lock.json
	@command -v npm >/dev/null || { echo "Node 20 or later is needed (npm was not found): https://nodejs.org"; exit 1; }
	cd js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(STATIC): js/node_modules/.ready $(JS_SOURCES)
	cd js && npm run --silent build
	touch $@

browser: .venv/.ready
	@$(BIN)/python tools/browser.py --install

demo: setup              ## JupyterLab on notebooks/01_hello.ipynb
	$(BIN)/python tools/demo.py

check: setup             ## formatters, linters, type checkers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd js && npm run --silent check

unit: setup              ## what answers in seconds
	cd js && npm run --silent test
	$(BIN)/pytest -m "not slow and not e2e"

test: setup check browser   ## everything; the slowest tests are named at the end
	cd js && npm run --silent test
	$(BIN)/pytest --nbval --nbval-sanitize-with tests/sanitize.cfg --nbval-cell-timeout 60 -p no:cacheprovider notebooks
	$(BIN)/pytest --durations=10 --numprocesses 2 --dist worksteal tests

bench: setup browser     ## our numbers beside what they are compared with
	$(BIN)/python -m benches

format: setup            ## let the formatters rewrite
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd js && npm run --silent format

lock: .venv/.ready       ## pin the newest versions of everything for development
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.10 --extra dev --upgrade --no-header --no-annotate \
	  --no-emit-package agui-widget pyproject.toml -o requirements.lock

clean:
	rm -rf .venv js/node_modules dist build screenshots .jupyter-run src/agui_widget/static

notebooks: setup         ## execute the notebooks and save them with their outputs
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.store_widget_state=False \
	  --ExecutePreprocessor.record_timing=False notebooks/*.ipynb
