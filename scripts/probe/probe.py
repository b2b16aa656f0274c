"""Compare short trainings of the founders with full ones."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.charts.probe_chart import draw_probe
from evocnn.report.tables.probe import read_probe, write_probe

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        probe = read_probe(
            *(tuple(map(Path, snakemake.input[kind])) for kind in ("short", "full", "again")),
            epochs=snakemake.params.epochs,
        )
        write_probe(Path(snakemake.output.table), Path(snakemake.output.text), probe)
        draw_probe(Path(snakemake.output.plot), probe)
