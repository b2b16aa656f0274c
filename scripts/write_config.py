"""Write the configuration as it was resolved."""

from pathlib import Path

from evocnn.configuration import write_configuration
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_configuration(Path(snakemake.output[0]), snakemake.params.config)
