# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
RUN_STAMP := $(VENV)/.run-$(shell sha256sum requirements.lock | cut -c1-16)
DEV_STAMP := $(VENV)/.dev-$(shell sha256sum requirements-dev.lock | cut -c1-16)
FAST := tests/unit tests/replay tests/workflow
MEASURED := $(BIN)/coverage run -m pytest
# One job more than cores: stories and whole processes wait for much of their time.
JOBS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Compiled modules are kept, but not beside the sources: every process, and every workflow in its sandbox, imports them anew.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache

.DEFAULT_GOAL := help
.SHELLFLAGS := -o pipefail -c
.PHONY: help env run test test-rules test-stories test-ports test-served test-quality check style coverage quality bench bench-evidence lock mutants record-history

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "FaultMaven needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: install the venv package of your Python (Debian: python3-venv)"; exit 1; }
	@$(BIN)/pip install --quiet uv

$(RUN_STAMP): requirements.lock | $(UV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.run-*; touch $@

$(DEV_STAMP): requirements-dev.lock | $(UV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.dev-*; touch $@

env: $(DEV_STAMP) ## create the whole environment in .venv

run: $(RUN_STAMP) ## start Temporal, API and worker with embedded stores
	@$(BIN)/faultmaven up

test: $(DEV_STAMP) ## everything: style, and every test against servers the tests start themselves
	@$(BIN)/python -m tests.prerequisites
	@$(BIN)/coverage erase
	@$(MAKE) --no-print-directory --jobs=$(JOBS) --keep-going test-served test-rules test-stories test-ports test-quality style
	@$(MAKE) --no-print-directory coverage

test-rules: $(DEV_STAMP)
	@$(MEASURED) tests/unit

test-stories: $(DEV_STAMP)
	@$(MEASURED) tests/replay tests/workflow

test-ports: $(DEV_STAMP)
	@$(MEASURED) tests/integration

test-served: $(DEV_STAMP)  # the longest begins first; what it tests runs in processes of its own, unmeasured
	@$(BIN)/python -m pytest tests/e2e

test-quality: $(DEV_STAMP)  # its figures need no coverage
	@$(BIN)/python -m pytest tests/quality

check: $(DEV_STAMP) style ## the definition of good, without PostgreSQL, MinIO, Chromium and whole processes
	@$(BIN)/coverage erase
	@FAULTMAVEN_TEST_WITHOUT=postgres,minio,chromium $(MEASURED) $(FAST) tests/integration
	@$(MAKE) --no-print-directory coverage

style: $(DEV_STAMP) ## format, lint, types, contracts between layers
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports | tail -n 12

coverage: ## branch coverage of the last run against its gates
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --include='domain/*,workflows/*' --fail-under=90 | tail -n 1 | sed 's/^/domain and workflows: /'
	@$(BIN)/coverage report --fail-under=80 | tail -n 1 | sed 's/^/everything: /'

quality: $(DEV_STAMP) ## accuracy figures on the development data, each beside its target
	@$(BIN)/python -m tests.quality.report

bench: $(DEV_STAMP) ## speed and memory figures, each beside its target
	@$(BIN)/python -m tests.bench.report

bench-evidence: $(DEV_STAMP) ## speed and memory of reading evidence, beside its targets and other programs
	@$(BIN)/python -m tests.bench.bench_evidence

mutants: $(DEV_STAMP) ## how many small bugs the fast tests notice
	@$(BIN)/python -m tests.mutants

record-history: $(DEV_STAMP) ## record histories for tests/replay from the present code
	@$(BIN)/python -m tests.replay.record

lock: | $(UV) ## resolve pyproject.toml into both lock files, leaving out releases younger than a week
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --exclude-newer "7 days" --extra build --extra code --extra documents --extra local --extra mcp --extra ocr pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --exclude-newer "7 days" --extra build --extra code --extra documents --extra local --extra mcp --extra ocr --extra dev pyproject.toml -o requirements-dev.lock
