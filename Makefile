# `make help` lists what there is. Needs Python 3.11 or newer; installs the rest into .venv.

PORT ?= 8000
WORKERS ?= auto
FIRST ?= 0
DEFINITIONS ?= 1000
HISTORIES ?= 1000
EDITS ?= 10000
ROUNDS ?= 60
SIZE ?= 50000
ENTRIES ?= 1000000
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

BIN := .venv/bin
SUMMIT := PORT=$(PORT) $(BIN)/summit
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
LOCK := $(BIN)/uv pip compile setup.cfg --extra build --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
SOURCES := workflow web config migrations tests wsgi.py
CATALOGUES := web/translations
LANGUAGES := en ja ru uz

.DEFAULT_GOAL := help
.PHONY: help run test bench soak leaves edits storm exports check format lint lock messages

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | awk -F '|' '{printf "%-15s %s\n", $$1, $$2}'

run: .venv/run.stamp ## serve the demo at http://localhost:8000 (PORT=9000 for another port)
	@$(SUMMIT) init
	@$(SUMMIT) demo || [ $$? -eq 1 ]  # 1: refused, for this database holds real people
	@$(SUMMIT) serve

test: .venv/test.stamp ## run every test, on SQLite, PostgreSQL and in a browser
	@sh tests/system-packages.sh
	@sh tests/independent/install.sh
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=loadscope

soak: .venv/test.stamp $(if $(filter 0,$(FIRST)),leaves edits storm exports) ## play random histories for a day (FIRST=40 goes on, DEFINITIONS=9 HISTORIES=90: fewer)
	@nice $(BIN)/python -m tests.soak.histories \
		--first $(FIRST) --definitions $(DEFINITIONS) --histories $(HISTORIES)

leaves: .venv/test.stamp ## compare the bytes of a million random entries with those of another encoder
	@nice $(BIN)/python -m tests.soak.canonical

edits: .venv/test.stamp ## edit bundles and databases 10,000 times, and find every edit (EDITS=500: fewer)
	@nice $(BIN)/python -m tests.soak.edits --first $(FIRST) --edits $(EDITS)

storm: .venv/test.stamp ## kill writers and sealers at random for an hour, and lose nothing (ROUNDS=2: less)
	@nice $(BIN)/python -m tests.soak.sealing --first $(FIRST) --rounds $(ROUNDS)

exports: .venv/test.stamp ## export a million entries in every format, and check the files (ENTRIES=50000: fewer)
	@nice $(BIN)/python -m tests.soak.exports --entries $(ENTRIES)

bench: .venv/test.stamp ## measure what the log costs, 50,000 entries (SIZE=1000000: what is promised)
	@$(BIN)/python -m tests.bench --size $(SIZE)

check: .venv/test.stamp lint test ## judge format, lint, types and import layers, then test

lint: .venv/test.stamp ## judge format, lint, types and import layers
	@$(BIN)/ruff format --check --quiet $(wildcard $(SOURCES))
	@$(BIN)/ruff check --quiet $(wildcard $(SOURCES))
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > .venv/layers.log || { cat .venv/layers.log; false; }

format: .venv/test.stamp ## put the sources into their one format
	@$(BIN)/ruff format $(wildcard $(SOURCES))
	@$(BIN)/ruff check --fix $(wildcard $(SOURCES))

lock: .venv/test.stamp ## pin what setup.cfg asks for, with hashes (UPGRADE=--upgrade: newest versions)
	@$(LOCK) $(UPGRADE) --extra test --extra lock --output-file requirements/test.txt
	@$(LOCK) $(UPGRADE) --constraint requirements/test.txt --output-file requirements/run.txt
	@sh tests/independent/lock.sh $(UPGRADE)

messages: .venv/test.stamp ## bring the translation catalogues up to date and compile them
	@$(BIN)/pybabel --quiet extract --mapping-file web/babel.cfg --sort-output --no-location \
		--keywords lazy_gettext --keywords NN_:1,2 --project summit-proposals --output-file $(CATALOGUES)/messages.pot .
	@for language in $(LANGUAGES); do \
		$(BIN)/pybabel --quiet update --locale $$language --init-missing --no-fuzzy-matching \
			--ignore-pot-creation-date --input-file $(CATALOGUES)/messages.pot \
			--output-dir $(CATALOGUES) || exit 1; done
	@$(BIN)/pybabel --quiet compile --directory $(CATALOGUES)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it and type make again."; false; }
	@PYTHON=$(PYTHON) sh tests/system-packages.sh venv
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt setup.cfg | .venv/bin/python
	@echo "Installing what the product needs into .venv ..."
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: requirements/test.txt setup.cfg | .venv/bin/python
	@echo "Installing what the tests need into .venv ..."
	@$(PIP) install --require-hashes --requirement requirements/test.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ .venv/run.stamp
