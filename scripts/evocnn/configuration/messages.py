"""What is wrong with a configuration, in one line."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from reprlib import Repr
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text, in quotes where it looks like a number",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "string_too_short": "at least {min_length} character",
    "string_pattern_mismatch": "text that matches {pattern}",
    "literal_error": "one of {expected}",
    "too_short": "at least {min_length} value(s)",
    "too_long": "at most {max_length} value(s)",
    "missing": "one more value",
    "value_error": "each value once",
}
"""By pydantic's type of error; `missing` is that of a list here."""

SHORT = Repr()
"""Values in messages: aliases of YAML can make gigabytes of a few lines."""
SHORT.maxlevel, SHORT.maxstring, SHORT.maxother = 3, 200, 200


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first error, by its key: which key, what it is, what was expected, what to do."""
    first = min(error.errors(), key=lambda one: [str(part) for part in one["loc"]])
    location = list(first["loc"])
    if location[-1:] == ["[key]"]:  # the fault is the key itself
        location = location[:-2]
    path = ".".join(map(str, location))
    section, field = _look_up(model, location)
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(location[-1]), list(section.model_fields), 1)
        advice = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(sorted(section.model_fields))}"
        return f"the key '{path}' is unknown; {advice}"
    if first["type"] == "missing" and isinstance(location[-1], str):
        return f"the key '{path}' is missing; add it"
    expected = EXPECTED.get(first["type"], first["msg"]).format_map(_Context(first.get("ctx", {})))
    value = first["input"]
    if first["type"] == "literal_error" and isinstance(value, str):
        near = get_close_matches(value, [name.strip("' ") for name in expected[7:].replace(" or ", ",").split(",")], 1)
        expected += f"; did you mean '{near[0]}'?" if near else ""
    described = f" ({field.description})" if field is not None and field.description else ""
    return f"{path or 'the whole'} is {SHORT.repr(value)}, expected {expected}{described}; change it"


class _Context(dict[str, Any]):
    """Bounds as they are written: 1 instead of 1.0."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _look_up(model: type[BaseModel], location: Sequence[Any]) -> tuple[type[BaseModel], FieldInfo | None]:
    """The section that a location lies in, and its field there; None for a key that no section has."""
    field: FieldInfo | None = None
    for part in location:
        known: Mapping[str, FieldInfo] = model.model_fields
        if part in known:
            field = known[part]
            kinds = [field.annotation, *get_args(field.annotation)]
            model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return model, field
