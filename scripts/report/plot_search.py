"""Plot a search."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.charts.plots import draw_plots
from evocnn.report.run_files import RunFiles

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        outputs = {name: Path(path) for name, path in snakemake.output.items()}
        draw_plots(RunFiles.of(snakemake.input), outputs)
