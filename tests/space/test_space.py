"""Spaces, and what their files get wrong."""

import random

import pytest
import yaml

from evocnn.space.space_file import read_space


@pytest.fixture
def content(repository):
    return yaml.safe_load((repository / "config/spaces/tiny.yaml").read_text())


def write(folder, content):
    path = folder / "mine.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def change(content, path, value):
    """Set a value by its path; None removes the key."""
    *parents, last = path.split(".")
    for key in parents:
        content = content[key]
    if value is None:
        del content[last]
    else:
        content[last] = value


def test_a_space_is_read_as_declared(tmp_path, content):
    space = read_space(write(tmp_path, content))
    assert space.blocks == 3
    assert space.strides == (2, 8)
    assert space.head_stride == 4
    assert {name: space.head[name] for name in ("filters", "kernel", "activation")} == {
        "filters": 8,
        "kernel": 4,
        "activation": "relu",
    }
    assert dict(space.stem) == {"filters": 8, "kernel": 3, "stride": 2, "activation": "relu"}
    filters = next(gene for gene in space.block_genes if gene.name == "filters")
    assert filters.values == (4, 8, 12)
    assert filters.weights == (1.0, 1.0, 1.0)
    assert filters.ordered
    assert not space.block_genes[0].ordered


def test_every_block_has_the_same_genes(tiny_space):
    names = [gene.name for gene in tiny_space.genes]
    assert len(names) == 27
    assert names[:9] == names[9:18] == names[18:]


def test_weights_are_read(tmp_path, content):
    change(content, "genes.stride.weights", [3, 1])
    space = read_space(write(tmp_path, content))
    assert next(gene for gene in space.block_genes if gene.name == "stride").weights == (3.0, 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_slots_and_genome_are_inverses(default_space, seed):
    genome = default_space.draw(random.Random(seed))
    slots = default_space.slots(genome)
    assert len(slots) == default_space.blocks == len(genome) / len(default_space.block_genes)
    assert default_space.genome(slots) == genome


def test_a_drawn_genome_has_a_value_of_each_gene(tiny_space):
    genome = tiny_space.draw(random.Random(3))
    assert all(value in gene.values for value, gene in zip(genome, tiny_space.genes, strict=True))
    assert genome == tiny_space.draw(random.Random(3))
    assert genome != tiny_space.draw(random.Random(4))


def test_both_ends_of_every_gene_are_drawn(default_space):
    rng = random.Random(0)
    slots = [slot for _ in range(200) for slot in default_space.slots(default_space.draw(rng))]
    for gene in default_space.block_genes:
        assert {slot[gene.name] for slot in slots} == set(gene.values)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda slots: slots.pop(), "2 blocks in a space of 3; was the space changed"),
        (lambda slots: slots[1].pop("kernel"), "was the space changed"),
        (lambda slots: slots[1].update(dilation=2), "dilation.*was the space changed"),
        (lambda slots: slots[2].update(kernel=2), r"kernel is 2, expected one of \(1, 3\)"),
    ],
)
def test_slots_of_another_space_are_refused(tiny_space, damage, message):
    slots = tiny_space.slots(tiny_space.draw(random.Random(0)))
    damage(slots)
    with pytest.raises(ValueError, match=message):
        tiny_space.genome(slots)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("stem", None, "found the keys blocks, genes, head, strides in the space; expected"),
        ("blocks", None, "expected blocks, genes"),
        ("depth", 3, "found the keys .*depth"),
        ("genes.kernel", None, "needs the gene kernel; add it under 'genes'"),
        ("genes.expansion", None, "mbconv needs the gene expansion; add it under 'genes'"),
        ("genes.operation", None, "the gene operation is missing under 'genes'; add it"),
        ("genes.input", None, "the gene input is missing under 'genes'; add it"),
        ("genes.skip", None, "the gene skip is missing under 'genes'; add it"),
        ("genes.merge", None, "the gene merge is missing under 'genes'; add it"),
        ("genes.operation", {"categorical": ["conv", "convolve"]}, "'convolve' is not an operation; expected some of"),
        ("genes.kernel", {"ordinal": [1, 3], "categorical": [1, 3]}, "gene 'kernel': expected 'ordinal' or"),
        ("genes.kernel", {"values": [1, 3]}, "gene 'kernel': expected 'ordinal' or 'categorical'"),
        ("genes.kernel", {"ordinal": [1, 3], "wieghts": [1, 1]}, "gene 'kernel': expected .* perhaps 'weights'"),
        ("genes.kernel", {"ordinal": []}, "gene 'kernel': expected different values"),
        ("genes.kernel", {"ordinal": [3, 3]}, "gene 'kernel': expected different values"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [1]}, "gene 'kernel': .* as many weights of 0 or more"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [1, -1]}, "gene 'kernel': .* weights of 0 or more"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [0, 0]}, "gene 'kernel': .* weights of 0 or more"),
        ("strides.smallest", 3, "found the stride 3; expected a power of 2"),
        ("strides.largest", 12, "found the stride 12; expected a power of 2"),
        ("strides.largest", 0, "found the stride 0; expected a power of 2"),
        ("head.stride", -4, "found the stride -4; expected a power of 2"),
        ("head.stride", 2.0, "found the stride 2.0; expected a power of 2"),
        ("stem.stride", 6, "found the stride 6; expected a power of 2"),
        ("stem.stride", 1, "the stem's stride 1 lies outside of strides; change one of them"),
        ("stem.stride", 16, "the stem's stride 16 lies outside of strides; change one of them"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_remedy(tmp_path, content, path, value, message):
    change(content, path, value)
    with pytest.raises(ValueError, match=rf"mine\.yaml: .*{message}"):
        read_space(write(tmp_path, content))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("strides.smallest", None),
        ("head.stride", None),
        ("stem.filters", None),
        ("head.filters", None),
        ("head.kernel", 0),
        ("stem.filters", "many"),
        ("stem.activation", None),
        ("stem.stride", None),
        ("blocks", 0),
        ("blocks", "three"),
        ("genes.input", {"ordinal": [0, 1]}),
        ("genes.skip", {"ordinal": [-1, 0]}),
        ("genes.merge", {"categorical": ["multiply"]}),
        ("genes.kernel", {"ordinal": [0, 3]}),
        ("genes.stride", {"ordinal": [1, 3]}),
        ("genes.filters", {"ordinal": ["many"]}),
        ("genes.activation", {"categorical": [3]}),
        ("genes.kernel", [1, 3]),
        ("genes", ["kernel"]),
    ],
)
def test_what_would_fail_later_is_refused_when_read(tmp_path, content, path, value):
    change(content, path, value)
    with pytest.raises(ValueError, match=r"mine\.yaml: "):
        read_space(write(tmp_path, content))


@pytest.mark.parametrize("text", ["", "[]", "stem: {", "just words"])
def test_what_is_no_space_at_all_is_refused_with_its_file(tmp_path, text):
    with pytest.raises(ValueError, match=r"mine\.yaml: "):
        read_space(write(tmp_path, text))
