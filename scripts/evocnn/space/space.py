"""A space: what genomes may express, declared in YAML."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from easydict import EasyDict

from evocnn.space.genes import Gene, Genome, Value
from evocnn.space.operations import OPERATIONS

REQUIRED_GENES = ("operation", "input", "skip", "merge")
KEYS = {"stem", "blocks", "genes", "strides", "head"}
SECTIONS = {
    "stem": {"filters", "kernel", "stride", "activation"},
    "strides": {"smallest", "largest"},
    "head": {"stride", "filters", "kernel", "activation"},
}


@dataclass(frozen=True)
class Space:
    """Slots of blocks between a stem and a head; every slot has the same genes.

    Attributes:
        blocks: number of slots.
        block_genes: the genes of one slot.
        stem: settings of the convolution before the first slot: filters, kernel, stride, activation.
        strides: (smallest, largest) stride of any map after the stem against the input, powers of 2.
        head: settings of the head's transposed convolutions: filters, kernel, activation.
        head_stride: stride of the heatmaps against the input, a power of 2.
    """

    blocks: int
    block_genes: tuple[Gene, ...]
    stem: Mapping[str, Value]
    strides: tuple[int, int]
    head: Mapping[str, Value]
    head_stride: int

    @property
    def genes(self) -> tuple[Gene, ...]:
        """One gene per place of a genome: slot after slot."""
        return self.block_genes * self.blocks

    @property
    def coarsest(self) -> int:
        """The largest stride there may be; a network's input is a multiple of it."""
        return max(self.strides[1], self.head_stride)

    def draw(self, rng: random.Random) -> Genome:
        """Draw a genome, each gene by its weights."""
        return tuple(gene.draw(rng) for gene in self.genes)

    def slots(self, genome: Genome) -> list[dict[str, Value]]:
        """A genome as one mapping from gene name to value per slot."""
        width = len(self.block_genes)
        names = [gene.name for gene in self.block_genes]
        return [dict(zip(names, genome[at : at + width], strict=True)) for at in range(0, len(genome), width)]

    def genome(self, slots: list[dict[str, Value]]) -> Genome:
        """The inverse of `slots`.

        Raises:
            ValueError: the slots do not belong to this space: their number, a gene, or a value.
        """
        if len(slots) != self.blocks:
            raise ValueError(f"a genome of {len(slots)} blocks in a space of {self.blocks}; was the space changed?")
        for slot in slots:
            if set(slot) != {gene.name for gene in self.block_genes}:
                raise ValueError(f"a block with the genes {', '.join(sorted(slot))}; was the space changed?")
            for gene in self.block_genes:
                if slot[gene.name] not in gene.values:
                    raise ValueError(f"{gene.name} is {slot[gene.name]}, expected one of {gene.values}")
        return tuple(slot[gene.name] for slot in slots for gene in self.block_genes)


def read_space(path: Path) -> Space:
    """Read a space; config/spaces/default.yaml shows every key.

    Raises:
        ValueError: the text says which file, what was found, and what was expected.
    """
    content = EasyDict(_read_sections(path))
    if not _is_count(content.blocks):
        raise ValueError(f"{path}: found the number of blocks {content.blocks}; expected an integer of 1 or more")
    for section in ("stem", "head"):
        settings = {name: (value,) for name, value in content[section].items() if name != "stride"}
        _check_values(path, section, settings)
    genes = tuple(_read_gene(path, name, declared) for name, declared in content.genes.items())
    _check_genes(path, {gene.name: gene for gene in genes})
    for name in (content.strides.smallest, content.strides.largest, content.head.stride, content.stem.stride):
        if not _is_stride(name):
            raise ValueError(f"{path}: found the stride {name}; expected a power of 2")
    if not content.strides.smallest <= content.stem.stride <= content.strides.largest:
        raise ValueError(f"{path}: the stem's stride {content.stem.stride} lies outside of strides; change one of them")
    return Space(
        blocks=content.blocks,
        block_genes=genes,
        stem=dict(content.stem),
        strides=(content.strides.smallest, content.strides.largest),
        head=dict(content.head),
        head_stride=content.head.stride,
    )


