"""Write the configuration as it was resolved."""

from pathlib import Path

from evocnn.configuration.check import write_configuration
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_configuration(Path(snakemake.output[0]), snakemake.params.config)
