"""Children that start from their parents' weights, in the graph and on disk."""

import json
from pathlib import Path

import pytest
import yaml
from workflow_runs import planned_jobs, snakemake

CONTENT = {
    "evolution": {"generations": 3, "population": 2, "offspring": 2, "strategy": "genetic"},
    "training": {"inherit": True},
}


def overlay(folder: Path, **changes: object) -> Path:
    path = folder / "inherit.yaml"
    path.write_text(yaml.safe_dump({**CONTENT, **changes}))
    return path


def test_inheriting_plans_the_same_jobs(tmp_path: Path, tiny: Path) -> None:
    """With overlap as well; nothing but inputs and outputs is another."""
    for overlap in (0, 1):
        evolution = {**CONTENT["evolution"], "overlap": overlap}
        anew = overlay(tmp_path, evolution=evolution, training={"inherit": False})
        expected = snakemake(tmp_path, "--dry-run", configfiles=(tiny, anew)).stdout
        actual = snakemake(tmp_path, "--dry-run", configfiles=(tiny, overlay(tmp_path, evolution=evolution))).stdout
        assert planned_jobs(actual) == planned_jobs(expected) != {}
        assert "weights" not in expected
        founders = f"results/tiny/generation-{1 - overlap:03d}/weights"
        beginning = "mpii.yaml, results/tiny/generation-002/offspring.json, results/tiny/records/train"
        # Only of inputs: reasons list files in any order.
        inputs = [line for line in actual.splitlines() if line.startswith("    input:")]
        trainings = [line for line in inputs if beginning in line]
        assert len(trainings) == 2
        assert all(founders in line for line in trainings)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inherit")
    config = Path(__file__).parent / "tiny.yaml", overlay(folder)
    finished = snakemake(folder, "results/tiny/generation-002/population.json", configfiles=config)
    assert finished.returncode == 0, finished.stdout
    return folder


def document(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_weights_are_there_for_a_next_generation_alone(run: Path) -> None:
    results = run / "results/tiny"
    survivors = document(results / "generation-002/population.json")["survivors"]
    kept = {path.relative_to(results).as_posix() for path in results.glob("generation-*/**/*.npz")}
    assert kept == {f"generation-002/weights/{survivor['network_id']}.npz" for survivor in survivors}
    for generation in (1, 2):
        bred = document(results / f"generation-{generation:03d}/offspring.json")["individuals"]
        for individual in bred:
            place = f"generation-{generation:03d}/individual-{individual['lineage']['number']:02d}"
            fitness = document(results / place / "fitness.json")
            assert fitness["provenance"]["inherited_from"] == individual["lineage"]["parents"][0]


@pytest.mark.slow
def test_more_generations_and_lost_files_cost_what_they_cost_without(run: Path, tiny: Path) -> None:
    population = "results/tiny/generation-002/population.json"
    again = {"configfiles": (tiny, overlay(run))}
    assert planned_jobs(snakemake(run, "--dry-run", population, **again).stdout) == {}
    more = overlay(run, evolution={**CONTENT["evolution"], "generations": 4})
    jobs = planned_jobs(
        snakemake(run, "--dry-run", "results/tiny/generation-003/population.json", configfiles=(tiny, more)).stdout
    )
    assert jobs == {"breed": 1, "train": 2, "select": 1}
    overlay(run)
    lost = run / "results/tiny/generation-002/individual-01/fitness.json"
    before = document(lost)
    lost.unlink()
    target = str(lost.relative_to(run))
    assert planned_jobs(snakemake(run, "--dry-run", target, population, **again).stdout) == {"train": 1, "select": 1}
    finished = snakemake(run, target, **again)
    assert finished.returncode == 0, finished.stdout
    log = (run / "logs/tiny/generation-002/individual-01.log").read_text()
    assert f"The weights of the parent {before['provenance']['inherited_from']} are gone" in log
    actual = document(lost)
    assert (actual["objectives"], actual["metrics"]) == (before["objectives"], before["metrics"])
