"""Networks as files."""

import random
from pathlib import Path

import pytest

from evocnn.files import read_json, write_json
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.network_file import Networks, write_networks
from evocnn.space.space_file import read_space

ROOT = Path(__file__).parents[2]


@pytest.fixture
def networks() -> list[Network]:
    space, rng = read_space(ROOT / "config/spaces/weighted.yaml"), random.Random(3)
    return [decode(space.draw(rng), space, input_size=64, outputs=16) for _ in range(5)]


def test_networks_are_read_as_they_were_written(tmp_path, networks):
    write_networks(tmp_path / "networks.json", networks)
    written = Networks(tmp_path / "networks.json")
    assert [written.read(network.network_id) for network in networks] == networks
    assert [layer.block for layer in written.read(networks[0].network_id).layers] == [
        layer.block for layer in networks[0].layers
    ]
    assert written.read("0" * 12) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "teleport"}, "a layer of the kind 'teleport'"),
        ({"inputs": [7000]}, "layer 1 reads (7000,), expected layers before it"),
        ({"inputs": [1]}, "layer 1 reads (1,)"),
        ({"shape": [1, 2]}, "what is no network"),
        ({"shape": [1, 2, -3]}, "layer 1 has the shape (1, 2, -3)"),
        ({"settings": 5}, "what is no network"),
    ],
)
def test_what_is_no_network_is_refused(tmp_path, networks, change, message):
    path = tmp_path / "networks.json"
    write_networks(path, networks[:1])
    document = read_json(path, "networks")
    next(iter(document["networks"].values()))[1] |= change
    write_json(path, "networks", {"networks": document["networks"]})
    with pytest.raises(ValueError, match=r"networks\.json") as refused:
        Networks(path).read(networks[0].network_id)
    assert message in str(refused.value)
