"""Plot what a search has found."""

from pathlib import Path

from evocnn.jobs.process import logged_to
from evocnn.report.plots import draw_plots

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        outputs = {name: Path(path) for name, path in snakemake.output.items()}
        draw_plots(Path(snakemake.input.config).parent, outputs)
