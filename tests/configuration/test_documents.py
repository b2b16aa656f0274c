"""The files that are generated from the model, and what they say."""

import jsonschema
import pytest
import yaml

from evocnn.configuration.documents import documents
from evocnn.configuration.model import Configuration


@pytest.mark.parametrize("path", documents())
def test_every_generated_file_is_the_one_of_the_model(repository, path):
    assert (repository / path).read_text(encoding="utf-8") == documents()[path], "run `make settings`"


def test_the_written_defaults_are_those_of_the_model():
    written = yaml.safe_load(documents()["config/config.yaml"])
    assert Configuration.model_validate(written) == Configuration()
    assert list(written) == list(Configuration.model_fields)


def test_the_schema_accepts_the_defaults_and_refuses_an_unknown_key():
    schema = yaml.safe_load(documents()["config/schema.yaml"])
    validator = jsonschema.Draft202012Validator(schema)
    written = yaml.safe_load(documents()["config/config.yaml"])
    assert validator.is_valid(written)
    assert not validator.is_valid({**written, "experimant": "x"})
    assert not validator.is_valid({**written, "seed": -1})


def test_the_reference_has_every_key_with_its_bounds_and_its_default():
    page = documents()["docs/configuration.md"]
    assert "| `learning_rate` | number > 0, ≤ 1 | `0.004` |" in page
    assert "| `time_limit` | whole number ≥ 1 or null | `null` |" in page
    assert "| `networks` | list of `simple_baselines`," in page
    assert "## `evolution.operators`" in page
