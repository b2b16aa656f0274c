"""COCO's average precision: by hand for two people, and equal to pycocotools' own reading of the same files."""

import io
import json
from contextlib import redirect_stdout
from math import log, sqrt

import numpy as np
import pytest
import yaml
from evocnn_command import evocnn
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from evocnn.labels import read_skeleton
from evocnn.scoring.coco_ap import NAMES, score_coco

AREA = 10_000.0
SIGMA = 0.05


@pytest.fixture
def coco(repository):
    return repository / "config/skeletons/coco.yaml"


def person(number, x, joints=17):
    keypoints = [value for j in range(joints) for value in (x + 3 * j, 20 + 2 * j, 2)]
    box = [x, 10, 100, 100]
    return {**{"id": number, "image_id": 1, "category_id": 1, "iscrowd": 0}, "keypoints": keypoints, "bbox": box}


def annotations(*people):
    people = [{**one, "area": AREA, "num_keypoints": len(one["keypoints"]) // 3} for one in people]
    images = [{"id": number, "file_name": f"{number}.jpg", "width": 640, "height": 480} for number in (1, 2)]
    return {"images": images, "annotations": people, "categories": [{"id": 1, "name": "person"}]}


def moved(one, score, x):
    keypoints = [value + (x if place % 3 == 0 else 0) for place, value in enumerate(one["keypoints"])]
    return {"image_id": one["image_id"], "category_id": 1, "keypoints": keypoints, "score": score}


def test_two_people_by_hand(tmp_path, repository, coco):
    """One is predicted exactly; all joints of the other lie as far off as gives an OKS of 0.62.

    OKS = exp(−d² / (2 · (2σ)² · area)). At the thresholds 0.5, 0.55 and 0.6 both are right. At the seven others the
    precision is 1 up to a recall of a half, which are 51 of the 101 recalls that COCO averages over.
    """
    skeleton = tmp_path / "skeleton.yaml"
    skeleton.write_text(yaml.safe_dump({**yaml.safe_load(coco.read_text()), "sigmas": [SIGMA] * 17}))
    distance = sqrt(-2 * log(0.62) * (2 * SIGMA) ** 2 * AREA)
    first, second = person(1, 20), person(2, 300)
    (tmp_path / "truth.json").write_text(json.dumps(annotations(first, second)))
    results = [moved(first, 0.9, 0), moved(second, 0.8, distance)]
    (tmp_path / "results.json").write_text(json.dumps(results))
    finished = evocnn(
        *("score", "--format", "coco", "--labels", skeleton, "--annotations", tmp_path / "truth.json"),
        *("--predictions", tmp_path / "results.json", "--json", tmp_path / "score.json"),
    )
    assert finished.returncode == 0, finished.stderr
    score = json.loads((tmp_path / "score.json").read_text())
    expected = {"AP": 10 * (3 + 7 * 51 / 101), "AP50": 100, "AP75": 100 * 51 / 101, "AR": 10 * (3 + 7 * 0.5)}
    assert {name: score["score"][name] for name in expected} == pytest.approx(expected)
    assert score["score"]["APM"] is None  # an area of 10,000 is large
    assert (score["people"], score["predicted"]) == (2, 2)
    assert f"AP    {expected['AP']:8.3f}" in finished.stdout
    assert "2 people, 2 predictions" in finished.stdout


def test_it_is_what_pycocotools_gives(tmp_path, coco):
    rng = np.random.default_rng(4)
    people = [person(n + 1, 10 + 12 * n) for n in range(30)]
    results = [moved(one, float(rng.random()), float(rng.normal(0, 12))) for one in people for _ in range(2)]
    truth, predicted = tmp_path / "truth.json", tmp_path / "results.json"
    truth.write_text(json.dumps(annotations(*people)))
    predicted.write_text(json.dumps(results))
    text = score_coco(truth, predicted, read_skeleton(coco), tmp_path / "score.json")
    with redirect_stdout(io.StringIO()):
        known = COCO(str(truth))
        evaluation = COCOeval(known, known.loadRes(str(predicted)), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    score = json.loads((tmp_path / "score.json").read_text())["score"]
    expected = {name: 100 * value if value >= 0 else None for name, value in zip(NAMES, evaluation.stats, strict=True)}
    assert score == expected
    assert 5 < score["AP"] < 95
    assert "30 people, 60 predictions" in text


def wrong(name):
    return {
        "keypoints": ({"keypoints": [1, 2, 3]}, "result 0 has no keypoints of 51 numbers"),
        "image": ({"image_id": 77}, "result 0 is of the image 77, which is not annotated"),
        "score": ({"score": None}, "result 0 has the score None, expected a number"),
    }[name]


@pytest.mark.parametrize("name", ["keypoints", "image", "score"])
def test_what_is_wrong_is_one_line(tmp_path, coco, name):
    change, message = wrong(name)
    truth, predicted = tmp_path / "truth.json", tmp_path / "results.json"
    truth.write_text(json.dumps(annotations(person(1, 20))))
    predicted.write_text(json.dumps([{**moved(person(1, 20), 0.5, 0), **change}]))
    with pytest.raises(ValueError, match=r"results\.json") as refused:
        score_coco(truth, predicted, read_skeleton(coco))
    assert message in str(refused.value)


def test_options_of_other_scores_are_refused(tmp_path, coco):
    truth, predicted = tmp_path / "truth.json", tmp_path / "results.json"
    truth.write_text(json.dumps(annotations(person(1, 20))))
    predicted.write_text(json.dumps([moved(person(1, 20), 0.5, 0)]))
    files = ("--annotations", truth, "--predictions", predicted, "--labels", coco)
    refused = evocnn("score", "--format", "coco", *files, "--threshold", "0.2")
    assert refused.returncode == 2
    assert "scored by AP, which has no --threshold, --subset or --mat; leave them out" in refused.stderr


def test_other_joints_need_sigmas(tmp_path, repository):
    mpii = read_skeleton(repository / "config/skeletons/mpii.yaml")
    with pytest.raises(ValueError, match="found 16 joints without sigmas, expected 16 numbers"):
        score_coco(tmp_path / "truth.json", tmp_path / "results.json", mpii)


def test_annotations_of_another_format_are_refused(tmp_path, coco):
    (tmp_path / "truth.json").write_text("[]")
    with pytest.raises(ValueError, match=r"truth\.json: expected COCO's keypoints"):
        score_coco(tmp_path / "truth.json", tmp_path / "results.json", read_skeleton(coco))
