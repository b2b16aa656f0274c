"""The configuration: one line for whatever is wrong with it."""

import re
from typing import get_args

import pytest
import yaml

from evocnn.configuration.check import read_configuration, write_configuration
from evocnn.configuration.model import BaselineName
from evocnn.space.baselines import BASELINES
from evocnn.training.settings import TrainingSettings


@pytest.fixture
def config(repository):
    return yaml.safe_load((repository / "config/config.yaml").read_text())


@pytest.fixture
def check(repository):
    return lambda config: read_configuration(config, lambda path: str(repository / path))


def change(config, path, value):
    *parents, last = path.split(".")
    for key in parents:
        config = config[key]
    if value is None:
        del config[last]
    else:
        config[last] = value


def complaint(check, config):
    """The one line that says what is wrong."""
    with pytest.raises(ValueError, match="configuration") as caught:
        check(config)
    text = str(caught.value)
    assert "\n" not in text
    return text


def data_set(root):
    (root / "images").mkdir(parents=True)
    (root / "annot").mkdir()
    for name in ("train.json", "valid.json"):
        (root / "annot" / name).write_text("[]")
    return root


def test_the_default_is_valid(check, config):
    check(config)


def test_the_configuration_for_mpii_is_valid_where_the_data_are(check, config, repository, tmp_path):
    layer = yaml.safe_load((repository / "config/mpii.yaml").read_text())
    merged = {
        key: {**value, **layer.get(key, {})} if isinstance(value, dict) else value for key, value in config.items()
    }
    merged["dataset"]["root"] = str(data_set(tmp_path / "mpii"))
    check({**merged, "experiment": layer["experiment"]})


