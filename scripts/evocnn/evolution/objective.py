"""Objectives: expressions of the configuration, each of which is maximised."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import product
from typing import Any

from evocnn.evolution.individual import Individual

NAMES = ("score", "ap", "params", "macs", "memory_mb", "dead_blocks", "latency_ms")
"""What an expression may name: percent, the same where the metric is COCO's AP, weights, multiply–accumulates, MB,
blocks that no layer comes from, and milliseconds, where they are measured."""

POSSIBLE: Mapping[str, tuple[float, ...]] = {
    "score": (0.0, 37.5, 100.0),
    "ap": (0.0, 37.5, 100.0),
    "params": (100.0, 5e6),
    "macs": (1e4, 1e9),
    "memory_mb": (710.0, 20_000.0),
    "dead_blocks": (0.0, 1.0, 8.0),
    "latency_ms": (0.1, 500.0),
}
"""Values that networks and trainings may have."""

OPERATORS: Mapping[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {"log": math.log, "sqrt": math.sqrt, "min": min, "max": max}


def values_of(individual: Individual, score: float, latency: float | None = None) -> dict[str, float]:
    """What objectives may name of an individual, by name."""
    values = {"score": score, "ap": score, "dead_blocks": individual.dead_blocks, **asdict(individual.cost)}
    return values if latency is None else {**values, "latency_ms": latency}


def evaluate_objective(expression: str, values: Mapping[str, float]) -> float:
    """Work out an expression of numbers, `NAMES`, + - * / **, log, sqrt, min and max.

    Args:
        expression: e.g. "score - 5 * max(params / 1e6 - 1, 0) - dead_blocks".
        values: of the names.

    Raises:
        ValueError: it holds anything else, or its value is not a finite number.
    """
    try:
        result = float(_evaluate(ast.parse(expression, mode="eval").body, values))
    except (SyntaxError, TypeError, ArithmeticError, ValueError) as error:
        raise ValueError(
            f"the objective {expression!r} cannot be worked out ({error}); expected an expression of "
            f"{', '.join(NAMES)}, numbers, + - * / ** and {', '.join(FUNCTIONS)}; correct evolution.objectives"
        ) from error
    if not math.isfinite(result):
        raise ValueError(f"the objective {expression!r} is {result}, expected a finite number; correct it")
    return result


def check_objective(expression: str) -> None:
    """Try an expression with what trainings may give: a score of 0 or 100, no dead block or some, and so on.

    Raises:
        ValueError: it cannot be worked out, or gives no finite number; the text names the values.
    """
    used = [name for name in POSSIBLE if name in expression]
    for values in product(*(POSSIBLE[name] for name in used)):
        named = dict(zip(used, values, strict=True))
        try:
            evaluate_objective(expression, {**{name: ends[-1] for name, ends in POSSIBLE.items()}, **named})
        except ValueError as error:
            where = ", ".join(f"{name} = {value:g}" for name, value in named.items())
            raise ValueError(f"{error}; tried with {where or 'nothing'}") from error


def names_in(expression: str) -> set[str]:
    """The names that a valid expression holds, those of functions included."""
    return {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}


def _evaluate(node: ast.expr, values: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)  # whole numbers could grow without end: 9**9**9
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_evaluate(operand, values))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_evaluate(argument, values) for argument in arguments))
    raise ValueError(f"found {ast.unparse(node)!r}")
