# make demo | test | test-fast | test-cluster | drill | lint | format | docs | settings | lock | screenshot | bench NAME=memory
.PHONY: demo test test-fast test-cluster drill lint format docs settings lock screenshot bench
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest
CORES ?= $(shell nproc) # where cores are the only devices, each trains one network

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

demo: .venv/installed ## a search on the toy data set, in minutes
	$(BIN)/snakemake --cores $(CORES) --resources gpu=$(CORES) --quiet rules
	@cat results/demo/summary.txt

test: .venv/installed ## every test
	$(PYTEST) -n 2 --dist worksteal

test-fast: .venv/installed ## tests that take seconds
	$(PYTEST) -n 2 --dist worksteal -m "not slow and not cluster"

test-cluster: .venv/installed ## a search on a Slurm that the test installs, starts and ends; needs root
	$(PYTEST) -m cluster tests/cluster

drill: .venv/installed ## a search that is interrupted and corrupted, compared with an undisturbed one; KEEP=1 writes its page
	PYTHONPATH=scripts $(BIN)/python tests/drills/run_drill.py $(if $(KEEP),--keep)

lint: .venv/installed ## what must be clean
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

docs: .venv/installed ## the documentation site, docs/_build/index.html; a broken link fails
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs docs/_build

settings: .venv/installed ## config/schema.yaml, config/config.yaml and docs/configuration.md, from the model
	PYTHONPATH=scripts $(BIN)/python -m evocnn.configuration

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml
lock: .venv/installed ## newest versions that work together, for every supported Python, with hashes; the same with CUDA
	$(LOCK) --extra dev --extra slurm --extra s3 --upgrade --output-file requirements.txt
	$(LOCK) --extra gpu --extra slurm --extra s3 --constraint requirements.txt --output-file requirements-gpu.txt
	sed -i '/^  - pip:/q' envs/evocnn.yaml
	$(BIN)/uv pip compile --quiet --python-version 3.11 --python-platform x86_64-manylinux_2_28 --no-annotate --no-header \
	    --constraint requirements.txt pyproject.toml | sed 's/^/      - /' >> envs/evocnn.yaml
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	{ echo -e '# Licences\n\nOf every installed package, as it declares it; UNKNOWN where it does not. Written by `make lock`.\n'; \
	    $(BIN)/pip-licenses --format=markdown --with-system --ignore-packages evocnn; } > docs/licences.md

screenshot: demo ## the picture of the demo's report that the README shows
	$(BIN)/evocnn screenshot results/demo/report.html docs/report.png

bench: .venv/installed ## a page of docs/benchmarks: make bench NAME=memory KEEP=1
	$(BIN)/evocnn bench $(NAME) $(if $(DATA),--data $(DATA)) $(if $(KEEP),--keep)
