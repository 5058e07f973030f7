"""Lift, drag and wind from motions whose forces are known in closed form, and from real logs.

Exact motions: the steady glide, where lift is m g cos(path) and drag m g sin(path), and the steady turn,
where lift cos(bank) is m g cos(path) and the heading turns at g tan(bank) / V. Air: the standard atmosphere
at sea level, 1.225 kg/m^3 (ISO 2533).
"""

import csv
from pathlib import Path

import numpy as np
import pytest
from tests.training.season import ROOT

import precipice
from precipice.scenario.load import load_scenario, parse_scenario
from precipice.training.air import UNKNOWN_WIND, Wind, circle_of_velocities
from precipice.training.canopy_flight import measure_canopy
from precipice.training.counterpart import read_back
from precipice.training.fall import measure_fall
from precipice.training.jump import Jump, Moment
from precipice.training.log import TrainingLog
from precipice.training.measure import measure
from precipice.training.read import read_log
from precipice.training.segment import segment
from precipice.training.sensor import Receiver
from precipice.training.site_wind import site_wind
from precipice.training.smooth import Smoothed, smooth

G = 9.80665
LOGS = Path(__file__).parents[3] / "shared" / "data" / "logs"
CALM = Wind(np.zeros(2), 0.1)


def track(velocity, step, *, middle=0.0):
    """Return a track with these velocities around a height, and a log of that place without rows."""
    acceleration = np.gradient(velocity, step, axis=0)
    position = np.cumsum(velocity, axis=0) * step
    position[:, 2] += middle - position[len(position) // 2, 2]
    time = np.arange(len(velocity)) * step
    missing = np.full(0, np.nan)
    log = TrainingLog(
        source="made", sha256="", format="made", start=None, origin=(0.8, 0.1, 0.0), time=missing,
        line=np.zeros(0, int), position=np.zeros((0, 3)), velocity=np.zeros((0, 3)),
        horizontal_accuracy=missing, vertical_accuracy=missing, speed_accuracy=missing,
        inertial=None, problems=(),
    )  # fmt: skip
    return log, Smoothed(time, position, velocity, acceleration, np.zeros((len(time), 3)))


def fall(level, sink, wind=(0.0, 0.0), seconds=12.0):
    step = 0.1
    velocity = np.tile([level + wind[0], wind[1], -sink], (round(seconds / step), 1))
    jump = Jump("skydive", {"exit": Moment(-6.0, 0.1), "opening_onset": Moment(seconds + 2.0, 0.1)})
    return *track(velocity, step), jump


def test_a_slick_track_is_the_published_one():
    """40 m/s level and down at 90 kg: drag and lift area of 0.318 m^2, the physics note's own reckoning."""
    found = measure_fall(*fall(40.0, 40.0, seconds=6.0), CALM)
    assert 90.0 * found["drag_ratio"][0] == pytest.approx(0.318, rel=0.01)
    assert 90.0 * found["lift_ratio"][0] == pytest.approx(0.318, rel=0.01)
    assert found["glide_speed"][0] == pytest.approx(40.0, rel=0.01)
    assert found["glide_sink"][0] == pytest.approx(40.0, rel=0.01)
    assert "terminal_speed" not in found


def test_a_flat_fall_is_at_its_terminal_speed():
    found = measure_fall(*fall(0.5, 53.0, seconds=5.0), CALM)
    assert found["terminal_speed"][0] == pytest.approx(53.0, rel=0.01)
    assert "glide_speed" not in found


def test_wind_aloft_is_in_the_error_of_lift():
    """Flown in 5 m/s of wind that nobody knows of: lift and glide are off by no more than two deviations."""
    known = measure_fall(*fall(40.0, 40.0), Wind(np.array([5.0, 0.0]), 0.5))
    for wind in ((5.0, 0.0), (-5.0, 0.0), (0.0, 5.0)):
        found = measure_fall(*fall(40.0, 40.0, wind), UNKNOWN_WIND)
        for name in ("lift_ratio", "drag_ratio", "glide_speed"):
            true = measure_fall(*fall(40.0, 40.0), CALM)[name][0]
            assert abs(found[name][0] - true) < 2.0 * found[name][1]
        # A wind that is known below is known better aloft.
        assert known["lift_ratio"][1] < found["lift_ratio"][1]


def canopy(lift, drag, bank, wind, turning=True):
    """Return the flight of a canopy with these areas over mass, turns with straight ways between them."""
    step, density = 0.05, 1.225
    path = np.arctan2(drag, lift)
    straight = (2.0 * G / (density * np.hypot(lift, drag))) ** 0.5
    steep = np.arctan(np.tan(path) / np.cos(bank))
    turned = straight * (np.cos(steep) / (np.cos(bank) * np.cos(path))) ** 0.5
    heading, now, rows = [], 0.0, round(120.0 / step)
    bend = [turning and (k * step) % 20.0 > 10.0 for k in range(rows)]
    for bent in bend:
        heading.append(now)
        now += G * np.tan(bank) / turned * step if bent else 0.0
    bent = np.array(bend)
    speed, down = np.where(bent, turned, straight), np.where(bent, steep, path)
    velocity = np.stack(
        [
            speed * np.cos(down) * np.sin(heading),
            speed * np.cos(down) * np.cos(heading),
            -speed * np.sin(down),
        ],
        1,
    )
    jump = Jump("skydive", {"canopy": Moment(-5.0, 1.0), "landing": Moment(rows * step + 20.0, 1.0)})
    return *track(velocity + np.array([*wind, 0.0]), step), jump


@pytest.mark.parametrize("wind", [(0.0, 0.0), (4.0, -3.0)])
def test_a_canopy_shows_its_polar_and_the_wind(wind):
    """Coefficients 0.62 and 0.22 on 22.3 m^2 under 90 kg, banked by 12 degrees in its turns."""
    lift, drag = 0.62 * 22.3 / 90.0, 0.22 * 22.3 / 90.0
    found, blowing = measure_canopy(*canopy(lift, drag, np.deg2rad(12.0), wind))
    # 400 m of descent change the density by 4 %.
    assert found["canopy_lift_ratio"][0] == pytest.approx(lift, rel=0.02)
    assert found["canopy_drag_ratio"][0] == pytest.approx(drag, rel=0.02)
    assert found["canopy_glide"][0] == pytest.approx(0.62 / 0.22, rel=0.01)
    assert blowing.velocity == pytest.approx(wind, abs=0.15)


def test_no_wind_is_told_from_one_direction():
    """A straight flight with noise fits small circles, a bend fits large ones: neither is the wind."""
    lift, drag = 0.62 * 22.3 / 90.0, 0.22 * 22.3 / 90.0
    found, wind = measure_canopy(*canopy(lift, drag, 0.2, (4.0, -3.0), turning=False))
    assert wind is None
    assert "canopy_glide" not in found
    generator = np.random.default_rng(2)
    angle = generator.normal(0.5, 0.3, 500)
    bend = 11.0 * np.stack([np.cos(angle), np.sin(angle)], 1) + generator.normal(0.0, 0.4, (500, 2))
    assert circle_of_velocities(bend) is None


def site_rows(days, east, north, latitude_off=0.0):
    values = load_scenario(ROOT / "scenarios" / "skydive.toml").values()
    return [
        {
            "file": f"/{day}.csv", "jump": 1, "day": f"2026-05-{day + 1:02d}", "wind_east": float(e),
            "wind_north": float(n), "wind_speed": float(np.hypot(e, n)), "wind_speed_sd": 0.3,
            "landing_latitude": values["site.latitude"] + latitude_off,
            "landing_longitude": values["site.longitude"],
        }
        for day, e, n in zip(days, east, north, strict=True)
    ]  # fmt: skip


def test_wind_of_the_site_is_learnt_from_its_days():
    """Ten days of 4 m/s from around north: the seam of the compass is no edge."""
    scenario = load_scenario(ROOT / "scenarios" / "skydive.toml")
    generator = np.random.default_rng(4)
    turns = 0.3 * generator.standard_normal(10)
    speeds = 4.0 * np.exp(0.2 * generator.standard_normal(10))
    days = np.repeat(np.arange(10), 3)
    east, north = (-np.sin(turns) * speeds)[days], (-np.cos(turns) * speeds)[days]
    east, north = east + 0.3 * generator.standard_normal(30), north + 0.3 * generator.standard_normal(30)
    found = site_wind(scenario, site_rows(days, east, north))
    low, high = found["wind.speed"].posterior.mean.interval
    assert np.exp(low) < 4.0 < np.exp(high)
    assert (
        found["wind.speed"].posterior.day.interval.low < 0.2 < found["wind.speed"].posterior.day.interval.high
    )
    turn = found["wind.direction"].posterior
    low, high = turn.mean.interval
    assert low < 2.0 * np.pi * round(turn.mean.middle / (2.0 * np.pi)) < high
    assert turn.day.interval.low < 0.3 < turn.day.interval.high


def test_a_wind_that_is_measured_better_than_stated_hides_no_spread_between_jumps():
    """Winds of 4 m/s, 10 % apart from jump to jump, measured to 0.15 m/s and stated to 0.3 m/s."""
    scenario = load_scenario(ROOT / "scenarios" / "skydive.toml")
    generator = np.random.default_rng(14)
    days = np.repeat(np.arange(12), 20)
    speeds = 4.0 * np.exp(0.3 * generator.standard_normal(12)[days] + 0.1 * generator.standard_normal(240))
    north = -speeds + 0.15 * generator.standard_normal(240)
    rows = site_rows(days, 0.15 * generator.standard_normal(240), north)
    low, high = site_wind(scenario, rows, 0.5)["wind.speed"].posterior.jump.interval
    assert low < 0.1 < high
    assert site_wind(scenario, rows)["wind.speed"].posterior.jump.interval.high < 0.1


def test_wind_that_says_nothing_of_the_site_stays():
    scenario = load_scenario(ROOT / "scenarios" / "skydive.toml")
    days, blow = np.arange(6), np.full(6, 3.0)
    away = site_wind(scenario, site_rows(days, blow, blow, latitude_off=0.001))
    assert set(away) == {"wind.speed", "wind.direction"}
    assert "another place" in away["wind.speed"]
    few = site_wind(scenario, site_rows(days // 3, blow, blow))
    assert few["wind.speed"].startswith("wind of 2 days")
    around = site_wind(scenario, site_rows(days, [4, -4, 0, 0, 4, -4], [0, 0, 4, -4, 1, -1]))
    assert around["wind.direction"] == "no direction prevails"


@pytest.mark.skipif(not LOGS.is_dir(), reason="real logs are not here")
def test_real_suits_and_canopies_are_like_published_ones():
    """Wingsuits glide 1.5 to 3.5, slick tracks approach 1, flat falls do not glide; BASE canopies 2 to 3.

    The kind of each jump is its label's; glides from the physics note of these data.
    """
    with (LOGS / "labels.csv").open() as stream:
        kinds = {row["file"]: row["kind"] for row in csv.DictReader(stream)}
    chosen = {
        "skyderby/base_aiguille_du_plan.csv": ((1.5, 3.5), (2.0, 3.0)),
        "flysight-plotting-tool/sample_track.csv": ((1.3, 3.5), (2.0, 3.0)),
        "basdtracks2018/tracking_01.csv": ((0.7, 1.3), (1.7, 3.0)),
        "dropkick/TESTLOG-01.TXT": ((0.0, 0.2), (1.7, 3.0)),
    }
    for name, (glides, canopies) in chosen.items():
        assert name in kinds
        log = read_log(LOGS / name)
        smoothed = smooth(log)
        found, _ = measure(log, smoothed, segment(log, smoothed).jumps[-1])
        assert glides[0] < found["fall_glide"][0] < glides[1], name
        assert canopies[0] < found["canopy_glide"][0] < canopies[1], name


def test_a_flown_track_shows_the_areas_that_it_was_flown_with():
    """The simulator's own areas, through a receiver of 10 Hz; the day's temperature makes air 2 % other."""
    text = (ROOT / "scenarios" / "skydive.toml").read_text()
    for name, value in {"drag_area": "0.32 m^2", "lift_area": "0.3 m^2", "mass": "90 kg"}.items():
        start = text.index(f"\n{name} = ") + 1
        text = f'{text[:start]}{name} = "{value}"{text[text.index(chr(10), start) :]}'
    text = text.replace("[rig]", 'suit = "tracking"\ntrim_angle = "45 deg"\n\n[rig]', 1)
    scenario = parse_scenario(text, "track.toml")
    found = read_back(scenario, precipice.fly(scenario, 1, 5), (Receiver(rate=10.0), None), 5)
    assert 90.0 * found["drag_ratio"][0] == pytest.approx(0.32, rel=0.06)
    assert 90.0 * found["lift_ratio"][0] == pytest.approx(0.3, rel=0.06)
    assert found["fall_glide"][0] == pytest.approx(0.3 / 0.32, rel=0.1)
