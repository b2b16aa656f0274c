"""Takes the place of scripts/evolution/train.py in a copy of the workflow: a training of 10 ms."""

import time
from pathlib import Path

from evocnn.files import read_json
from evocnn_bench.simulated import write_simulated

if __name__ == "__main__":
    time.sleep(0.01)
    row = read_json(Path(snakemake.input.offspring), "offspring")["individuals"][int(snakemake.wildcards.individual)]
    write_simulated(Path(snakemake.output.fitness), Path(snakemake.output.history), row["network_id"])
