"""A run frame by frame: on the frame, between the steps, and with other runs beside it."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.report.export.conftest import delayed

from precipice.errors import InputError
from precipice.report.export.clip import build_clip, read_rate
from precipice.report.export.rotation import between, continuous, multiply, quaternion_of, rotate, y_up


def scipy_of(attitude):
    return Rotation.from_quat(attitude, scalar_first=True)


def test_takeoff_is_on_a_frame_at_every_rate(flown, scenario):
    takeoff = flown.event("takeoff").t
    for rate in (Fraction(24), Fraction(24000, 1001), Fraction(30), Fraction(1, 2)):
        clip = build_clip(flown, scenario, rate)
        assert clip.time[clip.zero_frame - 1] == pytest.approx(takeoff, abs=1e-9)
        assert clip.time[0] <= flown.performer.t[0] + 1e-6
        assert clip.time[-1] >= max(track.t[-1] for track in flown.tracks.values()) - 1e-6
        np.testing.assert_allclose(np.diff(clip.time), 1.0 / float(rate), rtol=1e-9)


def test_first_frame_is_before_takeoff_by_the_run_up(clip, scenario):
    # site.date, site.time and site.utc_offset of the shipped scenario, which are of takeoff.
    takeoff = dt.datetime(2020, 9, 6, 10, 30, tzinfo=dt.UTC)
    start = clip.start()
    assert (takeoff - start).total_seconds() == pytest.approx((clip.zero_frame - 1) / 8.0, abs=2e-6)
    later = dt.datetime(2021, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert clip.start(later) - start == later - takeoff


def test_bodies_are_where_the_tracks_are(clip, flown):
    performer = clip.bodies[0]
    touchdown = flown.event("touchdown")
    assert [body.name for body in clip.bodies] == ["performer", "motorcycle", "canopy"]
    np.testing.assert_allclose(performer.position[-1], touchdown.position, atol=1e-6)
    np.testing.assert_array_equal(performer.velocity[-1], 0.0)
    # In freefall nothing is between a body and its track.
    rows = np.flatnonzero(performer.phase == "freefall")[::10]
    for k in rows:
        position, velocity = flown.performer.at(float(clip.time[k]))
        np.testing.assert_allclose(performer.position[k], position, atol=1e-3)
        np.testing.assert_allclose(performer.velocity[k], velocity, atol=0.05)


def test_rider_sits_on_the_motorcycle(clip, flown, scenario):
    # Riding, rider and motorcycle share a centre of mass: weighed with their masses they meet there.
    rider, motorcycle = clip.bodies[:2]
    heavy, light = (scenario.values()[f"{name}.mass"] for name in ("motorcycle", "performer"))
    rows = np.flatnonzero(rider.phase == "run-up")[2::13]
    both = (light * rider.position + heavy * motorcycle.position) / (light + heavy)
    for k in rows:
        np.testing.assert_allclose(both[k], flown.performer.at(float(clip.time[k]))[0], atol=1e-3)
    apart = np.linalg.norm(rider.position[rows] - motorcycle.position[rows], axis=1)
    assert np.all((apart > 0.3) & (apart < 1.2))
    assert np.all(rider.position[rows, 2] > motorcycle.position[rows, 2])


def test_canopy_is_shown_while_it_is_flown(clip):
    performer, canopy = clip.bodies[0], clip.bodies[2]
    np.testing.assert_array_equal(canopy.shown, performer.phase == "canopy")
    assert 0 < canopy.shown.sum() < len(canopy.shown)


def test_attitudes_never_jump(clip):
    for body in clip.bodies:
        np.testing.assert_allclose(np.linalg.norm(body.attitude, axis=1), 1.0, atol=1e-9)
        assert np.all(np.sum(body.attitude[1:] * body.attitude[:-1], axis=1) > 0.0)


def test_turns_are_those_of_scipy():
    rng = np.random.default_rng(3)
    a, b = Rotation.random(50, rng=rng), Rotation.random(50, rng=rng)
    p, q = (r.as_quat(scalar_first=True) for r in (a, b))
    vector = rng.normal(size=(50, 3))
    np.testing.assert_allclose(rotate(p, vector), a.apply(vector), atol=1e-12)
    assert np.max((scipy_of(multiply(p, q)) * (a * b).inv()).magnitude()) < 1e-7
    assert np.max((scipy_of(quaternion_of(a.as_matrix())) * a.inv()).magnitude()) < 1e-7
    half = a * Rotation.from_rotvec(0.5 * (a.inv() * b).as_rotvec())
    assert np.max((scipy_of(between(p, q, np.full(50, 0.5))) * half.inv()).magnitude()) < 1e-7
    flipped = p * np.where(np.arange(50) % 2, -1.0, 1.0)[:, None]
    assert np.max((scipy_of(continuous(flipped)) * a.inv()).magnitude()) < 1e-7


def test_y_up_keeps_hands():
    axes = y_up(np.eye(3))
    np.testing.assert_array_equal(axes, [[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_another_run_takes_off_at_the_same_frame(pair):
    # The second run is the first with its clock ahead by 12.34 s: side by side they must be one.
    first, second = pair.bodies[:3], pair.bodies[3:]
    assert [body.title for body in second] == ["run 7 performer", "run 7 motorcycle", "run 7 canopy"]
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a.position, b.position, atol=1e-6)
        np.testing.assert_array_equal(a.phase, b.phase)


def test_longer_run_beside_lengthens_the_clip(flown, scenario, stopped):
    short = build_clip(stopped, scenario, Fraction(4))
    long = build_clip(stopped, scenario, Fraction(4), {"run 7": delayed(flown, 5.0)})
    # The first never takes off: both start together.
    assert long.zero is None
    assert long.seconds[-1] == pytest.approx(flown.performer.t[-1] - flown.performer.t[0], abs=0.3)
    assert len(short.time) < len(long.time)
    still = long.bodies[0]
    np.testing.assert_allclose(np.ptp(still.position[len(short.time) :], axis=0), 0.0, atol=1e-9)
    np.testing.assert_array_equal(still.velocity[len(short.time) :], 0.0)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", 24),
        ("23.976", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
    ],
)
def test_rates_of_film_are_exact(text, rate):
    # SMPTE: 23.976 and 29.97 are names of 24000/1001 and 30000/1001.
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["0", "-24", "nan", "inf", "1e9", "fast", "", "1/0", "24 fps"])
def test_other_rates_are_refused(text):
    with pytest.raises(InputError, match="--fps must be frames a second"):
        read_rate(text)


def test_too_many_frames_are_refused_with_a_rate_that_works(flown, scenario):
    with pytest.raises(InputError, match=r"choose ([\d.]+) or fewer") as caught:
        build_clip(flown, scenario, Fraction(1000))
    rate = str(caught.value).split("choose ")[1].split(" ")[0]
    assert len(build_clip(flown, scenario, read_rate(rate)).time) <= 100_000
