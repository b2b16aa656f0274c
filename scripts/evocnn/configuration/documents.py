"""The files that are generated from the model: config/schema.yaml, config/config.yaml and docs/configuration.md."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from evocnn.configuration.model import Configuration
from evocnn.extensions import PATTERN
from evocnn.section import Section

WIDTH = 120
BOUNDS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}


def documents() -> dict[str, str]:
    """Path inside the repository to content, of every generated file."""
    return {
        "config/schema.yaml": schema(),
        "config/config.yaml": defaults(),
        "docs/configuration.md": reference(),
    }


def write_documents(repository: Path) -> None:
    """Write every generated file."""
    for path, content in documents().items():
        (repository / path).write_text(content, encoding="utf-8")


def schema() -> str:
    """The JSON schema of a configuration, for editors, as YAML."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Configuration.model_json_schema()}
    head = "# Generated from the model by `make settings`; editors check configurations with it.\n"
    return head + yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=WIDTH)


def defaults() -> str:
    """The embedded default, with a comment for every key."""
    head = (
        "# The embedded default: a search on the toy data set that two cores finish in minutes.\n"
        "# Generated from the model by `make settings`. Lay your own file over this one: --configfile mine.yaml\n"
        "# Your file needs only the keys that differ. docs/configuration.md has bounds and types.\n"
    )
    return head + "\n".join(_keys(Configuration(), 0)) + "\n"


def reference() -> str:
    """The reference page: a table for each section."""
    head = (
        "# Configuration\n\n"
        "Generated from the model by `make settings`. A key that a configuration does not have takes its default.\n\n"
        "Numbers may be written as text, and whole numbers with a point: YAML reads `1e-3` as text.\n"
    )
    model = Configuration()
    plain = {name: field for name, field in Configuration.model_fields.items() if not _is_section(getattr(model, name))}
    tables = [_table("Whole run", "", model, plain)]
    for name, field in Configuration.model_fields.items():
        section = getattr(model, name)
        if isinstance(section, Section):
            tables.append(_table(f"`{name}`", field.description or "", section, type(section).model_fields))
            for inner, described in type(section).model_fields.items():
                if isinstance(nested := getattr(section, inner), Section):
                    fields = type(nested).model_fields
                    tables.append(_table(f"`{name}.{inner}`", described.description or "", nested, fields))
    return "\n".join([head, *tables])


def _table(title: str, text: str, section: Section, fields: dict[str, FieldInfo]) -> str:
    rows = [
        f"| `{name}` | {_kind(type(section), name)} | {_default(getattr(section, name))} | {field.description} |"
        for name, field in fields.items()
    ]
    lines = [f"## {title}", "", *([text, ""] if text else [])]
    return "\n".join([*lines, "| key | type | default | meaning |", "|---|---|---|---|", *rows, ""])


def _kind(section: type[Section], name: str) -> str:
    """Type and bounds of a field, in words."""
    return _words(section.model_json_schema()["properties"][name])


def _words(described: dict[str, Any]) -> str:
    if "anyOf" in described:
        return " or ".join(_words(option) for option in described["anyOf"])
    if described.get("pattern") == f"^{PATTERN}$":
        return "`FILE.py:NAME`"
    if "enum" in described:
        return ", ".join(f"`{value}`" for value in described["enum"])
    if "const" in described:
        return f"`{described['const']}`"
    bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {described[key]:g}" for key, sign in bounds.items() if key in described]
    kinds = {"array": "list", "string": "text", "boolean": "true or false", "object": "keys", "integer": "whole number"}
    kind = described.get("type", "object")
    if kind == "array" and {"enum", "anyOf"} & described.get("items", {}).keys():
        return f"list of {_words(described['items'])}"
    return " ".join([kinds.get(kind, kind), ", ".join(limits)]).strip()


def _default(value: Any) -> str:
    return "see below" if isinstance(value, Section) else f"`{_flow(value)}`"


def _keys(section: Section, depth: int) -> Iterator[str]:
    """The lines of a section, each key under its comment."""
    indent = "  " * depth
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        nested = isinstance(value, Section)
        if depth == 0:
            yield ""
        comment = f"# {field.description}"
        yield from textwrap.wrap(comment, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}# ")
        if nested:
            yield f"{indent}{name}:"
            yield from _keys(value, depth + 1)
        else:
            yield f"{indent}{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    """A plain value as YAML on one line."""
    plain = list(value) if isinstance(value, tuple) else value
    text = yaml.safe_dump(plain, default_flow_style=True, width=10**6).removesuffix("\n...\n").strip()
    return re.sub(r"\.0(?=$|[,\]])", "", text) if isinstance(value, float) and value.is_integer() else text


def _is_section(value: Any) -> bool:
    return isinstance(value, Section)
