"""Print what a network consists of and costs, block by block.

The network is one of a run, or a random one of a space.

example: evocnn describe --space config/spaces/default.yaml --input-size 64 --seed 7 --svg network.svg
"""

import argparse
from pathlib import Path

from evocnn.labels import MPII


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--space", type=Path, required=True, help="the space file that its genome belongs to")
    parser.add_argument("--input-size", type=int, required=True, metavar="PIXELS", help="dataset.input_size")
    parser.add_argument("--labels", type=Path, default=MPII, help="a labels file (default: the skeleton of MPII)")
    parser.add_argument(
        "--batch-size", type=int, default=16, metavar="PEOPLE", help="for the memory of its training (default: 16)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--individual", type=_in_file, metavar="FILE:NUMBER", help="an individual of an offspring file")
    which.add_argument("--population", type=_in_file, metavar="FILE[:RANK]", help="the best one, or that of a rank")
    which.add_argument("--seed", type=int, default=0, help="seed of a random genome (default: 0)")
    parser.add_argument("--layers", action="store_true", help="print a line for each layer")
    parser.add_argument("--svg", type=Path, metavar="OUT", help="draw the network, too")


def run(given: argparse.Namespace) -> int:
    """Describe and print."""
    from evocnn.drawing.network_table import Chosen, describe_network

    individual, population = given.individual, given.population
    if individual and individual[1] is None:
        raise ValueError("--individual needs the number of the individual: FILE:NUMBER")
    print(
        describe_network(
            Chosen(individual, population and (population[0], population[1] or 1), given.seed),
            space=given.space,
            labels=given.labels,
            input_size=given.input_size,
            batch_size=given.batch_size,
            each_layer=given.layers,
            drawing=given.svg,
        )
    )
    return 0


def _in_file(text: str) -> tuple[Path, int | None]:
    """FILE or FILE:NUMBER."""
    name, colon, number = text.rpartition(":")
    return (Path(name), int(number)) if colon and number.isdigit() else (Path(text), None)
