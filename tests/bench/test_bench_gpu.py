"""The benchmark of GPUs measures something wherever it runs, and says what it could not measure."""

import os
import re
from dataclasses import replace
from importlib.util import find_spec

import pytest
from tensorflow.tsl.profiler.protobuf.xplane_pb2 import XSpace

from evocnn.space.cost import cost
from evocnn_bench.gpu import ON_CPU, TORCH, TRAINING, bench_gpu
from evocnn_bench.gpu_profile import by_operation
from evocnn_bench.gpu_tables import OUT_OF_TIME, describe
from evocnn_bench.gpu_task import R50, Speed, Task, network_of
from evocnn_bench.workers import Worker

SPEED = Speed(
    "H200",
    loading=4,
    first=9,
    began=100,
    ended=110,
    in_memory=64,
    pipeline=60,
    peak_mb=2000,
    version="2.21",
)
TASK = Task(R50, width=0.125, side=64, batch_size=2, steps=1)


def rows(markdown):
    """Cells of the tables, by the first of a row."""
    lines = [line.strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("| ")]
    return {first: others for first, *others in lines}


def test_a_row_has_speeds_seconds_and_memory():
    described = describe({("weighted", 128, "float32"): SPEED}, {}, lambda cell: 1500)
    assert "GPU: **H200**" in described
    figures = ["64", "60", "4.0", "9.0", "2,000", "1,500", "0.75"]
    assert rows(described)["weighted, 128×128, float32"] == figures


def recorded(events):
    """A recording of kernels of one stream: operation, kernel, begin and end in milliseconds."""
    space = XSpace()
    plane = space.planes.add(name="/device:GPU:0")
    plane.stat_metadata[1].name = "tf_op"
    line, summary = plane.lines.add(name="Stream #7(Compute)"), plane.lines.add(name="Steps")
    summary.events.add(duration_ps=10**12)
    for number, (operation, kernel, begin, end) in enumerate(events):
        plane.event_metadata[number].name = kernel
        event = line.events.add(metadata_id=number, offset_ps=begin * 10**9, duration_ps=(end - begin) * 10**9)
        event.stats.add(metadata_id=1, str_value=f"model/layer/{operation}:{operation}")
    space.planes.add(name="/host:CPU").lines.add(name="Stream").events.add(duration_ps=10**12)
    return space


def test_a_step_is_divided_among_operations_and_idle_time():
    events = [("Conv2D", "gemm", 0, 4), ("Relu", "clip", 6, 7), ("Conv2D", "gemm", 7, 9), ("Conv2D", "pad", 9, 10)]
    assert by_operation(recorded(events), steps=2) == [
        ("Conv2D", 3.5, 1.5, "gemm"),
        ("nothing", 1.0, 0.0, ""),
        ("Relu", 0.5, 0.5, "clip"),
    ]
    assert by_operation(recorded([]), steps=2) == []


def test_kernels_that_overlap_are_no_idle_time():
    assert by_operation(recorded([("A", "a", 0, 9), ("B", "b", 1, 2), ("C", "c", 8, 10)]), steps=1)[-1][1] == 0


def test_what_takes_least_in_a_step_is_one_row():
    operations = [[f"Op{number}", 10.0 - number, 2.0, "kernel"] for number in range(10)]
    text = describe({("weighted", 256, "float32"): replace(SPEED, operations=operations)}, {}, lambda cell: None)
    assert "weighted, 256×256, float32, 55.0 ms per step" in text
    assert rows(text)["Op0"] == ["10.00", "18%", "2", "`kernel`"]
    assert rows(text)["2 others"][:3] == ["3.00", "5%", "4"]
    assert "Op8" not in text


def test_trainings_side_by_side_count_until_the_last_has_ended():
    late = replace(SPEED, began=102, ended=112)
    described = describe(
        {},
        {1: [SPEED], 2: [SPEED, late], 4: [SPEED, "OutOfMemoryError"]},
        lambda cell: None,
    )
    assert rows(described)["1"] == ["64", "1.00", "9.0"]
    assert rows(described)["2"] == ["107", "1.67", "9.0"]
    assert rows(described)["4"] == ["–", "–", "9.0"]
    assert "- 4 at once: OutOfMemoryError" in described


def test_what_failed_has_a_reason_and_what_was_not_reached_has_none():
    outcomes = {
        ("weighted", 128, "float32"): "ValueError: no",
        ("weighted", 128, "bfloat16"): OUT_OF_TIME,
    }
    described = describe(outcomes, {}, lambda cell: 1500)
    assert rows(described)["weighted, 128×128, bfloat16"][:2] == ["–", "–"]
    assert described.endswith("Not measured:\n\n- weighted, 128, float32: ValueError: no")


def test_no_training_begins_without_time_for_it():
    described = bench_gpu(replace(ON_CPU, networks=("tiny",)), limit=0)
    assert rows(described)["tiny, 64×64, float32"][:2] == ["–", "–"]
    assert "Not measured" not in described


def test_a_process_that_fails_says_why():
    with pytest.raises(RuntimeError, match="No module named"):
        Worker("evocnn_bench.nothing", os.environ, 1).ask(TASK, seconds=30)


def test_one_of_several_that_fails_ends_those_that_would_wait_for_it(monkeypatch):
    def worker(module, environment, threads):
        trainings.append(module == TRAINING)
        fails = module == TRAINING and sum(trainings) == 2
        return Worker("evocnn_bench.nothing" if fails else module, environment, threads)

    trainings = []
    monkeypatch.setattr("evocnn_bench.gpu.Worker", worker)
    described = bench_gpu(replace(ON_CPU, networks=("tiny",), ways=(), together=(2,)))
    assert rows(described)["2"][:2] == ["–", "–"]
    assert len(re.findall("2 at once: .*No module named", described)) == 1


@pytest.mark.slow
def test_on_a_cpu_small_networks_are_measured():
    sizes = replace(ON_CPU, networks=("tiny",), ways=("float32",), together=(2,))
    described = bench_gpu(sizes)
    assert "No GPU" in described
    assert all(float(figure.replace(",", "")) > 0 for figure in rows(described)["tiny, 64×64, float32"][:4])
    assert float(rows(described)["2"][0].replace(",", "")) > 0


@pytest.mark.slow
@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_the_network_in_pytorch_is_trained():
    assert Worker(TORCH, os.environ, 1).ask(TASK, seconds=60).in_memory > 0


def test_the_networks_are_of_the_sizes_that_are_said():
    networks = [network_of(replace(TASK, network=name, width=1, side=256)) for name in (R50, "weighted", "efficient")]
    assert [round(cost(network, 1).macs / 1e9, 1) for network in networks] == [7.2, 0.2, 0.9]
