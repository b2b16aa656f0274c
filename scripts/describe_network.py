"""Describe a network as a table: a command of its own, apart from the workflow."""

import argparse
import sys
from pathlib import Path

from evocnn.labels import MPII
from evocnn.report.describe import Chosen, describe_network


def numbered(text: str) -> tuple[Path, int | None]:
    """FILE or FILE:NUMBER."""
    name, colon, number = text.rpartition(":")
    return (Path(name), int(number)) if colon and number.isdigit() else (Path(text), None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print what a network consists of and costs, block by block.")
    parser.add_argument("--space", type=Path, required=True, help="the space file that its genome belongs to")
    parser.add_argument("--input-size", type=int, required=True, metavar="PIXELS", help="dataset.input_size")
    parser.add_argument("--labels", type=Path, default=MPII, help="what is predicted; MPII's skeleton if not given")
    parser.add_argument("--batch-size", type=int, default=16, metavar="PEOPLE", help="for the memory; 16 if not given")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--individual", type=numbered, metavar="FILE:NUMBER", help="of an offspring file")
    which.add_argument("--population", type=numbered, metavar="FILE[:RANK]", help="the best one, or that of a rank")
    which.add_argument("--seed", type=int, default=0, help="of a random genome; this is the default, with 0")
    parser.add_argument("--layers", action="store_true", help="a line for each layer")
    parser.add_argument("--svg", type=Path, metavar="OUT", help="draw the network, too")
    given = parser.parse_args()
    try:
        individual, population = given.individual, given.population
        if individual and individual[1] is None:
            parser.error("--individual needs the number of the individual: FILE:NUMBER")
        text = describe_network(
            Chosen(individual, population and (population[0], population[1] or 1), given.seed),
            space=given.space,
            labels=given.labels,
            input_size=given.input_size,
            batch_size=given.batch_size,
            each_layer=given.layers,
            drawing=given.svg,
        )
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
    print(text)
