"""Executes the code blocks of a page, in its order, in one namespace and one folder.

    python     what it prints is what its `#> ` lines show      pycon     a doctest
    console    `$ command`, then its output, where a line `...` stands for any lines
    toml, yaml, json, text     parsed, where there is a parser

A block with a title is written to the file of that name, for the blocks that follow; only there
may it be in another language. A block with `exec` is run by the build. All else is a failure.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import yaml

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"([ ]*)(`{3,}|~{3,})(.*)")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
SHOWN = re.compile(r"^[ ]*#>[ ]?(.*)$", re.MULTILINE)
PROGRESS = re.compile(r"^\d+ of \d+ clauses( \d+ failed)?\n", re.MULTILINE)
COMMANDS = {
    "refnn": "-m refnn",
    "refnn-conform": "-m spec_tests",
    "pytest": "-m pytest -p no:cacheprovider",
    "python": "",
}


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is that of its fence, `info` is what the fence says behind it."""

    line: int
    info: str
    source: str

    @property
    def language(self) -> str:
        words = ATTRIBUTE.sub("", self.info).strip("{ }").split()
        return words[0].removeprefix(".") if words else ""

    @property
    def attributes(self) -> dict[str, str]:
        return dict(ATTRIBUTE.findall(self.info))


def find(text: str) -> Iterator[Block]:
    """The fenced blocks of a page; one that is never closed runs to its end."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if opening := FENCE.fullmatch(line):
            indent, fence, info = opening.groups()
            source = []
            for _, inner in lines:
                closing = inner.strip()
                if closing.startswith(fence) and not closing.strip(fence[0]):
                    break
                source.append(inner.removeprefix(indent))
            else:
                source = []
                info = "(never closed)"
            yield Block(number, info.strip(), "\n".join(source) + "\n")


class Page:
    """What the blocks of one page share: a namespace and a folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.module = ModuleType("page")
        self.namespace = self.module.__dict__

    def failures(self) -> list[str]:
        """What is wrong on the page, each with its file and line."""
        known, here = set(sys.modules), Path.cwd()
        sys.modules["page"] = self.module
        sys.path.insert(0, str(self.folder))
        os.chdir(self.folder)
        try:
            found = [(block, self._run(block)) for block in find(self.path.read_text())]
        finally:
            os.chdir(here)
            sys.path.remove(str(self.folder))
            for name in set(sys.modules) - known:
                if str(self.folder) in (getattr(sys.modules[name], "__file__", None) or ""):
                    del sys.modules[name]
            del sys.modules["page"]
        return [f"{self.path}:{block.line}: {what}" for block, what in found if what]

    def _run(self, block: Block) -> str | None:
        if block.attributes.get("exec") == "true":
            return None
        if "SKIP" in block.source:
            return "a block that skips a part of itself"
        title = block.attributes.get("title")
        if title:
            file = self.folder / title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.source)
            sys.modules.pop(file.stem, None)  # a module of that name was another one
        run = RUN.get(block.language)
        if run is None and not title:
            return f"a block in {block.language or 'no language'!r} is not executed"
        try:
            return run(self, block) if run else None
        except Exception:  # a page's code may raise anything: it is shown as the failure
            return traceback.format_exc(limit=-2)

    def python(self, block: Block) -> str | None:
        code = compile("\n" * block.line + block.source, str(self.path), "exec")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, self.namespace)
        return _compare(SHOWN.findall(block.source), out.getvalue().splitlines())

    def pycon(self, block: Block) -> str | None:
        test = doctest.DocTestParser().get_doctest(
            block.source, {}, self.path.name, str(self.path), block.line
        )
        if not test.examples:
            return "a pycon block without >>>"
        test.globs = self.namespace
        out = io.StringIO()
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        return out.getvalue() if runner.run(test, out=out.write, clear_globs=False).failed else None

    def console(self, block: Block) -> str | None:
        """The whole block is one shell script that prints its commands too."""
        if not block.source.startswith("$ "):
            return "a console block without $ at its start"
        python = shlex.quote(sys.executable)
        script = [f"alias {name}={shlex.quote(f'{python} {m}')}" for name, m in COMMANDS.items()]
        for command in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block.source, re.MULTILINE):
            script += ["status=$?", f"printf '%s\\n' {shlex.quote('$ ' + command)}"]
            script += ["(exit $status)", command]
        done = subprocess.run(
            ["sh"],
            input="\n".join(script),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONUTF8": "1"},
            timeout=600,
        )
        return _compare(block.source.splitlines(), PROGRESS.sub("", done.stdout).splitlines())


def _compare(shown: list[str], got: list[str]) -> str | None:
    shown, got = [line.rstrip() for line in shown], [line.rstrip() for line in got]
    pattern = "".join(map(_pattern, shown))
    if re.fullmatch(pattern, "".join(line + "\n" for line in got)):
        return None
    parts = [textwrap.indent("\n".join(lines), "    ") for lines in (shown, got)]
    return "the page shows\n{}\n  but it printed\n{}".format(*parts)


def _pattern(line: str) -> str:
    """`...` alone stands for any lines, and behind words for the rest of their line."""
    if line == "...":
        return r"(?:.*\n)*"
    return (
        re.escape(line.removesuffix("...")) + r".*\n"
        if line.endswith(" ...")
        else re.escape(line + "\n")
    )


def _parser(parse: Callable[[str], object]) -> Callable[[Page, Block], None]:
    def run(page: Page, block: Block) -> None:
        parse(block.source)

    return run


RUN: dict[str, Callable[[Page, Block], str | None]] = {
    "python": Page.python,
    "pycon": Page.pycon,
    "console": Page.console,
    "toml": _parser(tomllib.loads),
    "yaml": _parser(yaml.safe_load),
    "json": _parser(json.loads),
    "text": _parser(str),
}
