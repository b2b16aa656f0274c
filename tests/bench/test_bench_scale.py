"""The benchmarks of scale and of files, on a few generations."""

from evocnn.report.tables.individuals import read_table
from evocnn_bench.files import describe_search, simulated_search, tabulate
from evocnn_bench.simulated import simulated_fitness
from evocnn_bench.stubbed import GENERATION, TABLE, snakemake, stubbed_workflow


def test_the_id_of_a_network_says_what_it_scores():
    assert simulated_fitness("000000000000").objectives == {"score": 0.0}
    assert simulated_fitness("800000000000").objectives == {"score": 50.0}


def test_a_simulated_search_leaves_what_tables_are_made_of(tmp_path):
    population = simulated_search(tmp_path, 1, 30)
    tabulate(tmp_path)
    actual = read_table(tmp_path / "individuals.csv")
    assert sorted(actual.network_id) == list(population.tried)
    assert len(actual) == 30
    assert actual.score.max() == round(population.best.score, 3)


def test_a_search_is_described_by_its_files(tmp_path):
    """Offspring, networks and population, and a folder of three files for each of 20 individuals, twice."""
    described = describe_search(tmp_path / "search", 2, 20)
    assert described["files and folders in the folder of a generation"] == "23"
    assert described["files of the search"].startswith("126, ")
    assert described["last `population.json`, and the ids of all networks in it"].endswith(" kB, 40 ids")
    assert all(float(described[f"`{name}`, seconds"]) < 60 for name in ("tables/*.csv", "report.html"))
    assert float(described["`report.html`, MB"]) > 0.5


def test_the_stubbed_workflow_plans_the_jobs_of_the_real_one(tmp_path):
    workflow = stubbed_workflow(tmp_path / "workflow")
    assert "sleep" in (workflow / "scripts/evolution/train.py").read_text()
    planned = snakemake(workflow, tmp_path / "run", 2 * GENERATION, TABLE, "--dry-run")
    search = 2 * (1 + GENERATION + 1) + 1
    data = 1 + 2 * 4
    copied_definitions = 2
    assert planned.jobs == search + data + copied_definitions
    assert planned.peak_mb > 20
