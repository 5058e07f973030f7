"""Calibration finds known means and spreads again, says how sure it is, and names its evidence.

Truth: seasons of numbers drawn from a known hierarchical model; seasons of logs of flown runs whose fields
are drawn from known spreads. Tolerances: binomial, from the number of seasons. Exact cases: Student's t for
a mean and chi-squared for a spread within one day (Gelman et al. 2013, section 3.2).
"""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.check_calibration import DESIGNS, coverage
from benchmarks.seasons_through_logs import TRUTH, holds, rehearsal
from scipy.stats import binom, chi2, t
from tests.training.season import as_real, season_logbook

import precipice
from precipice.campaign.draws import draw
from precipice.errors import InputError
from precipice.report.calibration import calibration_page
from precipice.report.calibration_picture import save_calibration_picture
from precipice.scenario.load import load_scenario, parse_scenario
from precipice.training import counterpart
from precipice.training.calibrate import calibrate, calibration_json, evidence_of, same_wind
from precipice.training.counterpart import DOUBT, Reading, learn_reading, read_back
from precipice.training.foreign import why_foreign
from precipice.training.hierarchy import learn
from precipice.training.informed import INFORMED, suited
from precipice.training.logbook import Logbook
from precipice.training.sensor import MotionSensor, Receiver
from precipice.training.write_scenario import calibrated_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RAMP = SCENARIOS / "ramp_jump.toml"


def test_one_day_without_errors_of_measurement_is_the_textbook():
    values = np.random.default_rng(5).normal(18.0, 0.6, 25)
    found = learn(values, np.zeros(25), np.zeros(25))
    mean, deviation = values.mean(), values.std(ddof=1)
    assert found.day is None
    assert found.mean.middle == pytest.approx(mean, abs=1e-3)
    reach = t.ppf(0.975, 24) * deviation / 5.0
    assert found.mean.interval == pytest.approx((mean - reach, mean + reach), abs=0.01)
    # The interval of highest density is the shortest one that holds 95 %.
    tails = np.linspace(0.0001, 0.0499, 2000)
    lows, highs = (deviation * (24.0 / chi2.ppf(level, 24)) ** 0.5 for level in (tails + 0.95, tails))
    best = int(np.argmin(highs - lows))
    # One step of the grid of spreads is 6 %.
    assert found.jump.interval == pytest.approx((lows[best], highs[best]), rel=0.06)


def test_known_errors_of_measurement_are_taken_out():
    generator = np.random.default_rng(6)
    errors = np.full(400, 0.4)
    values = 5.0 + 0.3 * generator.standard_normal(400) + errors * generator.standard_normal(400)
    found = learn(values, errors, np.zeros(400))
    assert found.jump.interval.low < 0.3 < found.jump.interval.high
    assert found.jump.interval.high < 0.4


@pytest.mark.parametrize("design", list(DESIGNS))
def test_intervals_hold_the_truth_as_often_as_they_say(design):
    """Of 25 seasons; 100 and more offline. Fewer than this happens once in a thousand tests."""
    least = binom.ppf(0.001, 25, 0.95) / 25.0
    assert np.all(coverage(DESIGNS[design], 25) >= least)


