"""What the suite says of right networks: `python -m tests.conform.zoo` asks at three seeds."""

from __future__ import annotations

from collections.abc import Sequence

from spec_tests.clauses import CHECKS
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.zoo.network import Network


def alarms(
    network: type[Network], profile: str, seed: int, clauses: Sequence[str] = ()
) -> dict[str, str]:
    """The clauses that accuse it: all that fail, but for those that it says it does not meet.

    Of all clauses, unless some are named.
    """
    subject, found = in_process(network), {}
    for id in clauses or CHECKS:
        result, _ = run_clause(subject, id, profile, seed, shrink=False)
        is_lax = result.level == "SHOULD" and id in network.lax
        if result.verdict not in ("pass", "unsupported") and not is_lax:
            found[id] = f"{result.verdict}: {result.message}"
    return found
