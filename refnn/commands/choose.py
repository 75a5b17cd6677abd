"""What a name on the command line means: a system, or a file."""

from __future__ import annotations

import difflib

from refnn.systems import SYSTEMS, System


def choose_system(name: str) -> System:
    """ValueError, with the nearest name, where there is none of that name."""
    if name in SYSTEMS:
        return SYSTEMS[name]
    near = difflib.get_close_matches(name.lower(), SYSTEMS, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SYSTEMS)}"
    raise ValueError(f"{name} is no system: {hint}")
