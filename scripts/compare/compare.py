"""Compare searches."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.page.compare_page import write_compare_page
from evocnn.report.tables.compare import Search, write_comparison

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        files = zip(snakemake.params.searches, snakemake.input.fitness, snakemake.input.scores, strict=True)
        searches = [Search(strategy, seed, Path(fitness), Path(score)) for (strategy, seed), fitness, score in files]
        table, text = Path(snakemake.output.table), Path(snakemake.output.text)
        write_comparison(table, text, searches)
        write_compare_page(Path(snakemake.output.page), searches, table, text)
