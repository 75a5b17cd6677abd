"""gradcheck(model, x, t): see `check`."""

from refnn.gradient_check.check import gradcheck
from refnn.gradient_check.report import GradcheckReport, Mismatch

__all__ = ["GradcheckReport", "Mismatch", "gradcheck"]
