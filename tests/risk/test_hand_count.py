"""Outcomes counted by hand: what they add to logs, what they do not speak to, and what a wrong file is told.

Bounds: SciPy's exact binomial test, an independent program; Clopper and Pearson's interval for 1 of 10,
0.25 % to 44.5 %, as their chart of 1934 and every table since has it.
"""

import datetime as dt
import json
from pathlib import Path

import pytest
from scipy.stats import binomtest
from tests.training.test_readiness import BASE, SCENARIOS, jumps
from typer.testing import CliRunner

from precipice.cli.main import app
from precipice.errors import InputError
from precipice.report.readiness import readiness_page
from precipice.risk.hand_count import Count, load_hand_counts
from precipice.risk.readiness import assess_readiness, readiness_json
from precipice.risk.rehearsed import SPOKEN
from precipice.statistics import two_sided
from precipice.training.logbook import save_logbook

HEADER = "date,rehearsal,criterion,attempts,failures,counted_by,note"
TODAY = dt.date(2026, 7, 1)


def counted(criterion, attempts, failures=0, rehearsal="rig-over-boxes", date="2026-05-04", other=False):
    return Count(date, rehearsal, criterion, attempts, failures, "Ana", "", other)


def shown(criterion, counts, logbook=None):
    found = assess_readiness(BASE, jumps(0) if logbook is None else logbook, counts)
    return next(shown for shown in found.criteria if shown.hazard == criterion)


def test_bounds_of_what_is_counted_by_hand():
    contact = shown(
        "re-contact", [counted("re-contact", 12), counted("re-contact", 14, 1, date="2026-05-06")]
    )
    assert (contact.attempts, contact.failures, contact.undecided) == (26, 1, 0)
    low = binomtest(1, 26, alternative="greater").proportion_ci(0.95, "exact").low
    high = binomtest(1, 26, alternative="less").proportion_ci(0.95, "exact").high
    assert contact.exact == pytest.approx((low, high))
    # One failure in 26 is more than one in a thousand, 95 % sure: 0.2 % at least.
    assert contact.word == "not met"
    assert two_sided(1, 10, 0.95) == pytest.approx((0.0025, 0.4450), abs=5e-5)


def test_2995_counted_without_a_failure_show_one_in_a_thousand():
    days = [counted("re-contact", 599, date=f"2026-05-0{day}") for day in range(1, 6)]
    assert shown("re-contact", days).word == "shown"
    short = shown("re-contact", [*days[:4], counted("re-contact", 598)])
    assert (short.word, short.more) == ("not shown", 1)


def test_ready_says_what_rests_on_counts():
    only = BASE.model_copy(update={"criterion": tuple(c for c in BASE.criterion if c.hazard == "re-contact")})
    days = [counted("re-contact", 599, date=f"2026-05-0{day}") for day in range(1, 6)]
    page = " ".join(readiness_page(assess_readiness(only, jumps(0), days)).split())
    assert "READY by these 1 criteria" in page
    assert "1 of them by counts that no log confirms" in page


def test_a_tabletop_says_nothing_about_separation():
    contact = shown("re-contact", [counted("re-contact", 900, rehearsal="tabletop")])
    assert (contact.word, contact.attempts, contact.aside) == ("no evidence", 0, (("tabletop", 900),))
    assert "2,995 jumps of rig-over-boxes without a failure, counted by hand" in contact.missing


@pytest.mark.parametrize("criterion", ["hard opening", "hard landing", "motorcycle where people are"])
def test_what_nobody_sees_is_not_counted_by_hand(criterion):
    assert SPOKEN[criterion].watched == {}


@pytest.mark.parametrize(
    ("attempts", "failures", "other", "whole"),
    [
        (12, 1, False, (12, 1)),  # Ten are logged: two more were watched, and one failed.
        (12, 1, True, (22, 1)),
        (6, 0, False, (10, 0)),
        (10, 0, False, (10, 0)),
    ],
)
def test_a_jump_that_is_logged_and_counted_counts_once(attempts, failures, other, whole):
    count = counted("low throw", attempts, failures, "base", "2026-01-01", other)
    low = shown("low throw", [count], jumps(10))
    assert (low.attempts, low.failures) == whole
    assert [piece.how for piece in low.pieces] == ["logged", "counted by hand"]


def test_a_failure_that_both_saw_counts_once_and_one_that_the_log_missed_counts():
    book = jumps(10, failures=1)
    day = "2026-01-01"
    assert shown("low throw", [counted("low throw", 10, 1, "base", day)], book).failures == 1
    assert shown("low throw", [counted("low throw", 10, 3, "base", day)], book).failures == 3


def test_another_day_adds():
    low = shown("low throw", [counted("low throw", 7, 0, "base", "2026-03-01")], jumps(10))
    assert low.attempts == 17
    # Two days of training in sixty: 2,978 more at 8.5 a day.
    assert low.days == 351


