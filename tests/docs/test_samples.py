"""Every sample of the documentation is tried: run, or held against what the program knows, by `rules.py`."""

import os
import re

import pytest
from tests.docs import rules
from tests.docs.blocks import Block, commands, fenced, inline_commands, pages, read_page
from tests.docs.desk import Desk, parse_options
from tests.docs.shown import missing

from precipice.errors import ScenarioError
from precipice.simulation.program import processor


@pytest.fixture(scope="module")
def used() -> set:
    """Rules that some sample needed."""
    return set()


@pytest.fixture(scope="module")
def kept() -> dict:
    """Campaigns that several pages show, each flown once."""
    return {}


@pytest.fixture
def desk(tmp_path, used, kept):
    return lambda page: Desk(page, tmp_path, used, kept)


def rule_of(table, block: Block):
    """Return the rule of a table that a block falls under, None without one."""
    return next((r for r in table if r.page == block.page and block.text.startswith(r.starts)), None)


def try_text(block: Block, desk: Desk, used: set) -> None:
    """Hold a text block against what a command prints, or know it as mathematics or as a file."""
    shown = rule_of(rules.SHOWN, block)
    equations = [begin for begin in rules.EQUATIONS.get(block.page, ()) if block.text.startswith(begin)]
    saved = [key for key in rules.SAVED if key[0] == block.page and block.text.startswith(key[1])]
    used.update([*equations, *saved])
    if shown is None:
        assert equations or saved, f"{block.place}: what is this text? Give it a line in tests/docs/rules.py"
        return
    used.add(shown)
    told = desk.run(shown.command)
    assert told.code == shown.code, told.err
    printed = told.err if told.code else told.out
    exact = rules.WIDE in processor() and not shown.command.startswith(rules.SAMPLED)
    lost = missing(block.text, printed, exact=exact)
    assert not lost, (
        f"{block.place}: {shown.command} does not print this line in its place:\n{lost}\n{printed}"
    )


def try_block(block: Block, before: Block | None, desk: Desk, used: set) -> None:
    if block.language == "python":
        desk.printed = desk.python(block.text)
    elif block.language == "text" and before is not None and before.language == "python":
        lost = missing(block.text, desk.printed, exact=rules.WIDE in processor())
        assert not lost, f"{block.place}: not printed: {lost}\n{desk.printed}"
    elif block.language == "toml":
        desk.load(block.text)
    elif block.language == "sh":
        for command in commands(block):
            told = desk.run(command.removeprefix(".venv/bin/"))
            assert told.code == 0, f"{block.place}: {command} ended with {told.code}: {told.err}"
    elif block.language == "text":
        try_text(block, desk, used)
    elif block.language == "sql":
        key = next(key for key in rules.ASKED if key[0] == block.page and block.text.startswith(key[1]))
        used.add(key)
        desk.ask(block.text, rules.ASKED[key])
    else:
        pytest.fail(f"{block.place}: nothing tries blocks of {block.language or 'no language'}")


@pytest.mark.parametrize("page", [page for page in pages() if fenced(page, read_page(page))])
def test_the_samples_of_a_page_work(page, desk, used):
    if page in rules.SLOW and "PRECIPICE_SLOW" not in os.environ:
        pytest.skip("compiles for half a minute: set PRECIPICE_SLOW=1")
    blocks = fenced(page, read_page(page))
    table = desk(page)
    for block in blocks:
        for key, name in rules.SAVED.items():
            if key[0] == page and block.text.startswith(key[1]):
                path = table.folder / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
    for before, block in zip([None, *blocks], blocks, strict=False):
        try_block(block, before, table, used)


@pytest.mark.parametrize("page", pages())
def test_commands_inside_sentences_exist(page):
    for command in inline_commands(read_page(page)):
        words = [word for word in re.sub(r"[\[\]]", "", command).split()[1:] if word != "..."]
        options = [word for word in words if word.startswith("-") and len(word) > 1]
        name = [word for word in words if re.fullmatch(r"[a-z]+(-[a-z]+)*", word)][:2]
        parse_options_of(name, options, f"{page}: {command}")


def parse_options_of(name, options, place):
    """Refuse options that a command of a sentence does not have."""
    from tests.docs.desk import GROUP

    command = GROUP
    for word in name:
        if hasattr(command, "commands"):
            assert word in command.commands, f"{place}: no such command"
            command = command.commands[word]
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(options) <= known | {"--help"}, place


def test_no_rule_is_left_over(used, request):
    """A rule that nothing needs would hide a sample that went away; all pages ran before, in this file."""
    if request.config.getoption("keyword") or len(request.session.items) < len(pages()):
        pytest.skip("only some pages were tried")
    listed = {*rules.PARSED, *rules.CUTS, *rules.SHOWN, *rules.PLACED, *rules.SAVED, *rules.ASKED}
    listed |= {begin for begins in rules.EQUATIONS.values() for begin in begins}
    assert not listed - used


def test_the_reader_finds_blocks_as_markdown_does():
    text = "a\n\n1. b\n\n    ```sh\n    x  # y\n\n    z\n    ```\n\n```\nq\n```\n"
    found = fenced("p", text)
    assert [(block.line, block.language, block.text) for block in found] == [
        (5, "sh", "x  # y\n\nz\n"),
        (11, "", "q\n"),
    ]
    assert commands(found[0]) == ["x", "z"]
    with pytest.raises(AssertionError, match="not closed"):
        fenced("p", "```sh\nx\n")
    assert inline_commands("`precipice fly\nA --json` and\n```sh\n`precipice no`\n```\n`x`") == [
        "precipice fly A --json"
    ]


def test_wrong_samples_are_found(desk):
    """Each thing that the tests above look for is shown to them once, wrong."""
    table = desk("docs/scenario.md")
    assert table.run("precipice check no.toml").code == 2
    with pytest.raises(AssertionError, match="what runs this"):
        table.run("curl x")
    with pytest.raises(Exception, match="No such option"):
        table.run("precipice serve --loud")
    with pytest.raises(AssertionError, match="make nonsense"):
        table.run("make nonsense")
    with pytest.raises(ScenarioError, match="wheelbse"):
        table.load('[motorcycle]\nwheelbse = "1 m"\n')
    with pytest.raises(AssertionError, match="no such command"):
        parse_options_of(["fyl"], [], "here")
    with pytest.raises(AssertionError, match="here"):
        parse_options_of(["fly"], ["--loud"], "here")
    printed = "a 1\nb 2.00\nc 3\nd 4 in 5.2 s\n"
    assert missing("a 1\n...\nc 3\nd 4 in 7 s\n", printed, exact=True) == ""
    assert missing("a 1\nc 3\n", printed, exact=True) == "c 3"
    assert missing("c 3\n...\na 1\n", printed, exact=True) == "a 1"
    assert missing("b 2.01\n", printed, exact=True) == "b 2.01"
    assert missing("b 2.01\n", printed, exact=False) == ""
    assert missing("b 2.90\n", printed, exact=False) == "b 2.90"


def test_parsing_runs_nothing(tmp_path):
    parse_options(["fly", str(tmp_path / "none.toml"), "--json"])
    with pytest.raises(AssertionError, match="no command"):
        parse_options(["flie"])
