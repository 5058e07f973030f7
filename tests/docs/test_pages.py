"""What the pages say beside their samples: names, numbers of the shipped scenario, pictures, words."""

import io
import re

import numpy as np
import pytest
from benchmarks.pictures.book import DOCS, PICTURES, captions, draw_picture
from benchmarks.pictures.flights import Flights
from benchmarks.pictures.landing import land
from benchmarks.pictures.printed import PRINTED, print_picture
from PIL import Image
from tests.docs.blocks import fenced, pages, read_page

import precipice
from precipice.phases.sequence import OUTCOMES
from precipice.scenario.criterion import HAZARDS
from precipice.units import DIMENSIONS

PHASES = [page for page in pages() if page.startswith("docs/phases/") and not page.endswith("index.md")]
WANTED = ("Equations", "Parameters", "Valid for, and what is left out", "Sources", "What the tests show")
MADE_ELSEWHERE = {"real_logs"}
"""By `python -m benchmarks.real_logs`, from recorded logs, held by tests/published/test_real_logs.py."""
LARGEST = 80_000
"""Bytes of a picture of a phase."""


@pytest.fixture(scope="module")
def flights() -> Flights:
    return Flights()


@pytest.fixture(scope="module")
def drawn(flights):
    """File and caption of every picture, as the program draws them now."""
    return {name: draw_picture(name, flights) for name in PICTURES}


# ------------------------------------------------------------------ pages of phases


@pytest.mark.parametrize("page", PHASES)
def test_a_page_of_a_phase_is_whole(page):
    text = read_page(page)
    headings = re.findall(r"^## (.*)$", text, re.M)
    for wanted in (
        "Equations",
        "Parameters",
        "Valid for, and what is left out",
        "Sources",
        "What the tests show",
    ):
        assert wanted in headings
    assert [name for name, picture in PICTURES.items() if f"docs/{picture.page}" == page]
    named = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert named
    assert all((DOCS.parent / path).is_file() for path in named)


def _numbers(value) -> set[float]:
    """Return all numbers inside plain data."""
    if isinstance(value, dict):
        return set().union(*map(_numbers, value.values()), set())
    if isinstance(value, list | tuple):
        return set().union(*map(_numbers, value), set())
    return {float(value)} if isinstance(value, int | float) and not isinstance(value, bool) else set()


def _unnumbered(path: str) -> str:
    """Return a dotted path without the numbers of lists."""
    return re.sub(r"[.]\d+", "", path)


def _wrong_parameters(text: str, quantities) -> list[str]:
    """Return rows of a page whose field is not in the scenario, or has none of the row's numbers."""
    wrong = []
    for fields, shipped in re.findall(r"^\| (`[\w.]+`[^|]*) \| ([^|]*) \| [^|]* \|$", text, re.M):
        before = ""
        told = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", shipped)]
        for name in re.findall(r"`([\w.]+)`", fields):
            before = name.rpartition(".")[0] or before
            path = name if "." in name else f"{before}.{name}"
            found = {key: q for key, q in quantities.items() if f"{_unnumbered(key)}.".startswith(f"{path}.")}
            scales = {f for q in found.values() for f in DIMENSIONS[q.dimension].units.values()}
            held = set().union(*(_numbers(q.model_dump()) for q in found.values()))
            near = any(
                abs(n * f - abs(v)) <= 0.006 * abs(v) + 1e-12 for n in told for f in scales for v in held
            )
            if not found or (told and not near):
                wrong.append(f"{path}: {shipped}")
    return wrong


@pytest.mark.parametrize("page", PHASES)
def test_shipped_values_are_those_of_the_scenario(page, scenario):
    assert _wrong_parameters(read_page(page), scenario.quantities()) == []


def test_a_wrong_parameter_is_found(scenario):
    right = "| `ramp.straight` | 8 m | assumed |\n"
    wrong = "| `ramp.straight` | 4 m | assumed |\n| `ramp.straihgt` | 8 m | assumed |\n"
    assert len(_wrong_parameters(right + wrong, scenario.quantities())) == 2


def test_touchdowns_by_flare_height_are_flown(flights):
    text = read_page("docs/phases/landing.md")
    rows = re.findall(r"^\| ([\d.]+) m \| ([\d.]+) m/s \| ([\d.]+) m/s \|", text, re.M)
    assert len(rows) == 6
    for height, sink, forward in rows:
        touch = land(flights, float(height))
        assert [f"{touch.sink:.1f}", f"{touch.forward:.1f}"] == [sink, forward], height


# ------------------------------------------------------------------ pictures


