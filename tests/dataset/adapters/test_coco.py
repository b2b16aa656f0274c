"""COCO's keypoint files: what is read, who is left out, and what is wrong with a file."""

import json

import numpy as np
import pytest

from evocnn.dataset.adapters import coco, read_annotations
from evocnn.dataset.people import Skipped
from evocnn.labels import read_labels
from evocnn.pose.skeleton import Skeleton

BIRD = Skeleton(
    joints=("beak", "right wing", "left wing"),
    pairs=((1, 2),),
    limbs=((0, 1), (0, 2)),
    groups={"wing": (1, 2)},
    scored=(0, 1, 2),
    normaliser="box",
    threshold=0.1,
)
CATEGORY = {"id": 7, "name": "bird", "keypoints": ["beak", "right_wing", "left_wing"]}


def annotation(**changes):
    """One annotation; a value of None leaves the field out."""
    entry = {
        "id": 1,
        "image_id": 20,
        "category_id": 7,
        "iscrowd": 0,
        "bbox": [10, 20, 30, 40],
        "num_keypoints": 2,
        "keypoints": [12, 22.5, 2, 14, 24, 1, 0, 0, 0],
    }
    return {field: value for field, value in {**entry, **changes}.items() if value is not None}


def write(folder, *annotations, **changes):
    """A COCO file; a value of None leaves the field out."""
    content = {
        "images": [{"id": 20, "file_name": "b.jpg"}, {"id": 10, "file_name": "a.jpg"}],
        "annotations": list(annotations),
        "categories": [CATEGORY],
        **changes,
    }
    path = folder / "birds.json"
    path.write_text(json.dumps({field: value for field, value in content.items() if value is not None}))
    return path


def only(folder, **changes):
    """What becomes of one annotation after a good one."""
    _, entry = coco.read(write(folder, annotation(), annotation(**changes)), BIRD)
    return entry


def test_a_whole_file_becomes_a_table(tmp_path):
    path = write(tmp_path, annotation(), annotation(iscrowd=1), annotation(image_id=10), annotation(bbox=[1, 2]))
    actual = read_annotations("coco", path, BIRD)
    people = actual.people
    assert people.rows.tolist() == [0, 2]
    assert people.images.tolist() == ["b.jpg", "a.jpg"]
    assert people.center.tolist() == [[25, 40]] * 2
    assert people.side.tolist() == [50] * 2
    assert people.joints[0, :2].tolist() == [[12, 22.5], [14, 24]]
    assert people.visible.tolist() == [[True, True, False]] * 2
    assert people.normaliser.tolist() == [50] * 2
    assert actual.skipped == (Skipped(3, "b.jpg", "bbox is not 4 finite numbers"),)


def test_unlabelled_joints_lie_nowhere(tmp_path):
    person = only(tmp_path, keypoints=[1, 2, 2, 3, 4, 0, 0, 0, 0])
    assert person.visible.tolist() == [True, False, False]
    assert np.isnan(person.joints[1:]).all()


