# Two commands do everything on a fresh machine: `make demo` and `make test`.
# Each creates the virtual environment that it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint types layers current samples pictures bench wheel clean

demo: $(VENV)/.installed
	$(BIN)/wb-tool demo

test: $(VENV)/.developed
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

check: lint types layers current

lint: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developed
	$(BIN)/mypy

layers: $(VENV)/.developed
	$(BIN)/lint-imports

current: $(VENV)/.developed
	$(BIN)/python samples/build.py --check

samples: $(VENV)/.developed
	$(BIN)/python samples/build.py

pictures: $(VENV)/.developed
	$(BIN)/python docs/pictures.py

bench: $(VENV)/.developed
	$(BIN)/python bench/run.py

wheel: $(VENV)/.developed
	bash .ci/wheel

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.developed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.installed
