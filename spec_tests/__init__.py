"""The conformance suite: point it at your own neural network.

from spec_tests import Adapter

class MyNet(Adapter):
    ...

test_conformance = spec_tests.suite(MyNet)
"""

from spec_tests.adapter import Adapter

__all__ = ["Adapter"]
