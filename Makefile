# make demo | test | test-fast | test-cluster | drill | lint | format | lock | screenshot | gpu-check
# make bench-data | bench-memory | bench-search | bench-baselines | bench-spaces | bench-precision | bench-inherit | bench-scale | bench-overhead
.PHONY: demo test test-fast test-cluster drill lint format lock screenshot gpu-check
.PHONY: bench-data bench-memory bench-search bench-baselines bench-spaces bench-precision bench-inherit bench-scale bench-overhead
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

# Where the computers' cores are the only devices, every core trains one network.
CORES ?= $(shell nproc)

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

demo: .venv/installed ## a search on the toy data set, in minutes
	$(BIN)/snakemake --cores $(CORES) --resources gpu=$(CORES) --quiet rules
	@cat results/demo/summary.txt

test: .venv/installed ## every test
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

test-fast: .venv/installed ## tests that take seconds
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not cluster"

test-cluster: .venv/installed ## a search on a Slurm that the test installs, starts and ends; needs root
	$(BIN)/python -m pytest -m cluster tests/cluster

drill: .venv/installed ## a search that is killed, starved and damaged, against one left alone; KEEP=1 writes it to docs/benchmarks.md
	PYTHONPATH=scripts $(BIN)/python tests/drills/run_drill.py $(if $(KEEP),--keep)

lint: .venv/installed ## what has to be clean
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

screenshot: demo ## the picture of the demo's report that the README shows
	$(BIN)/python scripts/take_screenshot.py results/demo/report.html docs/report.png

bench-data: .venv/installed ## how fast people reach a training; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_data.py $(if $(KEEP),--keep)

bench-memory: .venv/installed ## memory of deep networks, predicted and measured; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_memory.py $(if $(KEEP),--keep)

bench-search: .venv/installed ## every strategy on NB201, the table of NAS-Bench-201; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_search.py $(NB201) $(if $(KEEP),--keep)

bench-baselines: .venv/installed ## a search on photographs in LSPET, beside networks of the literature; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_baselines.py $(LSPET) $(if $(KEEP),--keep)

gpu-check: .venv/installed ## devices, memory, precisions, and a timed training
	$(BIN)/python scripts/check_gpu.py

bench-spaces: .venv/installed ## random networks of the default space and of EvoPose2D's; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_spaces.py $(if $(KEEP),--keep)

bench-precision: .venv/installed ## what 16 bits and XLA do to trainings; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_precision.py $(if $(KEEP),--keep)

bench-inherit: .venv/installed ## what children gain by their parents' weights; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_inherit.py $(if $(KEEP),--keep)

bench-scale: .venv/installed ## what thousands of trainings cost besides them; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_scale.py $(if $(KEEP),--keep)

bench-overhead: .venv/installed ## what a job per training costs, against one process; KEEP=1 writes it to docs/benchmarks.md
	$(BIN)/python scripts/bench_overhead.py $(if $(KEEP),--keep)

lock: .venv/installed ## newest versions that work together, for every supported Python
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra slurm --upgrade --no-header pyproject.toml --output-file requirements.txt
