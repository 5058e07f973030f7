"""A reader's desk: a folder in which the samples of one page are tried, one after the other."""

import contextlib
import io
import re
import shlex
import shutil
import sqlite3
import statistics
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tomlkit
import typer
from tests.conftest import ROOT
from tests.docs.rules import CUTS, GIVEN, OTHER, PARSED, PLACED, SEASON, SHIPPED, TEMPLATE, Cut, Placed

from precipice.cli.main import app, main
from precipice.scenario.load import load_scenario

GROUP: Any = typer.main.get_command(app)
WIDTH = 100


class Told(NamedTuple):
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str


class Desk:
    """A folder with what a reader of a page has.

    Attributes:
        page: Which is tried.
        folder: Where its samples are run, and find what earlier ones wrote.
        used: Rules that were needed.
        kept: Campaigns flown for other pages, by command and files; shared by all desks.
        told: What commands of this page said.
        names: That its Python made.
        printed: By the last block of it.
    """

    def __init__(self, page: str, folder: Path, used: set, kept: dict) -> None:
        self.page = page
        self.folder = folder
        self.used = used
        self.kept = kept
        self.told: dict[str, Told] = {}
        self.printed = ""
        self.names: dict[str, object] = {"__name__": "sample"}
        (folder / "scenarios").symlink_to(ROOT / "scenarios")
        for name, kind in GIVEN.get(page, {}).items():
            self._give(folder / name, kind)

    def _give(self, path: Path, kind: str) -> None:
        if kind == SEASON:
            shutil.copytree(self._season(), path)
            return
        if kind == SHIPPED:
            shutil.copy(ROOT / "scenarios/helsetkopen.toml", path)
            return
        self._main(["new", str(path)])
        if kind == OTHER:
            text = path.read_text(encoding="utf-8")
            changed = re.sub(r'^throw = (\{ value = )?"5(.0)? s"', r'throw = \1"4.5 s"', text, flags=re.M)
            assert changed != text, "the template's throw is not 5 s"
            path.write_text(changed, encoding="utf-8")
        assert kind in (TEMPLATE, OTHER)

    def _season(self) -> Path:
        """Return a folder of four synthetic skydives."""
        if "season" not in self.kept:
            made = self.folder.parent / "made-season"
            told = self._main(
                ["logs", "synthesize", str(ROOT / "scenarios/skydive.toml"), "--jumps", "4", "-o", str(made)]
            )
            assert told.code == 0, told.err
            self.kept["season"] = made
        return self.kept["season"]

    def run(self, command: str) -> Told:
        """Run a `precipice` command of the page, or hold its options against the command's own."""
        for rule in PARSED:
            if command.startswith(rule.command):
                self.used.add(rule)
                self._look_up(command)
                return Told(0, "", "")
        if command not in self.told:
            words = shlex.split(self._cut(command))
            assert words[0] == "precipice", (
                f"{command}: what runs this? Give it a line in tests/docs/rules.py"
            )
            self.told[command] = self._share(words[1:]) if words[1] == "assess" else self._main(words[1:])
        return self.told[command]

    def _cut(self, text: str) -> str:
        """Return a sample with the numbers of its rules."""
        for rule in self.cuts(text):
            self.used.add(rule)
            text = text.replace(rule.old, rule.new)
        return text

    def cuts(self, text: str) -> list[Cut]:
        """Return the rules that change numbers of a sample."""
        return [rule for rule in CUTS if rule.page == self.page and rule.old in text]

    def _share(self, words: list[str]) -> Told:
        """Fly a campaign, or take over the same one from another page."""
        folder = words[words.index("--out") + 1] if "--out" in words else None
        scenario = self.folder / words[1]
        known = (tuple(word for word in words if word != folder), scenario.read_text(encoding="utf-8"))
        if folder is None or "--resume" in words:
            return self._main([*words, "--workers", "1"])
        if known not in self.kept:
            told = self._main([*words, "--workers", "1"])
            if told.code == 0:
                # Later samples of this page may change its folder.
                copy = self.folder.parent / f"kept-{len(self.kept)}"
                shutil.copytree(self.folder / folder, copy)
                self.kept[known] = told, copy, folder
            return told
        told, at, name = self.kept[known]
        shutil.copytree(at, self.folder / folder)
        return told._replace(err=told.err.replace(name, folder))

    def _main(self, words: list[str]) -> Told:
        """Run the command line in this process, in the folder, as on a terminal of 100 columns."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.chdir(self.folder):
            patch.setenv("COLUMNS", str(WIDTH))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    main(words)
                    code = 0
                except SystemExit as end:
                    code = end.code if isinstance(end.code, int) else 0
        assert "Traceback" not in err.getvalue()
        return Told(code, out.getvalue(), err.getvalue())

    def _look_up(self, command: str) -> None:
        """Refuse a command that could not be run: an option, target or module that is not there."""
        words = shlex.split(command)
        if words[0] == "precipice":
            parse_options(words[1:])
        elif words[0] == "make":
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
            names = [word for word in words[1:] if "=" not in word]
            assert all(re.search(rf"^{name}:", makefile, re.M) for name in names), command
        elif words[:2] == ["pip", "install"]:
            whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            for word in words[2:]:
                if word.endswith(".lock"):
                    assert (ROOT / "requirements" / word).is_file(), command
                elif "[" in word:
                    extras = word.partition("[")[2].rstrip("]").split(",")
                    assert set(extras) <= set(whole["optional-dependencies"]), command
                    assert word.startswith(f"{whole['name']}-{whole['version']}-"), command
        elif words[:2] == ["python", "-m"]:
            path = ROOT / words[2].replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), command

    def python(self, text: str) -> str:
        """Run Python as somebody would who pastes block after block, in the folder; return what it prints."""
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(self._cut(text), f"<{self.page}>", "exec"), self.names)
        return printed.getvalue()

    def load(self, text: str) -> None:
        """Put a part of a scenario into a whole one and load that; every problem is told."""
        rule = next((r for r in PLACED if r.page == self.page and text.startswith(r.starts)), None)
        if rule is not None:
            self.used.add(rule)
        whole = placed(text, rule or Placed(self.page, ""))
        for name in rule.files if rule else ():
            (self.folder / name).touch()
        path = self.folder / (rule.saved if rule else "sample.toml")
        path.write_text(tomlkit.dumps(whole), encoding="utf-8")
        load_scenario(path)

    def ask(self, question: str, logbook: str) -> list[tuple]:
        """Return the rows that answer a question in SQL to a logbook of this desk."""
        import pyarrow.parquet as pq

        rows = pq.read_table(self.folder / logbook).to_pylist()
        keys = [key for key, value in rows[0].items() if not isinstance(value, list | dict)]
        with contextlib.closing(sqlite3.connect(":memory:")) as base:
            base.create_aggregate("stddev", 1, _Deviation)  # type: ignore[arg-type]
            columns = ", ".join(f'"{key}"' for key in keys)
            base.execute(f'create table "{logbook}" ({columns})')
            marks = ", ".join("?" * len(keys))
            values = [[_plain(row[key]) for key in keys] for row in rows]
            base.executemany(f'insert into "{logbook}" values ({marks})', values)
            return base.execute(question).fetchall()


def _plain(value):
    return value if isinstance(value, int | float | str | None) else str(value)


class _Deviation:
    """Standard deviation, which SQLite lacks."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        return statistics.stdev(self.values) if len(self.values) > 1 else None


