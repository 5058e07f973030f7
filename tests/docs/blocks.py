"""Fenced blocks and inline commands of the documentation."""

import re
from dataclasses import dataclass

from tests.conftest import ROOT

PAGES = ("README.md", "SAFETY.md", "CONTRIBUTING.md", "docs/**/*.md")
"""Where a person meets samples."""


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: Path of the page from the root.
        line: Of the fence, from 1.
        language: After the fence; "" for none.
        text: What it holds, without the indentation of a list.
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """Page and line, for messages."""
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Return the paths of all pages from the root, in order."""
    found = {path for pattern in PAGES for path in ROOT.glob(pattern)}
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def read_page(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def fenced(page: str, text: str) -> list[Block]:
    """Return the fenced blocks of a page's text, in order; an open fence is an error."""
    found, fence, start, language, lines = [], None, 0, "", []
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"(\s*)(`{3,}|~{3,})(.*)$", line)
        if fence is None:
            if mark:
                fence, start, language, lines = mark, number, mark[3].strip(), []
        elif mark and mark[2] == fence[2] and not mark[3].strip():
            found.append(Block(page, start, language, "\n".join(lines) + "\n"))
            fence = None
        else:
            lines.append(line.removeprefix(fence[1]))
    assert fence is None, f"{page}:{start}: the fence is not closed"
    return found


def inline_commands(text: str) -> list[str]:
    """Return the `precipice ...` commands that stand inside sentences, outside of fences."""
    outside = re.sub(r"^\s*(`{3,})[^\n]*\n.*?^\s*\1\s*$", "", text, flags=re.M | re.S)
    spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", outside)
    return [" ".join(span.split()) for span in spans if span.startswith("precipice ")]


def commands(block: Block) -> list[str]:
    """Return the commands of a shell block, without remarks; a line that ends in a backslash goes on."""
    joined = block.text.replace("\\\n", " ")
    bare = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in bare if line]
