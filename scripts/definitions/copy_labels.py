"""Copy the labels."""

from pathlib import Path

from evocnn.files import copy_files
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        copy_files([Path(snakemake.resources.original)], [Path(snakemake.output[0])])
