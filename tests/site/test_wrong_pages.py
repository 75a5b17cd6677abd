"""A page with a wrong equation, in all the ways that anyone has thought of, is not believed."""

from __future__ import annotations

import pytest

from tests.site.chains import chains
from tests.site.latex import LatexError
from tests.site.test_derivations import LEARN, PAGES, SEEDS, differs, world

# page, what is wrong, the page's words, the wrong ones
WRONG = [
    (
        "fully-connected-layer",
        "a sum to another size",
        r"y_j &= \sum_{i=1}^{I}",
        r"y_j &= \sum_{i=1}^{J}",
    ),
    ("fully-connected-layer", "a sum from 2", r"y_j &= \sum_{i=1}^{I}", r"y_j &= \sum_{i=2}^{I}"),
    ("fully-connected-layer", "a sum from 0", r"y_j &= \sum_{i=1}^{I}", r"y_j &= \sum_{i=0}^{I-1}"),
    (
        "fully-connected-layer",
        "indices that are swapped",
        r"W_{ji}\, x_i + b_j",
        r"W_{ij}\, x_i + b_j",
    ),
    ("fully-connected-layer", "no bias", r"W_{ji}\, x_i + b_j", r"W_{ji}\, x_i"),
    ("fully-connected-layer", "a second claim", r"y &= W x + b &&", r"y &= W x + b, x = 7 y &&"),
    (
        "fully-connected-layer",
        "words behind the end",
        r"y &= W x + b &&",
        r"y &= W x + b. \odot x &&",
    ),
    (
        "fully-connected-layer",
        "an equation as a remark",
        r"y &= W x + b &&",
        r"y &= W x + b && = W x - b",
    ),
    ("fully-connected-layer", "another relation", r"y &= W x + b &&", r"y &\le W x + b &&"),
    ("fully-connected-layer", "a definition", r"y &= W x + b &&", r"y &:= W x + b &&"),
    (
        "fully-connected-layer",
        "a set as a remark",
        r"y &= W x + b &&",
        r"y &= W x + b && \in \mathbb R^{7 \times 9} &&",
    ),
    (
        "fully-connected-layer",
        "a row behind a remark",
        r"\tag{3.2}\label{eq-3-2}",
        r"\tag{3.2}\label{eq-3-2} \\ &= b W x",
    ),
    (
        "fully-connected-layer",
        "shapes of another product",
        r"J \times B \cdot B \times I",
        r"B \times I \cdot I \times J",
    ),
    (
        "fully-connected-layer",
        "shapes that do not fit",
        r"J \times B \cdot B \times I",
        r"J \times B \cdot J \times I",
    ),
    ("losses", "a shape that is turned", r"(Y - T) && B \times K", r"(Y - T) && K \times B"),
    (
        "losses",
        "limits that are swapped",
        r"\sum_{n=1}^{B} \sum_{k=1}^{K} (Y",
        r"\sum_{n=1}^{K} \sum_{k=1}^{B} (Y",
    ),
    (
        "losses",
        "a condition that is wider",
        r"-1 & \text{if } r_k < 0 \end",
        r"-1 & \text{if } r_k < 7 \end",
    ),
    (
        "losses",
        "a knee at another place",
        r"\text{if } |r_k| \le d",
        r"\text{if } |r_k| < \frac{3}{2} d",
    ),
    ("losses", "a knee of the slope", r"\text{if } r_k > d", r"\text{if } r_k > \frac{3}{2} d"),
    (
        "activations",
        "a condition that is wider",
        r"0 & \text{if } z < 0 \end",
        r"0 & \text{if } z < 5 \end",
    ),
    (
        "activations",
        "a kink at another place",
        r"1 & \text{if } z > 0 \\ 0",
        r"1 & \text{if } z > \frac{1}{8} \\ 0",
    ),
    (
        "activations",
        "a condition with two bounds",
        r"1 & \text{if } z > 0 \\ 0",
        r"1 & \text{if } z > 0 > 7 \\ 0",
    ),
    (
        "activations",
        "a condition with a comma",
        r"z & \text{if } z > 0 \\ \alpha",
        r"z & \text{if } z > 0, z < 1 \\ \alpha",
    ),
    ("backpropagation", "another layer's bias", r"a^{(l-1)} + b^{(l)}", r"a^{(l-1)} + b^{(1)}"),
    (
        "backpropagation",
        "another layer's width",
        r"\sum_{k=1}^{n_2} \frac{\partial L}{\partial z^{(2)}_k}\, \frac",
        r"\sum_{k=1}^{n_1} \frac{\partial L}{\partial z^{(2)}_k}\, \frac",
    ),
    ("backpropagation", "one layer for all", r"\odot f_l'(Z^{(l)})", r"\odot f_1'(Z^{(l)})"),
    (
        "backpropagation",
        "the second layer for all",
        r"\Delta^{(l+1)} W^{(l+1)}",
        r"\Delta^{(l+1)} W^{(2)}",
    ),
    (
        "backpropagation",
        "the last layer for all",
        r"\Delta^{(l+1)} W^{(l+1)}",
        r"\Delta^{(D)} W^{(D)}",
    ),
    (
        "backpropagation",
        "the input for all",
        r"&= \Delta^{(l)\mathsf T} A^{(l-1)}",
        r"&= \Delta^{(l)\mathsf T} A^{(0)}",
    ),
    ("backpropagation", "the layer above", r"a^{(l-1)\mathsf T} &&", r"a^{(l)\mathsf T} &&"),
    (
        "optimizers",
        "a step too many",
        r"\sum_{i=1}^{t} \mu^{t-i} g^{(i)}",
        r"\sum_{i=0}^{t} \mu^{t-i} g^{(i)}",
    ),
    ("optimizers", "a number for t", r"\frac{1 - \mu^t}{1 - \mu}", r"\frac{1 - \mu^3}{1 - \mu}"),
    (
        "optimizers",
        "more than an exponent",
        r"\frac{m'}{1 - \beta_1^t}",
        r"\frac{m'}{1 - \beta_1^{t, 5}}",
    ),
    (
        "optimizers",
        "another constant",
        r"m' &= \beta_1 m + (1 - \beta_1) g",
        r"m' &= \beta_1 m + \rho g",
    ),
    (
        "optimizers",
        "epsilon inside the root",
        r"\sqrt{\hat s} + \epsilon",
        r"\sqrt{\hat s + \epsilon}",
    ),
    (
        "batches",
        "a number for B_2",
        r"\frac{B_2}{B} \frac{\partial L_2}",
        r"\frac{1}{B} \frac{\partial L_2}",
    ),
    ("gradient-descent", "samples for batches", r"\sum_k B_k\, L_k", r"\sum_{k=1}^{N} B_k\, L_k"),
    (
        "gradient-descent",
        "a batch for all",
        r"\frac{1}{N} \sum_{n=1}^{N} \ell_n",
        r"\frac{1}{N} \sum_{n=1}^{B} \ell_n",
    ),
    ("gradient-descent", "1/B for the learning rate", r"(1 - \eta\, c)", r"(1 - \frac{c}{B})"),
    ("initialisation", "I for 2", r"\frac{I}{2} v_W\, q_x", r"\frac{I}{J} v_W\, q_x"),
    ("initialisation", "a number for I", r"I\, v_W\, q_x", r"3 v_W\, q_x"),
    (
        "xor-and-iris",
        "no activation",
        r"2 \operatorname{relu}(x_1 + x_2 - 1)",
        r"2 (x_1 + x_2 - 1)",
    ),
    (
        "xor-and-iris",
        "no activation in the first",
        r"y &= \operatorname{relu}(x_1 + x_2) -",
        r"y &= x_1 + x_2 -",
    ),
    (
        "xor-and-iris",
        "no activation of vectors",
        r"\operatorname{relu}(W^{(1)} x + b^{(1)})",
        r"(W^{(1)} x + b^{(1)})",
    ),
    (
        "is-it-right",
        "a square that is not 0",
        r"(u' v + u v') \epsilon \tag",
        r"(u' v + u v') \epsilon^3 \tag",
    ),
    ("is-it-right", "a number for alpha", r"&= \frac{1 + \alpha}{2}", r"&= \frac{5}{8}"),
]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [(page, right, wrong) for page, _, right, wrong in WRONG],
    ids=[f"{page}: {why}" for page, why, *_ in WRONG],
)
def test_a_wrong_equation_is_found(page: str, right: str, wrong: str) -> None:
    text = (LEARN / f"{page}.md").read_text()
    assert right in text
    try:
        found = list(chains(text.replace(right, wrong, 1)))
    except LatexError:
        return
    known = [chain.latex for chain in PAGES[page]]
    changed = [chain for chain in found if chain.latex not in known]
    assert changed
    assert any(differs(world(page, chain.tag, seed), chain) for chain in changed for seed in SEEDS)
