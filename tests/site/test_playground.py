"""The playground learns, in the same process as these tests: what the browser's worker calls."""

from __future__ import annotations

from typing import Any

import pytest

from docs.live.python import playground

CHOICE = {"data": "xor", "activation": "relu", "hidden": [8], "rate": 0.1, "batch": 5, "seed": 1}


def told(request: dict[str, Any]) -> dict[str, Any]:
    """All that is said to one request, together."""
    said: dict[str, Any] = {}
    playground.run(request, said.update)
    return said


@pytest.mark.parametrize("data", list(playground.DATA))
@pytest.mark.parametrize("activation", list(playground.ACTIVATIONS))
def test_every_choice_can_be_trained(data: str, activation: str) -> None:
    start = told({"choice": {**CHOICE, "data": data, "activation": activation}})
    assert start["epoch"] == 0
    after = told({})
    assert after["epoch"] == len(after["losses"]) >= 1
    assert len(after["picture"]) == playground.GRID ** len(start["data"]["edges"])


def test_xor_is_learned() -> None:
    told({"choice": CHOICE})
    right = 0
    while told({})["epoch"] < 200:
        right = told({})["right"]
    assert right > 110


def test_a_rate_that_is_too_large_is_said_to_be() -> None:
    told({"choice": {**CHOICE, "rate": 50}})
    assert any("diverged" in told({}) for _ in range(5))
