"""The logs that a training job leaves for TensorBoard."""

import json

import pytest
import tensorflow as tf

from evocnn.evolution.population import read_offspring
from evocnn.space.space_file import read_space

pytestmark = pytest.mark.slow


def test_the_logs_of_a_job_hold_its_scores_and_the_genes_of_its_network(start):
    job = start(settings={"tensorboard": True, "epochs": 2})
    output = job.output()
    assert job.process.returncode == 0, output
    (file,) = (job.individual / "tensorboard").iterdir()
    events = [tf.compat.v1.Event.FromString(record.numpy()) for record in tf.data.TFRecordDataset(str(file))]
    values = [(value, event.step) for event in events for value in event.summary.value]
    scores = [tf.make_ndarray(value.tensor).item() for value, _ in values if value.tag == "score"]
    assert max(scores) == pytest.approx(
        json.loads((job.individual / "fitness.json").read_text())["objectives"]["score"]
    )
    (text,) = [tf.make_ndarray(value.tensor).item().decode() for value, _ in values if value.tag == "hyperparameters"]
    space = read_space(job.individual.parent / "space.yaml")
    genome = read_offspring(job.individual.parent / "offspring.json", space).individuals[0].genome
    for place, gene in zip(space.gene_names, genome, strict=True):
        assert f"| {place} | {gene} |" in text