def test_every_picture_is_shown_and_made_by_a_command():
    shown = {name for page in pages() for name in re.findall(r"pictures/([\w-]+)\.png", read_page(page))}
    assert shown == {path.stem for path in (DOCS / "pictures").iterdir()}
    assert shown == {*PICTURES, *PRINTED, *MADE_ELSEWHERE}
    assert all((DOCS / "pictures" / f"{name}.png").stat().st_size < LARGEST for name in PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_what_stands_beside_a_picture_is_what_it_shows(name, drawn):
    assert captions(name, read_page(f"docs/{PICTURES[name].page}")) == [drawn[name][1]]


def _apart(first: bytes, second: bytes) -> float:
    """Return the share of pixels that differ by more than a shade."""
    left, right = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), int) for data in (first, second))
    assert left.shape == right.shape
    return float(np.mean(np.abs(left - right).max(axis=-1) > 40))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_the_program_draws(name, drawn):
    """The same bytes on one machine; on another, letters and curves may lie a pixel aside."""
    kept = (DOCS / "pictures" / f"{name}.png").read_bytes()
    assert _apart(kept, drawn[name][0]) < 0.01


@pytest.mark.parametrize("name", PRINTED)
def test_a_picture_of_a_command_is_what_it_draws(name):
    if name.startswith("film"):
        pytest.importorskip("raylib", reason="nobody builds the software renderer for this system")
    assert _apart((DOCS / "pictures" / f"{name}.png").read_bytes(), print_picture(name)) < 0.01


def test_other_pictures_are_told_apart():
    first, second = ((DOCS / "pictures" / f"{name}.png").read_bytes() for name in ("run-up", "flight"))
    blank = io.BytesIO()
    Image.new("RGB", Image.open(io.BytesIO(first)).size, "white").save(blank, format="PNG")
    assert _apart(first, blank.getvalue()) > 0.03
    assert _apart(first, first) == 0.0
    with pytest.raises(AssertionError):
        _apart(first, second)


# ------------------------------------------------------------------ names and words


def test_every_public_name_is_explained_and_used():
    text = read_page("docs/api.md")
    explained = re.findall(r"^::: precipice\.[\w.]+\.(\w+)$", text, re.M)
    assert sorted(explained) == sorted(precipice.__all__)
    samples = "".join(block.text for block in fenced("docs/api.md", text) if block.language == "python")
    assert [name for name in precipice.__all__ if not re.search(rf"precipice\.{name}\b", samples)] == [
        "Scenario"
    ]
    assert type(precipice.load_scenario(DOCS.parent / "scenarios" / "high_fall.toml")) is precipice.Scenario


@pytest.mark.parametrize("name", precipice.__all__)
def test_public_names_say_what_they_take_and_give(name):
    """Google style, as CONTRIBUTING.md asks: what functions take, give and raise; what data holds."""
    found = getattr(precipice, name)
    text = found.__doc__ or ""
    if isinstance(found, type):
        assert "Attributes:" in text or name == "Scenario"
    else:
        assert all(f"{part}:" in text for part in ("Args", "Raises"))
        assert "Returns:" in text or text.startswith("Return ")


def test_outcomes_and_hazards_have_their_rows():
    start, assess = read_page("docs/start.md"), read_page("docs/assess.md")
    table = start[start.index("### Outcomes") : start.index("### Events")]
    told = re.findall(r"`([\w-]+)`", table)
    whole = {f"struck-rock{name}" if name.startswith("-") else name for name in told}
    assert whole == set(OUTCOMES)
    table = assess[assess.index("## Hazards") : assess.index("## Folders")]
    assert re.findall(r"^\| ([\w -]+?) \| (?!happens)(?!-)", table, re.M) == list(HAZARDS)


def _glossary() -> list[tuple[list[str], str]]:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|([^|]*)\|$", read_page("docs/glossary.md"), re.M)
    return [(word.split(", "), other.strip()) for word, other in rows if word not in ("word", "---")]


def test_a_word_has_one_meaning():
    words = [word for entry, _ in _glossary() for word in entry]
    assert len(words) == len(set(words))


def test_avoided_words_are_no_words_of_ours():
    """But those that another word is held apart from: a deployment is no inflation."""
    words = {word for entry, _ in _glossary() for word in entry}
    avoided = {word for _, other in _glossary() for word in other.split(", ") if word}
    assert avoided & words == {"deployment"}


def test_the_project_s_words_are_in_the_glossary(shared):
    """The word list of the house, which lies beside the checkout."""
    text = (shared / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("## Words, one meaning each") :]
    rows = re.findall(r"^\| ([^|]+) \|", table[: table.index("Verbs:")], re.M)
    wanted = {word for row in rows if row not in ("word", "---") for word in row.split("; ")}
    assert wanted <= {word for entry, _ in _glossary() for word in entry}


CLI_WORDS = (
    "station", "speed gate", "hard deck", "nominal run", "extent", "load", "margin", "unresolved",
    "verdict", "bounds", "chance over guesses", "flips on", "driver", "severity", "shard", "seed", "basis",
    "spread", "logbook", "readiness", "rider card", "keep-out", "doubts", "synthetic", "unstable",
    "never clear", "alternate", "pattern", "W20",
)  # fmt: skip
"""Words that a person meets in what the commands print, read off their pages."""


def test_words_of_the_commands_are_in_the_glossary():
    words = {word for entry, _ in _glossary() for word in entry}
    assert [word for word in CLI_WORDS if word not in words] == []
