"""Write one shard of a split."""

from pathlib import Path

from evocnn.dataset.splits import Source
from evocnn.dataset.steps import make_shard
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    inputs, params = snakemake.input, snakemake.params
    with logged_to(snakemake.log[0]):
        make_shard(
            Path(snakemake.output.records),
            Path(snakemake.output.summary),
            source=Source(
                format=params.format,
                train=Path(inputs.train),
                test=next(map(Path, inputs.test), None),
                same_images=params.same_images,
                valid_fraction=params.valid_fraction,
                test_fraction=params.test_fraction,
            ),
            images=Path(inputs.images),
            labels=Path(inputs.labels),
            split=snakemake.wildcards.split,
            shard=int(snakemake.wildcards.shard.split("-")[0]),
            shards=params.shards,
            input_size=params.input_size,
            margin=params.margin,
        )
