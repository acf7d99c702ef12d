# Everything starts here: `make help`.
PYTHON ?= python3
BIN := .venv/bin
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.PHONY: help run test soak check lint format types imports bench translations clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'

run: .venv/.installed ## Start everything; without DATABASE_URL a sandbox with demo data. Ctrl-C stops it
	@exec $(BIN)/python -m app.sandbox.launcher

test: .venv/.installed-dev ## Run every test, browser journeys included
	@CHROMIUM="$$(.ci/chromium $(BIN)/python)" && export CHROMIUM && exec $(BIN)/pytest -q -n auto --dist loadgroup

soak: .venv/.installed-dev ## Run the big proofs at their full numbers: it takes a good while
	TEST_SCALE=full $(BIN)/pytest -q -s -m soak

check: lint format types imports test ## What must pass before a push: lint, format, types, import contract, tests

lint: .venv/.installed-dev
	$(BIN)/ruff check .

format: .venv/.installed-dev
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

imports: .venv/.installed-dev
	$(BIN)/lint-imports --no-cache

bench: .venv/.installed-dev ## Print the figures of tests/bench
	$(BIN)/python -m tests.bench

translations: .venv/.installed-dev ## Bring the catalogues of app/web/translations up to date with the text that customers read
	@mkdir -p .data
	$(BIN)/pybabel --quiet extract -F pyproject.toml --ignore-dirs '.*' --add-location file --sort-by-file -o .data/messages.pot .
	$(BIN)/pybabel --quiet update -i .data/messages.pot -d app/web/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile -d app/web/translations

clean: ## Remove the virtual environment, caches and the sandbox's data
	rm -rf .venv .data .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is older than its requirements only when they changed: then, and only then, pip runs.
.venv/.installed: requirements.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/.installed $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed, as in: make run PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ command -v apt-get >/dev/null && $(AS_ROOT) apt-get update -q && $(AS_ROOT) apt-get install -qy python3-venv; } || \
		{ echo 'This Python has no venv module: install python3-venv' >&2; exit 1; }
	@$(PYTHON) -m venv .venv
