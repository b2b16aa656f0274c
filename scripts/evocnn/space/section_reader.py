"""Sections of a space's YAML file: settings of one value, and genes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evocnn.space.builder import NORMALISATIONS
from evocnn.space.genes import Choice, Gene, Number, Value
from evocnn.space.space import Section, is_skip

ACTIVATIONS = (
    *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "hard_silu", "mish"),
    *("tanh", "sigmoid", "hard_sigmoid", "softplus", "softsign"),
)
"""Of Keras, by its names."""
ALIGNMENTS = ("smallest", "largest", "first", "pad")
KINDS = ("categorical", "ordinal", "integer", "real")


def _is_whole(value: object, least: int = 1) -> bool:
    return type(value) is int and value >= least


def is_stride(value: Any) -> bool:
    """Whether a value is a power of 2."""
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
    "stride": (is_stride, "powers of 2"),
    "skip": (lambda value: _is_whole(value, 0), "integers of 0 or more"),
    "activation": _one_of(ACTIVATIONS),
    "normalisation": _one_of(list(NORMALISATIONS)),
    "merge": _one_of(["add", "concatenate"]),
    "align": _one_of(ALIGNMENTS),
}
"""What the settings that this package reads may hold, by name; `skip_2` and so on are skips, too."""


def read_section(content: Mapping[str, Any]) -> Section:
    """The settings of a stem, a block or a head, as the file declares them.

    Raises:
        ValueError: a name, a value or a gene that cannot be; the text says which, and what was expected.
    """
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
        has = ", ".join(map(str, declared)) or "nothing"
        raise ValueError(
            f"gene '{name}' has {has}; expected categorical or ordinal, perhaps with weights, or integer or real, "
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
    bounds, scale = declared[kind], declared.get("scale", "linear")
    whole = kind == "integer"
    if name.split(".")[-1] == "stride":
        raise ValueError(f"gene '{name}' is {kind}, and strides are powers of 2; expected categorical or ordinal")
    if len(bounds) != 2 or not all(_is_number(value, -1e18, 1e18) for value in bounds) or bounds[0] > bounds[1]:
        raise ValueError(
            f"gene '{name}': {kind} is {bounds}; expected two numbers, the least and the most that it may hold"
        )
    if whole and not all(type(value) is int for value in bounds):
        raise ValueError(f"gene '{name}': integer is {bounds}; expected integers")
    fits, expected = _expectation(name)
    if not whole and not fits(float(bounds[0])):
        raise ValueError(f"gene '{name}' is real; expected {expected}, so declare it as integer")
    if scale not in ("linear", "log") or (scale == "log" and bounds[0] <= 0):
        raise ValueError(f"gene '{name}': scale is {scale!r}; expected linear, or log with bounds above 0")
    return Number(name, bounds[0], bounds[1], whole, scale == "log")


def _check_values(name: str, values: Sequence[Any]) -> None:
    fits, expected = _expectation(name)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not fits(value):
            raise ValueError(f"{name} is {value!r}; expected {expected}")


def _expectation(name: str) -> tuple[Callable[[Any], bool], str]:
    setting = name.split(".")[-1]
    return SETTINGS.get("skip" if is_skip(setting) else setting, ((lambda value: True), "a number or a name"))
