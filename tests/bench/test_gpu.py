"""`make gpu-check` says what there is, and trains."""

import os
import re
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_without_a_gpu_it_says_so_and_trains_on_the_cpu(repository):
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, str(repository / "scripts/check_gpu.py")]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    lines = dict(re.findall(r"^(\S+(?: memory)?) {2,}(.+)$", printed, re.MULTILINE))
    assert lines["devices"] == "no GPU"
    assert lines["TensorFlow"] == "computes on the CPU, 1 thread"
    assert lines["precision"].startswith("float32")
    assert lines["reference"] == "9 convolutions, 64×64, batches of 32, 40 steps"
    assert float(re.match(r"([\d,]+) people per second", lines["speed"]).group(1).replace(",", "")) > 0
