"""EPOCH: one pass over all samples, in batches, in the given order."""

from __future__ import annotations

from dataclasses import replace
from decimal import localcontext
from functools import partial

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing, any_of, mapped, one_of
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import DEEP, off_grid
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.expect import Comparison
from spec_tests.judge import views
from spec_tests.judge.certainty import answered, arithmetic
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import DIGITS, Expected
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

NEEDS = "train_epoch parameters"
RATES = one_of(0.25, 0.0625, 0.1, 0.03)
SLOWER = 2.0**-10
"""Which keeps the digits of a rate."""


def of_size(samples: list[int], batch_sizes: list[int]) -> Cases:
    """So many samples, in batches of that size; 1 where the adapter takes rows one by one."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        sizes = batch_sizes if declaration.several_rows else [1]
        found = _rows(declaration, samples)
        extras = {"batch_size": one_of(*sizes), "learning_rate": RATES}
        return mapped(with_extras(lambda _: found, **extras)(declaration), _slowly)

    return cases


def _slowly(case: Case) -> Case:
    """Many layers multiply what a step has changed: at the usual rates, they run away at once."""
    if len(case.dense) <= DEEP + 1:
        return case
    rate = case.extras["learning_rate"] * SLOWER
    return replace(case, extras={**case.extras, "learning_rate": rate})


def _rows(declaration: Declaration, samples: list[int]) -> Drawing[Case]:
    """As many rows as wanted, also for adapters that take one at a time; many in small networks."""
    whole = replace(declaration, batch="full")
    small = {"units": (1, 4), "outputs": (1, 4), "inputs": (1, 4)} if max(samples) > 20 else {}
    found = [off_grid(whole, hidden=(0, 1), rows=(n, n), scales=(1.0,), **small) for n in samples]
    return any_of(*found)


def equal_inputs(declaration: Declaration) -> Drawing[Case]:
    """The same input with different targets, which are so many samples all the same."""
    base = of_size([4], [2])(declaration)
    return mapped(base, lambda case: replace(case, inputs=case.inputs[:1] * len(case.inputs)))


def epoch(case: Case, declaration: Declaration) -> Script:
    """One pass, in the given order."""
    writer = Writer(case.loss, case.extras)
    _asked(writer, writer.load(case.dense), case)
    return writer.script()


def _asked(writer: Writer, on: int, case: Case) -> None:
    rate, size = case.extras["learning_rate"], case.extras["batch_size"]
    writer.ask(on, "train_epoch", case.inputs, case.targets, learning_rate=rate, batch_size=size)
    writer.parameters(on)


def of_several_rows(played: Played) -> float:
    """Where a batch may have several rows."""
    if not played.declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    return views.moved(played)


WHOLE = of_size([4, 6], [2])
SHORT = of_size([3, 5], [2, 4])
"""The last batch is short; of 3 samples in batches of 4 it is the only one."""
clause(
    "EPOCH-WHOLE",
    "epoch",
    NEEDS,
    WHOLE,
    epoch,
    views.moved,
    rare=[of_size([24, 66], [2, 33]), equal_inputs],
)
clause(
    "EPOCH-TAIL", "epoch", NEEDS, SHORT, epoch, of_several_rows, rare=[of_size([23, 37], [10, 33])]
)
clause("EPOCH-SMALL", "epoch", NEEDS, of_size([1, 2, 3], [4, 8]), epoch, of_several_rows)
clause("EPOCH-FRESH", "epoch", NEEDS, of_size([3, 4], [1]), epoch, views.moved)


def two_epochs(case: Case, declaration: Declaration) -> Script:
    """The first on one half of the samples, the second on the other."""
    writer, half = Writer(case.loss, case.extras), len(case.inputs) // 2
    on = writer.load(case.dense)
    _asked(writer, on, case.with_rows(case.inputs[:half], case.targets[:half]))
    _asked(writer, on, case.with_rows(case.inputs[half:], case.targets[half:]))
    return writer.script()


clause("EPOCH-AGAIN", "epoch", NEEDS, of_size([4, 6], [2]), two_epochs, views.moved)


def the_epoch_loss_is_the_mean_over_samples(played: Played) -> float:
    """Of the losses that each batch had just before its update.

    Each is multiplied by its samples, added to the others and divided: two roundings for the
    product, one for each sum, two for the quotient.
    """
    [k] = played.calls("train_epoch")
    losses = played.trained(k).losses
    if not losses:
        raise Vacuous
    got = answered(partial(played.epoch_loss, k), losses)
    if got is None:
        raise Unsupported("train_epoch returns no loss")
    if played.declaration.reported_loss:
        raise Unsupported("the loss that is reported is not the one that is descended")
    samples = sum(map(len, played.updates(k)))
    roundings = (len(losses) + 3) * arithmetic(played.declaration).u
    with localcontext(DIGITS):
        mean = sum(loss.value for loss in losses) / samples
        sizes = [abs(float(loss.value)) + loss.bound for loss in losses]
        bound = sum(loss.bound for loss in losses) + roundings * sum(sizes)
    seen = Comparison()
    seen.number("the epoch's loss", got, Expected(mean, bound / samples))
    return seen.judge()


clause(
    "EPOCH-LOSS",
    "epoch loss",
    NEEDS,
    [WHOLE, SHORT],
    epoch,
    the_epoch_loss_is_the_mean_over_samples,
)
