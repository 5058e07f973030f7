"""Reading folders into a logbook: what is new, what is skipped and why, and that others open it.

What the jumps were is known from the season's truth.csv: they were flown by the simulator.
"""

import csv
import datetime as dt
import os
import shutil
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from tests.training.made import parachute_motion, received
from tests.training.season import season_folder, season_logbook

from precipice.errors import InputError
from precipice.training import ingest as module
from precipice.training.air import circle_of_velocities, standard_density
from precipice.training.ingest import About, day_there, ingest
from precipice.training.logbook import load_logbook, load_rows, save_logbook
from precipice.training.measure import measure
from precipice.training.segment import segment
from precipice.training.smooth import smooth


@pytest.fixture
def folder(tmp_path):
    """A copy of two synthetic skydives, with a note and a copy of the first beside them."""
    made = season_folder("skydive", 4)
    shutil.copytree(made.truth.parent, tmp_path / "logs")
    (tmp_path / "logs" / "note.txt").write_text("nice weather\n")
    return tmp_path / "logs"


def test_reads_what_is_new_and_says_what_it_skips(folder, tmp_path):
    book = tmp_path / "season.parquet"
    first = ingest(folder, book, workers=1)
    assert first.jumps == first.new == 4
    why = {name.rsplit("/", 1)[1]: reason for name, reason in first.skipped}
    assert why.keys() == {"note.txt", "truth.csv", "SYNTHETIC.txt"}
    assert "no known format" in why["note.txt"]
    second = ingest(folder, book, workers=1)
    assert (second.read, second.new, second.jumps) == (0, 0, 4)
    assert second.known == 7
    # One file is touched, one comes new with the same content.
    track = sorted(folder.rglob("TRACK.CSV"))[0]
    os.utime(track, ns=(1, 1))
    shutil.copy(track, folder / "copy.csv")
    third = ingest(folder, book, workers=1)
    assert (third.read, third.jumps) == (2, 4)
    assert any("the same content as" in reason for _, reason in third.skipped)


def test_sensor_files_are_read_with_their_tracks(folder, tmp_path):
    ingest(folder, tmp_path / "a.parquet", workers=1)
    rows = load_rows(tmp_path / "a.parquet")
    assert not any("SENSOR" in row["file"] for row in rows)
    jumps = [row for row in rows if row["jump"]]
    assert all(row["inertial_rate"] == pytest.approx(50.0, rel=0.01) for row in jumps)
    assert all(row["rate"] == pytest.approx(5.0) for row in jumps)


