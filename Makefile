# `make` lists what there is to do. Every target makes what it needs first.

VENV := .venv
PYTHON ?=
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
UV := uv>=0.9
# Too large to be locked for everybody. A version that is given exactly is not looked for anew.
LIBRARIES ?= torch==2.13.0 keras>=3.15.1 distributed>=2024.8
LOCK_FLAGS ?=
SECONDS ?= 600
SEED ?= $(shell date +%s)

# Read off the cells that are called by name, so that a new one is drawn without a change here.
CELLS := $(shell sed -n 's/^    name="\(.*\)",$$/\1/p' rnn_math/cells/*.py)
PICTURES := media/legend.png $(CELLS:%=media/%.gif) media/first-symbol.gif media/lstm-portrait.gif \
	media/lstm-backward.gif media/squash.gif media/why-state.gif media/gradient.gif
SOURCES := $(wildcard gatereel/*.py $(foreach part,rnn_math scenes cli,$(part)/*.py $(part)/*/*.py $(part)/*/*/*.py) \
	scenes/*/*.toml scenes/fonts/*)

.PHONY: help setup libraries browser engines media test rest lint fuzz bench lock clean
.DEFAULT_GOAL := help

# The environment is only good for the folder it was made in (its scripts hold that path), and while
# its interpreter is on the machine. Otherwise its stamps go, and it is made anew.
$(shell { grep -qsxF '$(CURDIR)' $(LOCKED) && test -x $(VENV)/bin/python; } || rm -f $(LOCKED) $(READY))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make the environment in .venv (PYTHON=python3.12 chooses the interpreter)

libraries: $(READY) ## Add PyTorch, Keras and dask to the environment, for the tests that run them
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		$(foreach library,$(LIBRARIES),'$(library)')

engines: $(READY) ## Install the site engines that tests build with (PyPI's, npm's, Debian's Jekyll)
	@sh .ci/engines

browser: ## Install Chromium, kramdown and gifsicle (Debian's), for the tests that run them
	@sh .ci/browser

media: $(PICTURES) ## Render every picture into media/ that is not up to date

test: lint ## Check style and types, then run the tests
	$(VENV)/bin/python -m pytest -n auto --dist worksteal

rest: $(READY) ## Run the tests that the last `make test` left out; all of them must run
	$(VENV)/bin/python -m pytest -n auto --dist worksteal --left-out

lint: $(READY) ## Check style and types
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

fuzz: $(READY) ## Damage files for every reader (SECONDS=600 of computing, SEED=1 for the same again)
	$(VENV)/bin/python -m tests.fuzz.run --seconds $(SECONDS) --seed $(SEED)

BENCH ?=
bench: $(READY) ## Measure gatereel against its floor, manim, matplotlib (minutes; BENCH="--against COMMIT")
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input matplotlib
	$(VENV)/bin/python -m tests.bench $(BENCH)

lock: $(READY) ## Write requirements.txt from pyproject.toml (LOCK_FLAGS=--upgrade for newer versions)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check '$(UV)'
	$(VENV)/bin/uv --no-config pip compile pyproject.toml --group dev --quiet \
		--universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' \
		$(LOCK_FLAGS) --output-file requirements.txt

clean: ## Remove the environment, the caches and what packaging left behind
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

media/legend.png: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel legend -o $@

media/first-symbol.gif: $(SOURCES) media/first-symbol/model.safetensors $(READY)
	$(VENV)/bin/gatereel render --weights media/first-symbol/model.safetensors \
		--inputs media/first-symbol/sequence.txt --vocab media/first-symbol/vocab.txt \
		--width 800 --pace 1.2 -o $@

media/lstm-portrait.gif: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel render lstm --layout portrait --width 540 -o $@

media/lstm-backward.gif: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel render lstm --backward -o $@

media/squash.gif: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel squash -o $@

media/why-%.gif: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel why $* -o $@

media/gradient.gif: $(SOURCES) $(wildcard rnn_math/trained/*.json) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel gradient -o $@

media/%.gif: $(SOURCES) $(READY)
	@mkdir -p media
	$(VENV)/bin/gatereel render $* -o $@

$(LOCKED): requirements.txt
	@rm -f $(READY)
	@PYTHON='$(PYTHON)' sh .ci/environment
	@echo '$(CURDIR)' > $@

$(READY): $(LOCKED) pyproject.toml
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--no-deps --editable .
	@touch $@
