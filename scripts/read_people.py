"""Read the people of a split."""

from pathlib import Path

from evocnn.dataset.splits import Source
from evocnn.dataset.steps import read_source
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        read_source(
            Path(snakemake.output[0]),
            source=Source(
                train=Path(snakemake.input.train),
                test=next(map(Path, snakemake.input.test), None),
                **snakemake.params,
            ),
            split=snakemake.wildcards.split,
            labels=Path(snakemake.input.labels),
        )
