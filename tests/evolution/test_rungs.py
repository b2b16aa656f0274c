"""Rungs: who goes on, and what is kept of whom."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.evolution.fitness import Fitness, read_fitness, write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, write_offspring
from evocnn.evolution.predictor import at_the_end
from evocnn.evolution.rungs import Rung, places, promote, read_rung, settle, write_rung
from evocnn.evolution.settings import EvolutionSettings
from evocnn.space.cost import Cost

SETTINGS = EvolutionSettings()


@pytest.mark.parametrize(
    ("count", "rungs", "share", "expected"),
    [
        (20, 3, 1 / 3, (20, 7, 3)),
        (9, 3, 1 / 3, (9, 3, 3)),  # 1 would be a third of 3
        (27, 4, 1 / 3, (27, 9, 3, 3)),
        (16, 2, 0.5, (16, 8)),
        (2, 3, 1 / 3, (2, 2, 2)),
        (5, 1, 1 / 3, (5,)),
    ],
)
def test_a_share_goes_on_and_three_at_least(count, rungs, share, expected):
    assert places(count, rungs, share) == expected


@given(st.integers(1, 500), st.integers(1, 6), st.floats(0.01, 0.99))
def test_no_rung_has_more_places_than_the_one_below(count, rungs, share):
    sizes = places(count, rungs, share)
    assert (sizes[0], len(sizes)) == (count, rungs)
    assert all(3 <= above <= below or above == below < 3 for below, above in pairwise(sizes))


class Generation:
    """A generation in a folder whose trainings have these outcomes on rung 0: a score, or a status; by network."""

    def __init__(self, folder: Path, space, space_file: Path, outcomes: dict[str, float | str]) -> None:
        self.folder, self.space_file = folder, space_file
        rng = random.Random(0)
        bred = tuple(
            Individual(space.draw(rng), name, Cost(10, 1, 1, 1), 0, 0, number, "random", ())
            for number, name in enumerate(outcomes)
        )
        self.offspring = folder / "offspring.json"
        write_offspring(self.offspring, Offspring(0, bred, {}), space)
        self.names = list(outcomes)
        self.rungs = [[self.trained(0, place, name, of) for place, (name, of) in enumerate(outcomes.items())]]
        self.files: list[Path] = []

    def trained(self, rung: int, place: int, name: str | None, outcome: float | str) -> Path:
        path = self.folder / f"rung-{rung}/{place:02d}/fitness.json"
        status, score = ("ok", outcome) if isinstance(outcome, float) else (outcome, 0.0)
        limits = {"time_limit": 60}
        write_fitness(
            path,
            Fitness(
                status,
                {"score": score},
                {},
                {},
                {"epochs": rung, "attempts": rung + 1 + (name == "b")},
                {"network_id": name, "limits": limits},
            ),
        )
        path.with_name("history.csv").write_text(f"of {name} on rung {rung}\n")
        return path

    def promote(self, count: int, jobs=None) -> list[str]:
        """Who goes on to the next rung, the best first."""
        output = self.folder / f"rung-{len(self.rungs)}.json"
        promote(
            output,
            space=self.space_file,
            offspring=self.offspring,
            fitness=self.rungs[-1],
            below=self.files[-1] if self.files else None,
            count=count,
            settings=SETTINGS,
            jobs=jobs or {"time_limit": 60},
        )
        self.files.append(output)
        return [self.names[number] for number in read_rung(output).numbers]

    def climb(self, *outcomes: float | str) -> None:
        """Train those who go on, to these outcomes by place; places beyond them have nobody."""
        rung = len(self.rungs)
        numbers = read_rung(self.files[-1]).numbers
        names = [self.names[numbers[at]] if at < len(numbers) else None for at in range(len(outcomes))]
        self.rungs.append([self.trained(rung, at, names[at], of) for at, of in enumerate(outcomes)])

    def settle(self, jobs=None) -> dict[str, Fitness]:
        fitness = [self.folder / f"individual-{number:02d}/fitness.json" for number in range(len(self.names))]
        settle(
            fitness,
            [path.with_name("history.csv") for path in fitness],
            space=self.space_file,
            offspring=self.offspring,
            rungs=self.files,
            trained=self.rungs,
            epochs=[2, 6, 18],
            jobs=jobs or {"time_limit": 60},
        )
        return dict(zip(self.names, map(read_fitness, fitness), strict=True))


@pytest.fixture
def generation(tmp_path, tiny_space, repository):
    """A function that makes one."""
    return lambda **outcomes: Generation(tmp_path, tiny_space, repository / "config/spaces/tiny.yaml", outcomes)


def test_the_best_go_on_best_first(generation):
    assert generation(a=10.0, b=30.0, c=20.0, d=25.0).promote(2) == ["b", "d"]


def test_those_whose_training_failed_do_not_go_on_and_their_places_stay_empty(generation):
    assert generation(a="diverged", b=1.0, c="out_of_memory").promote(3) == ["b"]


@settings(max_examples=20, deadline=None)
@given(st.permutations(["a", "b", "c", "d", "e", "f"]))
def test_who_goes_on_does_not_depend_on_the_order_of_the_generation(tiny_space, repository, tmp_path_factory, order):
    scores = {"a": 5.0, "b": 9.0, "c": 9.0, "d": 1.0, "e": 7.0, "f": 9.0}  # equal ones by network id
    shuffled = Generation(
        tmp_path_factory.mktemp("generation"),
        tiny_space,
        repository / "config/spaces/tiny.yaml",
        {name: scores[name] for name in order},
    )
    assert shuffled.promote(4) == ["b", "c", "f", "e"]


def test_on_the_next_rung_scores_of_that_rung_count(generation):
    of = generation(a=10.0, b=30.0, c=20.0, d=25.0)
    of.promote(3)
    of.climb(31.0, 50.0, 40.0)  # of b, d and c
    assert of.promote(2) == ["d", "c"]
    assert read_rung(of.files[-1]) == Rung(0, 2, numbers=(3, 2), before=(1, 2))


def test_everybody_keeps_what_the_last_rung_has_shown(generation):
    of = generation(a=10.0, b=30.0, c=20.0, d=25.0)
    of.promote(3)
    of.climb(31.0, 50.0, "diverged")
    of.promote(2)
    of.climb(33.0, 32.0)  # of d and b
    settled = of.settle()
    assert {name: fitness.objectives["score"] for name, fitness in settled.items()} == {
        "a": 10.0,
        "b": 32.0,
        "c": 0.0,
        "d": 33.0,
    }
    assert settled["c"].status == "diverged"
    assert {name: fitness.training["rung"] for name, fitness in settled.items()} == {"a": 0, "b": 2, "c": 1, "d": 2}
    assert {name: fitness.training["attempts"] for name, fitness in settled.items()} == {"a": 1, "b": 2, "c": 1, "d": 1}
    assert settled["d"].training["rungs"] == [[2, 25.0], [6, 50.0], [18, 33.0]]
    assert settled["c"].training["rungs"] == [[2, 20.0]]
    assert (of.folder / "individual-03/history.csv").read_text() == "of d on rung 2\n"
    assert (of.folder / "individual-00/history.csv").read_text() == "of a on rung 0\n"


def test_places_of_a_rung_may_have_nobody(generation):
    of = generation(a=10.0, b="diverged", c="diverged")
    of.promote(3)
    of.climb(12.0, "exhausted", "exhausted")
    assert {name: fitness.status for name, fitness in of.settle().items()} == {
        "a": "ok",
        "b": "diverged",
        "c": "diverged",
    }


@pytest.mark.parametrize("step", ["promote", "settle"])
def test_a_raised_limit_tries_again_whom_it_ended(generation, step):
    of = generation(a=10.0, b="timeout", c=20.0)
    of.promote(2, jobs={"time_limit": 60})
    of.climb(11.0, 21.0)
    if step == "promote":
        of.rungs, of.files = of.rungs[:1], []
    with pytest.raises(RuntimeError, match="the trainings of 01 are higher now, so their outcomes are removed"):
        getattr(of, step)(*((2,) if step == "promote" else ()), jobs={"time_limit": 120})
    assert not (of.folder / "rung-0/01/fitness.json").exists()


def test_a_file_of_a_rung_is_read_as_it_was_written(tmp_path):
    rung = Rung(3, 1, (5, 0, 2), (5, 0, 2))
    write_rung(tmp_path / "rung-1.json", rung)
    assert read_rung(tmp_path / "rung-1.json") == rung


def test_what_a_stopped_training_would_have_gained_is_the_median_gain_of_the_others():
    courses = [(20.0,), (24.0, 30.0), (10.0, 20.0, 40.0), (20.0, 30.0, 46.0), (30.0, 34.0, 42.0)]
    # from rung 0 to the end: 30, 26, 12; from rung 1: 20, 16, 8
    assert at_the_end(courses) == [46.0, 46.0, 40.0, 46.0, 42.0]


def test_without_rungs_objectives_stay_as_they_are():
    assert at_the_end([(20.0,), (10.5,)]) == [20.0, 10.5]
    assert at_the_end([]) == []
