"""Every code block of the site and of the README runs and prints what the page shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from markdown import Markdown

from tests.site.blocks import ROOT, Page, find

PAGES = [*sorted((ROOT / "docs/pages").rglob("*.md")), ROOT / "README.md"]
# This page runs a program in another language, which a machine may not have; CI has it.
NEEDS = {ROOT / "docs/pages/howto/any-language.md": "node"}
MARKDOWN = ["admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables"]
MARKDOWN += ["pymdownx.details", "pymdownx.superfences", "pymdownx.arithmatex"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_blocks_of_a_page_do_what_it_shows(path: Path, tmp_path: Path) -> None:
    if path in NEEDS and not shutil.which(NEEDS[path]):
        pytest.skip(f"{NEEDS[path]} is not installed")
    failures = Page(path, tmp_path).failures()
    assert not failures, "\n\n".join(failures)


@pytest.mark.parametrize("path", PAGES[:-1], ids=name)
def test_all_that_a_page_shows_as_code_is_one_of_its_blocks(path: Path) -> None:
    """What Markdown indents, or reads in another way than `find`, would be executed by nobody."""
    assert shown_as_code(path.read_text()) == len(list(find(path.read_text())))


def shown_as_code(text: str) -> int:
    """How many blocks of code there are for Markdown, which does not know the build's own."""
    for block in find(text):
        if block.attributes.get("exec") == "true":
            text = text.replace(f"{block.info}\n", "python\n")
    return Markdown(extensions=MARKDOWN).convert(text).count("<pre")


RIGHT = """
# A page

```python
x = [1, 2]
print(sum(x))
#> 3
print("two\\nlines")
#> two
#> lines
```

!!! note

    ```pycon
    >>> x
    [1, 2]
    >>> y = x * 2
    ```

```{.python .live}
print(len(y))  # in the same namespace
#> 4
```

```{.python title="half.py"}
def half(number):
    return number / 2
```

```python
from half import half as from_the_file

print(from_the_file(4))
#> 2.0
```

```console
$ python -c "from half import half; print(half(3), 0, sep='\\n')"
1.5
...
$ refnn run nothing
...
$ echo $?
2
```

```python exec="true"
this is run by the build
```

````text
```rust
nothing to run here
```
````

```json
{"a": 1}
```
"""

PLANTED = {
    "a wrong number": ("#> 3\n", "#> 4\n"),
    "a line that is not shown": ("#> lines\n", ""),
    "a line that is not printed": ("#> 4\n", "#> 4\n#> 5\n"),
    "a wrong doctest": ("[1, 2]\n    >>>", "[1, 3]\n    >>>"),
    "a doctest without a prompt": (">>> x\n    [1, 2]\n    >>> y", "y"),
    "a live cell that breaks": ("len(y)", "len(z)"),
    "a wrong file": ("number / 2", "number * 2"),
    "a wrong output": ("1.5", "1.6"),
    "a wrong word before the rest": ("refnn run nothing\n...", "refnn run nothing\nno such ..."),
    "a command without its output": ("1.5\n...\n", ""),
    "a command that there is not": ("python -c", "piton -c"),
    "a wrong exit code": ("\n2\n", "\n0\n"),
    "a console without a command": ("$ python -c", "python -c"),
    "an unknown language": ("```pycon", "```pythn"),
    "a block for the build that the build does not run": ('exec="true"', 'exec="false"'),
    "a doctest that is skipped": (">>> x\n", ">>> x  # doctest: +SKIP\n"),
    "an unknown class": ("{.python .live}", "{.live .python}"),
    "no language": ("```python\nx", "```\nx"),
    "a file that is no file": (' title="half.py"', ""),
    "a block that is never closed": ('"a": 1}\n```', '"a": 1}\n'),
    "wrong JSON": ('"a": 1', '"a" = 1'),
    "a syntax error": ("sum(x)", "sum(x"),
}


def failures_of(text: str, folder: Path) -> list[str]:
    path = folder / "page.md"
    path.write_text(text)
    return Page(path, folder).failures()


def test_the_blocks_of_a_right_page_pass(tmp_path: Path) -> None:
    assert failures_of(RIGHT, tmp_path) == []
    assert shown_as_code(RIGHT) == len(list(find(RIGHT))) == 9


@pytest.mark.parametrize("planted", PLANTED)
def test_an_error_planted_in_the_blocks_is_named_with_its_line(
    planted: str, tmp_path: Path
) -> None:
    right, wrong = PLANTED[planted]
    assert RIGHT.count(right) == 1
    failures = failures_of(RIGHT.replace(right, wrong), tmp_path)
    assert failures
    lines = {block.line for block in find(RIGHT.replace(right, wrong))}
    for failure in failures:
        assert failure.startswith(f"{tmp_path / 'page.md'}:")
        assert int(failure.split(":")[1]) in lines


def test_indented_code_is_none_of_the_blocks() -> None:
    text = RIGHT + "\nSo:\n\n    print(1)\n"
    assert shown_as_code(text) == len(list(find(text))) + 1
