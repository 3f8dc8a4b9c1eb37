# Every target sets up what it needs; `make serve` and `make test` are the two to know.
# There are two levels of tests: `make test` on every change, and `make test-all`, which runs what that left out but for
# what a clock decides: `make measure`, on a quiet machine.
# Needs Python 3.11 or newer, make and git; the browser tests also need Chromium (see .ci/run).

PYTHON ?= $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(python) -c 'import sys, venv, ensurepip; sys.version_info >= (3, 11) and print("$(python)")' 2>/dev/null)))
READY := .venv/.ready
BIN := .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve site test test-all measure lint check facts install dist lock lock-live

serve: $(READY)  ## shows the site live at http://127.0.0.1:8000/
	$(BIN)/mkdocs serve

site: $(READY)  ## builds the site into site/; SITE_URL names the address it is published at
	$(BIN)/mkdocs build --strict

# Those in a browser are the slowest and the last: a worker that has none left takes half of what the other still has.
test: lint check  ## lint, check and the default tests, in a few minutes
	$(BIN)/pytest -n 2 --dist worksteal

test-all: $(READY)  ## what `make test` leaves out: the network, all pages, the package
	$(BIN)/pytest -n 2 --dist loadgroup -m 'beyond and not timing'

measure: $(READY)  ## whether answers take no longer than they should; for a quiet machine of this decade
	$(BIN)/pytest -m timing

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

check: $(READY)  ## whether facts and explanations are whole
	$(BIN)/nova-states check

install: $(READY)  ## only sets up .venv/, with nova-states in .venv/bin

dist: $(READY)  ## wheel and sdist, into dist/
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation --outdir dist

facts: $(READY)  ## reads Nova again: make facts NOVA=<a clone of https://opendev.org/openstack/nova>
	@test -n "$(NOVA)" || { echo 'make facts: say where Nova is: make facts NOVA=<a git clone of Nova>' >&2; exit 2; }
	$(BIN)/nova-states extract --git "$(NOVA)"

$(READY): pyproject.toml setup.py requirements.lock
	@test -n "$(PYTHON)" || { echo 'make: Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv)' >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(READY)  ## makes requirements.lock anew from pyproject.toml; make lock UPGRADE=--upgrade moves all pins
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --extra dev --universal \
		--python-version 3.11 --generate-hashes --quiet $(UPGRADE) --output-file requirements.lock

LIVE := tests/live/requirements
# Placement 15 does not run with the libraries of later dates; a date keeps what 33.0.2 was made with.
BEFORE-33.0.2 := --exclude-newer 2026-04-15 --exclude-newer-package nova=2026-10-01 \
	--exclude-newer-package openstack-placement=2026-10-01

lock-live: $(READY)  ## makes the pins of the live Novas anew from tests/live/*.in; UPGRADE as above
	for name in 33.0.2 34.0.0 client; do \
		case $$name in 33.0.2) before='$(BEFORE-33.0.2)';; *) before=;; esac; \
		UV_CUSTOM_COMPILE_COMMAND='make lock-live' $(BIN)/uv pip compile $(LIVE)-$$name.in --universal --only-binary :all: \
			--python-version 3.11 --generate-hashes --quiet $$before $(UPGRADE) --output-file $(LIVE)-$$name.txt || exit; \
	done
