"""YAML files that people write: no key is there twice, and names may be taken as they are written."""

from collections import Counter
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

MOST = 100_000
"""Values of a file. A few lines with aliases of aliases would otherwise fill the memory."""


def read_yaml(path: Path, *, as_written: bool = False) -> Any:
    """Read a YAML file in UTF-8.

    Args:
        path: the file.
        as_written: whether every value is text as it is written. Else YAML 1.1 takes `no`, `on` and `001` for false,
            true and 1.

    Raises:
        ValueError: the file is no YAML, a key is there twice, or there are too many values; the text is one line,
            and names the file.
    """
    try:
        # Both loaders make plain values only; no tag can name a Python object.
        content = yaml.load(path.read_text(encoding="utf-8-sig"), _Written if as_written else _Plain)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        damage = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({damage}); correct the file") from error
    if _has_too_many(content):
        raise ValueError(f"{path}: expected at most {MOST:,} values, found more, by aliases (*name); write less")
    return content


def _has_too_many(content: Any) -> bool:
    """Whether a document has more than `MOST` values, those that aliases repeat counted each time."""
    waiting, count = [content], 0
    while waiting and count <= MOST:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return count > MOST


class _Once:
    """A part of a loader that refuses a key that is there twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node."""
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode) and seen.setdefault(key.value, line) != line:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' is on line {seen[key.value]} and again", key.start_mark
                )
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Plain(_Once, yaml.SafeLoader):
    """Values as YAML 1.1 has them."""


class _Written(_Once, yaml.BaseLoader):
    """All values as text."""


def check_keys(content: Mapping[Any, Any], required: Collection[str], optional: Collection[str] = ()) -> None:
    """Check the keys of a document.

    Raises:
        ValueError: one is missing or unknown; the text says what to do.
    """
    known = [*required, *optional]
    for key in content:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            advice = f"did you mean '{near[0]}'?" if near else f"expected some of {', '.join(known)}"
            raise ValueError(f"the key '{key}' is unknown; {advice}")
    missing = sorted(set(required) - set(content))
    if missing:
        raise ValueError(f"the key '{missing[0]}' is missing; add it")


def distinct_names(content: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of names, one at least, each once.

    Raises:
        ValueError: the value of the key is anything else.
    """
    names = content[key]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError(f"{key} is {names!r}; expected a list of names, one at least")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ValueError(f"{key} has '{name}' {count} times; expected each name once")
    return tuple(names)
