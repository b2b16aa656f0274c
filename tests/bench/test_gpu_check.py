"""`evocnn gpu-check` says what there is, and trains."""

import os
import re

import pytest
from evocnn_command import evocnn


@pytest.mark.slow
def test_without_a_gpu_it_says_so_and_trains_on_the_cpu():
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    printed = evocnn("gpu-check", env=environment).stdout
    lines = dict(re.findall(r"^(\S+(?: memory)?) {2,}(.+)$", printed, re.MULTILINE))
    assert lines["devices"] == "no GPU"
    assert lines["TensorFlow"] == "computes on the CPU, 1 thread"
    assert lines["precision"].startswith("float32")
    assert lines["reference"] == "9 convolutions, 64×64, batches of 32, 40 steps"
    assert float(re.match(r"([\d,]+) people per second", lines["speed"]).group(1).replace(",", "")) > 0
