"""Entry script of the rule decode_records: decode the records of a split into crops."""

from pathlib import Path

from evocnn.dataset.crops import write_crops
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    pixels, labels = map(Path, snakemake.output)
    with logged_to(snakemake.log[0]):
        write_crops(
            pixels,
            labels,
            manifest=Path(snakemake.input.manifest),
            shards=[Path(path) for path in snakemake.input.records],
            input_size=snakemake.params.input_size,
            margin=snakemake.params.margin,
            threads=snakemake.threads,
        )
