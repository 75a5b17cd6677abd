"""The network of the page that checks a reader's code, and the bugs that its menu plants."""

from __future__ import annotations

import json
import tomllib
from html import escape
from pathlib import Path

from spec_tests.clauses import requirements
from spec_tests.faults import FAULTS

LIVE = Path(__file__).parents[1] / "live"
NETWORK = (LIVE / "my_net.py").read_text(encoding="utf-8")
BUGS = tomllib.loads((LIVE / "bugs.toml").read_text(encoding="utf-8"))["bug"]


def buggy(bug: dict[str, str]) -> str:
    """The network with the bug planted."""
    return NETWORK.replace(bug["old"], bug["new"])


def check() -> str:
    """The network as a block of code, which the page's script turns into an editor."""
    bugs = [
        {
            "title": bug["title"],
            "sentence": FAULTS[bug["id"]].sentence,
            "page": f"../spec/faults/#{bug['id']}",
            "old": bug["old"],
            "new": bug["new"],
        }
        for bug in BUGS
    ]
    data = json.dumps({"bugs": bugs, "total": len(requirements())}).replace("<", "\\u003c")
    code = f"<pre><code>{escape(NETWORK, quote=False)}</code></pre>"
    return f'<div id="check">{code}<script type="application/json">{data}</script></div>'
