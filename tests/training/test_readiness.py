"""What rehearsals show: counts, bounds, what is missing, and never "ready" without evidence.

Bounds: the rule of three's exact form, 2,995 jumps without a failure for p < 1e-3 at one-sided 95 %
(1 - 0.05**(1/n)), and Clopper and Pearson 1934's table by the beta distribution of SciPy's stats.
"""

import json
from pathlib import Path

import pytest
from scipy.stats import beta
from tests.training.season import as_real, season_logbook
from typer.testing import CliRunner

from precipice.cli.main import app
from precipice.report.readiness import readiness_page
from precipice.risk.readiness import assess_readiness, readiness_json
from precipice.risk.rehearsed import SPOKEN
from precipice.scenario.criterion import HAZARDS
from precipice.scenario.load import load_scenario
from precipice.training.logbook import Logbook, save_logbook

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASE = load_scenario(SCENARIOS / "helsetkopen.toml")
SKYDIVE = load_scenario(SCENARIOS / "skydive.toml")


def jumps(count, rehearsal="base", height=400.0, failures=0, synthetic=False):
    """Return a logbook of jumps whose heights are known, ten a day."""
    blank = dict.fromkeys(("lip_speed", "lip_speed_sd", "opening_load", "opening_load_sd"))
    blank |= dict.fromkeys(
        f"landing_{n}{s}" for n in ("latitude", "longitude", "sink", "speed") for s in ("", "_sd")
    )
    rows = []
    for k in range(count):
        low = k < failures
        rows.append(
            blank
            | {
                "file": f"/logs/{k // 10}/TRACK.CSV",
                "sha256": f"{k:064d}",
                "jump": k % 10 + 1,
                "start": k,
                "day": f"2026-{1 + k // 280 % 12:02d}-{1 + k // 10 % 28:02d}",
                "kind": "base",
                "rehearsal": rehearsal,
                "synthetic": synthetic,
                "performer": "rider",
                "opening_height": 10.0 if low else height,
                "opening_height_sd": 5.0,
                "canopy_height": height,
                "canopy_height_sd": 5.0,
                "fall_sink": 10.0,
                "fall_sink_sd": 0.1,
            }
        )
    return Logbook(rows)


def low_throw(found):
    return next(shown for shown in found.criteria if shown.hazard == "low throw")


def test_2995_without_a_failure_show_one_in_a_thousand():
    shown = low_throw(assess_readiness(BASE, jumps(2994)))
    assert (shown.word, shown.more) == ("not shown", 1)
    shown = low_throw(assess_readiness(BASE, jumps(2995)))
    assert (shown.word, shown.attempts, shown.failures) == ("shown", 2995, 0)
    assert shown.exact.high == pytest.approx(1.0 - 0.05 ** (1.0 / 2995.0))


def test_bounds_of_failures():
    shown = low_throw(assess_readiness(BASE, jumps(200, failures=3)))
    assert (shown.failures, shown.undecided, shown.word) == (3, 0, "not met")
    assert shown.exact.low == pytest.approx(beta.ppf(0.05, 3, 198))
    assert shown.exact.high == pytest.approx(beta.ppf(0.95, 4, 197))
    assert shown.bayes.high == pytest.approx(beta.ppf(0.95, 3.5, 197.5))
    assert shown.pieces[0].failed[0].endswith("TRACK.CSV#1")


def test_what_is_too_near_to_the_limit_counts_both_ways():
    # The hard deck of this scenario and the height at which the log sees the onset are 2 s of fall apart.
    deck = BASE.values()["plan.hard_deck"]
    shown = low_throw(assess_readiness(BASE, jumps(30, height=deck - 19.0)))
    assert (shown.failures, shown.undecided) == (0, 30)
    assert shown.exact.low == 0.0
    assert shown.exact.high == 1.0


def test_a_rehearsal_counts_only_for_what_it_rehearses():
    found = assess_readiness(BASE, jumps(50, rehearsal="skydive"))
    assert low_throw(found).word == "no evidence"
    assert "skydive" in low_throw(found).missing
    tabletop = assess_readiness(BASE, jumps(50, rehearsal="tabletop"))
    contact = next(shown for shown in tabletop.criteria if shown.hazard == "re-contact")
    assert contact.word == "no evidence"
    assert "says nothing about separation" in contact.missing


def test_synthetic_jumps_are_never_evidence():
    found = assess_readiness(BASE, jumps(5000, synthetic=True))
    assert (found.jumps, found.synthetic, found.ready) == (0, 5000, False)
    assert all(shown.attempts == 0 for shown in found.criteria)
    assert "SYNTHETIC" in readiness_page(found)


@pytest.mark.parametrize("count", [0, 10, 3000])
def test_never_ready_where_a_criterion_has_no_evidence(count):
    found = assess_readiness(BASE, jumps(count))
    assert not found.ready
    assert "READY: NO" in readiness_page(found)


def test_ready_when_every_criterion_is_shown():
    scenario = BASE.model_copy(
        update={"criterion": tuple(c for c in BASE.criterion if c.hazard == "low throw")}
    )
    found = assess_readiness(scenario, jumps(2995))
    assert found.ready
    assert "READY by these 1 criteria" in readiness_page(found)
    assert "never a clearance" in readiness_page(found)


def test_how_long_it_takes_at_the_present_rate():
    # 300 jumps on 30 days within 30 days: 2,695 more are 270 days of ten, in 269.5 days.
    shown = low_throw(assess_readiness(BASE, jumps(280)))
    assert shown.more == 2995 - 280
    assert shown.days == 272
    assert shown.until == pytest.approx(2715 * 4.0 / 280.0)


def test_speaks_of_every_hazard():
    assert SPOKEN.keys() == HAZARDS.keys()


def test_season_of_skydives(tmp_path):
    """Opening heights of the season are above 700 m, the hard deck of 750 m is met or too near to tell."""
    book = as_real(season_logbook("skydive", 4))
    shown = low_throw(assess_readiness(SKYDIVE, book))
    assert shown.attempts == 4
    assert shown.failures == 0
    assert shown.pieces[0].rehearsal == "skydive"
    told = readiness_json(assess_readiness(SKYDIVE, book))
    json.dumps(told, allow_nan=False)


def test_command(tmp_path):
    save_logbook(tmp_path / "a.parquet", [])
    arguments = [
        "logs",
        "readiness",
        str(SCENARIOS / "skydive.toml"),
        "--logbook",
        str(tmp_path / "a.parquet"),
    ]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert "READY: NO" in shown.stdout
    assert CliRunner().invoke(app, [*arguments, "--strict"]).exit_code == 4
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert told["ready"] is False
