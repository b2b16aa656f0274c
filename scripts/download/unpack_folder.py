"""Entry script of the rule unpack_folder: extract a folder from an archive."""

from pathlib import Path

from evocnn.dataset.archive import unpack
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        unpack(Path(snakemake.output[0]), archive=Path(snakemake.input[0]))
