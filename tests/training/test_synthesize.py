"""A synthetic season against the simulator's own truth, and its errors against those of real receivers.

The ranges of noise are the 5-95 % of 30 real logs as `python -m benchmarks.measure_sensors` prints them.
"""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from benchmarks.measure_sensors import gnss, of_imu, of_receiver

import precipice
from precipice.earth import geodetic_to_local, local_to_geodetic
from precipice.errors import InputError
from precipice.scenario.load import load_scenario
from precipice.training.ground import climb_to, come_to_rest, ride_back, run_off
from precipice.training.read import read_log
from precipice.training.segment import segment
from precipice.training.sensor import MotionSensor, Receiver
from precipice.training.synthesize import Devices, synthesize
from precipice.training.true_motion import RATE, flown_motion, join

ROOT = Path(__file__).parents[2]
G = 9.80665


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    """Function: a season of a shipped scenario in a folder, once."""
    made = {}

    def of(name, jumps, receiver=5.0, form="flysight2"):
        key = (name, jumps, receiver, form)
        if key not in made:
            scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
            folder = tmp_path_factory.mktemp("season") / "logs"
            devices = Devices(Receiver(rate=receiver), MotionSensor(rate=50.0), form)
            made[key] = synthesize(
                scenario, lambda run: precipice.fly(scenario, run, 3), jumps, folder, devices
            )
        return made[key]

    return of


def truth_of(season):
    with season.truth.open() as stream:
        return list(csv.DictReader(stream))


def rows(path, tag):
    lines = path.read_text().splitlines()
    return [line.split(",") for line in lines if line.startswith(f"${tag},")]


@pytest.mark.parametrize("name", ["ramp_jump", "skydive", "base_jump"])
def test_every_file_and_every_row_says_that_it_is_synthetic(season, name):
    made = season(name, 2)
    for path in made.files:
        for file in (path, path.with_name("SENSOR.CSV")):
            text = file.read_text()
            assert "\n$VAR,SYNTHETIC,1\n" in text
            for tag in ("GNSS", "IMU", "TIME"):
                for row in rows(file, tag):
                    assert row[-1] == "1"
            assert ",synthetic\n" in text
    assert all(row["synthetic"] == "1" for row in truth_of(made))
    assert (made.truth.parent / "SYNTHETIC.txt").read_text().startswith("SYNTHETIC")


def test_a_days_session_holds_its_jumps_and_truth_names_them(season):
    made = season("ramp_jump", 21)
    told = truth_of(made)
    # Twenty takes a day in the scenario: the last jump stands in a file of its own.
    assert len(made.files) == 2
    assert len(told) == 21
    assert sorted({row["folder"] for row in told if row["folder"]}) == [
        "24-05-04/10-00-00",
        "24-05-07/10-00-00",
    ]
    lips = [float(row["lip"]) for row in told if row["folder"] == "24-05-04/10-00-00"]
    assert np.all(np.diff(lips) > 20.0)


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    scenario = load_scenario(ROOT / "scenarios" / "ramp_jump.toml")
    devices = Devices(Receiver(), MotionSensor(), "plain")
    texts = []
    for name in "ab":
        made = synthesize(scenario, lambda run: precipice.fly(scenario, run, 1), 1, tmp_path / name, devices)
        texts.append([path.read_bytes() for path in sorted(made.files[0].parent.iterdir())])
    assert texts[0] == texts[1]


def test_dense_motion_feels_the_load_that_the_simulator_reports():
    run = precipice.fly(ROOT / "scenarios" / "skydive.toml", 0, 1)
    motion = flown_motion(run.performer, run.event("touchdown").t)
    load = np.linalg.norm(motion.force_body(), axis=1) / G
    assert load.max() == pytest.approx(run.numbers["opening_load"], rel=0.02)
    for t in (5.0, 20.0, 49.0, 52.0, 60.0, 200.0):
        assert load[int(t * RATE)] == pytest.approx(
            np.interp(t, run.performer.t, run.performer.load), abs=0.02
        )


def test_dense_motion_turns_as_the_simulator_says():
    run = precipice.fly(ROOT / "scenarios" / "ramp_jump.toml", 0, 1)
    motion = flown_motion(run.performer, run.event("touchdown").t)
    row = int((run.event("takeoff").t + 0.5) * RATE)
    # Left is the body's second axis: nose up turns against it.
    assert motion.rate_body()[row, 1] == pytest.approx(-run.numbers["lip_pitch_rate"], rel=0.01)


def test_what_lies_around_the_flight_moves_as_its_velocity_says():
    run = precipice.fly(ROOT / "scenarios" / "ramp_jump.toml", 0, 1)
    flown = flown_motion(run.performer, run.event("touchdown").t)
    back = ride_back(flown, flown.position[0], 0.0, math.radians(25.0), 5.0)
    whole = join([flown, back])
    slope = np.gradient(whole.position, 1.0 / RATE, axis=0)
    # At the foot of the ramp the way aside steps by 3 mm: 0.3 m/s in a difference over 10 ms.
    assert np.abs(slope - whole.velocity).max() < 0.4
    assert whole.position[-1] == pytest.approx(flown.position[0], abs=0.01)
    dive = precipice.fly(ROOT / "scenarios" / "skydive.toml", 0, 1)
    fall = flown_motion(dive.performer, dive.event("touchdown").t)
    whole = join([climb_to(fall.velocity[0], 4000.0, 10.0), fall, come_to_rest(fall, 5.0)])
    slope = np.gradient(whole.position, 1.0 / RATE, axis=0)
    assert np.abs(slope - whole.velocity)[:, :2].max() < 0.3
    assert whole.position[0, 2] == pytest.approx(-4000.0, abs=0.1)


