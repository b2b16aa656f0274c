"""Entry script of the rule convert_mat: convert MPII's MATLAB file to the JSON layout of Simple Baselines."""

from pathlib import Path

from evocnn.dataset.convert import convert_mat
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        convert_mat(Path(snakemake.output[0]), mat=Path(snakemake.input[0]))
