"""A space's YAML file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from easydict import EasyDict

from evocnn.schema import check_schema
from evocnn.space.decode import heads_for
from evocnn.space.genes import Choice, Number, Value
from evocnn.space.heads import HEADS
from evocnn.space.operations import OPERATIONS
from evocnn.space.own_code import read_own_code
from evocnn.space.section_reader import SETTINGS, is_stride, read_section
from evocnn.space.space import Section, Space, is_skip
from evocnn.yaml_files import read_yaml

SCHEMA = Path(__file__).resolve().parents[3] / "config/space.schema.yaml"


def read_space(path: Path, *, own_code: bool = True) -> Space:
    """Read a space; docs/search-space.md teaches the language.

    Args:
        path: its YAML file.
        own_code: whether the Python file that the space names is run. Without it genomes can be read, but those that
            use operations or heads of that file cannot be decoded.

    Raises:
        ValueError: the text says which file, what was found, and what was expected.
    """
    content = read_yaml(path)
    check_schema(content, SCHEMA, str(path))
    strides = EasyDict(content["strides"])
    own_operations, own_heads = read_own_code(path, content.get("operations")) if own_code else ({}, {})
    try:
        space = Space(
            stem=read_section({"operation": "conv", **content["stem"]}),
            blocks=int(content["blocks"]),  # 3.0 is an integer in JSON schema
            block=read_section(content["genes"]),
            heads={name: _head(name, settings or {}) for name, settings in content["heads"].items()},
            strides=(strides.smallest, strides.largest),
            operations={**OPERATIONS, **own_operations},
            own_heads=own_heads,
        )
        _check_strides(space)
        if own_code:
            _check_stem(space)
            _check_block(space)
            _check_heads(space)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; correct the file, see docs/search-space.md") from error
    return space


def space_files(path: Path) -> list[Path]:
    """The files that a space consists of: its own, and that of its operations and heads if it names one."""
    name = read_yaml(path).get("operations")
    return [path] if name is None else [path, path.parent / name]


def _check_stem(space: Space) -> None:
    section, operations = space.stem, space.operations
    strides = _values(section, "stride")
    for name in map(str, _drawn_operations(section)):
        if name not in operations:
            raise ValueError(f"the stem's operation is {name!r}; expected one of {', '.join(operations)}")
        operation = operations[name]
        if set(strides) != {1} and (operation.enlarges or "stride" not in operation.genes):
            raise ValueError(
                f"the stem's operation is {name}, which does not shrink by its stride {max(strides)}; expected 1"
            )
        _check_needs(f"the stem ({name})", operation.genes, section)
    needed = {gene for name in _drawn_operations(section) for gene in operations[str(name)].genes}
    if all(operations[str(name)] is OPERATIONS.get(str(name)) for name in _drawn_operations(section)):
        _check_known("the stem", section.names, tuple(sorted(needed)))


def _values(section: Section, name: str) -> Sequence[int]:
    """What a setting of whole numbers may be, as a constant or as a gene of choices."""
    gene = next((gene for gene in section.genes if gene.name == name), None)
    values = gene.values if isinstance(gene, Choice) else [section.constants[name]]
    return [int(value) for value in values]


def _drawn_operations(section: Section) -> Sequence[Value]:
    """What the operation of a stem or block may be."""
    gene = next((gene for gene in section.genes if gene.name == "operation"), None)
    if isinstance(gene, Number):
        raise ValueError("gene 'operation' is a number; expected categorical")
    return gene.values if isinstance(gene, Choice) else (section.constants["operation"],)


def _head(name: str, content: Mapping[str, Any]) -> Section:
    if not isinstance(content, Mapping):
        raise ValueError(f"the head {name} is {content!r}; expected settings by name")
    section = read_section(content)
    if "stride" in {gene.name for gene in section.genes}:
        raise ValueError(f"the stride of the head {name} is a gene; expected a single value")
    return section


def _check_heads(space: Space) -> None:
    known = {**HEADS, **space.own_heads}
    for name, section in space.heads.items():
        if name not in known:
            raise ValueError(f"found the head {name!r}; expected some of {', '.join(known)}")
        _check_needs(f"the head {name}", known[name].settings, section)
    for task in {space.head(name).task for name in space.heads}:
        heads_for(space, task)


def _check_needs(what: str, needed: Sequence[str], section: Section, operation: str = "") -> None:
    for name in needed:
        if name not in section.names and f"{operation}.{name}" not in section.names:
            raise ValueError(f"{what} needs '{name}'; add it")


def _check_known(what: str, names: Iterable[str], needed: Collection[str]) -> None:
    """Something reads every setting; operations of the user's own may read others than these."""
    known = ["operation", *needed, *SETTINGS]
    for name in sorted(names):
        if name not in known and not is_skip(name):
            near = get_close_matches(name, known, 1)
            advice = f"did you mean '{near[0]}'?" if near else "remove it"
            raise ValueError(f"nothing reads '{name}' of {what}; {advice}")


def _check_strides(space: Space) -> None:
    stems = _values(space.stem, "stride")
    smallest, largest = space.strides
    for name, stride in (("smallest", smallest), ("largest", largest)):
        if not is_stride(stride):
            raise ValueError(f"strides.{name} is {stride!r}; expected a power of 2")
    for stem in stems:
        if not smallest <= stem <= largest:
            raise ValueError(f"the stem's stride {stem} lies outside of strides, {smallest} to {largest}; change one")


def _check_block(space: Space) -> None:
    values = _drawn_operations(space.block)
    for operation in values:
        if operation not in space.operations:
            raise ValueError(f"'{operation}' is not an operation; expected some of {', '.join(space.operations)}")
        _check_needs(str(operation), space.operations[str(operation)].genes, space.block, str(operation))
    for name in space.block.names:
        operation, *settings = name.split(".")
        if settings and operation not in values:
            raise ValueError(f"'{name}' is of an operation that is never drawn; remove it, or add the operation")
        if len(settings) > 1 or settings in ([""], ["operation"]):
            raise ValueError(f"found the gene '{name}'; expected a name, or operation.name")
    skipping = [operation for operation in values if any(_skips(name, str(operation)) for name in space.block.names)]
    for operation in skipping:
        _check_needs(f"{operation} with skips", ["merge"], space.block, str(operation))
    operations = {str(name): space.operations[str(name)] for name in values}
    if all(operation is OPERATIONS.get(name) for name, operation in operations.items()):
        needed = {name for operation in operations.values() for name in operation.genes}
        _check_known("a block", {name.split(".")[-1] for name in space.block.names}, needed)


def _skips(name: str, operation: str) -> bool:
    """Whether a setting is a skip of an operation."""
    return is_skip(name.removeprefix(f"{operation}."))
