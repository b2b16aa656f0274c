"""A space's YAML file."""

import runpy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from easydict import EasyDict

from evocnn.schema import check_schema
from evocnn.space.builder import NORMALISATIONS
from evocnn.space.decode import heads_for
from evocnn.space.genes import Choice, Gene, Number, Value
from evocnn.space.heads import HEADS
from evocnn.space.operations import OPERATIONS, Operation
from evocnn.space.space import Section, Space, is_skip

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
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({found}); correct the file") from error
    check_schema(content, SCHEMA, str(path))
    strides = EasyDict(content["strides"])
    operations = {**OPERATIONS, **_own_operations(path, content.get("operations"))}
    try:
        space = Space(
            stem=_stem(content["stem"], operations),
            blocks=int(content["blocks"]),  # 3.0 is an integer in JSON schema
            block=_section(content["genes"]),
            heads={name: _head(name, settings or {}) for name, settings in content["heads"].items()},
            strides=(strides.smallest, strides.largest),
            operations=operations,
        )
        _check_strides(space)
        _check_block(space)
        for task in {HEADS[name].task for name in space.heads}:
            heads_for(space, task)
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
    except Exception as error:  # whatever the user's code raises
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"{file}: expected Python that runs, found {what}; correct the file") from error
    if not isinstance(found, Mapping) or not all(
        isinstance(key, str) and "." not in key and isinstance(value, Operation) and callable(value.build)
        for key, value in found.items()
    ):
        raise ValueError(
            f"{file}: found OPERATIONS {found!r:.60}; expected a mapping from names to Operation; correct the file, "
            "see docs/search-space.md"
        )
    return found


def _stem(content: Mapping[str, Any], operations: Mapping[str, Operation]) -> Section:
    section = _section({"operation": "conv", **content})
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
    return section


def _values(section: Section, name: str) -> Sequence[int]:
    """What a setting of whole numbers may be, as a constant or as a gene of choices."""
    gene = next((gene for gene in section.genes if gene.name == name), None)
    found = gene.values if isinstance(gene, Choice) else [section.constants[name]]
    return [int(value) for value in found]


def _drawn_operations(section: Section) -> Sequence[Value]:
    """What the operation of a stem or block may be."""
    gene = next((gene for gene in section.genes if gene.name == "operation"), None)
    if isinstance(gene, Number):
        raise ValueError("gene 'operation' is a number; expected categorical")
    return gene.values if isinstance(gene, Choice) else (section.constants["operation"],)


def _head(name: str, content: Mapping[str, Any]) -> Section:
    if name not in HEADS:
        raise ValueError(f"found the head {name!r}; expected some of {', '.join(HEADS)}")
    if not isinstance(content, Mapping):
        raise ValueError(f"the head {name} is {content!r}; expected settings by name")
    section = _section(content)
    if "stride" in {gene.name for gene in section.genes}:
        raise ValueError(f"the stride of the head {name} is a gene; expected a single value")
    _check_needs(f"the head {name}", HEADS[name].settings, section)
    return section


def _section(content: Mapping[str, Any]) -> Section:
    constants: dict[str, Value] = {}
    genes: list[Gene] = []
    for name, declared in content.items():
        if not isinstance(name, str) or not name:
            raise ValueError(f"found the setting {name!r}; expected a name")
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
        found = ", ".join(map(str, declared)) or "nothing"
        raise ValueError(
            f"gene '{name}' has {found}; expected categorical or ordinal, perhaps with weights, or integer or real, "
            "perhaps with scale"
        )
    kind = kinds[0]
    values = declared[kind]
    if not isinstance(values, list) or not values:
        raise ValueError(f"gene '{name}': {kind} is {values!r}; expected a list of one value or more")
    _check_values(name, values)
    return _choice(name, declared, kind) if kind in ("categorical", "ordinal") else _number(name, declared, kind)


def _choice(name: str, declared: Mapping[str, Any], kind: str) -> Choice:
    values = tuple(declared[kind])
    if len(set(values)) < len(values):
        raise ValueError(f"gene '{name}': {kind} is {list(values)}; expected different values")
    weights = declared.get("weights", [1] * len(values))
    fit = isinstance(weights, list) and all(_is_number(weight, 0, 1e18) for weight in weights)
    if not fit or len(weights) != len(values) or not any(weights):
        raise ValueError(
            f"gene '{name}': weights is {weights!r}; expected {len(values)} numbers of 0 or more, one per value, and "
            "one at least above 0"
        )
    return Choice(name, values, tuple(map(float, weights)), ordered=kind == "ordinal")


def _number(name: str, declared: Mapping[str, Any], kind: str) -> Number:
    found, scale = declared[kind], declared.get("scale", "linear")
    whole = kind == "integer"
    if name.split(".")[-1] == "stride":
        raise ValueError(f"gene '{name}' is {kind}, and strides are powers of 2; expected categorical or ordinal")
    if len(found) != 2 or not all(_is_number(value, -1e18, 1e18) for value in found) or found[0] > found[1]:
        raise ValueError(
            f"gene '{name}': {kind} is {found}; expected two numbers, the least and the most that it may hold"
        )
    if whole and not all(type(value) is int for value in found):
        raise ValueError(f"gene '{name}': integer is {found}; expected integers")
    fits, expected = _expectation(name)
    if not whole and not fits(float(found[0])):
        raise ValueError(f"gene '{name}' is real; expected {expected}, so declare it as integer")
    if scale not in ("linear", "log") or (scale == "log" and found[0] <= 0):
        raise ValueError(f"gene '{name}': scale is {scale!r}; expected linear, or log with bounds above 0")
    return Number(name, found[0], found[1], whole, scale == "log")


def _check_values(name: str, values: Sequence[Any]) -> None:
    fits, expected = _expectation(name)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not fits(value):
            raise ValueError(f"{name} is {value!r}; expected {expected}")


def _expectation(name: str) -> tuple[Callable[[Any], bool], str]:
    setting = name.split(".")[-1]
    return SETTINGS.get("skip" if is_skip(setting) else setting, ((lambda value: True), "a number or a name"))


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
        if not _is_stride(stride):
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
