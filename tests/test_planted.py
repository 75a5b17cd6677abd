"""The laws have teeth: each planted error makes its law fail.

The law is the very test that passes on the reference as it is.
"""

from functools import partial
from typing import Any

import pytest

import tests.planted_layers
import tests.planted_losses
import tests.planted_training  # noqa: F401
from tests.planted import PLANTED, Law, Planted


def name(law: Any) -> str:
    return name(law.func) if isinstance(law, partial) else law.__name__


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.wrong.__name__)
def test_a_law_fails_for_a_planted_error(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that passes its law fails this test."""
    monkeypatch.setattr(bug.owner, bug.name, bug.wrong)
    with pytest.raises(bug.by):
        bug.law()


@pytest.mark.parametrize("law", dict.fromkeys(bug.law for bug in PLANTED), ids=name)
def test_a_law_holds_for_the_reference(law: Law) -> None:
    """A law that always fails would prove nothing."""
    law()
