"""Expressions that are refused, each with its sentence."""

import pytest

from engine.errors import InputError
from engine.graphs.expression import execute, parse
from engine.graphs.recording import Recorder


@pytest.mark.parametrize(
    ("text", "x", "key"),
    [
        ("x / (y - 2)", 1.0, "expression_divides_by_zero"),
        ("x / 0", 1.0, "expression_divides_by_zero"),
        ("log(x)", 0.0, "expression_no_number"),
        ("sqrt(x)", -1.0, "expression_no_number"),
        ("x ** 0.5", -1.0, "expression_no_number"),
        ("x * 9 ** 9 ** 9", 1.0, "expression_no_number"),
        ("x * (0 - 8) ** 0.5", 1.0, "expression_no_number"),
        ("x * 0 ** -1", 1.0, "expression_no_number"),
        ("exp(exp(x * 9))", 1.0, "expression_no_number"),
        ("1 + 2", 1.0, "graph_without_gradient"),
        ("x", 1.0, "graph_without_gradient"),
        ("x if x > y else y", 1.0, "graph_without_gradient"),
    ],
)
def test_what_has_no_number_or_no_graph_is_refused(text: str, x: float, key: str) -> None:
    with pytest.raises(InputError) as refused:
        execute(text, x, 2.0, Recorder())
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "expression_malformed"),
        ("x +", "expression_malformed"),
        ("x; y", "expression_malformed"),
        ("x = 1", "expression_malformed"),
        ("__import__('os')", "expression_unknown"),
        ("x.grad", "expression_unknown"),
        ("x[0]", "expression_unknown"),
        ("(lambda: x)()", "expression_unknown"),
        ("[x for x in y]", "expression_unknown"),
        ("z + x", "expression_unknown"),
        ("sin(x, y)", "expression_unknown"),
        ("max(x)", "expression_unknown"),
        ("True + x", "expression_unknown"),
        ("'a' * x", "expression_unknown"),
        ("x if x else y", "expression_unknown"),
        ("x if 1 < x < 2 else y", "expression_unknown"),
        ("x" + " + x" * 25, "expression_too_long"),
        ("(" * 30 + "x" + " + 1)" * 30, "expression_too_long"),
    ],
)
def test_anything_but_the_small_language_is_refused(text: str, key: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)
    assert refused.value.key == key
