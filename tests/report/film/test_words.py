"""What stands under a picture: numbers that the run's own table tells, in colours that can be read."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from tests.report.film.conftest import SIZE

from precipice.errors import InputError
from precipice.report.film.bar import Words, write_over
from precipice.report.film.film import take
from precipice.report.film.save import Wish, film_times, read_size
from precipice.report.scene import distance_out


def wish(since=None, until=None, rate="24"):
    return Wish("orbit", SIZE, Fraction(rate), since, until, ())


@pytest.mark.parametrize("name", ["takeoff", "throw", "touchdown"])
def test_numbers_are_those_of_the_timeline(stage, flown, name):
    event, zero = flown.event(name), flown.event("takeoff").t
    said = take(stage, "lip crane", [event.t], SIZE).words(0)
    assert float(said.time.removeprefix("T+").split()[0]) == pytest.approx(event.t - zero, abs=0.005)
    assert float(said.speed.split()[0]) == pytest.approx(event.speed, abs=0.06)
    # Straight below is the cliff's cross-section, whose corners are known exactly.
    out, up = float(distance_out(flown, stage.scenario, event.position)), event.position[2]
    above = up - np.interp(out, *flown.profile[[1, 3, 4, 5]].T)
    assert said.height == (f"{above:.0f} m" if above > 10 else f"{above:.1f} m")
    assert said.camera == "lip crane: 24 mm, frame 36.0 × 15.1 mm"
    assert said.mark == "SIMULATED"


def test_before_takeoff_counts_down_and_doubt_is_said(stage, flown):
    shot = take(stage, "chase", [flown.event("takeoff").t - 2.5], SIZE)
    assert shot.words(0).time == "T−2.50 s"
    assert "free camera" in shot.words(0).camera
    doubted = dataclasses.replace(flown, resolved=False, doubts=("no end was found",), run=7, seed=1)
    shot = take(dataclasses.replace(stage, run=doubted), "chase", [5.0], SIZE)
    assert shot.words(0).mark == "SIMULATED · UNRESOLVED"
    assert shot.words(0).alarm
    assert shot.words(0).title.endswith("run 7")


def luminance(colour):
    """Return the relative luminance of an sRGB colour, 0 to 255. Source: W3C, WCAG 2.2."""
    share = np.asarray(colour, float) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("light", [0, 128, 255])
@pytest.mark.parametrize("alarm", [False, True])
def test_words_can_be_read_on_any_picture(light, alarm):
    # WCAG 2.2, 1.4.3: text has a contrast of at least 4.5 to 1.
    said = Words(
        "A stunt", "crane: 24 mm", "T+1.00 s", "flight", "20.0 m/s (72 km/h)", "9.9 m", "SIMULATED", alarm
    )
    made = write_over(np.full((360, 640, 3), light, np.uint8), said, (1.0, 1.0))
    bar = made[-27:].reshape(-1, 3)
    paper = luminance(bar[0])
    for left, right in ((0, 200), (200, 540), (540, 640)):
        inks = made[-27:, left:right].reshape(-1, 3)
        brightest = max(luminance(ink) for ink in np.unique(inks, axis=0))
        assert (brightest + 0.05) / (paper + 0.05) > 4.5


def test_what_the_camera_does_not_record_is_darker(stage, flown):
    shot = take(stage, "lip crane", [flown.event("takeoff").t], SIZE)
    made = shot.finish(np.full((360, 640, 3), 200, np.uint8), 0)
    # Source: a 2.39 frame in a 16:9 picture is 1.7778 / 2.39 = 0.744 of its height.
    light = np.flatnonzero(made[: SIZE[1] - 27, 40, 0] >= 200)
    assert light[0] / SIZE[1] == pytest.approx(0.5 * (1.0 - 0.744), abs=0.006)
    assert np.all(np.diff(light) == 1)
    assert made[4, 40, 0] < 120


def test_times_of_pictures(flown):
    zero = flown.event("takeoff").t
    times = film_times(flown, wish(-1.0, 9.0))
    assert len(times) == 240
    np.testing.assert_allclose(times[[0, 24, -1]] - zero, [-1.0, 0.0, 9.0 - 1.0 / 24.0])
    assert len(film_times(flown, wish(0.0, 10.0, "24000/1001"))) == 239
    usual = film_times(flown, wish())
    assert usual[0] == pytest.approx(zero - 3.0)
    assert usual[-1] == pytest.approx(flown.event("canopy open").t + 5.0, abs=0.05)


@pytest.mark.parametrize(
    ("since", "until", "rate", "sentence"),
    [
        (-11.0, 1.0, "24", "--from must lie within the run, -10.74 to 281.67 s, but is -11"),
        (0.0, 282.0, "24", "--to must lie within the run"),
        (float("nan"), 1.0, "24", "--from must lie within the run"),
        (3.0, 3.0, "24", "--to must be later than --from"),
        (0.0, 250.0, "240", "choose a shorter --from and --to, or fewer --fps"),
    ],
)
def test_times_outside_the_run_are_refused(flown, since, until, rate, sentence):
    with pytest.raises(InputError) as caught:
        film_times(flown, wish(since, until, rate))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "text", ["1280", "1280x721", "1281x720", "100x100", "8000x4000", "٣٢٠x180", "axb", ""]
)
def test_sizes_that_films_cannot_have_are_refused(text):
    with pytest.raises(InputError, match="--size must be even numbers"):
        read_size(text)
    assert read_size("1920x1080") == (1920, 1080)
