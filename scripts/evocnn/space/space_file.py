"""A space's YAML file."""

import runpy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from easydict import EasyDict

from evocnn.schema import check_schema
from evocnn.space.builder import NORMALISATIONS
from evocnn.space.genes import Choice, Gene, Number, Value
from evocnn.space.heads import HEADS
from evocnn.space.operations import OPERATIONS, Operation
from evocnn.space.space import Section, Space

SCHEMA = Path(__file__).resolve().parents[3] / "config/space.schema.yaml"
ACTIVATIONS = (
    *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "hard_silu", "mish"),
    *("tanh", "sigmoid", "hard_sigmoid", "softplus", "softsign"),
)
"""Of Keras, by its names."""
ALIGNMENTS = ("smallest", "largest", "first", "pad")
KINDS = ("categorical", "ordinal", "integer", "real")


def _is_whole(value: object, least: int = 1) -> bool:
    return type(value) is int and value >= least


def _is_stride(value: Any) -> bool:
    return _is_whole(value) and not value & (value - 1)


def _is_number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _one_of(names: Sequence[str]) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: value in names), "one of " + ", ".join(names)


WHOLE = (_is_whole, "integers of 1 or more")
SETTINGS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "filters": WHOLE,
    "kernel": WHOLE,
    "dilation": WHOLE,
    "repeats": WHOLE,
    "bins": WHOLE,
    "input": WHOLE,
    "expansion": (lambda value: _is_number(value, 1, 64), "numbers from 1 to 64"),
    "squeeze_excite": (lambda value: _is_number(value, 0, 1), "shares from 0 to 1"),
    "weight": (lambda value: _is_number(value, 0, 1e6), "numbers of 0 or more"),
    "stride": (_is_stride, "powers of 2"),
    "skip": (lambda value: _is_whole(value, 0), "integers of 0 or more"),
    "activation": _one_of(ACTIVATIONS),
    "normalisation": _one_of(list(NORMALISATIONS)),
    "merge": _one_of(["add", "concatenate"]),
    "align": _one_of(ALIGNMENTS),
}
"""What the settings that this package reads may hold, by name; `skip_2` and so on are skips, too."""


def read_space(path: Path) -> Space:
    """Read a space; docs/search-space.md teaches the language.

    Raises:
        ValueError: the text says which file, what was found, and what was expected.
    """
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({found}); correct the file") from error
    check_schema(content, SCHEMA, str(path))
    declared = EasyDict(content)
    operations = {**OPERATIONS, **_own_operations(path, content.get("operations"))}
    try:
        space = Space(
            stem=_stem(content["stem"], operations),
            blocks=declared.blocks,
            block=_section(content["genes"]),
            heads={name: _head(name, settings or {}) for name, settings in content["heads"].items()},
            strides=(declared.strides.smallest, declared.strides.largest),
            operations=operations,
        )
        _check_strides(space)
        _check_block(space)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; correct the file, see docs/search-space.md") from error
    return space


def space_files(path: Path) -> list[Path]:
    """The files that a space consists of: its own, and that of its operations if it names one."""
    name = yaml.safe_load(path.read_text()).get("operations")
    return [path] if name is None else [path, path.parent / name]


def _own_operations(path: Path, name: str | None) -> Mapping[str, Operation]:
    if name is None:
        return {}
    file = path.parent / name
    if not file.is_file():
        raise ValueError(f"{path}: operations is {name}, and there is no {file}; correct the path")
    try:
        found = runpy.run_path(str(file)).get("OPERATIONS")
    except Exception as error:
        raise ValueError(f"{file}: it cannot be run ({type(error).__name__}: {error}); correct the file") from error
    if not isinstance(found, Mapping) or not all(isinstance(value, Operation) for value in found.values()):
        raise ValueError(f"{file}: expected OPERATIONS, a mapping from names to Operation; see docs/search-space.md")
    return found


def _stem(content: Mapping[str, Any], operations: Mapping[str, Operation]) -> Section:
    section = _section({"operation": "conv", **content})
    operation = section.constants.get("operation")
    if operation not in operations:
        raise ValueError(f"the stem's operation is {operation!r}; expected one of {', '.join(operations)}")
    _check_needs("the stem", operations[str(operation)].genes, section)
    return section


def _head(name: str, content: Mapping[str, Any]) -> Section:
    if name not in HEADS:
        raise ValueError(f"found the head {name!r}; expected some of {', '.join(HEADS)}")
    section = _section(content)
    if "stride" in {gene.name for gene in section.genes}:
        raise ValueError(f"the stride of the head {name} is a gene; expected a number")
    _check_needs(f"the head {name}", HEADS[name].settings, section)
    return section


