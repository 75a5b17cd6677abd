"""The conformance suite: point it at your own neural network.

    from spec_tests import Adapter

    class MyNet(Adapter):
        ...

    test_conformance = spec_tests.suite(MyNet)         # in a test file of one's own
    spec_tests.check(MyNet)                            # in a notebook
    refnn-conform run py:my_module:MyNet               # on the command line

Names are imported when they are used: pytest loads this package in every run, for its option.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec_tests.adapter import Adapter
    from spec_tests.in_notebook import check
    from spec_tests.in_pytest import replay, suite

__all__ = ["Adapter", "check", "replay", "suite"]


def __getattr__(name: str) -> object:
    if name == "Adapter":
        from spec_tests.adapter import Adapter

        return Adapter
    if name == "check":
        from spec_tests.in_notebook import check

        return check
    if name in __all__:
        from spec_tests import in_pytest

        return getattr(in_pytest, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
