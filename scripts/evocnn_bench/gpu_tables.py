"""The figures of the benchmark of GPUs, as Markdown."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from evocnn_bench.document import table
from evocnn_bench.gpu_task import Speed

Cell = tuple[str, int, str]
"""Network, side of its input, and way to train."""
Outcome = Speed | str
"""What was measured, or why nothing was."""
OUT_OF_TIME = "out of time"
MISSING = "–"
OPERATIONS = 8
"""Rows of the table of a step."""
LETTERS = 60
"""Of the name of a kernel."""


def describe(
    alone: Mapping[Cell, Outcome],
    packed: Mapping[int, Sequence[Outcome]],
    predicted: Callable[[Cell], float | None],
) -> str:
    """Everything that was measured.

    Args:
        alone: trainings that had the GPU for themselves.
        packed: trainings side by side, by their number.
        predicted: memory in MB of a training; None for one that is not predicted.
    """
    failed = [f"- {', '.join(map(str, cell))}: {outcome}" for cell, outcome in alone.items() if _failed(outcome)]
    failed += [
        f"- {count} at once: {outcome}" for count, group in packed.items() for outcome in group if _failed(outcome)
    ]
    parts = [_device([*alone.values()]), _speeds(alone, predicted), _together(packed)]
    parts += [_step(cell, of) for cell, of in alone.items() if isinstance(of, Speed) and of.operations]
    parts += ["Not measured:\n\n" + "\n".join(dict.fromkeys(failed))] if failed else []
    return "\n\n".join(parts)


def _device(outcomes: Sequence[Outcome]) -> str:
    measured = [outcome for outcome in outcomes if isinstance(outcome, Speed)]
    names = sorted({speed.device for speed in measured if speed.device})
    versions = ", ".join(sorted({speed.version for speed in measured}))
    if names:
        return f"GPU: **{', '.join(names)}**; versions of TensorFlow and PyTorch: {versions}."
    return "**No GPU: small networks on the CPU. These figures show only that the command works.**"


def _speeds(alone: Mapping[Cell, Outcome], predicted: Callable[[Cell], float | None]) -> str:
    head = ["network, input, way", "people/s, same batch", "people/s, input pipeline", "loading, s"]
    head += [
        "to the end of the first step, s",
        "GPU memory, MB",
        "predicted, MB",
        "predicted over measured",
    ]
    return table([head, *(_speed(cell, outcome, predicted(cell)) for cell, outcome in alone.items())])


def _speed(cell: Cell, outcome: Outcome, predicted: float | None) -> list[str]:
    network, side, way = cell
    name, expected = f"{network}, {side}×{side}, {way}", _number(predicted)
    if not isinstance(outcome, Speed):
        return [name, *[MISSING] * 5, expected, MISSING]
    ratio = predicted / outcome.peak_mb if predicted and outcome.peak_mb else None
    speeds = [_number(outcome.in_memory), _number(outcome.pipeline)]
    seconds = [f"{outcome.loading:.1f}", f"{outcome.first:.1f}"]
    return [name, *speeds, *seconds, _number(outcome.peak_mb), expected, f"{ratio:.2f}" if ratio else MISSING]


def _together(packed: Mapping[int, Sequence[Outcome]]) -> str:
    """A number of trainings is measured only where all of them were."""
    rates = {count: _rate(group) for count, group in packed.items()}
    one = rates.get(1)
    rows = [["trainings at once", "people/s, all together", "over one", "to the end of the first step, s (median)"]]
    for count, rate in rates.items():
        firsts = [outcome.first for outcome in packed[count] if isinstance(outcome, Speed)]
        over = f"{rate / one:.2f}" if rate and one else MISSING
        rows.append([str(count), _number(rate), over, f"{statistics.median(firsts):.1f}" if firsts else MISSING])
    return table(rows)


def _rate(group: Sequence[Outcome]) -> float | None:
    """People per second of trainings that began together, until the last has ended."""
    speeds = [outcome for outcome in group if isinstance(outcome, Speed)]
    if len(speeds) < len(group) or not speeds:
        return None
    people = sum(speed.in_memory * (speed.ended - speed.began) for speed in speeds)
    return people / (max(speed.ended for speed in speeds) - min(speed.began for speed in speeds))


def _step(cell: Cell, speed: Speed) -> str:
    """What the GPU does in a step; the operations that take least are one row."""
    network, side, way = cell
    shown, others = list(speed.operations[:OPERATIONS]), speed.operations[OPERATIONS:]
    if others:
        shown.append([f"{len(others)} others", sum(row[1] for row in others), sum(row[2] for row in others), ""])
    whole = sum(row[1] for row in shown)
    head = ["in a step", "ms", "share", "kernels", "the longest kernel"]
    rows = [
        [name, f"{ms:.2f}", f"{ms / whole:.0%}", f"{kernels:.0f}", f"`{longest[:LETTERS]}`" if longest else ""]
        for name, ms, kernels, longest in shown
    ]
    return f"{network}, {side}×{side}, {way}, {whole:.1f} ms per step while it is recorded:\n\n{table([head, *rows])}"


def _failed(outcome: Outcome) -> bool:
    return not isinstance(outcome, Speed) and outcome != OUT_OF_TIME


def _number(value: float | None) -> str:
    return MISSING if value is None else f"{value:,.0f}"
