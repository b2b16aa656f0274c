"""A search through `--profile profiles/slurm`, by Slurm's own records."""

from itertools import combinations
from pathlib import Path

import pytest
from search_on_slurm import Story, measured, start_again_at_once
from slurm_cluster import Job, Slurm, Spell, most_at_once

pytestmark = [pytest.mark.slow, pytest.mark.cluster]


def trainings(story: Story) -> list[Job]:
    return [job for stage in (story.failing, story.killed, story.finishing) for job in stage.of("train")]


def spells(story: Story, slurm: Slurm) -> list[Spell]:
    numbers = {job.number for job in trainings(story)}
    return [spell for spell in slurm.spells() if spell.number in numbers]


def test_every_training_was_a_job_with_one_gpu(story: Story) -> None:
    jobs = trainings(story)
    assert {job.what for job in jobs} == {f"train {who}" for who in ("000 00", "000 01", "000 02", "001 00", "001 01")}
    assert {job.gpus for job in jobs} == {1}


def test_what_is_light_ran_here_and_what_ended_after_a_kill_counts(story: Story, slurm: Slurm) -> None:
    others = [job.what for job in slurm.jobs() if not job.what.startswith("train ")]
    assert others == ["decode records train"]
    assert (story.folder / "results/tiny/tables/individuals.csv").is_file()


def test_never_more_than_two_ran_at_once(story: Story, slurm: Slurm) -> None:
    assert most_at_once(spells(story, slurm)) == 2


def test_each_saw_its_own_gpu(story: Story, slurm: Slurm) -> None:
    seen = slurm.devices()
    ran = [spell for spell in spells(story, slurm) if (spell.number, spell.restart) in seen]
    device = {spell: seen[spell.number, spell.restart] for spell in ran}
    assert all(devices in ({"0"}, {"1"}) for devices in device.values())
    together = [(a, b) for a, b in combinations(ran, 2) if a.meets(b)]
    assert together
    assert all(device[a] != device[b] for a, b in together)


def test_memory_is_that_of_the_network_and_time_grows_with_the_attempt(story: Story) -> None:
    assert len({job.memory_mb for job in trainings(story)}) > 1
    assert [job.minutes for job in story.failing.of("train 000 01")] == [240, 480]


def test_one_that_fails_leaves_the_others_alone(story: Story) -> None:
    assert story.failing.returncode != 0
    assert [job.state for job in story.failing.of("train 000 01")] == ["FAILED", "FAILED"]
    assert [job.state for job in story.failing.of("train 000 02")] == ["COMPLETED"]
    assert "individual-01.log" in story.failing.output


def test_a_cancelled_training_is_noticed_and_tried_again(story: Story) -> None:
    assert [job.state for job in story.failing.of("train 000 00")] == ["CANCELLED", "COMPLETED"]


def test_the_next_run_submits_only_what_had_failed(story: Story) -> None:
    assert [job.state for job in story.killed.of("train 000")] == ["COMPLETED"]
    assert [job.what for job in story.killed.jobs] == [
        "train 000 01",
        *[job.what for job in story.killed.of("train 001")],
    ]


def test_jobs_go_on_after_snakemake_was_killed_and_the_recipe_ends_them(story: Story) -> None:
    assert sorted(job.what for job in story.orphans) == ["train 001 00", "train 001 01"]
    assert story.after_recipe == []
    assert "--unlock" in story.locked


def test_a_killed_run_is_continued_without_repeating_finished_trainings(story: Story) -> None:
    assert story.finishing.returncode == 0, story.finishing.output[-3000:]
    assert story.finishing.of("train 000") == []


def test_a_node_that_goes_down_and_comes_back_loses_nothing(story: Story, slurm: Slurm) -> None:
    assert [(job.state, job.restarts) for job in story.lost] == [("PENDING", 1)]
    assert [(job.state, job.restarts) for job in story.finishing.of("train 001 00")] == [("COMPLETED", 1)]
    names = {job.number: job.what for job in trainings(story)}
    last = {names[spell.number]: spell.state for spell in spells(story, slurm)}
    assert set(last.values()) == {"COMPLETED"}


def test_the_results_are_those_of_the_local_run(story: Story, local: Path) -> None:
    names = [path.relative_to(local) for path in sorted(local.glob("results/tiny/generation-*/*.json"))]
    assert len(names) == 6
    for name in names:
        assert (story.folder / name).read_bytes() == (local / name).read_bytes(), name
    assert len(measured(local)) == 5
    assert measured(story.folder) == measured(local)


def test_snakemake_may_be_started_at_once_after_a_kill(slurm: Slurm, local: Path, tmp_path: Path) -> None:
    """The new job of a training waits for the old one, and takes its result over."""
    stage, log = start_again_at_once(slurm, local, tmp_path / "run")
    assert stage.returncode == 0, stage.output[-3000:]
    assert [(job.what, job.state) for job in stage.of("train")] == [("train 001 00", "COMPLETED")]
    assert "This training has finished before" in log
    assert measured(tmp_path / "run") == measured(local)
