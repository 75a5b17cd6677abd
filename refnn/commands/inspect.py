"""refnn explain, refnn check: one sample in full, and the gradients of a network file."""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from refnn.commands.choose import choose_system
from refnn.explain import Section, explain, show
from refnn.gradient_check import gradcheck
from refnn.interchange import load, load_data
from refnn.model import Model
from refnn.systems import SYSTEMS
from refnn.terminal import finite_or_null, print_wrapped


def explain_network(arguments: argparse.Namespace) -> int:
    """Print both passes of one sample through a system's example, or through a network file."""
    sections = _sections(arguments)
    if arguments.json:
        print(json.dumps([_as_json(section) for section in sections]))
        return 0
    for title, rule, lines in sections:
        print_wrapped(f"{title}: {rule}")
        for name, formula, value in lines:
            parts = [name, formula, show(value)]
            print_wrapped(
                " = ".join(parts[:1] + parts[2:] if formula == show(value) else parts), "  "
            )
        print()
    return 0


def _sections(arguments: argparse.Namespace) -> list[Section[Any]]:
    name, x, t = arguments.name, arguments.x, arguments.t
    if name in SYSTEMS or not (name.endswith(".json") or Path(name).exists()):
        if x or t:
            raise ValueError(f"--x and --t go with a network file, {name} is none")
        return explain(*choose_system(name).example())
    try:
        return _explain_file(load(name, Fraction), x, t)
    except TypeError:
        model = load(name, lambda digits: float(Fraction(digits)))
        return _explain_file(model, x and [float(a) for a in x], t and [float(a) for a in t])


def _explain_file(
    model: Model[Any], x: list[Any] | None, t: list[Any] | None
) -> list[Section[Any]]:
    """Where no sample is given: x = (1, 2, 3, ...) and t = (1, 0, 0, ...)."""
    inputs = model.inputs or len(x or [1])
    x = x or list(range(1, inputs + 1))
    t = t or [int(k == 0) for k in range(model.outputs or inputs)]
    return explain(model, x, t)


def _as_json(section: Section[Any]) -> dict[str, object]:
    return {
        "title": section.title,
        "rule": section.rule,
        "lines": [
            {
                "name": name,
                "formula": formula,
                "value": finite_or_null(value) if isinstance(value, int | float) else str(value),
            }
            for name, formula, value in section.lines
        ],
    }


def check(arguments: argparse.Namespace) -> int:
    """Run gradcheck on a network file and a data file; 1 where a gradient is wrong."""
    model = load(arguments.network)
    x, t = load_data(arguments.data)
    try:
        report = gradcheck(model, x, t)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{arguments.data} does not fit {arguments.network}: {error}") from None
    if arguments.json:
        print(
            json.dumps(
                {
                    "passed": report.passed,
                    "method": report.method,
                    "checked": report.checked,
                    "mismatches": [
                        {
                            "parameter": mismatch.parameter,
                            "got": str(mismatch.got),
                            "low": str(mismatch.low),
                            "high": str(mismatch.high),
                        }
                        for mismatch in report.mismatches
                    ],
                    "kinks": [{"place": place, "unit": unit} for place, unit in report.kinks],
                    "unjudged": report.unjudged,
                }
            )
        )
    else:
        print(report)
    return 0 if report.passed else 1