@pytest.mark.parametrize(
    "changes",
    [{"iscrowd": 1}, {"keypoints": [0] * 9}, {"keypoints": [3, 4, 0] * 3}, {"keypoints": []}, {"keypoints": None}],
)
def test_crowds_and_people_without_a_labelled_joint_are_no_part_of_the_data_set(tmp_path, changes):
    assert [entry.row for entry in coco.read(write(tmp_path, annotation(**changes), annotation()), BIRD)] == [1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"image_id": 30}, "image_id is not that of an image with a file_name"),
        ({"image_id": None}, "image_id is not that of an image with a file_name"),
        ({"image_id": [20]}, "image_id is not that of an image with a file_name"),
        ({"category_id": 8}, "category_id is not that of a category with keypoints"),
        ({"bbox": [1, 2, 3]}, "bbox is not 4 finite numbers"),
        ({"bbox": "1 2 3 4"}, "bbox is not 4 finite numbers"),
        ({"bbox": [1, 2, float("nan"), 4]}, "bbox is not 4 finite numbers"),
        ({"bbox": [1, 2, 10**400, 4]}, "bbox is not 4 finite numbers"),
        ({"bbox": [1, 2, 3, -4]}, "the box has a negative size"),
        (
            {"bbox": None, "keypoints": [12, 22.5, 2, 0, 0, 0, 0, 0, 0]},
            "there is neither a box nor two labelled joints apart",
        ),
        ({"bbox": None, "center": [1, 2], "scale": 0}, "center and scale are not finite numbers above 0"),
        ({"bbox": None, "center": [1, None], "scale": 1}, "center and scale are not finite numbers above 0"),
        ({"iscrowd": "maybe"}, "iscrowd is neither 0 nor 1"),
        ({"keypoints": [None, 2, 2, *([1, 2, 2] * 2)]}, "keypoints are not 9 finite numbers"),
        ({"keypoints": [[1, 2, 2], [1, 2, 2], [1, 2]]}, "keypoints are not 9 finite numbers"),
        ({"bbox_head": [1, 2]}, "bbox_head is not 4 finite numbers"),
        ({"keypoints": [1, 2, 2] * 2}, "keypoints are not 9 finite numbers"),
        ({"keypoints": [1, 2, 2] * 17}, "keypoints are not 9 finite numbers"),
        ({"keypoints": [1, "2", 2] * 3}, "keypoints are not 9 finite numbers"),
        ({"keypoints": "many"}, "keypoints are not 9 finite numbers"),
        ({"head_box": [1, 2]}, "head_box is not 4 finite numbers"),
    ],
)
def test_a_malformed_annotation_is_skipped_with_the_reason(tmp_path, changes, reason):
    entry = only(tmp_path, **changes)
    assert (entry.row, entry.reason) == (1, reason)


def test_an_annotation_that_is_no_object_is_skipped(tmp_path):
    skipped, _ = coco.read(write(tmp_path, 5, annotation()), BIRD)
    assert skipped == Skipped(0, "", "the annotation is not an object")


@pytest.mark.parametrize("changes", [{"bbox": None}, {"bbox": []}, {"bbox": [0, 0, 0, 0]}, {"bbox": [10, 20, 0, 40]}])
def test_without_a_box_one_is_drawn_around_the_joints_as_for_tables(tmp_path, changes):
    person = only(tmp_path, keypoints=[10, 20, 2, 20, 40, 1, 500, 500, 0], **changes)
    assert (person.center, person.side) == (pytest.approx((15, 30)), pytest.approx(1.25 * 28))
    assert person.box == pytest.approx((14, 28))


@pytest.mark.parametrize(("scale", "size"), [(0.5, (100, 100)), ([0.2, 0.5], (40, 100))])
def test_center_and_scale_take_the_place_of_a_box(tmp_path, scale, size):
    person = only(tmp_path, bbox=None, center=[24, 33], scale=scale)
    assert (person.center, person.side, person.box) == (
        pytest.approx((24, 33)),
        pytest.approx(125),
        pytest.approx(size),
    )


@pytest.mark.parametrize("value", [float("nan"), None, "", 10**400])
def test_places_of_unlabelled_joints_may_be_anything(tmp_path, value):
    person = only(tmp_path, keypoints=[12, 22.5, 2, 14, 24, 1, value, value, 0])
    assert person.joints[:2].tolist() == [[12, 22.5], [14, 24]]
    assert person.visible.tolist() == [True, True, False]


def test_joints_may_be_a_list_of_lists(tmp_path):
    assert only(tmp_path, keypoints=[[12, 22.5, 2], [14, 24, 1], [0, 0, 0]]).joints[1].tolist() == [14, 24]


@pytest.mark.parametrize("value", ["0", 0, 0.0, False, None, ""])
def test_what_is_no_crowd(tmp_path, value):
    assert only(tmp_path, iscrowd=value).row == 1


@pytest.mark.parametrize("value", ["1", 1, True, 1.0])
def test_what_is_a_crowd(tmp_path, value):
    path = write(tmp_path, annotation(iscrowd=value), annotation())
    assert [person.row for person in coco.read(path, BIRD)] == [1]


@pytest.mark.parametrize("id_", [785.0, 785, "785"])
def test_ids_may_have_a_point_or_be_text(tmp_path, id_):
    path = write(tmp_path, annotation(image_id=id_), images=[{"id": id_, "file_name": "c.jpg"}])
    assert next(coco.read(path, BIRD)).image == "c.jpg"


def test_categories_with_other_joints_are_passed_over_with_their_annotations(tmp_path):
    hand = {"id": 8, "name": "hand", "keypoints": ["wrist", "thumb"]}
    path = write(
        tmp_path, annotation(category_id=8, keypoints=[1, 2, 2] * 2), annotation(), categories=[hand, CATEGORY]
    )
    assert [person.row for person in coco.read(path, BIRD)] == [1]


