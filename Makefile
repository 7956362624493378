# dunning: every target sets up what it needs; nothing else has to be installed first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_CONSTRAINT = $(CURDIR)/constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup demo test faults check format docs bench build clean

help:  ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Make the virtual environment with pinned versions

# Made again when the versions or the project's own metadata change.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("dunning needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev,postgres]'
	@touch $@

demo: $(READY)  ## Play two cases through all four stages, then the nightly check
	$(BIN)/dunning demo

test: $(READY)  ## Run every test, on SQLite and on a PostgreSQL that it starts itself
	$(BIN)/python -m pytest -q --numprocesses auto

faults: $(READY)  ## Kill, cut and corrupt it in full: an hour, where the tests take a minute
	FAULTS=full $(BIN)/python -m pytest -q tests/faults

check: $(READY)  ## What CI runs: format, lint, types, floors, docs in step, then the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	TYPER_USE_RICH=0 $(BIN)/cog --check README.md docs/*.md docs/packs/*.md
	$(MAKE) test

format: $(READY)  ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## Write the generated parts of the docs again
	TYPER_USE_RICH=0 $(BIN)/cog -r README.md docs/*.md docs/packs/*.md

bench: $(READY)  ## Measure speed beside the floors, small
	$(BIN)/python -m benchmarks

build: $(READY)  ## Build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## Remove the virtual environment and what was built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
