"""What is wrong, in words: see `diagnose`."""

from spec_tests.diagnosis.diagnose import diagnose, raised, seen, unexplained

__all__ = ["diagnose", "raised", "seen", "unexplained"]