def test_what_is_downloaded_need_not_be_there(check, config, repository, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    layer = yaml.safe_load((repository / "config/download_mpii.yaml").read_text())
    config["dataset"]["root"] = "data/mpii"
    assert "there is no data/mpii/annot/train.json" in complaint(check, config)
    downloading = {**config, **layer, "dataset": {**config["dataset"], **layer["dataset"]}}
    check(downloading)
    for root in ("../data/mpii", "data/../mpii", str(tmp_path), "/etc"):
        downloading["dataset"]["root"] = root
        assert f"dataset.root is {root}, and there is a download; expected a folder inside of data" in complaint(
            check, downloading
        )


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("experimant", "x", "the key 'experimant' is unknown; did you mean 'experiment'?"),
        ("training.epoch", 3, "the key 'training.epoch' is unknown; did you mean 'epochs'?"),
        ("dataset.rooot", "x", "the key 'dataset.rooot' is unknown; did you mean 'root'?"),
        ("toy.zzz", 1, "the key 'toy.zzz' is unknown; expected one of train_people, valid_people"),
        ("training.epochs", 0, "training.epochs is 0, expected 1 or more (Maximum number of epochs.); change it"),
        ("evolution.generations", 10**8, "evolution.generations is 100000000, expected 10000 or less"),
        ("evolution.generations", [["x" * 999] * 99] * 99, "evolution.generations is [['xxx"),
        ("training.epochs", "many", "training.epochs is 'many', expected a whole number"),
        ("training.epochs", 2.5, "training.epochs is 2.5, expected a whole number"),
        ("training.epochs", True, "training.epochs is True, expected a whole number"),
        ("training.sigma", float("nan"), "training.sigma is nan, expected a finite number"),
        ("training.remat", "perhaps", "training.remat is 'perhaps', expected true or false"),
        ("evolution.mutation", [0.1], "evolution.mutation.1 is [0.1], expected one more value"),
        ("evolution.mutation", [0.1, 2], "evolution.mutation.1 is 2, expected 1 or less"),
        ("evolution.operators.swop", 1, "the key 'evolution.operators.swop' is unknown; did you mean 'swap'?"),
        ("compare.seeds", [1, 1], "compare.seeds is [1, 1], expected each value once"),
        ("jobs.retries", -1, "jobs.retries is -1, expected 0 or more"),
        ("training.time_limit", 9, "the key 'training.time_limit' is unknown"),
        ("training.flip", 1.5, "training.flip is 1.5, expected 1 or less"),
        ("training.flip", True, "training.flip is True, expected a number"),
        ("training.learning_rate", 0, "training.learning_rate is 0, expected more than 0"),
        ("dataset.valid_fraction", 1, "dataset.valid_fraction is 1, expected less than 1"),
        ("dataset.root", "", "dataset.root is '', expected at least 1 character"),
        ("experiment", "a/b", "experiment is 'a/b', expected text that matches"),
        ("experiment", "../up", "experiment is '../up', expected text that matches"),
        ("download", {"../a": {}}, "download is '../a', expected text that matches ^[A-Za-z0-9]"),
        ("download", {"a": {"url": "ftp://b/a"}}, "the key 'download.a.sha256' is missing; add it"),
        ("download", {"a": {"url": "ftp://b/a", "sha256": "0" * 64}}, "download.a.url is 'ftp://b/a', expected text"),
        ("download", {"a": {"url": "http://b/a", "sha256": 0}}, "download.a.sha256 is 0, expected text"),
        (
            "download",
            {"a.gif": {"url": "http://b/a", "sha256": "0" * 64, "unpack": "images"}},
            "download.a.gif.unpack is 'images', expected it only where the file's name ends with",
        ),
        ("evolution", 3, "evolution is 3, expected keys with values"),
        ("space", "config/spaces/none.yaml", "space is config/spaces/none.yaml, and there is no such file; correct"),
        ("dataset.labels", "none.yaml", "dataset.labels is none.yaml, and there is no such file; correct the path"),
        (
            "dataset.format",
            "voc",
            "dataset.format is 'voc', expected one of 'mpii', 'coco', 'table', 'image_folder', or FILE.py:NAME",
        ),
        (
            "dataset.format",
            "image_folder",
            "dataset.format is image_folder, which needs classes, and dataset.labels is config/skeletons/mpii.yaml",
        ),
        ("dataset.labels", "config/classes/digits.yaml", "dataset.format is mpii, which needs a skeleton"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(check, config, path, value, expected):
    change(config, path, value)
    assert complaint(check, config).startswith(f"configuration: {expected}")


def test_an_input_that_does_not_fit_the_space_is_refused(check, config):
    config["space"] = "config/spaces/tiny.yaml"
    config["dataset"]["input_size"] = 68
    expected = "dataset.input_size is 68, expected a multiple of 8, the largest stride of config/spaces/tiny.yaml"
    assert complaint(check, config).startswith(f"configuration: {expected}")


@pytest.mark.parametrize(
    ("key", "name"),
    [("train", "annot/train.json"), ("test", "annot/valid.json"), ("train_images", "images"), ("test_images", "other")],
)
def test_what_is_missing_of_the_data_set_is_named(check, config, tmp_path, key, name):
    root = data_set(tmp_path / "set")
    (root / "other").mkdir()
    config["dataset"].update(root=str(root), test_images="other")
    check(config)
    (root / name).rmdir() if (root / name).is_dir() else (root / name).unlink()
    assert f"dataset.{key} is {name}, and there is no {root / name}; correct the path" in complaint(check, config)


def test_only_class_folders_are_without_annotations(check, config, tmp_path):
    config["dataset"]["train"] = None
    assert "dataset.train is null, expected the annotation file for mpii" in complaint(check, config)
    root = data_set(tmp_path / "set")
    config["dataset"].update(root=str(root), format="image_folder", labels="config/classes/digits.yaml", test=None)
    check(config)


def test_a_whole_data_set_is_accepted(check, config, tmp_path):
    config["dataset"]["root"] = str(data_set(tmp_path / "set"))
    check(config)


@pytest.mark.parametrize("text", ["stem: {", "[]", "stem: 3\n"])
def test_a_broken_space_is_one_line_too(check, config, tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"mine\.yaml: ") as caught:
        check({**config, "space": str(path)})
    assert "\n" not in str(caught.value)


def test_a_configuration_is_written_in_its_order(config, tmp_path):
    write_configuration(tmp_path / "a.yaml", config)
    read = yaml.safe_load((tmp_path / "a.yaml").read_text())
    assert read == config
    assert list(read) == list(config)


@pytest.mark.parametrize(
    ("strategy", "objectives", "expected"),
    [
        ("predictor", ["score + speed"], "the objective 'score + speed' cannot be worked out (found 'speed')"),
        ("genetic", ["score", "-params"], "evolution.objectives has 2, and the strategy genetic uses one"),
        ("predictor", ["score", "-latency_ms"], "the strategy predictor does not predict latency_ms; expected the"),
    ],
)
def test_objectives_are_worked_out_before_any_job(check, config, strategy, objectives, expected):
    config["training"]["latency"] = True
    config["evolution"] |= {"strategy": strategy, "objectives": objectives}
    with pytest.raises(ValueError, match=re.escape(expected)):
        check(config)


def test_ap_is_an_objective_where_it_is_the_metric(check, config, repository, tmp_path):
    config["evolution"]["objectives"] = ["ap"]
    with pytest.raises(ValueError, match=r"the score is another one, expected 'metric: ap' in dataset\.labels"):
        check(config)
    skeleton = yaml.safe_load((repository / "config/skeletons/mpii.yaml").read_text())
    labels = tmp_path / "ap.yaml"
    labels.write_text(yaml.safe_dump({**skeleton, "metric": "ap", "normaliser": "area", "sigmas": [0.08] * 16}))
    config["dataset"]["labels"] = str(labels)
    assert check(config).evolution.objectives == ("ap",)


@pytest.mark.parametrize("strategy", ["predictor", "nsga2", "random"])
def test_a_search_by_several_objectives_and_its_control_are_accepted(check, config, strategy):
    config["evolution"] |= {"strategy": strategy, "objectives": ["score", "-params"]}
    assert check(config).evolution.objectives == ("score", "-params")


def test_latency_is_an_objective_where_it_is_measured(check, config):
    config["evolution"]["objectives"] = ["score - latency_ms / 10"]
    with pytest.raises(ValueError, match=r"training\.latency is false, expected true where an obj"):
        check(config)
    config["training"]["latency"] = True
    check(config)


def test_nsga2_uses_several_objectives(check, config):
    config["evolution"].update(objectives=["score", "-params / 1e6"], strategy="nsga2")
    check(config)


def test_baselines_predict_joints_at_strides_up_to_32(check, config):
    config["baselines"]["networks"] = ["hourglass"]
    check(config)
    change(config, "dataset.input_size", 48)
    refusal = "dataset.input_size is 48, expected a multiple of 32 for hourglass of baselines.networks; change one"
    assert refusal in complaint(check, config)
    change(config, "baselines.networks", ["resnet_20"])
    refusal = "has resnet_20, a network for classification, and dataset.labels is config/skeletons/mpii.yaml, for pose"
    assert refusal in complaint(check, config)
    change(config, "baselines.networks", ["resnet"])
    assert "baselines.networks.0 is 'resnet', expected one of" in complaint(check, config)


def test_the_model_names_every_baseline():
    assert get_args(BaselineName) == tuple(BASELINES)


@pytest.mark.parametrize(
    ("path", "value", "meant"),
    [("seed", 1.0, 1), ("evolution.generations", "7", 7), ("training.learning_rate", "1e-3", 0.001)],
)
def test_numbers_are_taken_as_they_are_meant(check, config, path, value, meant):
    """YAML 1.1 reads 1e-3 as text, and nested values of --config are text."""
    change(config, path, value)
    settings = check(config)
    for name in path.split("."):
        settings = getattr(settings, name)
    assert settings == meant
    assert type(settings) is type(meant)


def test_a_configuration_needs_only_what_differs(check):
    assert check({"experiment": "mine"}).training.epochs == TrainingSettings().epochs


def test_outputs_of_own_heads_cannot_be_turned_back(check, config, repository):
    change(config, "space", "tests/workflow/own_code/space.yaml")
    change(config, "final.flip_test", True)
    assert "has the heads offsets of its own, whose outputs cannot be turned back" in complaint(check, config)


def test_the_final_training_has_its_own_epochs_and_everything_else_of_trainings(check):
    settings = check({"training": {"sigma": 3, "epochs": 4}, "final": {"epochs": 9, "patience": 8}})
    final, baseline = settings.final_training, settings.baseline_training
    assert (final.sigma, final.epochs, final.patience) == (3, 9, 8)
    assert baseline == final
    shorter = check({"final": {"epochs": 9, "patience": 8}, "baselines": {"epochs": 3}}).baseline_training
    assert (shorter.epochs, shorter.patience) == (3, 3)
