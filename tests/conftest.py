"""Hypothesis, deterministic: the same cases on every run, on fast machines and on slow ones."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "laws",
    max_examples=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "planted",
    settings.get_profile("laws"),
    max_examples=100,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
settings.load_profile("laws")
