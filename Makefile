# Everything one does with this project; `make help` lists it.
# Needs make and Python 3.11 or newer. All else comes from PyPI into .venv, when a target first needs it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CODE   := src tests examples benchmarks console/build.py
PAGES  := $(shell find console -name node_modules -prune -o -name generated.ts -prune -o -type f -print)
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE # images set it for code that is installed once; here each start would compile all again
.NOTPARALLEL:
.PHONY: console help install run test test-languages test-serverless-devs fuzz check format bench chaos load clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-20s  %s\n' "$$name" "$$text"; done

install: $(VENV)/.installed ## install Liuyun into .venv
	@echo 'Liuyun is installed: $(BIN)/liuyun --help'

run: $(VENV)/.with-example $(VENV)/.console ## start the platform with the order application deployed, on http://127.0.0.1:7080
	@exec $(BIN)/liuyun up

test: $(VENV)/.with-test $(VENV)/.console-tested ## run all tests (PYTEST="-k name" narrows them; installs Debian's Chromium as root)
	@command -v chromium chromium-browser google-chrome >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { echo 'Installing chromium from the packages of Debian ...'; \
	  apt-get install --yes --quiet --no-install-recommends chromium >/dev/null; }
	@# Three on two cores: many tests wait. In the order of the folders, so that neighbours share what they started and
	@# the shortest come last.
	@$(BIN)/pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder --durations=10 $(PYTEST)

console: $(VENV)/.console ## build the console's pages
	@echo 'The console is built; the platform serves it under /console.'

test-languages: $(VENV)/.with-test ## run the examples in Go, Java, Rust, PHP and Ruby (installs Debian's toolchains as root)
	@for tool in go:golang-go javac:openjdk-17-jdk-headless rustc:rustc php:php-cli ruby:ruby; do \
	  command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	  [ -z "$$missing" ] || { echo "Installing$$missing from Debian's packages ..."; \
	  apt-get install --yes --quiet --no-install-recommends $$missing >/dev/null; }
	@LANGUAGES='go go-library java rust php ruby' $(BIN)/pytest tests/e2e/test_languages.py $(PYTEST)

test-serverless-devs: $(VENV)/.with-test ## deploy by the vendor's tool s (FC3_COMPONENTS=/folder where its registry can't be reached)
	@$(BIN)/pytest tests/e2e/serverless_devs.py $(PYTEST)

fuzz: $(VENV)/.with-test ## send the console's API whatever its document allows, and what it doesn't (EXAMPLES=50)
	@FUZZ_EXAMPLES=$(or $(EXAMPLES),50) $(BIN)/pytest --numprocesses=2 --timeout=0 tests/contract/console/test_fuzz.py $(PYTEST)

check: $(VENV)/.with-test $(VENV)/.with-check $(VENV)/.console-linted ## format, lint, types, import layers, sizes, of the pages too
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python tests/tidy.py

format: $(VENV)/.with-check ## rewrite the files as `make check` wants them
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

bench: $(VENV)/.with-bench ## measure against peers (ONLY=name for one; writes docs/performance.md)
	@$(BIN)/python -m benchmarks $(ONLY)

chaos: $(VENV)/.with-test ## kill -9 the platform under load (KILLS=10 ORDERS=200 SEED=n)
	@$(BIN)/python -m tests.chaos.kill --kills $(or $(KILLS),10) --orders $(or $(ORDERS),200) $(if $(SEED),--seed $(SEED))

load: $(VENV)/.with-test ## a crowd of callers during deploys and kills (CLIENTS=1000 SECONDS=120 SEED=n)
	@$(BIN)/python -m tests.load.run --clients $(or $(CLIENTS),1000) --seconds $(or $(SECONDS),120) $(if $(SEED),--seed $(SEED))

clean: ## remove what the targets made here (the platform's data in .liuyun stays)
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist

# One stamp for each set of dependencies: a target costs nothing once they are there and pyproject.toml is unchanged.

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Liuyun needs Python 3.11 or newer as "$(PYTHON)"; name another one: make install PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'The venv module of $(PYTHON) is not installed; on Debian and Ubuntu: apt install python3-venv'; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	@echo 'Installing Liuyun into $(VENV) ...'
	@$(PIP) --editable .
	@touch $@

$(VENV)/.console: $(VENV)/.with-console $(PAGES)
	@echo 'Building the pages of the console ...'
	@$(BIN)/python console/build.py
	@touch $@

$(VENV)/.console-linted: $(VENV)/.console # which has checked the types
	@echo 'Linting the pages of the console ...'
	@$(BIN)/python console/build.py lint
	@touch $@

$(VENV)/.console-tested: $(VENV)/.console
	@echo "Testing the console's helpers ..."
	@$(BIN)/python console/build.py test
	@touch $@

$(VENV)/.with-%: $(VENV)/.created pyproject.toml
	@echo 'Installing what "$*" needs into $(VENV) ...'
	@$(PIP) --editable '.[$*]'
	@touch $@
