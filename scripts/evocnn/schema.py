"""Checks of documents against their JSON schema: a message of one line for the first error."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import jsonschema
import yaml


def check_schema(document: Any, schema: Path, where: str) -> None:
    """Check a document.

    Args:
        document: the content to check.
        schema: JSON schema, as a YAML file.
        where: start of the error message: a file, or "configuration".

    Raises:
        ValueError: one line: the key, its value, the expected value, and what to do.
    """
    described = yaml.safe_load(schema.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(described)
    errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        raise ValueError(f"{where}: {_explain(errors[0])}")


def _explain(error: jsonschema.ValidationError) -> str:
    schema: Any = error.schema
    value: Any = error.validator_value
    actual: Any = error.instance
    path = ".".join(map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = sorted(schema["properties"])
        wrong = sorted(map(str, set(actual) - set(known)))[0]
        key = f"{path}.{wrong}" if path else wrong
        near = get_close_matches(wrong, known, 1)
        advice = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(known)}"
        return f"the key '{key}' is unknown; {advice}"
    if error.validator == "required":
        missing = next(key for key in value if key not in actual)
        return f"the key '{f'{path}.{missing}' if path else missing}' is missing; add it"
    expected = {
        "type": "a value of type {}",
        "minimum": "{} or more",
        "maximum": "{} or less",
        "exclusiveMinimum": "more than {}",
        "exclusiveMaximum": "less than {}",
        "minLength": "at least {} character",
        "minProperties": "at least {} key",
        "pattern": "text that matches {}",
        "enum": "one of {}",
    }.get(str(error.validator), str(error.validator) + " {}")
    description = schema.get("description", "")
    wanted = expected.format(value)
    return f"{path or 'the document'} is {actual!r}, expected {wanted} ({description}); change it"
