"""A tracker's way out from a ledge, flown as the base-jump that is shipped with other areas.

Source: start arc of the note on fall, opening, canopy, section 1.4: a tracker of 90 kg at 40 m/s down and
40 m/s level (drag and lift area 0.318 m²; the speeds after Wikipedia, "Tracking (skydiving)", uncited there),
in still air, all lift at once, a level exit: 85.0 m out and 9.02 s after 304.8 m of drop at 3 m/s.
"""

import numpy as np
import pytest

pytestmark = pytest.mark.published

DROP = 304.8
TRACKER = {
    "performer.mass": 90.0,
    "performer.drag_area": 0.318,
    "performer.lift_area": 0.318,
    "performer.upright_drag_area": 0.318,
    "exit.speed": 3.0,
    "exit.path": 0.0,
    "plan.throw": 12.0,
    "wind.speed": 0.0,
}


def arc(run):
    """Return metres out and seconds at `DROP` below the exit."""
    start = run.event("exit")
    times = np.arange(0.0, 12.0, 0.02)
    place = np.array([run.performer.at(start.t + t)[0] for t in times]) - start.position
    drop, out = -place[:, 2], np.linalg.norm(place[:, :2], axis=1)
    return np.interp(DROP, drop, out), np.interp(DROP, drop, times)


def test_lift_at_once(fly_kind):
    """The source's point mass has its lift in the first instant; a body has to lie down first."""
    out, time = arc(fly_kind("base_jump", TRACKER | {"performer.lift_delay": 0.0}))
    assert time == pytest.approx(9.02, rel=0.02)
    assert 0.85 * 85.0 < out < 1.02 * 85.0


def test_lift_that_comes_late_costs_distance(fly_kind):
    """Two seconds without lift: at most 40 m/s x 2 s of the glide, at least something."""
    at_once, _ = arc(fly_kind("base_jump", TRACKER | {"performer.lift_delay": 0.0}))
    late, _ = arc(fly_kind("base_jump", TRACKER | {"performer.lift_delay": 2.0}))
    assert 2.0 < at_once - late < 80.0


def test_the_shipped_suit_settles_into_its_glide(fly_kind):
    """Sustained speeds are those at sea level: both grow with one over the root of density.

    That is 1.0581 kg/m³ at 1,500 m in the US Standard Atmosphere 1976, Table I; far above the ground here.
    """
    high = {"site.altitude": 4400.0, "site.cliff.wall_height": 3600.0, "plan.throw": 70.0, "wind.speed": 0.0}
    run = fly_kind("tracking", high | {"plan.hard_deck": 0.0})
    track = run.performer
    falls = track.phase == "freefall"
    up = run.lip_altitude + track.position[falls, 2]
    level = np.hypot(*track.velocity[falls, :2].T)
    faster = np.sqrt(1.2250 / 1.0581)
    # Air grows denser on the way: speeds lag by about sink x time constant / scale height, below 2 %.
    assert np.interp(-1500.0, -up, level) == pytest.approx(51.0 * faster, rel=0.02)
    assert np.interp(-1500.0, -up, -track.velocity[falls, 2]) == pytest.approx(34.0 * faster, rel=0.02)
