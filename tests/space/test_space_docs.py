"""docs/search-space.md: what it shows works, and what it counts is so."""

import random
import re

import pytest

from evocnn.network.build import build
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.heads import HEADS
from evocnn.space.operations import OPERATIONS
from evocnn.space.space_file import read_space


@pytest.fixture(scope="module")
def page(repository):
    return (repository / "docs/search-space.md").read_text()


@pytest.fixture(scope="module")
def spaces(page, tmp_path_factory):
    """The examples, in a folder with the own operation."""
    folder = tmp_path_factory.mktemp("spaces")
    (folder / "my_operations.py").write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
    actual = []
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)):
        path = folder / f"{number}.yaml"
        path.write_text(block)
        actual.append(read_space(path))
    return actual


@pytest.mark.parametrize("number", range(3))
def test_every_genome_of_an_example_is_a_network(spaces, number):
    space = spaces[number]
    for seed in range(20):
        network = decode(space.draw(random.Random(seed)), space, input_size=64, outputs=16)
        shape = network.layers[network.heads["heatmap"]].shape
        assert shape == (16, 16, 16)


@pytest.mark.parametrize("number", range(3))
def test_keras_builds_the_examples(spaces, number):
    space = spaces[number]
    network = decode(space.draw(random.Random(1)), space, input_size=64, outputs=16)
    assert build(network).count_params() == cost(network, 1).params


def test_the_own_operation_is_drawn(spaces):
    space = spaces[2]
    drawn = {block["operation"] for block in space.parts(space.draw(random.Random(0))).blocks}
    assert "ghost" in drawn


def test_all_operations_and_heads_are_listed(page):
    for name in (*OPERATIONS, *HEADS):
        assert re.search(rf"^\| .*`{name}`", page, re.MULTILINE), name


def test_the_shipped_spaces_are_as_large_as_said(page, shipped_space):
    space = read_space(shipped_space)
    blocks, mantissa, exponent = re.search(
        rf"`{shipped_space.stem}\.yaml` \| (\d+) \| ([\d.]+) × 10\^(\d+) \|", page
    ).groups()
    assert int(blocks) == space.blocks
    assert float(mantissa) == pytest.approx(space.genomes / 10 ** int(exponent), rel=0.01)
