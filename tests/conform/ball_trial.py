"""A network computed with NumPy, in one of many ways, all of which are right.

Every choice that an implementation is free to make is drawn: the order of sums, where a factor is
applied, which of several equal formulas stands for a function or its derivative. Left out are ways
that lose what the docstring of `ball` promises: -ln σ(-z) for softplus, the logarithm of a softmax
that has underflowed, (y - t) / (y (1 - y)) where that is 0/0; 1/cosh² is 0 where cosh² overflows.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import numpy as np

from spec_tests.cases.case import Case, Dense
from spec_tests.formulas.reductions import divisor

Array = Any
Pairs = list[tuple[Any, Any]]
FUSED = {
    ("sigmoid", "BinaryCrossEntropy"): "BinaryCrossEntropyWithLogits",
    ("softmax", "CrossEntropy"): "SoftmaxCrossEntropy",
}
"""A last layer and its loss that many compute as one."""
ROUGH = 2
"""By how many u elementary functions are made worse: NumPy's own error is the rest of 4."""


class Computed(NamedTuple):
    """What an adapter would hand over, in lists of floats; pulled are gradients and dx."""

    outputs: list[list[float]]
    loss: float
    gradients: Pairs
    dx: list[list[float]]
    pulled: tuple[Pairs, list[list[float]]]


