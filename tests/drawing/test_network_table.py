"""A network as a table: its rows are its blocks, and add up to its costs."""

import random
import re
from pathlib import Path

import pytest
from evocnn_command import evocnn

from evocnn.drawing.network_table import Chosen, describe_network
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space

ROOT = Path(__file__).parents[2]
SPACE, LABELS = ROOT / "config/spaces/weighted.yaml", ROOT / "config/skeletons/mpii.yaml"


def describe(chosen, space=SPACE, **options):
    return describe_network(chosen, space=space, labels=LABELS, input_size=64, batch_size=8, **options)


def numbers(text, name):
    """Layers, parameters, million MACs and MB in the line that begins with a name."""
    line = next(line for line in text.splitlines() if line.startswith(name))
    return [float(cell.replace(",", "")) for cell in line.split()[-4:]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("each_layer", [False, True])
def test_rows_add_up_to_the_costs(seed, each_layer):
    space = read_space(SPACE)
    network = decode(space.draw(random.Random(seed)), space, input_size=64, outputs=16)
    expected = cost(network, 8)
    text = describe(Chosen(seed=seed), each_layer=each_layer)
    layers, params, macs, _ = numbers(text, "total")
    assert (layers, params) == (len(network.layers), expected.params)
    assert macs == pytest.approx(expected.macs / 1e6, abs=0.006)
    assert f"network {network.network_id}, " in text
    assert f"8 people per step: {expected.memory_mb:,} MB" in text


def test_there_is_a_row_for_each_part():
    lines = describe(Chosen(seed=7)).splitlines()
    blocks = [line for line in lines if re.match(r"block \d", line)]
    assert f"{len(blocks)} of 8 blocks in use" in lines[0]
    assert [line.split()[0] for line in lines if line.startswith(("input", "stem", "head"))] == [
        "input",
        "stem",
        "head",
    ]


def test_individuals_and_survivors_of_a_run(run):
    child = run.offspring[1].individuals[2].network_id
    best = run.populations[1].survivors[0].individual.network_id
    for chosen, network_id in (
        (Chosen(individual=(run.offspring_files[1], 2)), child),
        (Chosen(population=(run.population_files[1], 1)), best),
    ):
        text = describe_network(chosen, space=run.space, labels=run.labels, input_size=32, batch_size=4)
        assert text.startswith(f"network {network_id}, ")


def test_whom_there_is_not_is_said(run):
    chosen = Chosen(individual=(run.offspring_files[0], 3))
    with pytest.raises(ValueError, match=r"offspring\.json: no individual 3; expected 0 to 2"):
        describe_network(chosen, space=run.space, labels=run.labels, input_size=32, batch_size=4)


def test_the_command_prints_and_draws(tmp_path):
    command = ["describe", "--space", SPACE, "--input-size", 64]
    drawing = tmp_path / "network.svg"
    finished = evocnn(*command, "--seed", 3, "--svg", drawing)
    assert numbers(finished.stdout, "total")[0] > 10
    assert "<svg" in drawing.read_text()
    failed = evocnn(*command, "--individual", "none.json:1")
    assert failed.returncode == 2
    assert "none.json" in failed.stderr
    assert "Traceback" not in failed.stderr
