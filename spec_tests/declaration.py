"""What an adapter declares, checked and complete: the suite reads this, never the class."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from refnn.losses import MSE, Loss
from spec_tests.adapter import METHODS, Adapter, Range
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.formulas.loss_functions import LOSSES

KNOWN = tuple(LOSSES)
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
CHOICES = {
    "weights": ("out_in", "in_out"),
    "dtype": ("float64", "float32"),
    "batch": ("full", "single", "online"),
    "last_batch": ("own size", "dropped"),
    "targets": ("distribution", "one-hot", "any"),
}
RANGES = {"inputs": 1, "hidden_layers": 0, "hidden_width": 1, "outputs": 1}


class DeclarationError(ValueError):
    """The adapter declares something that there is not."""


@dataclass(frozen=True)
class Declaration:
    """The attributes of an adapter; `methods` are those that it offers."""

    name: str
    activations: tuple[str, ...]
    output_activations: tuple[str, ...]
    uniform_activation: bool
    leaky_relu_alpha: float
    losses: tuple[Loss, ...]
    reported_loss: Loss | None
    weights: str
    bias: bool
    dtype: str
    ulps: float
    batch: str
    last_batch: str
    targets: str
    inputs: Range
    hidden_layers: Range
    hidden_width: Range
    outputs: Range
    relu_derivative_at_zero: float
    optimizers: tuple[str, ...]
    methods: frozenset[str]
    nearly: dict[str, str]
    """Methods that are missing, with one of the adapter's own that has nearly that name."""

    @property
    def several_rows(self) -> bool:
        """Whether one gradient or one step may have several rows."""
        return self.batch == "full"


def declare(adapter: type[Adapter]) -> Declaration:
    """Read the class `adapter`; DeclarationError names what is not as it should be."""
    if not (isinstance(adapter, type) and issubclass(adapter, Adapter)):
        raise DeclarationError(f"{adapter!r} is no subclass of spec_tests.Adapter")
    _refuse_typos(adapter)
    if not hasattr(adapter, "activations"):
        raise DeclarationError(f"{adapter.__name__} declares no activations, such as ('relu',)")
    methods = frozenset(name for name in METHODS if getattr(adapter, name) is not None)
    if not {"load", "predict"} <= methods:
        raise DeclarationError(f"{adapter.__name__} should have the methods load and predict")
    if "step" in methods and "parameters" not in methods:
        raise DeclarationError(f"{adapter.__name__} has step, and should have parameters too")
    names = _names(adapter, "activations", ACTIVATIONS)
    last = adapter.output_activations is not None
    for name, known in CHOICES.items():
        _choose(adapter, name, known)
    for name in ("uniform_activation", "bias"):
        if not isinstance(getattr(adapter, name), bool):
            raise _wrong(adapter, name, "True or False")
    for name in ("leaky_relu_alpha", "ulps", "relu_derivative_at_zero"):
        value = getattr(adapter, name)
        number = not isinstance(value, bool) and isinstance(value, int | float)
        if not (number and math.isfinite(value)):
            raise _wrong(adapter, name, "a number")
    if not 0 <= adapter.relu_derivative_at_zero <= 1:
        raise _wrong(adapter, "relu_derivative_at_zero", "from 0 to 1, the slopes beside 0")
    if adapter.ulps < 0:
        raise _wrong(adapter, "ulps", "a number from 0 on")
    if not isinstance(adapter.name, str | None):
        raise _wrong(adapter, "name", "a text")
    if not isinstance(adapter.reported_loss, Loss | None):
        raise _wrong(adapter, "reported_loss", "a refnn loss, such as MSE()")
    return Declaration(
        name=adapter.name or adapter.__name__,
        activations=names,
        output_activations=_names(adapter, "output_activations", ACTIVATIONS) if last else names,
        uniform_activation=adapter.uniform_activation,
        leaky_relu_alpha=adapter.leaky_relu_alpha,
        losses=_losses(adapter),
        reported_loss=adapter.reported_loss,
        weights=adapter.weights,
        bias=adapter.bias,
        dtype=adapter.dtype,
        ulps=adapter.ulps,
        batch=adapter.batch,
        last_batch=adapter.last_batch,
        targets=adapter.targets,
        inputs=_range(adapter, "inputs"),
        hidden_layers=_range(adapter, "hidden_layers"),
        hidden_width=_range(adapter, "hidden_width"),
        outputs=_range(adapter, "outputs"),
        relu_derivative_at_zero=adapter.relu_derivative_at_zero,
        optimizers=_names(adapter, "optimizers", OPTIMIZERS, empty=True),
        methods=methods,
        nearly={
            name: near
            for name in METHODS
            if name not in methods and (near := _nearly(adapter, name)) is not None
        },
    )


