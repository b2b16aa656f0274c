"""New genomes from old ones: each operator draws from its stream and returns a new genome."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from deap import tools

from evocnn.evolution.randomness import global_draws_from
from evocnn.space.genes import Genome
from evocnn.space.space import Parts, Space

Blocks = list[dict[str, Any]]


def mutate(genome: Genome, space: Space, rate: float, rng: random.Random) -> Genome:
    """Change each gene with probability `rate`, and one at least: an ordinal gene by a step, others anew."""
    chosen = {place for place in range(len(genome)) if rng.random() < rate} or {rng.randrange(len(genome))}
    return tuple(
        gene.mutate(value, rng) if place in chosen else value
        for place, (gene, value) in enumerate(zip(space.genes, genome, strict=True))
    )


def insert(genome: Genome, space: Space, rng: random.Random) -> Genome:
    """Put a block drawn anew before or after any; a no-op makes room for it, or else the last block."""
    drawn = space.parts(space.draw(rng)).blocks
    return _with_blocks(genome, space, lambda blocks: _make_room(blocks, rng, drawn[0]) if drawn else blocks)


def duplicate(genome: Genome, space: Space, rng: random.Random) -> Genome:
    """Repeat a block right after itself; a no-op makes room for it, or else the last block."""

    def repeat(blocks: Blocks) -> Blocks:
        place = rng.randrange(len(blocks))
        repeated = [*blocks[: place + 1], dict(blocks[place]), *blocks[place + 1 :]]
        return _without_one(repeated, retain=place + 1)

    return _with_blocks(genome, space, repeat)


def delete(genome: Genome, space: Space, rng: random.Random) -> Genome:
    """Take a block out; those after it move up, and the last is drawn anew, as a no-op where there is such."""

    def remove(blocks: Blocks) -> Blocks:
        place = rng.randrange(len(blocks))
        last = space.parts(space.draw(rng)).blocks[-1]
        operation = next((gene for gene in space.block.genes if gene.name == "operation"), None)
        if operation is not None and operation.holds("no_op"):
            last = {**last, "operation": "no_op"}
        return [*blocks[:place], *blocks[place + 1 :], last]

    return _with_blocks(genome, space, remove)


def swap(genome: Genome, space: Space, rng: random.Random) -> Genome:
    """Exchange two blocks."""

    def exchange(blocks: Blocks) -> Blocks:
        first, second = rng.sample(range(len(blocks)), 2)
        order = list(range(len(blocks)))
        order[first], order[second] = second, first
        return [blocks[place] for place in order]

    return _with_blocks(genome, space, exchange) if space.blocks > 1 else genome


def cross_one_point(first: Genome, second: Genome, space: Space, rng: random.Random) -> Genome:
    """The first blocks of one parent and the last of the other, drawn which; stem and heads of the first."""
    if space.blocks < 2:
        return first
    return _crossed(first, second, space, rng, lambda a, b: tools.cxOnePoint(a, b))


def cross_uniform(first: Genome, second: Genome, space: Space, rng: random.Random) -> Genome:
    """Each block from either parent, evenly; stem and heads of the first genome."""
    return _crossed(first, second, space, rng, lambda a, b: tools.cxUniform(a, b, 0.5))


ONE_PARENT: Mapping[str, Callable[[Genome, Space, random.Random], Genome]] = {
    "insert": insert,
    "delete": delete,
    "duplicate": duplicate,
    "swap": swap,
}
TWO_PARENTS: Mapping[str, Callable[[Genome, Genome, Space, random.Random], Genome]] = {
    "one_point": cross_one_point,
    "uniform": cross_uniform,
}
OPERATOR_NAMES = ("mutation", *ONE_PARENT, *TWO_PARENTS)


def _with_blocks(genome: Genome, space: Space, change: Callable[[Blocks], Blocks]) -> Genome:
    parts = space.parts(genome)
    return space.genome(Parts(parts.stem, change(parts.blocks), parts.heads))


def _make_room(blocks: Blocks, rng: random.Random, new: dict[str, Any]) -> Blocks:
    place = rng.randrange(len(blocks) + 1)
    return _without_one([*blocks[:place], new, *blocks[place:]], retain=place)


def _without_one(blocks: Blocks, retain: int) -> Blocks:
    """Without the first no-op, or else the last block, but never the one to keep."""
    idle = [place for place, block in enumerate(blocks) if block.get("operation") == "no_op" and place != retain]
    last = len(blocks) - 1 if retain != len(blocks) - 1 else len(blocks) - 2
    gone = idle[0] if idle else last
    return [*blocks[:gone], *blocks[gone + 1 :]]


def _crossed(
    first: Genome, second: Genome, space: Space, rng: random.Random, cross: Callable[[Blocks, Blocks], Any]
) -> Genome:
    own, other = space.parts(first), space.parts(second)
    # DEAP exchanges slots between the two lists, which are ours; either of them is a child.
    with global_draws_from(rng):
        cross(own.blocks, other.blocks)
    return space.genome(Parts(own.stem, rng.choice([own.blocks, other.blocks]), own.heads))
