"""refnn list, refnn run: the systems, trained before the reader's eyes."""

from __future__ import annotations

import argparse
import json
import sys
from random import Random

from refnn.commands.choose import choose_system
from refnn.files import check_target
from refnn.interchange import save
from refnn.pictures.plot import check_format, draw
from refnn.pictures.text import draw_text
from refnn.systems import SYSTEMS, Outcome, System
from refnn.terminal import finite_or_null, print_table, print_wrapped, progress, terminal_width


def list_systems(arguments: argparse.Namespace) -> int:
    """The systems, a line each."""
    width = max(map(len, SYSTEMS))
    for name, system in SYSTEMS.items():
        print_wrapped(f"{name.ljust(width)}  {system.summary}")
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Train one system and show what it learned."""
    system = choose_system(arguments.name)
    seed = system.seed if arguments.seed is None else arguments.seed
    epochs = arguments.epochs or system.epochs
    targets = [path for path in (arguments.plot, arguments.save) if path is not None]
    for path in targets:
        check_target(path)
    if arguments.plot:
        check_format(arguments.plot)
    with progress(system.name, epochs) as on_epoch:
        outcome = system.train(epochs, Random(seed), on_epoch)
    if arguments.plot:
        draw(outcome.panels, arguments.plot)
    if arguments.save:
        save(outcome.model, arguments.save)
    for path in targets:
        print(f"wrote {path}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(_as_json(system, seed, epochs, outcome)))
    else:
        _print(system, seed, epochs, outcome)
    return 0


def _as_json(system: System, seed: int, epochs: int, outcome: Outcome) -> dict[str, object]:
    return {
        "system": system.name,
        "seed": seed,
        "epochs": epochs,
        "rows": [
            {"quantity": quantity, "learned": finite_or_null(learned), "true": true}
            for quantity, learned, true in outcome.rows
        ],
        "facts": {name: finite_or_null(value) for name, value in outcome.facts.items()},
        "losses": [finite_or_null(loss) for loss in outcome.losses],
    }


def _print(system: System, seed: int, epochs: int, outcome: Outcome) -> None:
    for panel in outcome.panels:
        if panel.field:
            print(f"{panel.title}: blank is 0, @ is 1")
            print(draw_text(panel.field, columns=min(48, terminal_width() - 2)))
    first, last = outcome.losses[0], outcome.losses[-1]
    print_wrapped(
        f"{system.name}, seed {seed}, {epochs} epochs: loss from {first:.4g} to {last:.4g}"
    )
    if epochs == system.epochs < system.tutorial_epochs:
        print_wrapped(
            f"The tutorial's {system.tutorial_epochs} epochs take longer: "
            f"--epochs {system.tutorial_epochs}"
        )
    rows = [(quantity, f"{a:.6g}", f"{b:.6g}") for quantity, a, b in outcome.rows]
    print_table(("", "learned", "true"), rows)
    for name, value in outcome.facts.items():
        print(f"{name}: {value:.4g}")