def test_a_page_says_where_each_piece_comes_from():
    counts = [
        counted("re-contact", 14, 1)._replace(note="bar end touched the boot"),
        counted("re-contact", 20, rehearsal="tabletop"),
        counted("low throw", 12, 0, "base", "2026-01-01"),
        counted("hard landing", 3, rehearsal="base"),
    ]
    page = " ".join(readiness_page(assess_readiness(BASE, jumps(10), counts)).split())
    assert "4 outcomes counted by hand: no log confirms them" in page
    assert (
        "from rig-over-boxes, counted by Ana: 14 attempts on 2026-05-04; 1 failure: 1 on 2026-05-04 "
        "(bar end touched the boot)" in page
    )
    assert "does not count: tabletop, 20 attempts counted by hand" in page
    assert "2 further attempts on 2026-01-01; 0 further failures; 2026-01-01 is logged, too" in page
    assert "counted by hand, but no criterion: hard landing" in page
    json.dumps(readiness_json(assess_readiness(BASE, jumps(10), counts)), allow_nan=False)


def written(tmp_path, text, name="tally.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_toml_say_the_same(tmp_path):
    row = f'{HEADER},other_jumps\n2026-05-04,base,low throw,6,1,Jon,"late, low",yes\n'
    toml = """
[[outcome]]
date = 2026-05-04
rehearsal = "base"
criterion = "low throw"
attempts = 6
failures = 1
counted_by = "Jon"
note = "late, low"
other_jumps = true
"""
    told = Count("2026-05-04", "base", "low throw", 6, 1, "Jon", "late, low", True)
    assert load_hand_counts(written(tmp_path, row), TODAY) == (told,)
    assert load_hand_counts(written(tmp_path, toml, "tally.toml"), TODAY) == (told,)
    european = "\ufeff" + row.replace('"late, low"', "late").replace(",", ";")
    assert load_hand_counts(written(tmp_path, european), TODAY) == (told._replace(note="late"),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-13-04,base,low throw,6,0,Jon,", "line 2, date: must be a day, but is 2026-13-04"),
        ("2027-01-04,base,low throw,6,0,Jon,", "line 2, date: must not lie after today, 2026-07-01"),
        ("2026-05-04,ramp,low throw,6,0,Jon,", "line 2, rehearsal: must be a known rehearsal, but is ramp"),
        ("2026-05-04,base,low,6,0,Jon,", "line 2, criterion: must be a known criterion, but is low"),
        ("2026-05-04,base,low throw,0,0,Jon,", "line 2, attempts: must be a whole number from 1 to 1,000"),
        ("2026-05-04,base,low throw,6.5,0,Jon,", "line 2, attempts: must be a whole number"),
        ("2026-05-04,base,low throw,6,-1,Jon,", "line 2, failures: must be a whole number from 0"),
        ("2026-05-04,base,low throw,\u0666,0,Jon,", "line 2, attempts: must be a whole number"),
        ("2026-05-04,base,low throw,6,7,Jon,", "line 2, failures: must be at most the 6 attempts"),
        ("2026-05-04,base,low throw,6,0,,", "line 2, counted_by: must say who watched"),
        ("2026-05-04,base,low throw,6,0,Jon,a,b", "line 2: must have as many fields as the header"),
        ("2026-05-04,base", "line 2, criterion: must be a known criterion"),
        (
            "2026-05-04,base,low throw,6,0,Jon,\n2026-05-04,base,low throw,6,0,Ana,",
            "line 3: must be the day's only count of low throw, but line 2 is one, too",
        ),
    ],
)
def test_every_mistake_is_told_in_a_sentence(tmp_path, line, said):
    with pytest.raises(InputError) as told:
        load_hand_counts(written(tmp_path, f"{HEADER}\n{line}\n"), TODAY)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "line 1 must name the columns, but lacks date"),
        ("a.csv", HEADER + "\n", "must hold at least one outcome"),
        ("a.csv", HEADER.replace("note", "colour") + "\n", "has colour"),
        ("a.toml", "[[outcome", "must be TOML"),
        ("a.toml", "x = 1", "must hold [[outcome]] tables only, but holds x"),
        ("a.toml", "[[outcome]]\ncolour = 1", "outcome 1, colour: must be a known name"),
        ("a.toml", "[[outcome]]\nattempts = true", "outcome 1, attempts: must be a whole number"),
    ],
)
def test_a_file_that_is_no_tally(tmp_path, name, text, said):
    with pytest.raises(InputError) as told:
        load_hand_counts(written(tmp_path, text, name), TODAY)
    assert said in str(told.value)


def test_command(tmp_path):
    save_logbook(tmp_path / "a.parquet", [])
    tally = written(tmp_path, f"{HEADER}\n2026-05-04,rig-over-boxes,re-contact,14,0,Ana,\n")
    command = [
        "logs",
        "readiness",
        str(SCENARIOS / "helsetkopen.toml"),
        "--logbook",
        str(tmp_path / "a.parquet"),
    ]
    told = json.loads(CliRunner().invoke(app, [*command, "--outcomes", str(tally), "--json"]).stdout)
    contact = next(criterion for criterion in told["criteria"] if criterion["hazard"] == "re-contact")
    assert (contact["attempts"], contact["verdict"], contact["more_jumps"]) == (14, "not shown", 2995 - 14)
    assert contact["evidence"][0]["counted_by"] == ["Ana"]
    assert told["counted_by_hand"] == 1
    wrong = CliRunner().invoke(app, [*command, "--outcomes", str(Path(tmp_path) / "absent.csv")])
    assert isinstance(wrong.exception, InputError)
    assert "cannot be read" in str(wrong.exception)
