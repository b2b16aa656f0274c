"""The warm-start server: what becomes of it, and of trainings when it goes. See test_faults.py for all else."""

import os
import signal
import subprocess
import sys
import time

import pytest
from job_runs import environment, measured, processes_of, wait_for

pytestmark = pytest.mark.slow

LOOK = """
import importlib, sys, threading
from evocnn.jobs.server import MODULE, check_forkable

importlib.import_module(MODULE)
check_forkable()
leave = threading.Event()
thread = threading.Thread(target=leave.wait)
thread.start()
try:
    check_forkable()
except RuntimeError as error:
    print(error)
leave.set()
thread.join()
check_forkable()
sys.modules["tensorflow"].config.list_logical_devices()
try:
    check_forkable()
except RuntimeError as error:
    print(error)
"""


@pytest.fixture(params=[True], ids=["served"])
def served(request):
    return request.param


def test_trainings_share_a_server_and_survive_its_death(start, uninterrupted):
    job = start()
    job.after_epochs(2)
    servers = processes_of(os.getpid()) - {job.child()}
    assert len(servers) == 1
    child = job.child()
    os.kill(servers.pop(), signal.SIGKILL)
    output = job.output()
    assert job.process.returncode == 1
    assert "the training process died of SIGKILL, after epoch" in output
    wait_for(lambda: child not in processes_of(os.getpid()), 10)
    job = start()
    assert "The training goes on after epoch" in job.output()
    assert measured(job.individual) == measured(uninterrupted)


def test_a_server_ends_when_nobody_asks(tmp_path):
    path = tmp_path / "a.socket"
    command = [sys.executable, "-m", "evocnn.jobs.server", str(path), str(os.getpid()), "1"]
    subprocess.run(
        command, env=environment(OPENBLAS_NUM_THREADS="1"), check=True, timeout=120, stderr=subprocess.DEVNULL
    )
    asked = time.monotonic()
    wait_for(lambda: not path.exists(), 30)
    assert time.monotonic() - asked < 20


def test_a_server_looks_whether_a_fork_would_hang():
    command = [sys.executable, "-c", LOOK]
    variables = environment(OPENBLAS_NUM_THREADS="1")
    looked = subprocess.run(command, env=variables, check=True, timeout=120, capture_output=True, text=True)
    lines = looked.stdout.splitlines()
    assert lines[0] == "the warm-start server has 2 threads, expected 1"
    assert "threads" in lines[1] or "touched a device" in lines[1]
