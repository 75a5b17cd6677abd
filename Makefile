# make demo and make test need Python >= 3.11 only; each makes the virtual environment that it needs.
# make docs and make site need npm too, for the Python that runs in the browser; make browser needs Chromium.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python
REFERENCE = -n auto -m "not slow" --ignore=tests/conform --ignore=tests/site
BUGS = adam-no-power last-sample-gradient nominal-batch-size sigmoid-overflow softmax-diagonal update-before-propagate
export NO_MKDOCS_2_WARNING = 1
# The date in the sitemap: the same commit is the same bytes.
export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || date +%s)

.PHONY: demo test reference coverage zoo lint benchmark docs site browser reports live clean

demo: $(VENV)/refnn-spec
	$(RUN) -m spec_tests run numpy --profile quick
	@echo
	@echo "And now a famous bug: a tutorial that back-propagates through its last sample only."
	@echo
	$(RUN) -m spec_tests run last-sample-gradient --profile quick || [ $$? = 1 ]

test: $(VENV)/refnn-dev
	$(RUN) -m pytest -n auto

reference: $(VENV)/refnn-dev
	$(RUN) -m pytest $(REFERENCE)

zoo: $(VENV)/refnn-dev
	$(RUN) -m tests.conform.zoo

coverage: $(VENV)/refnn-dev
	$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest $(REFERENCE)
	$(RUN) -m coverage combine --quiet
	$(RUN) -m coverage report

lint: $(VENV)/refnn-dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

docs: live
	$(RUN) -m mkdocs serve

site: live
	$(RUN) -m mkdocs build --strict
	@echo "the site is in build/site"

live: $(VENV)/refnn-dev
	$(RUN) docs/live/fetch.py

browser: live
	$(RUN) -m pytest tests/browser

reports: $(VENV)/refnn-dev
	for name in ref numpy numpy32; do $(RUN) -m spec_tests run $$name --json docs/reports/$$name.json || exit; done
	for name in $(BUGS); do $(RUN) -m spec_tests run $$name --profile quick --json docs/reports/$$name.json || [ $$? = 1 ] || exit; done
	$(RUN) -m spec_tests faults --json docs/reports/faults.json
	$(RUN) -m docs.builder.examples

benchmark: $(VENV)/refnn-dev
	$(RUN) -m pip install --quiet micrograd
	$(RUN) -m benchmarks

clean:
	rm -rf $(VENV) docs/live/node_modules docs/pages/assets/live .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

$(VENV)/refnn-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "refnn needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
