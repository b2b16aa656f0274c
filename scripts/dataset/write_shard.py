"""Entry script of the rule write_shard: write one shard of a split."""

from pathlib import Path

from evocnn.dataset.prepare_data import make_shard
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        make_shard(
            Path(snakemake.output.records),
            Path(snakemake.output.summary),
            people=Path(snakemake.input.people),
            images=Path(snakemake.input.images),
            shard=int(snakemake.wildcards.shard.split("-")[0]),
            **{name: value for name, value in snakemake.params.items() if name not in ("images", "code")},
        )
