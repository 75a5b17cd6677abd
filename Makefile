# make demo and make test need Python >= 3.11 only; each makes the virtual environment that it needs.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python

.PHONY: demo test coverage lint benchmark clean

demo: $(VENV)/refnn-spec
	$(RUN) -m spec_tests run numpy --profile quick
	@echo
	@echo "And now a famous bug: a tutorial that back-propagates through its last sample only."
	@echo
	$(RUN) -m spec_tests run last-sample-gradient --profile quick || [ $$? = 1 ]

test: $(VENV)/refnn-dev
	$(RUN) -m pytest -n auto

coverage: $(VENV)/refnn-dev
	$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest -n auto -m "not slow" --ignore=tests/conform
	$(RUN) -m coverage combine --quiet
	$(RUN) -m coverage report

lint: $(VENV)/refnn-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

benchmark: $(VENV)/refnn-dev
	$(RUN) -m pip install --quiet micrograd
	$(RUN) -m benchmarks

clean:
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

$(VENV)/refnn-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "refnn needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
