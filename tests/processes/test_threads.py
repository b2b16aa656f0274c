"""A training computes in as many threads as Snakemake gives it."""

import json
import subprocess
import sys

import pytest
from job_runs import HERE, environment


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_a_training_computes_in_as_many_threads_as_it_is_given(tmp_path, threads):
    paths = environment()["PYTHONPATH"] + f":{HERE}"
    command = [sys.executable, str(HERE / "thread_use.py"), str(threads), str(tmp_path)]
    finished = subprocess.run(
        command, env=environment(PYTHONPATH=paths), capture_output=True, text=True, check=False, timeout=600
    )
    assert finished.returncode == 0, finished.stderr
    actual = json.loads(finished.stdout.splitlines()[-1])
    assert actual["cpu"] <= 1.1 * threads * actual["wall"]
    # What a busy machine leaves as it is: who computes at all. One thread that runs operations has nobody to help it.
    assert actual["running operations"] == threads
    assert actual["helping"] <= (threads if threads > 1 else 0)
    assert actual["opencv"] <= threads
    assert actual["blas"] <= threads
