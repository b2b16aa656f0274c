"""Classes, and what their files get wrong."""

import pytest
import yaml

from evocnn.labels import read_labels


def read(folder, *classes):
    path = folder / "pets.yaml"
    path.write_text(yaml.safe_dump({"classes": list(classes)}))
    return read_labels(path)


def test_a_class_is_its_place_in_the_list(tmp_path):
    labels = read(tmp_path, "dog", "cat")
    assert labels.classes == ("dog", "cat")
    assert (labels.task, labels.outputs) == ("classification", 2)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ((), r"classes is \[\]; expected a list of names, one at least"),
        (("dog",), r"classes is \['dog'\]; expected two names at least"),
        (("dog", "cat", "dog"), "classes has 'dog' 2 times; expected each name once"),
    ],
)
def test_fewer_than_two_different_classes_are_refused(tmp_path, classes, message):
    with pytest.raises(ValueError, match=rf"pets\.yaml: {message}"):
        read(tmp_path, *classes)