def _wrong(adapter: type[Adapter], name: str, should: str) -> DeclarationError:
    return DeclarationError(
        f"{adapter.__name__}.{name} is {getattr(adapter, name)!r}, should be {should}"
    )


def _refuse_typos(adapter: type[Adapter]) -> None:
    """An attribute that is nearly one that is known."""
    known = [name for name in vars(Adapter) if name[0] != "_"] + ["activations"]
    for name, value in _own(adapter):
        near = difflib.get_close_matches(name, set(known) - set(METHODS), 1, 0.85)
        if near and name not in known and not callable(value):
            raise DeclarationError(f"{adapter.__name__}.{name} is unknown: did you mean {near[0]}?")


def _own(adapter: type[Adapter]) -> list[tuple[str, object]]:
    """The public names of the class and its bases, down from Adapter."""
    owners = [owner for owner in adapter.__mro__ if issubclass(owner, Adapter)]
    return [
        pair for owner in owners[:-1] for pair in vars(owner).items() if not pair[0].startswith("_")
    ]


def _nearly(adapter: type[Adapter], method: str) -> str | None:
    """A method of a name that is nearly this one, which the adapter has not."""
    names = [name for name, value in _own(adapter) if callable(value) and name not in METHODS]
    near = difflib.get_close_matches(method, names, 1, 0.85)
    return near[0] if near else None


def _choose(adapter: type[Adapter], name: str, known: Sequence[str]) -> None:
    if getattr(adapter, name) not in known:
        raise _wrong(adapter, name, " or ".join(map(repr, known)))


def _names(
    adapter: type[Adapter], name: str, known: Collection[str], empty: bool = False
) -> tuple[str, ...]:
    value: Any = getattr(adapter, name)
    if isinstance(value, str) or not isinstance(value, Sequence) or not (value or empty):
        raise _wrong(adapter, name, f"a tuple of {' '.join(known)}")
    for item in value:
        if item not in known:
            near = difflib.get_close_matches(str(item), known, 1)
            hint = f": did you mean {near[0]!r}?" if near else f", there are {' '.join(known)}"
            raise DeclarationError(f"{adapter.__name__}.{name} has {item!r}{hint}")
    return tuple(dict.fromkeys(value))


def _losses(adapter: type[Adapter]) -> tuple[Loss, ...]:
    if adapter.losses is None:
        if not (adapter.loss is None or isinstance(adapter.loss, KNOWN)):
            raise _wrong(adapter, "loss", "a refnn loss, such as MSE()")
        return (adapter.loss or MSE(),)
    losses: Any = adapter.losses
    listed = isinstance(losses, Sequence) and len(losses) > 0
    if not (listed and all(isinstance(loss, KNOWN) for loss in losses)):
        raise _wrong(adapter, "losses", "refnn losses, such as (MSE(), Huber(1))")
    return tuple(losses)


def _range(adapter: type[Adapter], name: str) -> Range:
    value: Any = getattr(adapter, name)
    match value:
        case (int(low), int(high)) if RANGES[name] <= low <= high:
            return low, high
        case (int(low), None) if RANGES[name] <= low:
            return low, None
    raise _wrong(adapter, name, f"(least, most), from {RANGES[name]} on, most may be None")
