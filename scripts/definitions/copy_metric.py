"""Copy the labels' own metric."""

from pathlib import Path

from evocnn.files import copy_files
from evocnn.labels import label_files
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        copy_files(label_files(Path(snakemake.resources.original))[1:], list(map(Path, snakemake.output)))
