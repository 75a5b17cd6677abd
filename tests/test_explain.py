"""explain: every line is what the reference computes, and its formula gives its value."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from refnn import FCLayer, Model, ReLU, ShapeError, Sigmoid, Softmax, Tanh
from refnn.backpropagation import trace
from refnn.explain import Line, Section, Written, explain, show
from refnn.scalar import exp, expm1, log, log1p, sqrt
from refnn.systems import SYSTEMS
from tests.case import Case, leaves
from tests.gradients import reverse_gradient
from tests.strategies import cases


def lines(sections: list[Section[Any]], *names: str) -> list[Line[Any]]:
    return [line for s in sections for line in s.lines if line.name.partition("[")[0] in names]


def evaluate(formula: str) -> Any:
    """A formula of fractions, worked out anew from its text."""
    return eval(
        re.sub(r"(\d+)", r"Fraction(\1)", formula.replace("·", "*")), {"Fraction": Fraction}
    )


@given(cases(samples=1))
def test_every_formula_gives_its_value(case: Case) -> None:
    for section in explain(case.model, case.x[0], case.t[0]):
        for name, formula, value in section.lines:
            if "." not in formula and "e" not in formula:
                assert evaluate(formula) == value, f"{name} = {formula}"


@given(cases(samples=1))
def test_the_numbers_are_those_of_the_reference(case: Case) -> None:
    sections = explain(case.model, case.x[0], case.t[0])
    passed = trace(case.model.layers, case.x)
    assert [line.value for line in lines(sections, "z", "a")] == leaves(passed[1:])
    assert [line.value for line in lines(sections, "L")] == [case.loss]
    gradients = sorted(line.value for line in lines(sections, "dW", "db"))
    inputs = len(case.x[0])
    assert gradients == sorted(reverse_gradient(case)[:-inputs])
    assert [line.value for line in lines(sections, "dx")[-inputs:]] == reverse_gradient(case)[
        -inputs:
    ]


def test_the_tutorials_worked_derivative() -> None:
    """All weights 1, biases 0, x = (-2, -1), t = 1: h = 0.0474, o = 0.524, dL/dw1 = 0.0215."""
    sections = explain(*SYSTEMS["heights"].example())
    hidden, output = lines(sections[2:3], "a")[0].value, lines(sections[4:5], "a")[0].value
    dy, dw = lines(sections, "dy")[0].value, lines(sections[-1:], "dW")[0].value
    assert (f"{hidden:.4f}", f"{output:.3f}", f"{dy:.4f}") == ("0.0474", "0.524", "-0.9526")
    assert f"{dw:.4f}" == "0.0215"


def test_titles_and_rules_come_from_the_layers() -> None:
    model = Model([FCLayer([[Fraction(1, 2), Fraction(-1)]], [Fraction(3)]), ReLU()])
    sections = explain(model, [Fraction(2), Fraction(1)], [Fraction(1)])
    assert [(section.title, section.rule) for section in sections] == [
        ("sample", "x, and its target t"),
        ("layers[0] FCLayer 2 -> 1", "y = W x + b"),
        ("layers[1] ReLU", "a = max(0, z)"),
        ("loss SquaredError", "ℓ = factor · r²"),
        ("loss SquaredError, backward", "∂ℓ/∂y = 2 · factor · r"),
        ("layers[1] ReLU, backward", "a' = 1 for z > 0, 0 for z <= 0"),
        ("layers[0] FCLayer 2 -> 1, backward", "dW = dy xᵀ, db = dy, dx = Wᵀ dy"),
    ]
    assert sections[0].lines == [Line("x[0]", "2", 2), Line("x[1]", "1", 1), Line("t[0]", "1", 1)]
    assert sections[1].lines == [Line("z[0]", "1/2·2 + (-1)·1 + 3", 3)]
    assert sections[4].lines == [Line("dy[0]", "2·(3 - 1)", 4)]


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_has_an_example(name: str) -> None:
    model, x, t = SYSTEMS[name].example()
    sections = explain(model, x, t)
    assert len(sections) == 2 * len(model.layers) + 3
    assert all(section.rule for section in sections)


def test_a_layer_without_bias_shows_none() -> None:
    sections = explain(Model([FCLayer([[2.0]], None), Sigmoid()]), [1.0], [1.0])
    assert sections[1].lines == [Line("z[0]", "2·1", 2.0)]
    assert lines(sections, "db") == []


def test_functions_are_written_by_name() -> None:
    two = Written(2.0)
    texts = [f(two).text for f in (exp, expm1, log, log1p, sqrt)]
    assert texts == ["exp(2)", "(exp(2) - 1)", "ln(2)", "ln(1 + 2)", "√(2)"]
    for activation in (Sigmoid(), Tanh(), Softmax()):
        [[a]] = activation.forward([[Written(-1.5)]])
        [[expected]] = activation.forward([[-1.5]])
        assert a.value == expected


def test_parentheses_stand_where_they_must_and_nowhere_else() -> None:
    a, b, c = Written(2), Written(-3), Written(5)
    assert (a + b + c).text == "2 + (-3) + 5"
    assert (a - (b + c)).text == "2 - (-3 + 5)"
    assert (a * b * c).text == "2·(-3)·5"
    assert (a * (b + c)).text == "2·(-3 + 5)"
    assert (a / c * a).text == "(2 / 5)·2"
    assert (a / (c * a)).text == "2 / (5·2)"
    assert (-(a + c)).text == "-(2 + 5)"
    assert (-b).text == "3"
    assert (0 + a).text == (a + 0).text == (1 * a).text == (a * 1).text == (a / 1).text == "2"
    assert (1 - a).text == "1 - 2"
    assert (3 / a).text == "3 / 2"
    assert (3 * a).text == "3·2"
    assert (a / Written(Fraction(1, 2))).text == "2 / (1/2)"


def test_long_numbers_are_shortened_to_six_digits() -> None:
    assert [show(n) for n in (Fraction(1, 9999), Fraction(1, 10**6), 1 / 3, 7)] == [
        "1/9999",
        "1e-06",
        "0.333333",
        "7",
    ]


def test_a_sample_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"x\[0\] has 1 number, should have 2"):
        explain(Model([FCLayer([[1.0, 2.0]], None)]), [1.0], [1.0])
