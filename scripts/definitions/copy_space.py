"""Copy the space, and its own operations and heads."""

from pathlib import Path

from evocnn.files import copy_files
from evocnn.processes.log import logged_to
from evocnn.space.space_file import space_files

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        copy_files(space_files(Path(snakemake.resources.original)), list(map(Path, snakemake.output)))
