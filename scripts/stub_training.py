"""Takes the place of scripts/train_individual.py in a copy of the workflow: a training of 10 ms."""

import time
from pathlib import Path

from evocnn.bench.simulated import write_simulated
from evocnn.files import read_json

if __name__ == "__main__":
    time.sleep(0.01)
    row = read_json(Path(snakemake.input.offspring), "offspring")["individuals"][int(snakemake.wildcards.individual)]
    write_simulated(Path(snakemake.output.fitness), Path(snakemake.output.history), row["network_id"])
