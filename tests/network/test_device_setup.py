"""How TensorFlow is configured for the leased GPU, on machines that have none."""

import pytest
import tensorflow as tf

from evocnn.processes.devices import set_up_devices


@pytest.fixture
def reported(monkeypatch):
    """What was asked of TensorFlow, which believes in one GPU."""
    calls = []
    gpu = tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [gpu] if kind == "GPU" else [])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda *a: calls.append(("growth", *a[1:])))
    monkeypatch.setattr(
        tf.config, "set_logical_device_configuration", lambda _, limits: calls.append([x.memory_limit for x in limits])
    )
    details = {"device_name": "A Fine GPU", "compute_capability": (9, 0)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda _: details)
    return calls


def test_alone_on_a_gpu_memory_is_taken_as_it_is_needed(reported):
    assert set_up_devices(None) == ["A Fine GPU"]
    assert reported == [("growth", True)]


def test_beside_others_memory_has_a_limit(reported):
    assert set_up_devices(3500) == ["A Fine GPU"]
    assert reported == [[3500]]


def test_on_the_cpu_there_is_nothing_to_tell():
    assert set_up_devices(None) == []
