# Chengdan 成单. Needs Python 3.11, Node 20, npm, make and git; everything else is installed here, from the lock files.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
# Where an image sets this, each of our processes would compile itself anew at every start.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
NPM := npm --prefix frontend

PYTHON_READY := .venv/.synced
NODE_READY := frontend/node_modules/.synced
SPA := frontend/dist/index.html
SPA_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f \( -path 'frontend/src/*' -o -path 'frontend/public/*' -o -name '*.html' -o -name '*.ts' \) -print 2>/dev/null)
CHECKS := check-lint check-format check-types check-imports check-contract check-web check-web-types

##@ Use
.PHONY: help
help: ## Explain every target
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nVariables: PORT, CHENGDAN_DATA_DIR, DATABASE_URL, REDIS_URL (see .env.example); ONLY, SCALE for bench.\n'

.PHONY: run
run: install $(SPA) ## Start the whole product with a demo company on http://127.0.0.1:8000 (PORT=8010 for another port); Ctrl-C ends it
	@exec $(BIN)/chengdan up

##@ Develop
.PHONY: install
install: ## Install the locked Python and Node packages, when they changed
	@$(MAKE) -s -j2 $(PYTHON_READY) $(NODE_READY)

.PHONY: build
build: $(SPA) ## Build the web application, when its sources changed

.PHONY: format
format: install ## Format the code and mend what the linters can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@$(NPM) run --silent format

.PHONY: openapi
openapi: install ## Write openapi/openapi.json and the TypeScript types made from it
	@$(BIN)/chengdan openapi
	@$(NPM) run --silent types

.PHONY: clean
clean: ## Remove what was installed and built (the data in .chengdan stays)
	@rm -rf .venv .tools frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Prove
.PHONY: check
check: install ## Lint, format, types, import contracts and contract drift, without tests (under 30 s)
	@$(MAKE) -k -j4 --output-sync=target $(CHECKS)

.PHONY: test
test: install ## Run everything: checks, backend tests, frontend unit tests, browser tests
	@log=$$(mktemp); failed=0; \
	$(MAKE) check $(SPA) >$$log 2>&1 & checks=$$!; \
	$(MAKE) test-backend || failed=1; \
	wait $$checks || failed=1; cat $$log; rm -f $$log; \
	$(MAKE) test-web || failed=1; \
	$(MAKE) test-browser || failed=1; \
	exit $$failed

.PHONY: test-backend
ifdef ARGS
test-backend: install ## Run the backend tests (ARGS="-k name" for some)
	@$(BIN)/pytest tests --ignore=tests/e2e -n 3 --dist worksteal $(ARGS)
else
test-backend: install
	@log=$$(mktemp); failed=0; \
	$(BIN)/pytest tests/test_contract.py >$$log 2>&1 & contract=$$!; \
	$(BIN)/pytest tests --ignore=tests/e2e --ignore=tests/test_contract.py -n 2 --dist worksteal || failed=1; \
	wait $$contract || failed=1; cat $$log; rm -f $$log; \
	exit $$failed
endif

.PHONY: test-web
test-web: install ## Run the frontend unit tests
	@$(NPM) run --silent test

.PHONY: test-browser
test-browser: install $(SPA) ## Run the browser tests on both sizes (ARGS as above)
	@$(BIN)/pytest tests/e2e -n 2 --dist loadfile $(ARGS)

.PHONY: test-contract-deep
test-contract-deep: install ## Ask every operation of the API 50 times as much as `make test` does, also as a rep and as nobody (an hour; before a release)
	@CHENGDAN_CONTRACT_TIMES=50 $(BIN)/pytest tests/test_contract.py -n 2 --dist worksteal $(ARGS)

.PHONY: bench
bench: install ## Measure speed, printed as JSON lines (ONLY=lead_to_rep for one, ONLY=board_million,card_move for some, SCALE=0.1 for a quick look)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) --scale $(or $(SCALE),1)

.PHONY: $(CHECKS)
check-lint:
	@$(BIN)/ruff check .
check-format:
	@$(BIN)/ruff format --check .
check-types:
	@$(BIN)/mypy
check-imports:
	@$(BIN)/lint-imports --no-logo
check-contract:
	@$(BIN)/chengdan openapi --check
	@$(NPM) run --silent types -- --check
check-web:
	@$(NPM) run --silent lint
check-web-types:
	@$(NPM) run --silent typecheck

.tools/bin/uv:
	@$(PYTHON) .ci/get_uv.py $(UV_VERSION) .tools

$(PYTHON_READY): pyproject.toml uv.lock | .tools/bin/uv
	@.tools/bin/uv sync --locked --quiet --compile-bytecode
	@touch $@

$(NODE_READY): frontend/package.json frontend/package-lock.json
	@$(NPM) ci --no-fund --no-audit --loglevel=error
	@touch $@

$(SPA): $(NODE_READY) $(SPA_SOURCES)
	@cd frontend && npx --no-install vite build --logLevel warn
	@touch $@