@pytest.mark.parametrize("more", [[], [30, 31, 2], [30, 31, 2, 40, 41, 2]])
def test_a_category_may_name_more_joints_after_those_of_the_skeleton(tmp_path, more):
    category = {**CATEGORY, "keypoints": [*CATEGORY["keypoints"], "right_foot", "left_foot"]}
    keypoints = [12, 22.5, 2, 14, 24, 1, 0, 0, 0, *more]
    (person,) = coco.read(write(tmp_path, annotation(keypoints=keypoints), categories=[category]), BIRD)
    assert person.joints[:2].tolist() == [[12, 22.5], [14, 24]]
    assert person.visible.tolist() == [True, True, False]


def test_the_size_of_the_image_is_read(tmp_path):
    path = write(tmp_path, annotation(), images=[{"id": 20, "file_name": "b.jpg", "width": 640, "height": 425.0}])
    assert next(coco.read(path, BIRD)).size == (640, 425)
    assert np.isnan(only(tmp_path).size).all()


@pytest.mark.parametrize("key", ["head_box", "bbox_head"])
def test_the_head_size_is_that_of_pckh(tmp_path, key):
    assert only(tmp_path, **{key: [1, 2, 30, 40]}).head_size == pytest.approx(0.6 * 50)
    assert np.isnan(only(tmp_path, **{key: [0, 0, 0, 0]}).head_size)
    assert np.isnan(only(tmp_path).head_size)


def test_other_joints_are_refused_and_the_first_that_differs_is_named(tmp_path):
    swapped = {**CATEGORY, "keypoints": ["beak", "left_wing", "right_wing"]}
    text = r"birds\.json: joint 1 of the category 'bird' is 'left wing', of dataset\.labels 'right wing'; .* change"
    with pytest.raises(ValueError, match=text):
        list(coco.read(write(tmp_path, annotation(), categories=[swapped]), BIRD))


@pytest.mark.parametrize("categories", [None, [], [{"id": 7, "name": "bird"}], [CATEGORY, {"id": 1, "keypoints": []}]])
def test_a_file_need_not_name_its_joints(tmp_path, categories):
    assert len(list(coco.read(write(tmp_path, annotation(), categories=categories), BIRD))) == 1


def test_categories_may_share_the_joints(tmp_path):
    path = write(tmp_path, annotation(category_id=8), annotation(), categories=[CATEGORY, {**CATEGORY, "id": 8}])
    assert [person.row for person in coco.read(path, BIRD)] == [0, 1]


def test_an_id_of_two_images_is_refused(tmp_path):
    images = [{"id": 20, "file_name": "b.jpg"}, {"id": 20, "file_name": "c.jpg"}]
    with pytest.raises(
        ValueError, match=r"birds\.json: the id 20 belongs to b\.jpg and to c\.jpg; .* number them anew"
    ):
        list(coco.read(write(tmp_path, annotation(), images=images), BIRD))


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        ("[{", "no JSON"),
        ("", "no JSON"),
        ("[]", "found a list"),
        ("{}", "found an object with nothing"),
        ('{"images": [], "info": 1}', "found an object with 'images', 'info'"),
        ('{"images": [], "annotations": [{"bbox": [1, 2, 3, 4]}]}', "found 1 annotations, none with 'keypoints'"),
    ],
)
def test_another_file_is_refused(tmp_path, content, actual):
    path = tmp_path / "birds.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=rf"birds\.json: expected COCO keypoints .*{actual}.*; "):
        list(coco.read(path, BIRD))


def test_the_skeleton_of_coco(repository):
    skeleton = read_labels(repository / "config/skeletons/coco.yaml")
    assert isinstance(skeleton, Skeleton)
    assert len(skeleton.joints) == len(skeleton.scored) == 17
    assert skeleton.metric == "PCK@0.1"
    assert {joint for members in skeleton.groups.values() for joint in members} == set(range(17))
    # Every joint but the nose has its counterpart beside it.
    assert skeleton.mirror == (0, *(place for right in range(2, 17, 2) for place in (right, right - 1)))
    for right, left in skeleton.pairs:
        assert skeleton.joints[right].replace("right", "left") == skeleton.joints[left]
