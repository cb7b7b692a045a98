# Every target makes what it needs: the first one run sets up .venv, the later ones find it.
# Another interpreter than python3:  make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Only what is imported gets compiled, at its first import: that saves a third of the set-up.
INSTALL := $(PIP) install --quiet --no-compile

.DEFAULT_GOAL := help
.PHONY: help demo run test check format bench soak messages lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \2/p' Makefile | \
		awk '{ printf "  make %-8s", $$2; $$1 = $$2 = ""; print }'

demo: $(VENV)/run ## Start the bot in this terminal, on simulated chains
	@$(BIN)/spyhop demo

run: $(VENV)/run ## Start the bot live, with the settings in .env
	@test -f .env || { \
		echo 'There is no .env yet. Make one, put your token in, and try again:'; \
		echo '    cp .env.example .env'; \
		exit 1; }
	@$(BIN)/spyhop

test: $(VENV)/dev ## Run all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(VENV)/dev ## Check format, lint, types, and that the documents are in step
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@test ! -f tests/test_docs.py || $(BIN)/python -m pytest -q tests/test_docs.py

format: $(VENV)/dev ## Format the code and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/dev ## Measure the speed of the program on this machine
	@$(BIN)/python -m benchmarks

# The copy makes both locks agree: a version in the file that is overwritten is kept. To take
# newer versions, remove the lock files first (and `make clean`, which brings uv back first).
COMPILE = $(BIN)/uv pip compile pyproject.toml requirements/build.in --quiet --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

# Twenty rounds of fifty kills, two at a time; what this commit has passed is not run again.
soak: $(VENV)/dev ## Kill the program a thousand times and rewrite docs/proof.md
	@SPYHOP_KILLS=1000 SPYHOP_CUTS=1000 SPYHOP_FAULTS=200 SPYHOP_HISTORIES=5000 SPYHOP_RESUME=1 \
		$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/proof tests/faults tests/model
	@$(BIN)/python -m tests.proof.report

messages: $(VENV)/dev ## Bring the catalogues of the languages in step with the code
	@$(BIN)/python -m bot.languages.update

lock: $(VENV)/dev ## Bring requirements/*.lock in step with pyproject.toml
	$(COMPILE) --group dev --output-file requirements/dev.lock
	@cp requirements/dev.lock requirements/run.lock
	$(COMPILE) --output-file requirements/run.lock

clean: ## Remove .venv and all caches (never .env or a database)
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Empty files in .venv say what is in it, so that nothing is installed twice.
$(VENV)/run $(VENV)/dev: $(VENV)/%: $(VENV)/made requirements/%.lock pyproject.toml
	@echo 'Installing requirements/$*.lock into $(VENV): a minute or two, only when it changed.'
	@$(INSTALL) --require-hashes -r requirements/$*.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/made:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'There is no $(PYTHON) here. Spyhop needs Python 3.11 or newer:'; \
		echo '    sudo apt-get install python3 python3-venv'; \
		echo 'or name the one to take:  make PYTHON=/path/to/python3.12'; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Spyhop needs Python 3.11 or newer, and $(PYTHON) is not. It says of itself:'; \
		$(PYTHON) --version; \
		echo 'If there is a newer one here, name it:  make PYTHON=python3.12'; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot make virtual environments: Debian packs that apart.'; \
		$(PYTHON) -c 'import sys; print("    sudo apt-get install python3.%d-venv" % sys.version_info[1])'; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@
