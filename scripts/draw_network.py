"""Draw the best network."""

from pathlib import Path

from evocnn.jobs.process import logged_to
from evocnn.report.drawing import draw_best_network

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        draw_best_network(
            Path(snakemake.output[0]),
            population=Path(snakemake.input.population),
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            input_size=snakemake.params.input_size,
        )
