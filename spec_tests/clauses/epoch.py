"""EPOCH: one pass over all samples, in batches, in the given order."""

from __future__ import annotations

from dataclasses import replace
from decimal import localcontext

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import off_grid
from spec_tests.clauses.observe import answer, arithmetic, going_on, tame
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.expect import Comparison
from spec_tests.oracle.ball_network import shown
from spec_tests.oracle.oracle import DIGITS, Expected
from spec_tests.oracle.training import Trained, train
from spec_tests.subject import Subject

NEEDS = "train_epoch parameters"
RATES = st.sampled_from([0.25, 0.0625, 0.1, 0.03])


def of_size(samples: list[int], batch_sizes: list[int]) -> Cases:
    """So many samples, in batches of that size; 1 where the adapter takes rows one by one."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        sizes = batch_sizes if declaration.several_rows else [1]
        found = _rows(declaration, samples)
        extras = {"batch_size": st.sampled_from(sizes), "learning_rate": RATES}
        return with_extras(lambda _: found, **extras)(declaration)

    return cases


def _rows(declaration: Declaration, samples: list[int]) -> st.SearchStrategy[Case]:
    """As many rows as wanted, also for adapters that take one at a time; many in small networks."""
    whole = replace(declaration, batch="full")
    small = {"units": (1, 4), "outputs": (1, 4), "inputs": (1, 4)} if max(samples) > 20 else {}
    found = [off_grid(whole, hidden=(0, 1), rows=(n, n), scales=(1.0,), **small) for n in samples]
    return st.one_of(found)


def equal_inputs(declaration: Declaration) -> st.SearchStrategy[Case]:
    """The same input with different targets, which are so many samples all the same."""
    base = of_size([4], [2])(declaration)
    return base.map(lambda case: replace(case, inputs=case.inputs[:1] * len(case.inputs)))


def batches(subject: Subject, case: Case) -> list[range]:
    """The rows of each batch, without a short last one where that is dropped."""
    size, samples = case.extras["batch_size"], len(case.inputs)
    found = [range(start, min(start + size, samples)) for start in range(0, samples, size)]
    if subject.declaration.last_batch == "dropped":
        return [batch for batch in found if len(batch) == size]
    return found


def expected_epoch(subject: Subject, case: Case) -> Trained:
    rate = case.extras["learning_rate"]
    return tame(subject, train(case, subject.declaration, rate, batches(subject, case)))


def compare_epoch(subject: Subject, case: Case) -> float:
    expected, network = expected_epoch(subject, case), subject.load(case)
    rate, size, seen = case.extras["learning_rate"], case.extras["batch_size"], Comparison()
    answer(lambda: network.train_epoch(rate, size), expected.parameters)
    seen.moved(case, network.parameters(), expected.parameters, rate)
    return seen.judge()


@check(
    "EPOCH-WHOLE",
    reads="epoch",
    needs=NEEDS,
    cases=of_size([4, 6], [2]),
    rare=[of_size([24, 66], [2, 33]), equal_inputs],
)
def every_sample_is_used_once(subject: Subject, case: Case) -> float:
    return compare_epoch(subject, case)


@check(
    "EPOCH-TAIL",
    reads="epoch",
    needs=NEEDS,
    cases=of_size([3, 5], [2, 4]),
    rare=[of_size([23, 37], [10, 33])],
)
def a_short_last_batch_counts_as_declared(subject: Subject, case: Case) -> float:
    if not subject.declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    if len(case.inputs) % case.extras["batch_size"] == 0:
        raise Vacuous
    return compare_epoch(subject, case)


@check("EPOCH-SMALL", reads="epoch", needs=NEEDS, cases=of_size([1, 2, 3], [4, 8]))
def fewer_samples_than_a_batch_are_a_batch(subject: Subject, case: Case) -> float:
    if not subject.declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    return compare_epoch(subject, case)


@check("EPOCH-FRESH", reads="epoch", needs=NEEDS, cases=of_size([3, 4], [1]))
def nothing_carries_over_from_batch_to_batch(subject: Subject, case: Case) -> float:
    return compare_epoch(subject, case)


@check("EPOCH-AGAIN", reads="epoch", needs=NEEDS, cases=of_size([4, 6], [2]))
def nothing_carries_over_from_epoch_to_epoch(subject: Subject, case: Case) -> float:
    """The first on one half of the samples, the second on the other."""
    half = len(case.inputs) // 2
    first = case.with_rows(case.inputs[:half], case.targets[:half])
    rate, size = case.extras["learning_rate"], case.extras["batch_size"]
    once, network = expected_epoch(subject, first), subject.load(first)
    answer(lambda: network.train_epoch(rate, size), once.parameters)
    seen, pairs = Comparison(), network.parameters()
    seen.moved(first, pairs, once.parameters, rate)
    margin = seen.judge()
    second = going_on(case.with_rows(case.inputs[half:], case.targets[half:]), pairs)
    held = shown(second.dense, arithmetic(subject))
    order = batches(subject, second)
    twice = tame(subject, train(second, subject.declaration, rate, order, held))
    again = Comparison()
    inputs, targets = second.inputs, second.targets
    answer(lambda: network.train_epoch(rate, size, inputs, targets), twice.parameters)
    again.moved(second, network.parameters(), twice.parameters, rate)
    return max(margin, again.judge())


@check("EPOCH-LOSS", reads="epoch loss", needs=NEEDS, cases=of_size([3, 4, 5], [2, 4]))
def the_epoch_loss_is_the_mean_over_samples(subject: Subject, case: Case) -> float:
    """Of the losses that each batch had just before its update.

    Each is multiplied by its samples, added to the others and divided: two roundings for the
    product, one for each sum, two for the quotient.
    """
    expected = expected_epoch(subject, case)
    if not expected.losses:
        raise Vacuous
    rate, size, network = (
        case.extras["learning_rate"],
        case.extras["batch_size"],
        subject.load(case),
    )
    got = answer(lambda: network.train_epoch(rate, size), expected.losses)
    if got is None:
        raise Unsupported("train_epoch returns no loss")
    if subject.declaration.reported_loss:
        raise Unsupported("the loss that is reported is not the one that is descended")
    samples = sum(map(len, batches(subject, case)))
    roundings = (len(expected.losses) + 3) * arithmetic(subject).u
    with localcontext(DIGITS):
        mean = sum(loss.value for loss in expected.losses) / samples
        sizes = [abs(float(loss.value)) + loss.bound for loss in expected.losses]
        bound = sum(loss.bound for loss in expected.losses) + roundings * sum(sizes)
    seen = Comparison()
    seen.number("the epoch's loss", got, Expected(mean, bound / samples))
    return seen.judge()
