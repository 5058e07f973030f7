"""Whatever is in the file: a scenario, or a ScenarioError that a person can read; quickly."""

import contextlib
import time
import tomllib
import unittest.mock

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.scenario.bad_cases import GOOD

from precipice.errors import ScenarioError
from precipice.scenario.load import load_scenario, parse_scenario

LINES = GOOD.splitlines()
SLOWEST = 5.0
"""Seconds; everything takes milliseconds, but a test machine may be busy."""

scalars = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.sampled_from(["20 m/s", "-1 kg", "nan m", "1e999 s", "9**9**9 m", "3 %", "", "\x00", "[bold]"]),
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
paths = st.lists(st.integers(0, 30), min_size=1, max_size=5)


def read(text):
    began = time.perf_counter()
    lines = ["fuzz.toml: no problem, but is fine"]
    try:
        parse_scenario(text, "fuzz.toml")
    except ScenarioError as error:
        lines = [str(problem) for problem in error.problems]
    assert time.perf_counter() - began < SLOWEST
    assert lines
    assert all(
        line.startswith("fuzz.toml: ") and ", but is " in line and line.isprintable() for line in lines
    )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
@example("a." * 2000 + "b = 1")
@example("[" * 2000)
@example('"' + "\\u0000" * 50 + '" = 1')
@example('kind = ["drop"]')
@example('kind = "drop"\nsite = [[[]]]\nwind = 3\ncorrelation = [1, [2], {fields = 3}]')
@example('kind = "drop"\n' + "[[criterion]]\nhazard = 'x'\n" * 5000)
@example('kind = "skydive"\n' + "[[correlation]]\nfields = ['a', 'b']\n" * 5000)
def test_any_text(text):
    read(text)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "fuzz.toml"
    path.write_bytes(content)
    with contextlib.suppress(ScenarioError):
        load_scenario(path)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.text(max_size=30)), max_size=6), st.booleans())
def test_damaged_lines(edits, insert):
    lines = list(LINES)
    for place, text in edits:
        lines[place] = f"{text}{lines[place]}" if insert else text
    read("\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(paths, trees)
def test_any_value_anywhere(path, value):
    """Replace one node of a good scenario by anything; works on the tables, since TOML has no writer here."""
    raw = tomllib.loads(GOOD)
    node = raw
    for step in path[:-1]:
        keys = list(node) if isinstance(node, dict) else range(len(node))
        inner = node[keys[step % len(keys)]] if len(keys) else None
        if not isinstance(inner, dict | list) or not inner:
            break
        node = inner
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    node[keys[path[-1] % len(keys)]] = value
    with unittest.mock.patch.object(tomllib, "loads", return_value=raw):
        read(GOOD)