def parse_options(words: list[str]) -> None:
    """Raise an error unless the command line knows these words and options; nothing is run."""
    command, context = GROUP, GROUP.make_context("precipice", [], resilient_parsing=True)
    while hasattr(command, "commands"):
        name, words = words[0], words[1:]
        assert name in command.commands, f"no command {name}"
        command = command.commands[name]
        context = command.make_context(name, [] if hasattr(command, "commands") else words, parent=context,
                                       resilient_parsing=hasattr(command, "commands"))  # fmt: skip


def placed(text: str, rule: Placed) -> dict:
    """Return a shipped scenario with a part in it: tables are joined, lists made longer, values replaced."""
    whole = tomllib.loads((ROOT / "scenarios" / f"{rule.base}.toml").read_text(encoding="utf-8"))
    for path in rule.without:
        *tables, last = path.split(".")
        table = whole
        for name in tables:
            table = table[name]
        table.pop(last, None)
    part = tomllib.loads(text)
    for name in reversed([name for name in rule.table.split(".") if name]):
        part = {name: part}
    _join(whole, part)
    _join(whole, tomllib.loads(rule.more))
    return whole


def _join(whole: dict, part: dict) -> None:
    for key, value in part.items():
        if (
            isinstance(value, dict)
            and isinstance(whole.get(key), dict)
            and not {"value"} & {*value, *whole[key]}
        ):
            _join(whole[key], value)
        elif isinstance(value, list) and value and isinstance(value[0], dict) and key in whole:
            whole[key] = [*whole[key], *value]
        else:
            whole[key] = value
