"""What is wrong, in words: see `diagnose`."""

from spec_tests.diagnosis.diagnose import diagnose

__all__ = ["diagnose"]