class Trial:
    """One way to compute a network: what was once chosen stays so."""

    def __init__(self, rng: Random, dtype: str, alpha: float) -> None:
        self.rng = rng
        self.dtype = np.dtype(dtype).type
        self.alpha = self.dtype(alpha)
        self.one = self.dtype(1)
        self.chosen: dict[str, str] = {}
        self.noise = np.random.default_rng(rng.getrandbits(32))

    def way(self, purpose: str, **ways: Callable[[], Any]) -> Any:
        """What one of the ways computes."""
        name = self.chosen.get(purpose)
        if name is None:
            name = self.chosen[purpose] = self.rng.choice(list(ways))
        return ways[name]()

    def run(self, case: Case) -> Computed:
        with np.errstate(all="ignore"):
            return self._run(case)

    def _run(self, case: Case) -> Computed:
        x, z = [self._array(case.inputs)], []
        for layer in case.dense:
            z.append(self.affine(x[-1], layer))
            x.append(self.activate(layer.activation, z[-1]))
        n = self.dtype(divisor(case.loss, len(case.inputs), len(case.targets[0])))
        y, t = x[-1], self._array(case.targets)
        kind = type(case.loss).__name__
        fused = FUSED.get((case.activations[-1], kind))
        if fused and self.way("last layer and loss", fused=lambda: True, apart=lambda: False):
            kind, y = fused, z[-1]
        else:
            fused = None
        loss = self.reduced(self.terms(kind, case.loss, y, t), n)
        d = self.divided(kind, case.loss, y, t, n)
        gradients, dx = self.backward(case, x, z, d, n, bool(fused))
        pulled = self.backward(case, x, z, self._array(case.extras["output_gradient"]), self.one)
        for result in (x[-1], loss, dx):
            assert result.dtype == self.dtype
        return Computed(
            x[-1].tolist(), float(loss), gradients, dx.tolist(), (pulled[0], pulled[1].tolist())
        )

    def backward(
        self, case: Case, x: list[Array], z: list[Array], d: Array, n: Any, fused: bool = False
    ) -> tuple[Pairs, Array]:
        """Gradients and dx; d is ∂L/∂z of the last layer where that is `fused` with the loss."""
        gradients: Pairs = []
        for i in range(len(z) - 1, -1, -1):
            layer = case.dense[i]
            if not fused or i < len(z) - 1:
                d = self.back(layer.activation, z[i], x[i + 1], d)
            dw, db = self.matmul(d.T, x[i]), self.total(d)
            d = self.matmul(d, self._array(layer.weights))
            dw, db = self.at_the_end(dw, n), self.at_the_end(db, n)
            assert dw.dtype == db.dtype == self.dtype
            gradients.insert(0, (dw.tolist(), None if layer.bias is None else db.tolist()))
        return gradients, self.at_the_end(d, n)

    def _array(self, numbers: Any) -> Array:
        return np.array(numbers, self.dtype)

    def matmul(self, a: Array, b: Array) -> Array:
        return self.way(
            "matmul",
            blas=lambda: a @ b,
            permuted=lambda: self._in_order(a[:, :, None] * b[None, :, :], axis=1),
            pairwise=lambda: np.sum(
                np.ascontiguousarray(a[:, None, :] * b.T[None, :, :]), axis=-1, dtype=self.dtype
            ),
        )

    def affine(self, x: Array, layer: Dense) -> Array:
        w = self._array(layer.weights)
        if layer.bias is None:
            return self.matmul(x, w.T)
        b = self._array(layer.bias)
        ones = np.ones((len(x), 1), self.dtype)
        return self.way(
            "bias",
            after=lambda: self.matmul(x, w.T) + b,
            within=lambda: self.matmul(np.hstack([x, ones]), np.hstack([w, b[:, None]]).T),
        )

    def _in_order(self, terms: Array, axis: int) -> Array:
        """The sum along the axis, one term after the other, in a random order."""
        parts = list(np.moveaxis(terms, axis, 0))
        self.rng.shuffle(parts)
        result = parts[0]
        for part in parts[1:]:
            result = result + part
        return result

    def total(self, terms: Array) -> Array:
        """The sum along the first axis."""
        return self.way(
            "total",
            pairwise=lambda: np.sum(np.ascontiguousarray(terms.T), axis=-1, dtype=self.dtype),
            permuted=lambda: self._in_order(terms, axis=0),
            backwards=lambda: np.cumsum(terms[::-1], axis=0, dtype=self.dtype)[-1],
        )

    def rough(self, y: Array, least: float = 1.0) -> Array:
        """A function's result, off by a few more u of it, or of `least` where it is smaller."""
        unit = ROUGH * np.finfo(self.dtype).epsneg * np.maximum(abs(y), self.dtype(least))
        return self.way(
            "functions",
            fine=lambda: y,
            rough=lambda: y + unit * self.noise.uniform(-1, 1, y.shape).astype(self.dtype),
        )

    def sigmoid(self, z: Array) -> Array:
        return self.rough(self.plain_sigmoid(z))

    def plain_sigmoid(self, z: Array) -> Array:
        one, half = self.one, self.dtype(0.5)
        e = np.exp(-abs(z))
        return self.way(
            "sigmoid",
            stable=lambda: np.where(z >= 0, one / (one + e), e / (one + e)),
            plain=lambda: one / (one + np.exp(-z)),
            tanh=lambda: half * (one + np.tanh(z * half)),
            logarithm=lambda: np.exp(-np.logaddexp(self.dtype(0), -z)),
        )

    def tanh(self, z: Array) -> Array:
        m = np.expm1(-2 * abs(z))
        return self.way(
            "tanh",
            plain=lambda: self.rough(np.tanh(z)),
            sigmoid=lambda: 2 * self.plain_sigmoid(2 * z) - self.one,
            expm1=lambda: np.copysign(-m / (m + 2), z),
        )

    def softplus(self, z: Array) -> Array:
        return self.way(
            "softplus",
            logaddexp=lambda: self.rough(np.logaddexp(self.dtype(0), z)),
            log1p=lambda: np.maximum(z, 0) + np.log1p(np.exp(-abs(z))),
        )

    def softmax(self, z: Array) -> Array:
        e = self.rough(np.exp(z - z.max(axis=1, keepdims=True)), least=0)
        whole = self.total(e.T)[:, None]
        return self.way(
            "softmax",
            quotient=lambda: e / whole,
            reciprocal=lambda: e * (self.one / whole),
            unshifted=lambda: self._unshifted(z) if abs(z).max() < 60 else e / whole,
            logarithm=lambda: self.rough(np.exp(z - self.log_sum_exp(z)), least=0),
        )

    def _unshifted(self, z: Array) -> Array:
        e = np.exp(z)
        return e / self.total(e.T)[:, None]

    def log_sum_exp(self, z: Array) -> Array:
        top = z.max(axis=1, keepdims=True)
        powers = self.rough(np.exp(z - top), least=0)
        return top + self.rough(np.log(self.total(powers.T)[:, None]))

    def activate(self, name: str, z: Array) -> Array:
        match name:
            case "identity":
                return z
            case "relu":
                return np.maximum(z, 0)
            case "leaky_relu":
                return np.where(z > 0, z, self.alpha * z)
        return getattr(self, name)(z)

    def back(self, name: str, z: Array, a: Array, d: Array) -> Array:
        """∂L/∂z from d = ∂L/∂a."""
        if name == "softmax":
            mean = self.total((a * d).T)[:, None]
            return self.way(
                "softmax back",
                mean=lambda: a * (d - mean),
                apart=lambda: a * d - a * mean,
                jacobian=lambda: np.stack([self._jacobian(*row) for row in zip(a, d)]),
            )
        return d * self.slope(name, z, a)

    def _jacobian(self, p: Array, d: Array) -> Array:
        return self.matmul(np.diag(p) - np.outer(p, p), d[:, None])[:, 0]

    def slope(self, name: str, z: Array, a: Array) -> Array:
        one = self.one
        match name:
            case "identity":
                return np.ones_like(z)
            case "relu":
                return np.where(z > 0, one, 0 * one)
            case "leaky_relu":
                return np.where(z > 0, one, self.alpha)
            case "sigmoid":
                e = np.exp(-abs(z))
                return self.way(
                    "sigmoid slope",
                    product=lambda: a * (one - a),
                    apart=lambda: a - a * a,
                    tails=lambda: self.sigmoid(z) * self.sigmoid(-z),
                    powers=lambda: e / (one + e) ** 2,
                )
            case "tanh":
                cosh = self.rough(np.cosh(z))
                return self.way(
                    "tanh slope",
                    square=lambda: one - a * a,
                    product=lambda: (one - a) * (one + a),
                    cosh=lambda: np.where(np.isfinite(cosh * cosh), one / (cosh * cosh), 0 * one),
                    tails=lambda: 4 * self.sigmoid(2 * z) * self.sigmoid(-2 * z),
                )
        return self.way(
            "softplus slope",
            sigmoid=lambda: self.sigmoid(z),
            output=lambda: self.rough(-np.expm1(-a)),
            difference=lambda: one - np.exp(-a),
        )

    def terms(self, kind: str, loss: Any, y: Array, t: Array) -> Array:
        """ℓ of every output."""
        one, r = self.one, y - t
        match kind:
            case "SquaredError":
                factor = self.dtype(loss.factor)
                return self.way(
                    kind,
                    square=lambda: factor * (r * r),
                    root=lambda: r * (factor * r),
                    root_first=lambda: (factor * r) * r,
                )
            case "AbsoluteError":
                return abs(r)
            case "Huber":
                delta, half = self.dtype(loss.delta), self.dtype(0.5)
                g, size = np.clip(r, -delta, delta), abs(r)
                low = np.minimum(size, delta)
                return self.way(
                    kind,
                    cases=lambda: np.where(
                        size <= delta, half * r * r, delta * (size - half * delta)
                    ),
                    slope=lambda: g * (r - half * g),
                    parts=lambda: half * low * low + delta * (size - low),
                )
            case "BinaryCrossEntropy":
                log = self.rough(np.log(y))
                return self.way(
                    kind,
                    log=lambda: _times(-t, log) + _times(t - one, self.rough(np.log(one - y))),
                    log1p=lambda: -(_times(t, log) + _times(one - t, self.rough(np.log1p(-y)))),
                )
            case "BinaryCrossEntropyWithLogits":
                return self.way(
                    kind,
                    tails=lambda: t * self.softplus(-y) + (one - t) * self.softplus(y),
                    single=lambda: np.maximum(y, 0) - y * t + np.log1p(np.exp(-abs(y))),
                )
            case "CrossEntropy":
                return self.way(
                    kind,
                    log=lambda: _times(-t, self.rough(np.log(y))),
                    minus=lambda: -_times(t, self.rough(np.log(y))),
                )
        top = y.max(axis=1, keepdims=True)
        whole = np.log(self.total(np.exp(y - top).T)[:, None])
        return self.way(
            kind,
            whole=lambda: t * (self.log_sum_exp(y) - y),
            shifted=lambda: -t * ((y - top) - whole),
            apart=lambda: t * self.log_sum_exp(y) - t * y,
        )

    def reduced(self, terms: Array, n: Any) -> Any:
        """Σ ℓ / n."""
        return self.way(
            "mean of the loss",
            end=lambda: self.total(terms.reshape(-1)) / n,
            times=lambda: self.total(terms.reshape(-1)) * (self.one / n),
            first=lambda: self.total((terms / n).reshape(-1)),
            rows=lambda: self.total(self.total(terms.T) / n),
        )

    def divided(self, kind: str, loss: Any, y: Array, t: Array, n: Any) -> Array:
        """∂L/∂y of every output, but for its 1/n where that is applied at the end."""
        if kind == "SquaredError":
            factor, r = self.dtype(loss.factor), y - t
            return self.way(
                "mean",
                first=lambda: 2 * factor * r / n,
                constant=lambda: r * (2 * factor / n),
                between=lambda: r / n * (2 * factor),
                end=lambda: 2 * factor * r,
            )
        slope = self.loss_slope(kind, loss, y, t)
        return self.way(
            "mean",
            first=lambda: slope / n,
            constant=lambda: slope * (self.one / n),
            between=lambda: slope / n,
            end=lambda: slope,
        )

    def at_the_end(self, number: Array, n: Any) -> Array:
        return number / n if self.chosen["mean"] == "end" else number

    def loss_slope(self, kind: str, loss: Any, y: Array, t: Array) -> Array:
        one = self.one
        match kind:
            case "AbsoluteError":
                return np.sign(y - t)
            case "Huber":
                delta = self.dtype(loss.delta)
                return np.clip(y - t, -delta, delta)
            case "BinaryCrossEntropy":
                apart = _over(one - t, one - y) - _over(t, y)
                inside = (y > 0) & (y < 1)
                return self.way(
                    "slope of " + kind,
                    apart=lambda: apart,
                    single=lambda: np.where(inside, (y - t) / (y * (one - y)), apart),
                )
            case "BinaryCrossEntropyWithLogits":
                return self.way(
                    "slope of " + kind,
                    difference=lambda: self.sigmoid(y) - t,
                    tails=lambda: (one - t) * self.sigmoid(y) - t * self.sigmoid(-y),
                )
            case "CrossEntropy":
                return self.way(
                    "slope of " + kind, minus=lambda: -_over(t, y), other=lambda: _over(-t, y)
                )
        p, targets = self.softmax(y), self.total(t.T)[:, None]
        return self.way(
            "slope of " + kind,
            difference=lambda: p * targets - t,
            parts=lambda: p * (targets - t) - t * (one - p),
        )


def _times(weight: Array, logarithm: Array) -> Array:
    """Nothing of no weight is counted, not even an infinite logarithm."""
    return np.where(weight == 0, weight, weight * logarithm)


def _over(weight: Array, p: Array) -> Array:
    return np.where(weight == 0, weight, weight / p)
