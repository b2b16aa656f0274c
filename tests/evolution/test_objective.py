"""Objectives as expressions."""

import pytest

from evocnn.evolution.objective import check_objective, evaluate_objective, names_in

VALUES = {"score": 40.0, "params": 2_000_000, "macs": 10**7, "memory_mb": 900, "dead_blocks": 3}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("score", 40.0),
        ("-params / 1e6", -2.0),
        ("score - 2 * dead_blocks - 5 * max(params / 1e6 - 1, 0)", 29.0),
        ("sqrt(macs / 1e5) ** 2 + log(1) + min(1, 2)", 101.0),
    ],
)
def test_by_hand(expression, value):
    assert evaluate_objective(expression, VALUES) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "skore",
        "score +",
        "score.real",
        "__import__('os')",
        "1 / 0",
        "1e308 * 1e308",
        "score > 1",
        "'a'",
        "log(-1)",
        "(-1) ** 0.5",
    ],
)
def test_anything_else_is_refused_with_what_to_do(expression):
    with pytest.raises(ValueError, match=r"the objective .*(correct evolution.objectives|correct it)"):
        evaluate_objective(expression, VALUES)


def test_what_is_not_measured_cannot_be_named():
    assert evaluate_objective("score - latency_ms / 10", VALUES | {"latency_ms": 25.0}) == 37.5
    with pytest.raises(ValueError, match="found 'latency_ms'"):
        evaluate_objective("score - latency_ms / 10", VALUES)


def test_names_of_an_expression():
    assert names_in("score - 2 * max(latency_ms - 5, 0)") == {"score", "max", "latency_ms"}


@pytest.mark.parametrize("expression", ["score", "score - log(params - 1)", "log(score + 1)", "1", "-dead_blocks"])
def test_what_every_training_has_a_value_for_is_accepted(expression):
    check_objective(expression)


@pytest.mark.parametrize(
    ("expression", "tried"),
    [("log(score)", "score = 0"), ("1 / score", "score = 0"), ("score / dead_blocks", "score = 0, dead_blocks = 0")],
)
def test_what_some_training_has_no_value_for_is_refused_with_the_values(expression, tried):
    with pytest.raises(ValueError, match=rf"the objective .* cannot be worked out .*; tried with {tried}$"):
        check_objective(expression)


@pytest.mark.parametrize("expression", ["9**9**9", "10**400 * score", "2**params"])
def test_numbers_without_end_are_refused_at_once(expression):
    with pytest.raises(ValueError, match="the objective"):
        check_objective(expression)
