"""Whether scores may be compared: only of trainings that were made with the same settings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evocnn.evolution.fitness import Fitness

UNCOMPARED = ("threads", "tensorboard")
"""Settings that may differ between trainings that are compared."""
OF_THE_RUN = ("seed", "data")
"""What is recorded with the settings and is none of `training`: the seed of the run, and a digest of its data."""


def common_settings(
    trained: Sequence[tuple[Path, Fitness]], before: tuple[Path, Mapping[str, Any]] | None
) -> dict[str, Any]:
    """The settings that all trainings of a search were made with so far.

    Args:
        trained: fitness files of a generation, and what they hold.
        before: population file of the generation before, and its settings; None for the first.

    Returns:
        Settings by name; empty where no file says.

    Raises:
        ValueError: two files say different things; the text names both, the setting, and its values.
    """
    known = [before] if before and before[1] else []
    known += [
        (path, settings) for path, fitness in trained if (settings := fitness.provenance.get("settings")) is not None
    ]
    if not known:
        return {}
    first, expected = known[0]
    for path, settings in known[1:]:
        for name in sorted({*expected, *settings} - {*UNCOMPARED}):
            if expected.get(name) != settings.get(name):
                key = name if name in OF_THE_RUN else f"training.{name}"
                raise ValueError(
                    f"{path}: was trained with {key} = {settings.get(name)!r}, and {first} with "
                    f"{expected.get(name)!r}; their scores cannot be compared. Set {key} back, or delete the "
                    "files that were made with the other value, or name a new experiment"
                )
    return {name: value for name, value in expected.items() if name not in UNCOMPARED}
