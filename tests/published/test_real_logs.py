"""Jumps that people made beside simulated ones: the logs, the documented table, and the program.

Sources: `data/logs` beside the checkout: drops after the exit and labels of GNSS tracks (repositories and
licences in docs/real-logs.md and in the folders' PROVENANCE files). What does not fit stands there; no number
of the program was changed for it.
"""

import re

import numpy as np
import pytest
from benchmarks.real_logs.flown import fly_group, scenario_texts
from benchmarks.real_logs.level_speed import circle_radius
from benchmarks.real_logs.measured import GROUPS, SECONDS, read_measured
from benchmarks.real_logs.table import BEGIN, END, verdict, written
from tests.conftest import ROOT

pytestmark = pytest.mark.published

GRAVITY = 9.80665
CLIFF, AIRCRAFT, SKYDIVE, HOP = GROUPS


@pytest.fixture(scope="module")
def measured(shared):
    return read_measured(shared)


@pytest.fixture(scope="module")
def table():
    """Cells of the documented table by its first column."""
    page = (ROOT / "docs" / "real-logs.md").read_text(encoding="utf-8")
    rows = page[page.index(BEGIN) : page.index(END)].strip().splitlines()[4:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("|")]
    return {row[0]: row[1:] for row in cells}


@pytest.fixture(scope="module")
def flown():
    """Function: the nominal run of a group's scenario."""
    known, texts = {}, scenario_texts()

    def fly(group):
        if group not in known:
            known[group] = fly_group(texts[group], None, group)
        return known[group]

    return fly


def test_rows_faster_than_a_vacuum_are_counted_and_left_out(measured):
    assert (measured.rows, measured.too_fast) == (244, 24)
    for (_, second), drop in measured.drop.items():
        # The table's drops are written to 0.1 m.
        assert drop.high <= 0.5 * GRAVITY * second**2 + 0.05
    # All but one of the 24 lie in the first three seconds: a receiver that lags.
    assert sum(measured.left_out.values()) == 24
    assert sum(count for (_, second), count in measured.left_out.items() if second > 3) == 1


def test_all_base_jumps_are_wingsuits(measured):
    assert {group: measured.drop[group, 4].count for group in GROUPS} == {
        CLIFF: 6, AIRCRAFT: 6, SKYDIVE: 7, HOP: 1,
    }  # fmt: skip


def test_the_documented_table_is_what_the_logs_say(measured, table):
    for (group, second), drop in measured.drop.items():
        cells = table[f"{group}: drop after {second} s, m"]
        assert cells[0] == str(drop.count)
        assert cells[1] == str(measured.left_out[group, second] or "")
        assert cells[2] == written(drop, 1)
    for name, digits, found in (
        ("height lost in the opening, m", 0, measured.loss),
        ("speed where it begins, m/s", 0, measured.onset),
        ("descent under the canopy, m/s", 1, measured.canopy),
        ("level airspeed under the canopy, m/s", 1, measured.level),
    ):
        for group, spread in found.items():
            assert table[f"{group}: {name}"][0] == str(spread.count)
            assert table[f"{group}: {name}"][2] == written(spread, digits)


@pytest.mark.parametrize("group", [CLIFF, SKYDIVE, HOP])
def test_drops_lie_among_the_logs(measured, flown, group):
    """Inside the measured 5-95 %, widened by what the label of the exit alone can move."""
    run = flown(group)
    for second in SECONDS:
        log = measured.drop.get((group, second))
        if log is not None:
            clock = measured.clock[group] * run.sink[second].median
            assert verdict(log, run.drop[second], clock) in ("yes", "within the clock"), second


def test_skydivers_fall_like_the_median_of_the_logs(measured, flown):
    """After 4 to 6 s nothing is left out but one row; 0.23 s of clock are 7 to 10 m, of eight jumps 4 m."""
    for second in (4, 5, 6):
        median = measured.drop[SKYDIVE, second].median
        assert flown(SKYDIVE).drop[second].median == pytest.approx(median, abs=4.0)


@pytest.mark.parametrize("group", [CLIFF, SKYDIVE])
def test_openings_lose_height_like_those_of_the_logs(measured, flown, group):
    assert verdict(measured.loss[group], flown(group).loss) == "yes"


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (CLIFF, "descent under the canopy, m/s"),
        (SKYDIVE, "descent under the canopy, m/s"),
        (SKYDIVE, "level airspeed under the canopy, m/s"),
        (HOP, "height lost in the opening, m"),
    ],
)
def test_what_does_not_fit_is_said(table, group, name):
    assert table[f"{group}: {name}"][4] == "**no**"


@pytest.mark.parametrize("group", [CLIFF, SKYDIVE, HOP])
def test_the_program_still_says_what_is_documented(table, flown, group):
    """The nominal run lies in the documented spread of the drawn ones, or a hundredth beside it."""
    run = flown(group)
    found = {f"drop after {second} s, m": run.drop[second] for second in SECONDS}
    found |= {"height lost in the opening, m": run.loss, "descent under the canopy, m/s": run.canopy}
    found |= {"level airspeed under the canopy, m/s": run.level}
    for name, spread in found.items():
        if (cells := table.get(f"{group}: {name}")) is not None:
            low, high = map(float, re.search(r"\(([\d.]+)-([\d.]+)\)", cells[3]).groups())
            assert 0.99 * low - 0.05 <= spread.median <= 1.01 * high + 0.05, name


def test_a_circle_of_velocities_gives_the_airspeed():
    """11 m/s through the air in a wind of (4, -2) m/s, three quarters of a turn."""
    angle = np.linspace(0.0, 1.5 * np.pi, 40)
    assert circle_radius(4.0 + 11.0 * np.sin(angle), -2.0 + 11.0 * np.cos(angle)) == pytest.approx(11.0)