def _section(content: Mapping[str, Any]) -> Section:
    constants: dict[str, Value] = {}
    genes: list[Gene] = []
    for name, declared in content.items():
        if isinstance(declared, dict):
            genes.append(_gene(name, declared))
        else:
            _check_values(name, [declared])
            constants[name] = declared
    return Section(constants, tuple(genes))


def _gene(name: str, declared: Mapping[str, Any]) -> Gene:
    kinds = [kind for kind in KINDS if kind in declared]
    extra = {"categorical": "weights", "ordinal": "weights", "integer": "scale", "real": "scale"}
    if len(kinds) != 1 or set(declared) - {kinds[0], extra[kinds[0]]}:
        raise ValueError(f"gene '{name}' has {', '.join(declared)}; expected one of {', '.join(KINDS)} and its options")
    kind = kinds[0]
    found = declared[kind]
    if not isinstance(found, list) or not found:
        raise ValueError(f"gene '{name}': {kind} is {found!r}; expected a list")
    _check_values(name, found)
    return _choice(name, declared, kind) if kind in ("categorical", "ordinal") else _number(name, declared, kind)


def _choice(name: str, declared: Mapping[str, Any], kind: str) -> Choice:
    values = tuple(declared[kind])
    weights = tuple(map(float, declared.get("weights", [1.0] * len(values))))
    if len(set(values)) < len(values) or len(weights) != len(values) or min(weights) < 0 or not any(weights):
        raise ValueError(f"gene '{name}': expected different values, and as many weights of 0 or more")
    return Choice(name, values, weights, ordered=kind == "ordinal")


def _number(name: str, declared: Mapping[str, Any], kind: str) -> Number:
    found, scale = declared[kind], declared.get("scale", "linear")
    whole = kind == "integer"
    if len(found) != 2 or not all(_is_number(value, -1e18, 1e18) for value in found) or found[0] > found[1]:
        raise ValueError(f"gene '{name}': {kind} is {found}; expected the least and the most that it may hold")
    if whole and not all(type(value) is int for value in found):
        raise ValueError(f"gene '{name}': integer is {found}; expected integers")
    if scale not in ("linear", "log") or (scale == "log" and found[0] <= 0):
        raise ValueError(f"gene '{name}': scale is {scale!r}; expected linear, or log with bounds above 0")
    if whole and name.split(".")[-1] == "stride":
        raise ValueError("a stride is a power of 2; expected categorical or ordinal")
    return Number(name, found[0], found[1], whole, scale == "log")


def _check_values(name: str, values: Sequence[Any]) -> None:
    setting = name.split(".")[-1]
    fits, expected = SETTINGS.get("skip" if setting.startswith("skip_") else setting, (lambda value: True, ""))
    for value in values:
        if isinstance(value, list | dict) or value is None or not fits(value):
            raise ValueError(f"{name} is {value!r}; expected {expected or 'a number or a name'}")


def _check_needs(what: str, needed: Sequence[str], section: Section, operation: str = "") -> None:
    for name in needed:
        if name not in section.names and f"{operation}.{name}" not in section.names:
            raise ValueError(f"{what} needs '{name}'; add it")


def _check_strides(space: Space) -> None:
    stem = space.stem.constants.get("stride")
    for stride in (*space.strides, stem):
        if not _is_stride(stride):
            raise ValueError(f"found the stride {stride}; expected a power of 2")
    if not space.strides[0] <= int(stem or 0) <= space.strides[1]:
        raise ValueError(f"the stem's stride {stem} lies outside of strides")


def _check_block(space: Space) -> None:
    gene = next((gene for gene in space.block.genes if gene.name == "operation"), None)
    values = gene.values if isinstance(gene, Choice) else (space.block.constants.get("operation"),)
    for operation in values:
        if operation not in space.operations:
            raise ValueError(f"'{operation}' is not an operation; expected some of {', '.join(space.operations)}")
        _check_needs(str(operation), space.operations[str(operation)].genes, space.block, str(operation))
    for name in space.block.names:
        if "." in name and name.split(".")[0] not in values:
            raise ValueError(f"'{name}' is of an operation that is never drawn; remove it, or add the operation")
    if any(name.startswith("skip") for name in space.block.names) and "merge" not in space.block.names:
        raise ValueError("there are skips and no 'merge'; add it")
