"""Write one shard of a split."""

from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.dataset.steps import make_shard

        make_shard(
            Path(snakemake.output.records),
            Path(snakemake.output.summary),
            annotations=Path(snakemake.input.annotations),
            images=Path(snakemake.input.images),
            split=snakemake.wildcards.split,
            shard=int(snakemake.wildcards.shard.split("-")[0]),
            **snakemake.params,
        )
