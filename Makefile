# Needs `make` and Python 3.11 or newer; everything else is fetched, by locked version and hash, into .venv.
# Each step leaves a stamp in .venv, so a second call has nothing to set up.

PYTHON ?= python3
# A file stays in one process: its tests share what they flew.
PYTEST_ARGS ?= --numprocesses=auto --dist=loadfile
# LOCK_ARGS=--upgrade moves the pins; without it `make lock` keeps every version that still fits.
LOCK_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
LOCKS := requirements

export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# The locks decide when to move, not a tool's notice.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format docs pictures lock hooks bench wheel clean

help:
	@echo "make demo    fly the shipped stunt into demo/, once and ten thousand times"
	@echo "make test    run the tests           (PYTEST_ARGS='-k flight')"
	@echo "make lint    style, types, layers"
	@echo "make format  rewrite the code to the house style"
	@echo "make docs    build the documentation into site/"
	@echo "make pictures  draw the pictures of the documentation, from real runs"
	@echo "make bench   run the benchmarks"
	@echo "make wheel   build the distribution into dist/"
	@echo "make lock    write requirements/*.lock (LOCK_ARGS=--upgrade for newer versions)"
	@echo "make hooks   check style before each commit"
	@echo "make clean   remove the environment and everything built"

demo: $(VENV)/.stamp-package
	$(BIN)/precipice fly scenarios/helsetkopen.toml --out demo
	rm -rf demo/campaign
	$(BIN)/precipice assess scenarios/helsetkopen.toml --out demo/campaign

test: $(VENV)/.stamp-package $(VENV)/.stamp-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.stamp-package $(VENV)/.stamp-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(VENV)/.stamp-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.stamp-package $(VENV)/.stamp-docs
	$(BIN)/mkdocs build --strict

pictures: $(VENV)/.stamp-package
	$(BIN)/python -m benchmarks.pictures

bench: $(VENV)/.stamp-package
	@found=0; for file in benchmarks/bench_*.py; do \
	    [ -e "$$file" ] || continue; found=1; \
	    echo "== $$file"; $(BIN)/python "$$file" || exit 1; \
	done; [ $$found = 1 ] || echo "no benchmarks/bench_*.py to run"

wheel: $(VENV)/.stamp-package $(VENV)/.stamp-test
	$(BIN)/python -m build --no-isolation --outdir dist

hooks: $(VENV)/.stamp-lint
	$(BIN)/prek install

clean:
	rm -rf $(VENV) build dist site demo .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -------------------------------------------------------------------------------------------- the environment

$(VENV)/.stamp-installer: $(LOCKS)/installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "precipice needs Python 3.11 or newer, but $(PYTHON) is" \
	           "$$($(PYTHON) --version 2>&1): run make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Every lock holds the whole runtime too, at the same versions, so the order of installing does not matter;
# and all that anything depends on, so nothing is left to resolve.
$(VENV)/.stamp-runtime $(VENV)/.stamp-test $(VENV)/.stamp-lint $(VENV)/.stamp-docs: \
$(VENV)/.stamp-%: $(LOCKS)/%.lock $(VENV)/.stamp-installer
	$(UV) pip install --quiet --require-hashes --no-deps -r $<
	@touch $@

# As pip would: without it every flight compiles what it imports anew wherever Python may not write it down.
$(VENV)/.stamp-runtime: export UV_COMPILE_BYTECODE := 1

# The build backend comes from the lock too: nothing is fetched here.
$(VENV)/.stamp-package: pyproject.toml $(VENV)/.stamp-runtime
	$(UV) pip install --quiet --offline --no-deps --no-build-isolation --editable .
	@touch $@

# -------------------------------------------------------------------------------------------------- the locks

# Universal: one lock for every platform and every supported Python. Compiled in this order, each held to the
# versions of the one before. Index and addresses are left out: they belong to the machine that installs.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(LOCK_ARGS)

lock: $(VENV)/.stamp-installer
	$(COMPILE) --group installer --output-file $(LOCKS)/installer.lock
	$(COMPILE) pyproject.toml --group build --output-file $(LOCKS)/runtime.lock
	$(COMPILE) pyproject.toml --group build --group test \
	    --constraint $(LOCKS)/runtime.lock --output-file $(LOCKS)/test.lock
	$(COMPILE) pyproject.toml --group build --group test --group lint \
	    --constraint $(LOCKS)/test.lock --output-file $(LOCKS)/lint.lock
	$(COMPILE) pyproject.toml --group build --group docs \
	    --constraint $(LOCKS)/lint.lock --output-file $(LOCKS)/docs.lock
	$(COMPILE) $(LOCKS)/peers/skijumpdesign.in --output-file $(LOCKS)/peers/skijumpdesign.lock
	$(COMPILE) $(LOCKS)/peers/jsbsim.in --output-file $(LOCKS)/peers/jsbsim.lock
	$(COMPILE) $(LOCKS)/peers/rocketpy.in --output-file $(LOCKS)/peers/rocketpy.lock
	$(COMPILE) $(LOCKS)/peers/log_readers.in --output-file $(LOCKS)/peers/log_readers.lock