def _read_sections(path: Path) -> dict[str, Any]:
    """The content of a space file, every section with its keys."""
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({found}); correct the file") from error
    _check_keys(path, "the space", content, KEYS)
    for section, keys in SECTIONS.items():
        _check_keys(path, f"'{section}'", content[section], keys)
    if not isinstance(content["genes"], dict):
        raise ValueError(f"{path}: expected 'genes' to hold one gene per key; see config/spaces/default.yaml")
    return content


def _check_keys(path: Path, place: str, found: Any, expected: set[str]) -> None:
    if not isinstance(found, dict):
        raise ValueError(f"{path}: {place} is {found!r}; expected the keys {', '.join(sorted(expected))}")
    if set(found) != expected:
        names = ", ".join(sorted(map(str, found)))
        raise ValueError(f"{path}: found the keys {names} in {place}; expected {', '.join(sorted(expected))}")


def _is_count(value: object, least: int = 1) -> bool:
    return type(value) is int and value >= least


def _is_stride(value: Any) -> bool:
    return _is_count(value) and not value & (value - 1)


VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "filters": (_is_count, "integers of 1 or more"),
    "kernel": (_is_count, "integers of 1 or more"),
    "expansion": (_is_count, "integers of 1 or more"),
    "stride": (_is_stride, "powers of 2"),
    "activation": (lambda value: isinstance(value, str), "names of activations"),
    "input": (_is_count, "integers of 1 or more"),
    "skip": (lambda value: _is_count(value, 0), "integers of 0 or more"),
    "merge": (lambda value: value in ("add", "concatenate"), "'add' or 'concatenate'"),
}
"""What the genes that blocks read may hold, by name."""


def _check_values(path: Path, place: str, found: Mapping[str, Sequence[Value]]) -> None:
    for name, values in found.items():
        fits, expected = VALUES.get(name, (lambda value: True, ""))
        for value in values:
            if not fits(value):
                raise ValueError(f"{path}: {place}: {name} is {value!r}; expected {expected}")


def _read_gene(path: Path, name: str, declared: Mapping[str, Any]) -> Gene:
    if not isinstance(declared, dict):
        raise ValueError(f"{path}: gene '{name}': expected 'ordinal' or 'categorical', and perhaps 'weights'")
    kinds = set(declared) & {"ordinal", "categorical"}
    if len(kinds) != 1 or set(declared) - kinds - {"weights"}:
        raise ValueError(f"{path}: gene '{name}': expected 'ordinal' or 'categorical', and perhaps 'weights'")
    values = tuple(declared[kinds.pop()])
    weights = tuple(map(float, declared.get("weights", [1.0] * len(values))))
    if (
        not values
        or len(set(values)) < len(values)
        or len(weights) != len(values)
        or min(weights) < 0
        or not any(weights)
    ):
        raise ValueError(f"{path}: gene '{name}': expected different values, and as many weights of 0 or more")
    _check_values(path, "genes", {name: values})
    return Gene(name, values, weights, ordered="ordinal" in declared)


def _check_genes(path: Path, genes: Mapping[str, Gene]) -> None:
    missing = [name for name in REQUIRED_GENES if name not in genes]
    if missing:
        raise ValueError(f"{path}: the gene {missing[0]} is missing under 'genes'; add it")
    for operation in genes["operation"].values:
        if operation not in OPERATIONS:
            known = ", ".join(OPERATIONS)
            raise ValueError(f"{path}: '{operation}' is not an operation; expected some of {known}")
        missing = [name for name in OPERATIONS[str(operation)].genes if name not in genes]
        if missing:
            raise ValueError(f"{path}: {operation} needs the gene {missing[0]}; add it under 'genes'")
