"""How long a network takes."""

import pytest
import tensorflow as tf
from dots import DOTS, TRAINING, dots, network

from evocnn.network import latency
from evocnn.network.build import build
from evocnn.network.train import train


class Network:
    """A network whose passes take given times, by a clock of its own."""

    input_shape = (None, 8, 8, 3)

    def __init__(self, seconds):
        self.seconds, self.now, self.passes = iter(seconds), 0.0, 0

    def __call__(self, images, training):
        return tf.numpy_function(self.take, [images], tf.uint8)

    def take(self, images):
        self.passes += 1
        self.now += next(self.seconds)
        return images


@pytest.mark.parametrize(
    ("seconds", "expected", "passes"),
    [
        ([9.0] * 3 + [0.01] * 30 + [0.5] * 20, 10.0, 3 + 33),  # 30 × 0.01 s and 4 × 0.5 s are over 2 s
        ([9.0] * 3 + [1.0, 1.0, 3.0, 4.0, 5.0], 3000.0, 3 + 5),
        ([9.0] * 3 + [0.002] * 60, 2.0, 3 + 50),
    ],
    ids=["until they are long enough", "few of a slow one", "many of a fast one"],
)
def test_it_is_the_median_of_passes_after_those_that_warm_up(monkeypatch, seconds, expected, passes):
    model = Network(seconds)
    monkeypatch.setattr(latency.time, "perf_counter", lambda: model.now)
    assert latency.latency_ms(model, 1) == pytest.approx(expected)
    assert model.passes == pytest.approx(passes, abs=1)


def test_a_batch_takes_longer_than_an_image():
    model = build(network("heatmap"))
    assert 0 < latency.latency_ms(model, 1) < latency.latency_ms(model, 256)


def test_it_is_a_metric_where_it_is_asked_for(tmp_path):
    training, crops = TRAINING.model_copy(update={"latency": True}), dots(16, seed=0)
    trained = train(network("heatmap"), crops, crops, DOTS, training, seed=3, history=tmp_path / "history.csv")
    assert {"mean", "latency_ms", "latency_batch_32_ms"} <= trained.fitness.metrics.keys()