def test_errors_that_are_stated_wrong_are_allowed_for():
    """Errors as large as the spread, stated wrong by a tenth: 80 seasons of 60 jumps, intervals of 95 %."""
    held = 0
    for seed in range(80):
        generator = np.random.default_rng([9, seed])
        stated = np.full(60, 0.25 * np.exp(0.1 * generator.standard_normal()))
        values = 0.25 * generator.standard_normal(60) + 0.25 * generator.standard_normal(60)
        low, high = learn(values, stated, np.arange(60) // 12, doubt=0.1).jump.interval
        held += low <= 0.25 <= high
    assert held >= binom.ppf(0.001, 80, 0.95)
    sure, doubted = (learn(values, stated, np.zeros(60), doubt=doubt).jump.interval for doubt in (0.0, 0.1))
    assert doubted.high - doubted.low > sure.high - sure.low


@pytest.mark.parametrize(("by_day", "aloft"), [(0.03, 0.11), (0.03, 0.0), (0.1, 0.0)])
def test_an_error_that_a_day_shares_is_no_spread_between_days(by_day, aloft):
    """40 seasons of 10 days, an error of 0.11 allowed for, whether it is there or not: intervals of 95 %."""
    held, plain = np.zeros(3), 0
    for seed in range(40):
        generator = np.random.default_rng([11, seed])
        days = np.repeat(np.arange(10), 4)
        shared = by_day * generator.standard_normal(10) + aloft * generator.standard_normal(10)
        values = shared[days] + 0.05 * generator.standard_normal(40)
        found = learn(values, np.full(40, 1e-3), days, daily=0.11)
        held += [
            level.interval.low <= true <= level.interval.high
            for level, true in ((found.mean, 0.0), (found.jump, 0.05), (found.day, by_day))
        ]
        interval = learn(values, np.full(40, 1e-3), days).day.interval
        plain += interval.low <= by_day <= interval.high
    assert np.all(held >= binom.ppf(0.001, 40, 0.95))
    assert (plain < 20) == (aloft > 0.0)


def test_spreads_add_up_to_the_next_jump():
    generator = np.random.default_rng(8)
    days = np.repeat(np.arange(40), 10)
    values = 2.0 * generator.standard_normal(40)[days] + generator.standard_normal(400)
    found = learn(values, np.zeros(400), days)
    # Variance of a new jump on a new day, 4 + 1, and of the mean, 4 / 40; 40 days tell a spread to 11 %.
    assert found.scale == pytest.approx((5.0 + 0.1) ** 0.5, rel=0.25)


def test_too_few_jumps_are_refused():
    with pytest.raises(InputError, match="must be 3 or more, but are 2"):
        learn(np.array([1.0, 2.0]), np.zeros(2), np.zeros(2))


def linear_reading():
    """Return a reading of five numbers that are known combinations of the fields."""
    item = suited(INFORMED[1], load_scenario(SCENARIOS / "skydive.toml").values())
    assert [field.path.split(".")[1] for field in item.fields] == [
        "throw", "drag_area", "fill_constant", "lift_full", "drag_full"
    ]  # fmt: skip
    slope = np.eye(5)
    slope[0, :3], slope[2, 2] = (50.0, 1.0, 1.0), 0.5
    return Reading(
        item.fields, item.numbers, np.zeros(5), np.array([50.0, -5.0, 4.5, -2.0, -3.0]), slope,
        np.diag([0.2, 0.01, 0.05, 0.02, 0.02]) ** 2, np.diag([0.0, 0.03, 0.0, 0.0, 0.0]) ** 2,
        -np.ones(5), np.ones(5), False,
    )  # fmt: skip


FIELDS = np.array([0.02, -0.05, 0.3, 0.05, -0.04])


def test_reading_is_inverted():
    reading = linear_reading()
    found, errors, shared = reading.invert(reading.base + reading.slope @ FIELDS)
    assert found == pytest.approx(FIELDS, abs=1e-3)
    assert errors[2] == pytest.approx(0.1, rel=1e-2)
    assert shared[1] == pytest.approx(0.03, rel=1e-2)


def test_what_a_jump_does_not_show_spoils_nothing_else():
    reading = linear_reading()
    measured = reading.base + reading.slope @ FIELDS
    measured[3:] = np.nan
    found, _, _ = reading.invert(measured)
    assert found[:3] == pytest.approx(FIELDS[:3], abs=1e-3)
    assert np.isnan(found[3:]).all()
    assert np.isnan(reading.invert(np.full(5, np.nan))[0]).all()


def test_what_no_trial_shows_is_the_same_in_every_jump():
    reading = linear_reading()
    _, errors, shared = reading.invert(reading.base, np.array([0.0, 0.0, 0.0, 0.06, 0.0]))
    assert shared[3] == pytest.approx(0.06, rel=1e-2)
    assert errors[3] == pytest.approx(0.02, rel=1e-2)


def test_numbers_that_are_off_move_what_they_show():
    """Drag moves the drag area alone, and by as much: both are logarithms."""
    reading = linear_reading()
    off = np.array([0.0, 0.05, 0.0, 0.0, 0.0])
    moved = reading.moved_by(reading.base + reading.slope @ FIELDS, off)
    assert moved[1] == pytest.approx(0.05, rel=1e-2)
    assert moved[[0, 2, 3, 4]] == pytest.approx(0.0, abs=1e-3)


def test_trials_tell_how_wrong_the_wind_under_the_canopy_is(monkeypatch):
    """Logs whose wind is off by 0.2 m/s, stated to be off by 0.4 m/s: a half; 256 errors tell it to 5 %."""
    scenario = load_scenario(SCENARIOS / "skydive.toml")
    item = suited(INFORMED[1], scenario.values())
    flown = precipice.fly(scenario, 0, 1)
    generator = np.random.default_rng(12)

    def read(_, run, *_more):
        turn = run.values["wind.direction"]
        blows = -run.values["wind.speed"] * np.array([np.sin(turn), np.cos(turn)])
        east, north = blows + 0.2 * generator.standard_normal(2)
        told = {number.name: (float(np.exp(generator.standard_normal())), 0.1) for number in item.numbers}
        return told | {"wind_east": (float(east), 0.4), "wind_north": (float(north), 0.4)}

    monkeypatch.setattr(counterpart, "read_back", read)
    fly = lambda which, run: replace(flown, values=draw(which, 7, run).values)  # noqa: E731
    found = learn_reading(scenario, item, fly, (Receiver(), None))
    assert found.wind_share == pytest.approx(0.5, rel=0.2)


def test_jumps_are_read_with_the_wind_or_without_it_and_not_mixed():
    def rows(seen, unseen):
        return [{"wind_speed": 2.0}] * seen + [{"wind_speed": None}] * unseen

    chosen, left = same_wind(rows(20, 10))
    assert (len(chosen), left) == (20, "10 jumps whose canopy shows no wind are left out")
    chosen, left = same_wind(rows(2, 10))
    assert (len(chosen), left) == (10, "2 jumps whose canopy shows the wind are left out")
    assert same_wind(rows(0, 5))[1] == same_wind(rows(5, 0))[1] == ""


@pytest.fixture(scope="module")
def reading():
    """How a ramp-jump's log depends on its fields, from fewer trials than calibrate flies."""
    patch = pytest.MonkeyPatch()
    patch.setattr(counterpart, "TRIALS", 48)
    try:
        fly = lambda scenario, run: precipice.fly(scenario, run, 471_102)  # noqa: E731
        devices = (Receiver(rate=25.0), MotionSensor(rate=100.0))
        yield learn_reading(rehearsal(), INFORMED[0], fly, devices)
    finally:
        patch.undo()


def test_speed_error_comes_out_at_the_lip(reading):
    """By energy, d(lip speed) / d(foot speed) is their ratio, about 20.4 over 18.4."""
    assert reading.slope[0, 0] == pytest.approx(1.1, abs=0.2)
    # Rotation in the air is what it was at the lip, told as a size, nose down in this scenario.
    assert abs(reading.slope[2, 2]) == pytest.approx(1.0, abs=0.2)


@pytest.mark.slow
def test_seasons_through_logs_find_known_means_and_spreads(reading):
    """Three seasons of 4 days and 6 jumps, flown, recorded and read; 27 intervals of 95 %."""
    scenario = rehearsal()
    item = INFORMED[0]
    held = []
    for season in range(3):
        values, days = [], []
        for run in range(24):
            flown = precipice.fly(scenario, run, 2000 + season, constant_index=0)
            found = read_back(scenario, flown, (Receiver(rate=25.0), MotionSensor(rate=100.0)), run + 999)
            if found is None:
                continue
            numbers = [found.get(number.name, (np.nan, 0.0))[0] for number in item.numbers]
            values.append(reading.invert(np.array(numbers)))
            days.append(run // 6)
        assert len(values) >= 20
        table = np.array(values)
        for place, field in enumerate(reading.fields):
            posterior = learn(table[:, 0, place], table[:, 1, place], np.array(days), doubt=DOUBT)
            held += holds(posterior, float(table[0, 2, place]), TRUTH[field.path])
    assert np.sum(held) >= binom.ppf(0.001, len(held), 0.95)


@pytest.fixture(scope="module")
def calibrated():
    """A scenario, and what four skydives say of it through a known reading."""
    patch = pytest.MonkeyPatch()
    patch.setattr("precipice.training.calibrate.learn_reading", lambda *_: linear_reading())
    try:
        scenario = load_scenario(SCENARIOS / "skydive.toml")
        book = season_logbook("skydive", 4)
        yield scenario, calibrate(scenario, as_real(book), precipice.fly), book
    finally:
        patch.undo()


def test_writes_the_scenario_again_with_its_evidence(calibrated, tmp_path):
    scenario, found, book = calibrated
    text = calibrated_text(scenario, found, "new.toml", "new.evidence.json")
    new = parse_scenario(text, "new.toml")
    informed = {item.field.path for item in found.informed}
    assert "plan.throw" in informed
    for path, quantity in new.quantities().items():
        old = scenario.quantities()[path]
        if path not in informed:
            assert quantity == old
            continue
        assert (quantity.basis, quantity.rehearsal, quantity.count) == ("measured", "skydive", 4)
        assert "4 jumps on 1 day, 2024-06-15; 4 files, sha256 " in quantity.source
        assert {spread.varies for spread in quantity.spread} == {"jump", "constant"}
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in scenario.text.splitlines() if line.startswith("#")
    ]
    assert {path for path, _ in found.silent} == set(scenario.uncertain()) - informed
    page = calibration_page(found, scenario)
    assert found.performer == "rider"
    assert "Jumps of rider." in page
    assert "taken as one person's" in calibration_page(found._replace(performer=None), scenario)
    assert "from day to day unknown" in page
    assert "rig.heading_error" in page.split("Stays as it was")[1]
    assert "wind of 1 day at the site" in page
    told = calibration_json(found, scenario)
    json.dumps(told, allow_nan=False)
    assert told["informed"][0]["files_sha256"] == list(book.words("sha256"))
    save_calibration_picture(found, scenario, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_evidence_says_what_is_undated_and_what_lies_beyond_the_rehearsal(calibrated):
    scenario, found, book = calibrated
    rows = [row | {"day": None if k == 0 else row["day"]} for k, row in enumerate(book.rows)]
    evidence = evidence_of(rows)
    assert evidence.when == "on 1 day, 2024-06-15 and 1 undated"
    assert evidence_of([row | {"day": None} for row in rows]).when == "undated"
    items = tuple(item._replace(evidence=evidence, beyond=0.65) for item in found.informed)
    other = found._replace(informed=items)
    assert "65 % of them are beyond what was rehearsed" in calibrated_text(scenario, other, "a.toml", "note")
    assert calibration_json(other, scenario)["informed"][0]["beyond_trials"] == 0.65


def test_synthetic_jumps_are_used_only_when_asked_and_never_as_evidence(calibrated, monkeypatch):
    scenario, _, book = calibrated
    with pytest.raises(InputError, match="synthetic ones are used with --synthetic alone"):
        calibrate(scenario, book, precipice.fly)
    monkeypatch.setattr("precipice.training.calibrate.learn_reading", lambda *_: linear_reading())
    found = calibrate(scenario, book, precipice.fly, synthetic=True)
    raw = tomllib.loads(calibrated_text(scenario, found, "new.toml", "note"))
    assert raw["title"].startswith("SYNTHETIC EVIDENCE")
    assert raw["plan"]["throw"]["basis"] == "assumed"
    assert raw["plan"]["throw"]["source"].startswith("SYNTHETIC")
    assert "SYNTHETIC" in calibration_page(found, scenario)


def test_refuses_several_performers(calibrated):
    scenario, _, book = calibrated
    rows = [row | {"synthetic": False, "performer": str(k % 2)} for k, row in enumerate(book.rows)]
    with pytest.raises(InputError, match="must hold jumps of one performer"):
        calibrate(scenario, Logbook(rows, Path("a.parquet")), precipice.fly)


def test_the_main_stunt_needs_what_was_rehearsed(calibrated):
    _, _, book = calibrated
    stunt = load_scenario(SCENARIOS / "helsetkopen.toml")
    with pytest.raises(InputError, match="add --rehearsed"):
        calibrate(stunt, as_real(book), precipice.fly)


def test_a_rehearsal_moves_a_plan_by_its_deviation(calibrated):
    """A stunt that throws after 5 s learns from skydives how far throws are off, not when skydivers throw."""
    skydive, found, book = calibrated
    stunt = load_scenario(SCENARIOS / "helsetkopen.toml")
    moved = calibrate(stunt, as_real(book), precipice.fly, skydive)
    before = next(item for item in found.informed if item.field.path == "plan.throw")
    after = next(item for item in moved.informed if item.field.path == "plan.throw")
    ratio = before.value / skydive.values()["plan.throw"]
    assert after.value == pytest.approx(ratio * stunt.values()["plan.throw"])


def test_jumps_of_different_rigs_are_no_one_scenario(calibrated):
    """Openings that differ by a factor of 400: no spread that a scenario can hold."""
    skydive, _, book = calibrated
    name = linear_reading().numbers[2].name
    rows = [
        row | {"synthetic": False, name: row[name] * np.exp(3.0 * (-1) ** k), "wind_speed": None}
        for k, row in enumerate(book.rows)
    ]
    found = calibrate(skydive, Logbook(rows, book.path), precipice.fly)
    silent = dict(found.silent)
    assert "differ by more than a factor of 20" in silent["rig.fill_constant"]
    assert silent["wind.speed"].startswith("no jump of these logs shows a wind")
    parse_scenario(calibrated_text(skydive, found, "new.toml", "new.evidence.json"), "new.toml")


def test_another_canopy_and_another_posture_say_nothing_of_the_stunts(calibrated):
    """The skydive's canopy has 17 m^2, the stunt's 22.3 m^2."""
    skydive, _, book = calibrated
    stunt = load_scenario(SCENARIOS / "helsetkopen.toml")
    moved = calibrate(stunt, as_real(book), precipice.fly, skydive)
    silent = dict(moved.silent)
    for path in ("rig.fill_constant", "rig.lift_full", "rig.drag_full"):
        assert silent[path].startswith("rehearsed with another canopy (17 m^2")
    # The logs are from 47 degrees north, the stunt is in Norway.
    assert silent["wind.speed"].startswith("wind of another place")
    flier = load_scenario(SCENARIOS / "wingsuit.toml")
    assert why_foreign("performer.sustained_speed", flier, skydive).startswith("rehearsed in another posture")
    assert why_foreign("performer.drag_area", skydive, skydive) is None
    rows = [row | {"fall_glide": 1.0, "synthetic": False} for row in book.rows]
    tracked = calibrate(skydive, Logbook(rows, book.path), precipice.fly)
    assert "4 are of another posture" in dict(tracked.silent)["performer.drag_area"]
