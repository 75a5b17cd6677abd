r"""Markdown extension: maths as MathML, written at build, so that no page needs a script for it.

LaTeX that cannot be converted fails the build. `\label{eq-x}` becomes an anchor, so links to
equations are checked as all links are.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from math_core import LatexToMathML

LABEL = re.compile(r"\\label\{([^}]*)\}")
AFTER_INLINE_BEFORE_CONTENTS = 6
NAMED = re.compile(r"&(?!lt;|gt;|amp;)\w+;")
"""Characters by a name that HTML knows and XML does not."""
PRIMES = ("′", "″", "‴")
CLOSING = re.compile(r"[.,;:)?!]+")


class _Maths(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        convert = LatexToMathML(annotation=False, fancy_error=False).convert_with_local_state
        for element in root.iter():
            if element.get("class") != "arithmatex" or not element.text:
                continue
            text = html.unescape(element.text.strip())
            latex, is_block = text[2:-2].strip(), text.startswith(r"\[")
            mathml = with_level_primes(convert(LABEL.sub("", latex), displaystyle=is_block))
            mathml = self.md.htmlStash.store(mathml)
            labels = [etree.SubElement(element, "span", id=id) for id in LABEL.findall(latex)]
            element.text = "" if labels else mathml
            if labels:
                labels[-1].tail = mathml
        for parent in root.iter():
            keep_punctuation(parent)


def keep_punctuation(parent: etree.Element) -> None:
    """Moves what touches a formula in a line into its span: a line may break beside a formula."""
    before = None
    for child in parent:
        if child.tag == "span" and child.get("class") == "arithmatex":
            words = parent.text if before is None else before.tail
            if words and words.endswith("("):
                child.text = f"({child.text}"
                if before is None:
                    parent.text = words[:-1]
                else:
                    before.tail = words[:-1]
            if closing := CLOSING.match(child.tail or ""):
                child.text = f"{child.text}{closing[0]}"
                child.tail = child.tail[closing.end() :]
        before = child


def with_level_primes(mathml: str) -> str:
    """Primes not as superscripts: the font's are raised already, and would become tiny."""
    root = etree.fromstring(NAMED.sub(lambda found: html.unescape(found[0]), mathml))
    for element in list(root.iter()):
        if element.tag in ("msup", "msubsup") and element[-1].text in PRIMES:
            prime = element[-1]
            if element.tag == "msubsup":
                base = etree.Element("mrow")
                base.extend([element[0], prime])
                element[:] = [base, element[1]]
                element.tag = "msub"
            else:
                element.tag = "mrow"
    return etree.tostring(root, encoding="unicode")


class _Extension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Maths(md), "maths", AFTER_INLINE_BEFORE_CONTENTS)


def makeExtension(**options: Any) -> Extension:  # the name that Markdown asks for
    return _Extension(**options)
