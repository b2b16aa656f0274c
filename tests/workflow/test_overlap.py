"""What `overlap` is for: fewer idle devices at the end of a generation, in the jobs that Snakemake plans."""

import heapq
import random
import re
from pathlib import Path

import pytest
import yaml
from workflow_runs import snakemake

SLOTS, OFFSPRING, GENERATIONS = 8, 8, 12
JOB = re.compile(
    r"^(?:local)?rule (?P<rule>breed|train|select):\n    input: (?P<inputs>.*)\n    output: (?P<outputs>.*)", re.M
)

Plan = dict[str, tuple[str, list[str]]]
"""From the first output of a job, below the run's folder, to its rule and its inputs."""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> dict[int, Plan]:
    """What a dry run plans, by `overlap`."""
    planned = {}
    for overlap in (0, 1, 2):
        folder = tmp_path_factory.mktemp("plan")
        sizes = {"generations": GENERATIONS, "population": OFFSPRING, "offspring": OFFSPRING}
        (folder / "mine.yaml").write_text(yaml.safe_dump({"evolution": {"overlap": overlap, **sizes}}))
        printed = snakemake(folder, "--dry-run", configfiles=(tiny, folder / "mine.yaml")).stdout
        jobs = [job.groupdict() for job in JOB.finditer(printed.replace("results/tiny/", ""))]
        planned[overlap] = {job["outputs"].split(", ")[0]: (job["rule"], job["inputs"].split(", ")) for job in jobs}
        assert len(planned[overlap]) == GENERATIONS * (OFFSPRING + 2)
    return planned


def breeding(plan: Plan, generation: int) -> set[str]:
    """What a generation is bred from, without the space and the labels."""
    return {path for path in plan[f"generation-{generation:03d}/offspring.json"][1] if path.startswith("generation-")}


@pytest.mark.parametrize("overlap", [0, 1, 2])
def test_a_generation_descends_from_an_earlier_population_and_knows_those_in_flight(plans, overlap):
    for generation in range(GENERATIONS):
        parents = generation - 1 - overlap
        expected = {f"generation-{parents:03d}/population.json"} if parents >= 0 else set()
        expected |= {f"generation-{g:03d}/offspring.json" for g in range(max(0, parents + 1), generation)}
        assert breeding(plans[overlap], generation) == expected


@pytest.mark.parametrize("overlap", [0, 1, 2])
def test_survivors_come_from_the_generation_and_the_population_before(plans, overlap):
    for generation in range(GENERATIONS):
        inputs = plans[overlap][f"generation-{generation:03d}/population.json"][1]
        competing = [path for path in inputs if path.endswith("population.json")]
        assert competing == [f"generation-{generation - 1:03d}/population.json"] * (generation > 0)


def idle_share(plan: Plan, seed: int) -> float:
    """Share of device time without work, where trainings take 0.5 to 2 units by a clock of its own, and all else none.

    Trainings start generation by generation as devices become free.
    """
    rng = random.Random(seed)
    free, done, busy = [0.0] * SLOTS, {}, 0.0
    order = {"breed": 0, "train": 1, "select": 2}
    for output, (rule, inputs) in sorted(
        plan.items(), key=lambda job: (job[0].split("/")[0], order[job[1][0]], job[0])
    ):
        ready = max((done[path] for path in inputs if path in done), default=0.0)
        if rule == "train":
            duration = rng.uniform(0.5, 2.0)
            ready = max(heapq.heappop(free), ready) + duration
            heapq.heappush(free, ready)
            busy += duration
        done[output] = ready
    return 1 - busy / (SLOTS * max(free))


@pytest.mark.parametrize("seed", range(5))
def test_overlap_halves_idle_time_at_least(plans, seed):
    assert idle_share(plans[0], seed) > 0.2
    assert idle_share(plans[1], seed) < 0.5 * idle_share(plans[0], seed)
