"""The usual questions, each to a fresh object."""

from __future__ import annotations

from collections.abc import Callable

from spec_tests.cases.case import Case
from spec_tests.declaration import Declaration
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

Ask = Callable[[Case, Declaration], Script]


def predict(case: Case, declaration: Declaration) -> Script:
    return each_predicted([case])


def each_predicted(cases: list[Case]) -> Script:
    """Each with its own network and batch."""
    writer = Writer(cases[0].loss, cases[0].extras)
    for case in cases:
        predicted(writer, case)
    return writer.script()


def predicted(writer: Writer, case: Case) -> int:
    """Of a fresh object; the call's place."""
    return writer.ask(writer.load(case.dense), "predict", case.inputs, case.targets)


def learn(case: Case, declaration: Declaration) -> Script:
    return each_learned([case], declaration)


def each_learned(cases: list[Case], declaration: Declaration) -> Script:
    """The gradients; or the parameters after a step, where there are no gradients."""
    writer = Writer(cases[0].loss, cases[0].extras)
    for case in cases:
        learned(writer, case, declaration)
    return writer.script()


def learned(writer: Writer, case: Case, declaration: Declaration) -> int:
    """Of a fresh object; the call's place."""
    on = writer.load(case.dense)
    if "gradients" in declaration.methods:
        return writer.ask(on, "gradients", case.inputs, case.targets)
    rate = case.extras.get("learning_rate", 1.0)
    call = writer.ask(on, "step", case.inputs, case.targets, learning_rate=rate)
    writer.parameters(on)
    return call


def questions(case: Case, declaration: Declaration) -> Script:
    """All that the adapter offers: many clauses look at the answers."""
    writer = Writer(case.loss, case.extras)
    for method in ("predict", "loss_value", "input_gradient"):
        if method in declaration.methods:
            writer.ask(writer.load(case.dense), method, case.inputs, case.targets)
    if {"gradients", "step"} & declaration.methods:
        learned(writer, case, declaration)
    if "pullback" in declaration.methods and "output_gradient" in case.extras:
        pulled(writer, case)
    return writer.script()


def asks(*methods: str) -> Ask:
    """Each of these methods, which take a batch and nothing else."""

    def ask(case: Case, declaration: Declaration) -> Script:
        writer = Writer(case.loss, case.extras)
        for method in methods:
            writer.ask(writer.load(case.dense), method, case.inputs, case.targets)
        return writer.script()

    return ask


def pulled(writer: Writer, case: Case) -> None:
    """Of the cotangent that the case has."""
    on, cotangent = writer.load(case.dense), case.extras["output_gradient"]
    writer.ask(on, "pullback", case.inputs, case.targets, output_gradient=cotangent)


def step(case: Case, declaration: Declaration) -> Script:
    writer, rate = Writer(case.loss, case.extras), case.extras["learning_rate"]
    on = writer.load(case.dense)
    writer.ask(on, "step", case.inputs, case.targets, learning_rate=rate)
    writer.parameters(on)
    return writer.script()


QUESTIONS = ("predict", "gradients", "loss_value", "input_gradient", "pullback")
"""Methods whose answers depend on the parameters and the arguments alone."""


def offered(declaration: Declaration) -> list[str]:
    return [method for method in QUESTIONS if method in declaration.methods]


def ask_all(writer: Writer, on: int, case: Case, declaration: Declaration) -> list[int]:
    """Every question that the adapter offers, on the batch of the case; the calls' places."""
    return [asked_of(writer, on, method, case) for method in offered(declaration)]


def asked_of(writer: Writer, on: int, method: str, case: Case) -> int:
    more = {"output_gradient": _cotangent(case)} if method == "pullback" else {}
    return writer.ask(on, method, case.inputs, case.targets, **more)


def _cotangent(case: Case) -> list[list[float]]:
    """A dL/dy for which no answer of another call will do."""
    return [[1.5 - t for t in row] for row in case.targets]
