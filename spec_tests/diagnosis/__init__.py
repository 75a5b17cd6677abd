"""What is wrong, in words: see `diagnose`."""

from spec_tests.diagnosis.diagnose import diagnose, seen, unexplained

__all__ = ["diagnose", "seen", "unexplained"]
