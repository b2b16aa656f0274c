"""Draw predictions on people of the test split."""

from pathlib import Path

from evocnn.drawing.pictures import draw_predictions
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        draw_predictions(
            Path(snakemake.output[0]),
            predictions=Path(snakemake.input.predictions),
            test=tuple(map(Path, snakemake.input.test)),
            labels=Path(snakemake.input.labels),
            people=snakemake.params.people,
        )
