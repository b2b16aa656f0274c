"""Entry script of the rule read_people: read the people of a split."""

from pathlib import Path

from evocnn.dataset.prepare_data import read_source
from evocnn.dataset.splits import Source
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        read_source(
            Path(snakemake.output[0]),
            source=Source(
                train=Path(snakemake.input.train),
                test=next(map(Path, snakemake.input.test), None),
                train_images=Path(snakemake.input.images[0]),
                test_images=Path(snakemake.input.images[-1]),
                **{name: value for name, value in snakemake.params.items() if name not in ("images", "code")},
            ),
            split=snakemake.wildcards.split,
            labels=Path(snakemake.input.labels),
        )
