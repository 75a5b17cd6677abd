"""`numpy` and `numpy32`: the NumPy twin, which has the names of refnn, so its adapter too."""

from __future__ import annotations

from typing import Any

import numpy as np

from spec_tests.implementations import numpy_twin
from spec_tests.implementations.ref import Ref, knows


class NumPy(Ref):
    """With whatever of refnn the twin has."""

    name = "numpy"
    library = numpy_twin
    activations = tuple(name for name in Ref.activations if knows(numpy_twin, name))
    losses = tuple(loss for loss in Ref.losses if knows(numpy_twin, type(loss).__name__))

    def numbers(self, given: Any) -> Any:
        return np.array(given, self.dtype)

    def trace(self, inputs: Any) -> Any:
        return self.model.trace(inputs)


class NumPy32(NumPy):
    name = "numpy32"
    dtype = "float32"
