"""Entry script of the rule render_toy: draw the toy data set."""

from pathlib import Path

from evocnn.dataset.toy import render_toy
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        render_toy(
            Path(snakemake.output.train).parents[1],
            train_people=snakemake.params.train_people,
            valid_people=snakemake.params.valid_people,
            seed=snakemake.params.seed,
        )
