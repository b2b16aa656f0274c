"""Draw the final network."""

from pathlib import Path

from evocnn.drawing.network_drawing import draw_final_network
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        draw_final_network(
            Path(snakemake.output[0]),
            finalists=Path(snakemake.input.finalists),
            fitness=Path(snakemake.input.fitness),
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            input_size=snakemake.params.input_size,
        )
