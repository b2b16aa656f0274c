"""The spaces of config/spaces: what their first lines say is so."""

import random
import re

import pytest

from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space

SAMPLED = 1000


@pytest.fixture
def shipped(shipped_space):
    """A space, and the comment that opens its file."""
    comment = " ".join(line.lstrip("# ") for line in shipped_space.read_text().split("\n\n", 1)[0].splitlines())
    return read_space(shipped_space), comment


def test_the_number_of_genomes(shipped):
    space, comment = shipped
    number, about = r"([\d,]+)\^(\d+) genomes", r"about ([\d.]+) × 10\^(\d+);"
    stems, base, exponent, digits, power = re.search(rf"(?:(\d+) × )?{number}, {about}", comment).groups()
    assert space.genomes == int(stems or 1) * int(base.replace(",", "")) ** int(exponent)
    assert f"{space.genomes:.1e}" == f"{digits}e+{power}"


@pytest.mark.slow
def test_the_number_of_different_networks(shipped):
    space, comment = shipped
    rng = random.Random(0)
    networks = {decode(space.draw(rng), space, input_size=64, outputs=16).network_id for _ in range(SAMPLED)}
    said = re.search(r"1,000 random ones give ([\d,]+) different networks", comment)[1]
    assert len(networks) == int(said.replace(",", ""))


def test_maps_stay_within_the_bounds_whatever_the_genome(shipped):
    space, _ = shipped
    rng = random.Random(1)
    for _ in range(20):
        network = decode(space.draw(rng), space, input_size=64, outputs=16)
        sides = {layer.shape[0] for layer in network.layers if layer.block is not None and layer.shape[0] > 1}
        assert all(64 // space.strides[1] <= side <= 64 // space.strides[0] for side in sides)
        assert cost(network, 16).params > 0
