"""The summary, word for word."""

import pytest

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn.report.summary import write_summary


@pytest.fixture
def summarise(run, tables):
    def write(test: dict, baselines=(), flip_test=False, **settings) -> list[str]:
        best = run.offspring[1].individuals[1].network_id
        write_json(run.folder / "final/score.json", "score", {"flip_test": flip_test, "test": test})
        metrics = {"mean": 61.26, "standard_error": 1.5}
        cost = {"params": 1234567, "macs": 2500000}
        fitness = Fitness(
            "ok", {"score": 61.26}, metrics, cost, {"peak_memory_mb": 2345}, {"network_id": best, "settings": settings}
        )
        write_fitness(run.folder / "final/fitness.json", fitness)
        finalists = [run.folder / f"final/finalist-{number:02d}/fitness.json" for number in range(3)]
        write_fitness(finalists[0], fitness)
        other = run.offspring[0].individuals[0].network_id
        write_fitness(finalists[1], Fitness("diverged", {"score": 0.0}, {}, cost, {}, {"network_id": other}))
        write_fitness(finalists[2], Fitness("exhausted", {"score": 0.0}, {}, {}, {}, {"network_id": None}))
        write_summary(
            run.folder / "summary.txt",
            individuals=tables[0],
            generations=tables[1],
            trivial=run.trivial,
            score=run.folder / "final/score.json",
            fitness=run.folder / "final/fitness.json",
            finalists=finalists,
            baselines=baselines,
        )
        return (run.folder / "summary.txt").read_text().splitlines()

    return write


def test_summary(run, summarise):
    first, best = run.offspring[0].individuals[0].network_id, run.offspring[1].individuals[1].network_id
    lines = summarise({"mean": 59.94, "standard_error": 0.75})
    assert lines[:5] == [
        "PCKh@0.5 in percent    search-valid         test   network",
        "mean pose                      12.5         11.8",
        f"best of generation 0           40.0                {first}",
        f"best of generation 1           50.5                {best}",
        f"final network            61.3 ± 1.5   59.9 ± 0.8   {best}",
    ]
    assert lines[6].endswith("6 networks trained in 2 generations, 1 without success")
    assert lines[7].endswith("1,234,567 parameters, 2.50 million multiply-accumulates for one prediction")
    assert lines[8:11] == [
        "finalists       search-valid, in the search → after the training in full",
        f"                {best}: 50.5 → 61.3, the final network",
        f"                {first}: 40.0 → diverged",
    ]
    assert lines[11] == "trainings       at most 812 MB of memory; 150 samples per second in the median"
    places = lines.index(next(line for line in lines if line.startswith(run.folder.as_posix())))
    assert lines[12] == lines[places - 1] == ""
    assert lines[13] == "The final network is 48.2 points above mean pose on test, more than two standard errors."
    assert "snakemake compare" in lines[places - 2]
    assert f"{run.folder.as_posix()}/report.html" in lines[places]
    assert f"{run.folder.as_posix()}/plots/fitness.svg" in lines[places + 1]


def test_inherited_weights_are_mentioned(summarise):
    line = "                individuals started from their parents' weights, the final network from random ones"
    assert summarise({"mean": 1.0, "standard_error": 1.0}, inherit=True)[12] == line
    assert line not in summarise({"mean": 1.0, "standard_error": 1.0}, inherit=False)


def test_a_flip_test_is_said(summarise):
    test = {"mean": 1.0, "standard_error": 1.0}
    assert "flip test       scores on test are of the mean of" in "\n".join(summarise(test, flip_test=True))
    assert "flip test" not in "\n".join(summarise(test))


def test_split_without_labels(summarise):
    lines = summarise({"mean": None, "standard_error": None})
    assert lines[4].split()[:6] == ["final", "network", "61.3", "±", "1.5", "-"]


def test_baselines_stand_beside_the_final_network(run, summarise):
    at = run.folder / "baselines/resnet_20/score.json"
    write_json(at, "score", {"test": {"mean": 63.0, "standard_error": 1.0}})
    lines = summarise({"mean": 59.94, "standard_error": 0.75}, [at])
    assert lines[2].split() == ["resnet_20", "63.0", "±", "1.0"]
    assert any(line.startswith("The final network is 3.1 points below resnet_20, the best baseline") for line in lines)