def test_who_steps_off_an_exit_point_stood_there_and_is_no_faster_than_at_the_exit():
    """Even acceleration over 1.2 s: distance is half of speed times time, and force adds to gravity."""
    run = precipice.fly(ROOT / "scenarios" / "base_jump.toml", 0, 1)
    flown = flown_motion(run.performer, run.event("touchdown").t)
    before = run_off(flown, 60.0)
    whole = join([before, flown])
    slope = np.gradient(whole.position, 1.0 / RATE, axis=0)
    rows = slice(0, len(before.position) + round(RATE))
    assert np.abs(slope - whole.velocity)[rows].max() < 0.05
    speed = np.hypot(*run.performer.velocity[0, :2])
    assert np.hypot(*(before.position[0] - flown.position[0])[:2]) == pytest.approx(0.6 * speed, rel=0.02)
    assert np.abs(before.velocity[: round(58.0 * RATE)]).max() == 0.0
    force = np.linalg.norm(whole.force_body()[: len(before.position) - 2], axis=1)
    assert force[: round(58.0 * RATE)] == pytest.approx(G)
    assert force.max() < 1.3 * G


def test_base_jumps_are_read_as_base_jumps_at_their_true_times(season):
    """Bounds: three of the deviations that reading states."""
    made = season("base_jump", 3)
    told = truth_of(made)
    assert [row["folder"][:8] for row in told] == ["24-07-06", "24-07-06", "24-07-09"]
    for path, row in zip(made.files, told, strict=True):
        log = read_log(path)
        (jump,) = segment(log).jumps
        assert jump.kind == "base"
        for event, column in (("exit", "exit"), ("landing", "landing")):
            found = jump.events[event]
            assert abs(found.time - float(row[column])) < 3.0 * found.deviation


def test_a_place_goes_to_degrees_and_back():
    origin = (0.9, -0.02, 70.0)
    place = np.array([[120.0, -3400.0, -2600.0], [0.0, 0.0, 0.0], [-9000.0, 8000.0, 4000.0]])
    for row, told in zip(place, local_to_geodetic(place, origin), strict=True):
        assert geodetic_to_local(*told, origin) == pytest.approx(row, abs=1e-5)


def test_errors_of_the_receiver_lie_in_the_range_of_real_ones(season):
    made = season("skydive", 2)
    for path in made.files:
        found = of_receiver(gnss(path))
        assert found["rate, 1/s"] == pytest.approx(5.0)
        assert 0.0545 < found["velocity, white, level, m/s"] < 0.149
        assert 0.0209 < found["velocity, white, down, m/s"] < 0.116
        assert 0.0164 < found["height, white, m"] < 0.101
        assert 0.527 < found["height, wander in 10 s, m"] < 13.1
        assert found["hAcc, m"] == pytest.approx(2.14, rel=0.3)


def test_errors_of_the_motion_sensor_are_what_they_are_said_to_be(season):
    made = season("skydive", 2)
    table = np.array(
        [[float(x) for x in row[1:9]] for row in rows(made.files[0].with_name("SENSOR.CSV"), "IMU")]
    )
    table[:, 1:4] = np.deg2rad(table[:, 1:4])
    table[:, 4:7] *= G
    found = of_imu(table)
    assert found["turn rate, white, rad/s"] == pytest.approx(0.012, rel=0.1)
    # A step is missing where one row was dropped or several in a row.
    assert found["share of steps with rows missing"] == pytest.approx(0.017, abs=0.004)
    assert 0.0 < found["force, white, m/s^2"] < 0.7


def test_clips_at_the_largest_force(tmp_path):
    scenario = load_scenario(ROOT / "scenarios" / "ramp_jump.toml")
    devices = Devices(Receiver(), MotionSensor(most_force=2.0 * G), "flysight2")
    made = synthesize(scenario, lambda run: precipice.fly(scenario, run, 1), 1, tmp_path / "a", devices)
    force = np.array(
        [[float(x) for x in row[5:8]] for row in rows(made.files[0].with_name("SENSOR.CSV"), "IMU")]
    )
    assert force.max() == 2.0
    assert np.sum(force == 2.0) > 5


def test_refuses_what_has_no_rehearsal_and_folders_in_use(tmp_path):
    devices = Devices(Receiver(), None, "flysight2")
    fall = load_scenario(ROOT / "scenarios" / "high_fall.toml")
    with pytest.raises(InputError, match="must be a ramp-jump, a skydive or a base-jump"):
        synthesize(fall, lambda run: precipice.fly(fall, run), 1, tmp_path / "a", devices)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "note").write_text("mine")
    with pytest.raises(InputError, match="must be a new or empty folder"):
        synthesize(fall.model_copy(update={"kind": "skydive"}), precipice.fly, 1, tmp_path / "b", devices)