def test_several_processes_find_the_same(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ALONE", 0)
    ingest(folder, tmp_path / "two.parquet", About(performer="a"), workers=2)
    ingest(folder, tmp_path / "one.parquet", About(performer="a"), workers=1)
    assert str(load_rows(tmp_path / "two.parquet")) == str(load_rows(tmp_path / "one.parquet"))


def test_others_open_it(folder, tmp_path):
    ingest(folder, tmp_path / "a.parquet", workers=1)
    table = pd.read_parquet(tmp_path / "a.parquet")
    jumps = table[table.jump > 0]
    assert jumps.synthetic.all()
    assert set(jumps.kind) == {"skydive"}
    assert str(table.start.dtype).startswith("datetime64")
    assert (jumps.sha256.str.len() == 64).all()


def test_measures_what_was_flown():
    book = season_logbook("skydive", 4)
    with season_folder("skydive", 4).truth.open() as stream:
        truth = [row for row in csv.DictReader(stream) if row["folder"]]
    assert len(book) == len(truth)
    for row, true in zip(book.rows, truth, strict=True):
        assert true["folder"] in row["file"]
        assert row["t_exit"] == pytest.approx(float(true["exit"]), abs=1.0)
        assert row["t_landing"] == pytest.approx(float(true["landing"]), abs=2.0)
        assert row["opening_load"] == pytest.approx(float(true["opening_load"]), rel=0.03)
        # Density of the day against the standard one, and lift, which is not in this ratio.
        ratio = float(true["performer.drag_area"]) / float(true["performer.mass"])
        assert row["drag_ratio"] == pytest.approx(ratio, rel=0.1)
        # Gusts of 1 to 4 m/s make the wind of a minute differ from the mean.
        off = abs(row["wind_speed"] - float(true["wind.speed"]))
        assert off < 2.0 * row["wind_speed_sd"] + 0.5


def test_a_session_gives_a_row_for_each_jump():
    book = season_logbook("ramp_jump", 8, rate=25.0)
    with season_folder("ramp_jump", 8, rate=25.0).truth.open() as stream:
        truth = [row for row in csv.DictReader(stream) if row["folder"]]
    assert len(book) == len(truth)
    assert [row["jump"] for row in book.rows] == list(range(1, len(truth) + 1))
    assert set(book.words("rehearsal")) == {"practice-ramp"}
    speeds = np.array([float(row["lip_speed"]) for row in truth])
    # What is asked of 25 Hz and a motion sensor is 0.3 m/s.
    assert np.max(np.abs(book.column("lip_speed") - speeds)) < 0.3
    # A takeoff is when both wheels are past the lip; the load begins to fade when the first is.
    lips = np.array([float(row["lip"]) for row in truth])
    assert np.max(np.abs(book.column("t_lip") - lips)) < 0.05
    sinks = book.column("landing_sink")
    # The top of the jump lies half a metre to three metres above the touchdown: sqrt(2 g h).
    assert np.all((sinks > 3.1) & (sinks < 7.7))


def test_refuses_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="must be a folder of logs"):
        ingest(tmp_path / "absent", tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_text("no table")
    with pytest.raises(InputError, match="is no Parquet file"):
        ingest(tmp_path, tmp_path / "b.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(InputError, match="another Parquet file"):
        load_logbook(tmp_path / "c.parquet")
    with pytest.raises(InputError, match="is not there: make one"):
        load_logbook(tmp_path / "d.parquet")
    with pytest.raises(InputError, match="is a folder: name the file"):
        load_logbook(tmp_path)
    with pytest.raises(InputError, match="must be a file, but is a directory"):
        ingest(tmp_path, tmp_path)


def test_a_failed_write_leaves_the_old_logbook(tmp_path, monkeypatch):
    from pyarrow import parquet

    save_logbook(tmp_path / "a.parquet", [])
    old = (tmp_path / "a.parquet").read_bytes()

    def full(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", full)
    with pytest.raises(InputError, match="No space left"):
        save_logbook(tmp_path / "a.parquet", [])
    assert (tmp_path / "a.parquet").read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_real_logs_are_not_synthetic(shared, tmp_path):
    """Every row of labels.csv in this folder is a skydive, but one file, which starts under a canopy."""
    logs = shared / "data" / "logs" / "flysight-manager"
    ingest(logs, tmp_path / "real.parquet", workers=1)
    book = load_logbook(tmp_path / "real.parquet")
    assert len(book) >= 6
    assert not any(row["synthetic"] for row in book.rows)
    assert set(book.words("rehearsal")) == {"skydive"}


def test_a_day_is_that_of_the_place(shared, tmp_path):
    """The device named these files by local time in California; in UTC two of them are of the next day."""
    logs = shared / "data" / "logs" / "flysight-manager"
    ingest(logs, tmp_path / "real.parquet", workers=1)
    for row in load_logbook(tmp_path / "real.parquet").rows:
        assert row["day"] == f"20{row['file'].rsplit('/', 1)[1][:8]}"


@pytest.mark.parametrize(
    ("moment", "longitude", "zone"),
    [
        ("2016-10-09T00:16:25", -121.4, "America/Los_Angeles"),
        ("2020-01-10T22:00:00", 168.7, "Pacific/Auckland"),
        ("2024-05-04T10:00:00", 7.7, "Europe/Oslo"),
    ],
)
def test_days_are_those_of_the_time_zone_in_the_middle_of_a_day(moment, longitude, zone):
    utc = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    assert day_there(utc, np.radians(longitude)) == utc.astimezone(ZoneInfo(zone)).date()


def test_a_jump_off_a_ramp_with_a_parachute_does_not_land_off_the_ramp():
    """The canopy of this motion comes down by 5 m/s, at 9 m/s: `made.py` integrates it."""
    made = parachute_motion(start="ramp", speed=28.0, angle=0.35, high=900.0, delay=8.0)
    log, _ = received(*made[:2], 10, np.random.default_rng(3))
    (jump,) = segment(log).jumps
    assert {"lip", "opening_peak", "landing"} <= jump.events.keys()
    numbers, _ = measure(log, smooth(log), jump)
    assert numbers["landing_sink"][0] == pytest.approx(5.0, abs=2.0)
    assert numbers["landing_speed"][0] == pytest.approx(9.0, abs=2.0)
    assert "airtime" not in numbers


def test_standard_air():
    # ISO 2533, table 5, at geopotential heights; at 10 km those are 16 m less than geometric ones.
    found = standard_density(np.array([0.0, 5000.0, 10000.0]))
    assert found == pytest.approx([1.2250, 0.73612, 0.41271], rel=1e-3)


def test_wind_from_a_circle():
    angle = np.linspace(0.0, 2.0 * np.pi, 100)
    velocity = np.stack([3.0 + 11.0 * np.cos(angle), -4.0 + 11.0 * np.sin(angle)], axis=1)
    wind, speed, off = circle_of_velocities(velocity)
    assert wind == pytest.approx([3.0, -4.0])
    assert (speed, off) == (pytest.approx(11.0), pytest.approx(0.0, abs=1e-9))
    assert circle_of_velocities(velocity[:30]) is None
