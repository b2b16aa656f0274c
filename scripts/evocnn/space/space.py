"""A space: what genomes may express, declared in YAML."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evocnn.space.genes import Gene, Genome, Value
from evocnn.space.heads import HEADS, Head
from evocnn.space.operations import OPERATIONS, Operation

Values = dict[str, Value]


@dataclass(frozen=True)
class Section:
    """Settings of a part of a network: some are the same in all networks, the others are genes."""

    constants: Mapping[str, Value]
    genes: tuple[Gene, ...]

    @property
    def names(self) -> set[str]:
        """Names of all settings."""
        return {*self.constants, *(gene.name for gene in self.genes)}


@dataclass(frozen=True)
class Parts:
    """A genome, read: the values of its genes by name.

    Attributes:
        stem: of the stem.
        blocks: of each slot.
        heads: of each head, by its name.
    """

    stem: Values
    blocks: list[Values]
    heads: dict[str, Values]


@dataclass(frozen=True)
class Space:
    """Slots of blocks between a stem and heads; every slot has the same genes.

    Attributes:
        stem: settings of the operation before the first slot.
        blocks: number of slots.
        block: settings of a slot; those of one operation only are named `operation.name`.
        heads: settings of each head, by its name.
        strides: (smallest, largest) stride of any map after the stem against the input, powers of 2.
        operations: what blocks may do, by name.
        own_heads: the heads that are not built in, by name.
    """

    stem: Section
    blocks: int
    block: Section
    heads: Mapping[str, Section]
    strides: tuple[int, int]
    operations: Mapping[str, Operation] = field(default_factory=lambda: OPERATIONS)
    own_heads: Mapping[str, Head] = field(default_factory=dict)

    def head(self, name: str) -> Head:
        """The head of a name, which is in `heads` or built in."""
        return self.own_heads.get(name) or HEADS[name]

    @property
    def genes(self) -> tuple[Gene, ...]:
        """One gene per place of a genome: the stem's, slot after slot, head after head."""
        heads = (gene for head in self.heads.values() for gene in head.genes)
        return (*self.stem.genes, *(self.block.genes * self.blocks), *heads)

    @property
    def gene_names(self) -> tuple[str, ...]:
        """Names of the places of a genome, each once: stem.filters, block-03.kernel (slots from 1), heatmap.filters."""
        slots = [f"block-{slot:02d}" for slot in range(1, self.blocks + 1)]
        parts = [("stem", self.stem), *((slot, self.block) for slot in slots), *self.heads.items()]
        return tuple(f"{part}.{gene.name}" for part, section in parts for gene in section.genes)

    @property
    def coarsest(self) -> int:
        """The largest stride there may be; a network's input is a multiple of it."""
        strides = [head.constants.get("stride", 1) for head in self.heads.values()]
        return max([self.strides[1], *(int(stride) for stride in strides)])

    @property
    def genomes(self) -> float:
        """How many genomes there are; infinite where a gene is a real number."""
        return math.prod(int(gene.count) if math.isfinite(gene.count) else math.inf for gene in self.genes)

    def draw(self, rng: random.Random) -> Genome:
        """Draw a genome, each gene by its weights."""
        return tuple(gene.draw(rng) for gene in self.genes)

    def parts(self, genome: Genome) -> Parts:
        """A genome as values by name."""
        values = iter(genome)
        return Parts(
            stem=_take(self.stem, values),
            blocks=[_take(self.block, values) for _ in range(self.blocks)],
            heads={name: _take(head, values) for name, head in self.heads.items()},
        )

    def genome(self, parts: Parts) -> Genome:
        """The inverse of `parts`.

        Raises:
            ValueError: the parts do not belong to this space: their number, a gene, or a value.
        """
        if len(parts.blocks) != self.blocks:
            raise ValueError(
                f"a genome of {len(parts.blocks)} blocks in a space of {self.blocks}; was the space changed?"
            )
        if list(parts.heads) != list(self.heads):
            raise ValueError(
                f"a genome with the heads {', '.join(parts.heads)} in a space with {', '.join(self.heads)}; "
                "was the space changed?"
            )
        pairs = [
            (self.stem, parts.stem),
            *((self.block, block) for block in parts.blocks),
            *((self.heads[name], values) for name, values in parts.heads.items()),
        ]
        return tuple(value for section, values in pairs for value in _give(section, values))


def is_skip(name: str) -> bool:
    """Whether a setting counts blocks back to one more input: `skip`, `skip_2`, and so on."""
    return name == "skip" or name.startswith("skip_")


def _take(section: Section, values: Iterator[Value]) -> Values:
    return {gene.name: next(values) for gene in section.genes}


def _give(section: Section, values: Mapping[str, Any]) -> Iterator[Value]:
    if set(values) != {gene.name for gene in section.genes}:
        expected = ", ".join(sorted(gene.name for gene in section.genes)) or "none"
        raise ValueError(
            f"found the genes {', '.join(sorted(values)) or 'none'}, expected {expected}; was the space changed?"
        )
    for gene in section.genes:
        if not gene.holds(values[gene.name]):
            raise ValueError(f"{gene.name} is {values[gene.name]}, expected {gene}; was the space changed?")
        yield values[gene.name]
