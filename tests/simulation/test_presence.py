"""Nearness to aircraft and people, found inside the compiled legs, against two independent searches."""

import jax.numpy as jnp
import numpy as np
import pytest


@pytest.mark.parametrize(("low", "high"), [(-1e3, 1e3), (2.3, 2.6), (3.2, 9.0), (-5.0, 2.05)])
def test_a_step_past_an_aircraft_is_as_near_as_ten_thousand_places_on_it(low, high):
    """Free fall is a parabola, and a cubic through both ends of a step is that parabola: dense sampling."""
    from precipice.world.presence import Presence

    rng = np.random.default_rng(5)
    for _ in range(20):
        start, velocity = rng.normal(0.0, 30.0, 3), rng.normal(0.0, 20.0, 3)
        fly, keep_out, length = rng.normal(0.0, 20.0, 3), 7.0, 1.5
        spot = rng.normal(0.0, 60.0, 3)
        fall = np.array([0.0, 0.0, -9.8])
        s = np.linspace(0.0, length, 10_001)
        path = start + s[:, None] * velocity + 0.5 * s[:, None] ** 2 * fall
        there = (s + 2.0 >= low) & (s + 2.0 <= high)
        apart = np.linalg.norm(path - spot - (s + 2.0)[:, None] * fly, axis=1)
        row = np.array([*spot, *fly, keep_out, low, high])
        around = Presence(jnp.asarray(row[None]), jnp.zeros((0, 5)))
        ends = (start, velocity), (path[-1], velocity + length * fall)
        ends = tuple(tuple(jnp.asarray(part) for part in end) for end in ends)
        left = float(around.aircraft_left(jnp.asarray(2.0), jnp.asarray(length), *ends))
        if not there.any():
            assert left == 1e4
            continue
        assert left + keep_out >= apart[there].min() - 0.01
        assert left + keep_out == pytest.approx(apart[there].min(), abs=0.1)


def test_people_count_on_the_map_and_only_while_they_are_there():
    """A straight way past a circle: 40 m beside its middle, whose radius is 15 m, at 10 m/s."""
    from precipice.world.presence import Presence

    def left(begin, end, since=0.0):
        row = jnp.array([[50.0, 40.0, 15.0, begin, end]])
        around = Presence(jnp.zeros((0, 9)), row)
        velocity = jnp.array([10.0, 0.0, -3.0])
        first, last = (jnp.zeros(3), velocity), (jnp.array([100.0, 0.0, -30.0]), velocity)
        return float(around.people_left(jnp.asarray(since), jnp.asarray(10.0), first, last))

    assert left(-100.0, 100.0) == pytest.approx(25.0, abs=1e-4)
    assert left(0.0, 2.0) == pytest.approx(np.hypot(30.0, 40.0) - 15.0, abs=1e-4)
    assert left(10.5, 20.0) == 1e4
    assert left(10.5, 20.0, since=5.0) == pytest.approx(np.hypot(5.0, 40.0) - 15.0, abs=1e-4)


def test_the_flown_legs_agree_with_a_search_of_the_kept_track(flown, scenario):
    """The report searches cubic tracks from takeoff to landing; the legs look while they fly."""
    from precipice.report.margins import margins

    found = margins(flown, scenario)
    told = flown.numbers
    legs = {
        "performer": min(told[f"{stage}_aircraft_left"] for stage in ("ride", "fall", "canopy")),
        "motorcycle": min(told[f"{stage}_aircraft_left"] for stage in ("ride", "motorcycle")),
    }
    for body, left in legs.items():
        assert left == pytest.approx(found[f"aircraft.0.{body}"].value, abs=0.5)
    people = min(found[f"people.{k}.motorcycle"].value for k in range(len(scenario.site.people)))
    assert told["motorcycle_people_left"] == pytest.approx(people, abs=0.1)
