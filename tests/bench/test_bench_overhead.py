"""The benchmark of overhead trains the same networks in both ways, and counts every process."""

import json
import os
import subprocess
import sys

import pytest

from evocnn_bench import overhead
from evocnn_bench.overhead import MANY, ONE, RUN, Ran, describe, prepare, train_in_jobs, train_in_one_process
from evocnn_bench.processes import Usage, descendants, measure_command, python

TINY = {
    "dataset": {"input_size": 32},
    "toy": {"train_people": 24, "valid_people": 8},
    "space": "config/spaces/tiny.yaml",
    "evolution": {"population": 2},
    "training": {"batch_size": 8},
}
STARTS = 0.9
"""Seconds of CPU time that two starts of Python may take where eight other processes share two cores."""
BUSY = "import time\nwhile time.process_time() < 1.0: pass\n"


def test_time_and_memory_of_all_processes_are_counted(tmp_path):
    # The first ends while the second, which holds 60 MB, works: it does not wait for the second to end.
    child = f"held = b'x' * 60_000_000\nprint('held', flush=True)\n{BUSY}"
    code = f"import subprocess, sys\n{BUSY}child = [sys.executable, '-c', {child!r}]\n"
    code += "subprocess.Popen(child, stdout=subprocess.PIPE).stdout.readline()\n"
    before = descendants(os.getpid())
    used = measure_command(python("-c", f"{code}time.sleep(0.2)"), tmp_path / "log", {})
    assert 2.0 <= used.cpu < 2.0 + STARTS
    assert used.wall >= 1.2
    assert used.memory > 60
    assert set(descendants(os.getpid())) <= set(before)


def test_a_child_of_another_is_none_of_its_business(tmp_path):
    code = f"held = b'x' * 200_000_000\n{BUSY}print('held', flush=True)\nimport time; time.sleep(600)"
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert other.stdout
    other.stdout.readline()
    try:
        used = measure_command(python("-c", BUSY), tmp_path / "log", {})
    finally:
        other.kill()
        other.communicate()
    assert used.cpu < 2.0  # that of the other, which has taken a second, is not in it
    assert used.memory < 200


def test_a_command_that_fails_shows_its_log(tmp_path):
    with pytest.raises(RuntimeError, match="ended with 3:\nwhy"):
        measure_command(python("-c", "import sys; print('why'); sys.exit(3)"), tmp_path / "log", {})


def test_the_table_holds_the_ways_against_one_process_and_bare_steps(monkeypatch):
    monkeypatch.setattr(overhead, "CORES", 2)
    ran = {
        ONE: Ran(Usage(12.0, 11.0, 900.0), (4.0, 6.0), 800.0),
        MANY: Ran(Usage(9.0, 10.0, 1700.0), (6.4, 9.6), 810.0),
    }
    lines = describe(3, Usage(20.0, 25.0, 1500.0), ran).splitlines()
    assert lines[0] == "2 trainings of 3 epochs, 5.0 s of steps and scoring each:"
    assert lines[4] == "| (a) one process | 20.0 | 25.0 | 1,500 |  | 1.00 | 2.00 |"
    assert lines[5] == f"| (b) {ONE.title} | 12.0 | 11.0 | 900 | 800 | 0.60 | 1.20 |"
    assert lines[6] == "| (c) the steps and the scoring of (b) | 10.0 |  |  |  | 0.50 | 1.00 |"
    assert lines[7] == f"| (d) {MANY.title} | 9.0 | 10.0 | 1,700 | 810 | 0.45 |  |"
    assert "2 at once with one thread each take 1.25 × as many samples" in lines[9]


@pytest.mark.slow
def test_both_ways_train_the_same_networks_as_long(tmp_path):
    folder = prepare(tmp_path / "run", TINY)
    alone = train_in_one_process(folder, 2)
    jobs = train_in_jobs(folder, ONE, 2)
    assert min(alone.wall, alone.cpu, jobs.usage.wall, jobs.usage.cpu) > 1
    assert min(alone.memory, jobs.usage.memory, jobs.peak) > 100
    assert len(jobs.steps) == 2
    assert 0 < sum(jobs.steps) < jobs.usage.wall
    scores = json.loads((folder / RUN / "notebook.json").read_text())["scores"]
    fitness = [json.loads(path.read_text()) for path in sorted((folder / RUN).glob("generation-000/*/fitness.json"))]
    assert list(scores) == [actual["provenance"]["network_id"] for actual in fitness]
    assert [len(of_epochs) for of_epochs in scores.values()] == [2, 2]
