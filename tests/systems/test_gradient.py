"""Gradients: exact ones in a vacuum, and central differences of drawn flights of every kind that is quick.

benchmarks/check_gradient.py compares many more draws of all kinds, against tighter flights.
"""

import os
from dataclasses import replace

import numpy as np
import pytest

GRAVITY = 9.80665
ROOT_SCENARIOS = {"drop": "high_fall", "ramp-jump": "snowmobile_jump"}
SEED = 7
MOVE = 0.05
"""How far a difference moves an output at most [m, ...]."""
TIGHT = 1e-12
"""Tolerance of the flights between which differences are taken: at the shipped one each flight chooses its
steps anew, which moves an output by some 1e-6 m."""
OWN_ERROR = 1e-8
"""What two such flights a hair apart differ by [m, ...]."""


@pytest.fixture(scope="module")
def load():
    from pathlib import Path

    from precipice.scenario.load import load_scenario

    root = Path(__file__).resolve().parents[2] / "scenarios"
    kept = {}

    def loaded(name):
        return kept.setdefault(name, load_scenario(root / f"{name}.toml"))

    return loaded


@pytest.fixture(scope="module")
def in_vacuum(load):
    """The high fall without air or wind, thrown upwards at 20 degrees."""
    from precipice.scenario.change import change_value

    scenario = load("high_fall")
    chosen = {
        "body.drag_area": 1e-15,
        "body.inline_drag_area": 1e-15,
        "body.lift_fraction": 0.0,
        "wind.speed": 0.0,
        "exit.speed": 3.0,
        "exit.path": np.radians(20.0),
    }
    for path, value in chosen.items():
        scenario = change_value(scenario, path, value - scenario.values()[path])
    return scenario


def test_a_throw_in_a_vacuum_has_the_parabola_s_derivatives(in_vacuum):
    """With path angle a, speed v and drop h: t = (v sin a + w) / g, w^2 = (v sin a)^2 + 2 g h, x = v cos a t.

    The centre falls from `centre_height` above the exit to its radius above the landing. So dt/dh = 1 / w,
    dt/dv = sin a t / w, dt/da = v cos a t / w, and x follows by the product rule.
    """
    import precipice

    fields = ["exit.speed", "exit.path", "site.altitude", "exit.centre_height", "body.radius", "exit.azimuth"]
    found = precipice.gradient(in_vacuum, ["landing_north", "landing_east"], fields)
    v = in_vacuum.values()
    speed, path = v["exit.speed"], v["exit.path"]
    drop = v["site.altitude"] + v["exit.centre_height"] - v["site.landing.altitude"] - v["body.radius"]
    root = np.sqrt((speed * np.sin(path)) ** 2 + 2.0 * GRAVITY * drop)
    time = (speed * np.sin(path) + root) / GRAVITY
    along, lengthening = speed * np.cos(path), 1.0 / root
    expected = {
        "exit.speed": np.cos(path) * time + along * np.sin(path) * time * lengthening,
        "exit.path": -speed * np.sin(path) * time + along * along * time * lengthening,
        "site.altitude": along * lengthening,
        "exit.centre_height": along * lengthening,
        "body.radius": -along * lengthening,
        "exit.azimuth": 0.0,
    }
    north, east = found["landing_north"], found["landing_east"]
    assert north.resolved
    assert north.value == pytest.approx(along * time, rel=1e-9)
    for field, value in expected.items():
        assert north.fields[field].value == pytest.approx(value, rel=1e-8, abs=1e-9), field
    # Turned about the exit: the point moves east by its distance.
    assert east.fields["exit.azimuth"].value == pytest.approx(along * time, rel=1e-8)
    assert east.fields["exit.azimuth"].unit == "m per rad"
    assert north.fields["exit.speed"].unit == "m per m/s"


def test_places_that_the_host_works_out_have_derivatives_too(in_vacuum):
    """The margin is the radius less the distance from rest to middle, in a line on north: see the file."""
    import precipice

    fields = ["site.landing.distance", "site.landing.bearing", "site.landing.radius", "site.people.0.radius"]
    found = precipice.gradient(in_vacuum, ["rest_distance", "people.0.body"], fields)
    rest = found["rest_distance"]
    # It rests beyond the middle, which lies 3 m to the north: the farther the middle, the more is left.
    assert rest.fields["site.landing.distance"].value == pytest.approx(1.0, abs=1e-6)
    assert rest.fields["site.landing.bearing"].value == pytest.approx(0.0, abs=1e-6)
    assert rest.fields["site.landing.radius"].value == 0.0  # the criterion of 4 m stands in its place
    assert found["people.0.body"].fields["site.people.0.radius"].value == pytest.approx(-1.0, abs=1e-6)


def test_a_replay_is_the_flight(load):
    from precipice.campaign.draws import draw
    from precipice.simulation.gradient import follow
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import Inputs, arrange, value_keys

    scenario = load("high_fall")
    inputs = arrange(scenario, draw(scenario, SEED, 0))
    still = Inputs(*[np.zeros((1, *np.shape(leaf))) for leaf in inputs])
    keys = value_keys(scenario)
    report, slopes = follow(inputs, still, keys, scenario.kind)
    flight = simulate(inputs, keys, kind=scenario.kind)
    for name in ("rest_east", "rest_north", "rest_time", "contact_time", "contact_sink"):
        again, once = float(report[f"numbers.{name}"]), float(flight[f"numbers.{name}"])
        assert again == pytest.approx(once, rel=1e-6, abs=1e-6), name
    assert all(np.nanmax(np.abs(slope), initial=0.0) == 0.0 for slope in slopes.values())


@pytest.mark.parametrize(
    "name",
    [
        ROOT_SCENARIOS["drop"],
        # Every kind, and many more draws: `python -m benchmarks.check_gradient`.
        pytest.param(
            ROOT_SCENARIOS["ramp-jump"],
            marks=pytest.mark.skipif(
                not os.environ.get("PRECIPICE_SLOW"),
                reason="compiles for two minutes: set PRECIPICE_SLOW=1",
            ),
        ),
    ],
)
@pytest.mark.parametrize("number", [0, 1])
def test_drawn_runs_agree_with_central_differences(load, name, number, monkeypatch):
    from precipice.campaign.draws import draw
    from precipice.campaign.slope import slope
    from precipice.report.gradient import measure
    from precipice.simulation import stages

    tight = replace(stages.EXACT, relative=TIGHT, absolute=TIGHT, event=0.01 * TIGHT)
    scenario = load(name)
    fields = list(np.random.default_rng([SEED, number]).choice(list(scenario.values()), 12, replace=False))
    drawn = draw(scenario, SEED, number)
    found = slope(scenario, measure, fields, number, SEED)
    assert found.run.resolved
    monkeypatch.setattr(stages, "EXACT", tight)
    moving = 0
    for field in fields:
        slopes = {name: value for name, value in found.slopes[field].items() if value is not None}
        size = abs(drawn.values[field]) or 1.0
        step = min(0.01 * size, MOVE / max([1e-9, *map(abs, slopes.values())]))
        flown = [_fly(scenario, drawn, field, k * step) for k in (-2, -1, 1, 2)]
        if {outcome for outcome, _ in flown} != {found.run.outcome}:
            continue
        far_below, below, above, far_above = (outputs for _, outputs in flown)
        for output, value in slopes.items():
            near = (above[output] - below[output]) / (2.0 * step)
            far = (far_above[output] - far_below[output]) / (4.0 * step)
            best = near + (near - far) / 3.0
            doubt = abs(best - near) + OWN_ERROR / step
            assert value == pytest.approx(best, rel=1e-3, abs=doubt), (field, output)
            moving += value != 0.0 and doubt < 1e-3 * abs(best)
    assert moving >= 10


def _fly(scenario, drawn, field, by):
    from precipice.campaign.fly import tell_run
    from precipice.campaign.slope import shift
    from precipice.report.gradient import measure
    from precipice.simulation.mode import NOMINAL
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys

    scenario, drawn = shift(scenario, drawn, field, by)
    mode = NOMINAL._replace(name=f"tight {TIGHT}")
    report = simulate(arrange(scenario, drawn), value_keys(scenario), mode, kind=scenario.kind)
    run = tell_run(report, scenario, drawn)
    return run.outcome, measure(run, scenario)


@pytest.mark.parametrize("number", range(3))
def test_noise_that_depends_on_a_number_has_a_derivative(load, number):
    """The steering errors lie over the run-up: a run-up longer by 1e-5 or 1e-6 of it changes them alike.

    Filtered in float32, as drawn, they differ by 1e-7 of themselves from rounding alone: a tenth of that.
    """
    from precipice.campaign.draws import draw
    from precipice.campaign.slope import _direction

    scenario = load("ramp_jump")
    drawn = draw(scenario, SEED, number)
    steering = _direction(scenario, drawn, "run_up.length").steering
    longer, shorter = (_steering(scenario, drawn, sign * 1e-3) for sign in (1.0, -1.0))
    expected = (longer - shorter) / 2e-3
    assert np.max(np.abs(steering)) > 1e-3
    np.testing.assert_allclose(steering, expected, rtol=0.0, atol=1e-6 * np.max(np.abs(expected)))


def _steering(scenario, drawn, longer):
    from precipice.world.arrange import STEERING_LENGTH
    from precipice.world.noise import correlate_longitudinal

    noise = drawn.noise["steering"].astype(float)
    length = drawn.values["run_up.length"] + longer
    return correlate_longitudinal(noise, length / (noise.shape[-1] - 1) / STEERING_LENGTH)


def test_every_kind_names_its_outputs_and_fields(load):
    import precipice
    from precipice.errors import InputError
    from precipice.report.gradient import output_units

    assert list(output_units(load("high_fall")))[:3] == ["landing_east", "landing_north", "rest_distance"]
    assert output_units(load("base_jump"))["clearance"] == "m"
    assert output_units(load("helsetkopen"))["opening_load"] == "g"
    with pytest.raises(InputError, match=r"output must be one of landing_east, .*, but is height: choose"):
        precipice.gradient(load("high_fall"), "height")
    with pytest.raises(InputError, match=r"exit\.sped is none: choose .*exit\.speed"):
        precipice.gradient(load("high_fall"), "landing_east", ["exit.sped"])


def test_changed_numbers_stay_where_they_are_written(load):
    from precipice.scenario.change import change_value

    scenario = load("helsetkopen")
    path = "site.people.0.from"
    changed = change_value(scenario, path, 2.0)
    assert changed.values() == {**scenario.values(), path: scenario.values()[path] + 2.0}
    assert changed.text == scenario.text


def _track(t, height, **columns):
    from precipice.simulation.track import COLUMNS, Track

    n = len(t)
    shapes = {"position": (n, 3), "velocity": (n, 3), "attitude": (n, 4), "control": (n, 2)}
    found = {name: np.zeros(shapes.get(name, n)) for name in COLUMNS} | {"height": height} | columns
    return Track(t=t, phase=np.full(n, "freefall"), **found)


def test_the_smallest_value_lies_between_the_steps():
    """Of 3 + (t - 0.83)^2 (1 + t), a cubic, on uneven steps: 3 at 0.83, however the steps lie."""
    from precipice.report.between import smallest

    t = np.array([0.0, 0.1, 0.35, 0.7, 1.0, 1.4, 2.0])
    clearance = 3.0 + (t - 0.83) ** 2 * (1.0 + t)
    track = _track(t, 50.0 - 10.0 * t, clearance=clearance)
    at = smallest(track, lambda rows: rows.clearance, lambda rows: rows.height > 30.0)
    assert at.clearance[0] == pytest.approx(3.0, abs=1e-12)
    assert at.t[0] == pytest.approx(0.83, abs=1e-6)
    # Counting ends at a height of 43 m, at 0.7 s: the clearance still falls there.
    ends = smallest(track, lambda rows: rows.clearance, lambda rows: rows.height > 43.5)
    assert ends.t[0] == pytest.approx(0.65, abs=1e-9)
    assert smallest(track, lambda rows: rows.clearance, lambda rows: rows.height > 60.0) is None


def test_the_smallest_value_does_not_look_across_two_legs():
    from precipice.report.between import smallest

    t = np.array([0.0, 0.5, 1.0, 1.0, 1.5, 2.0])
    clearance = np.array([5.0, 4.0, 3.0, 30.0, 31.0, 32.0])
    track = _track(t, 0.0 * t, clearance=clearance)
    at = smallest(track, lambda rows: rows.clearance, lambda rows: rows.t >= 0.0)
    assert at.clearance[0] == pytest.approx(3.0)


def test_the_smallest_value_may_lie_in_a_kink():
    """Falls at 2 per second until 0.83, then rises as 5 s + s^2: 3, whatever steps lie around it."""
    from precipice.report.between import smallest

    t = np.array([0.0, 0.1, 0.22, 0.3, 0.41, 0.5, 0.62, 0.7, 0.8, 0.9, 1.0, 1.13, 1.2, 1.3, 1.4, 1.55])
    after = np.maximum(t - 0.83, 0.0)
    clearance = np.where(t < 0.83, 3.0 + 2.0 * (0.83 - t), 3.0 + 5.0 * after + after**2)
    at = smallest(
        _track(t, 50.0 - t, clearance=clearance), lambda rows: rows.clearance, lambda rows: rows.t > 0.0
    )
    assert at.t[0] == pytest.approx(0.83, abs=1e-6)
    assert at.clearance[0] == pytest.approx(3.0, abs=1e-6)


def test_a_peak_beside_a_kink_is_that_of_its_own_side():
    """1 - (t - 0.8)^2, from 0.75 on less 3 (t - 0.75)^2: by calculus the peak is at 6.1 / 8."""
    from precipice.report.between import smallest

    t = np.array([0.0, 0.1, 0.22, 0.3, 0.41, 0.5, 0.6, 0.7, 0.74, 0.79, 0.9, 1.0, 1.13, 1.2, 1.3, 1.4])
    load = 1.0 - (t - 0.8) ** 2 - 3.0 * np.maximum(t - 0.75, 0.0) ** 2
    at = smallest(_track(t, 50.0 - t, load=load), lambda rows: -rows.load, lambda rows: rows.t >= 0.0)
    peak = 6.1 / 8.0
    assert at.t[0] == pytest.approx(peak, abs=1e-6)
    assert at.load[0] == pytest.approx(1.0 - (peak - 0.8) ** 2 - 3.0 * (peak - 0.75) ** 2, abs=1e-11)


STIFFNESS = 25.0
"""Of the spring in `_Buffer` over its mass [1/s^2]."""


def _buffer():
    import jax.numpy as jnp

    from precipice.phases.phase import AbstractPhase

    class Buffer(AbstractPhase):
        """A point mass that runs into a spring at 1 m, until 1 s."""

        def vector_field(self, t, state, world, memory):
            return jnp.stack([state[1], -STIFFNESS * jnp.maximum(state[0] - 1.0, 0.0)])

        def kinks(self, t, state, world, memory):
            return state[:1] - 1.0

        def margins(self, t, state, world, memory):
            return {"end": 1.0 - t}

        def record(self, t, state, world, memory):
            return state

        def step_limit(self, t, state, world, memory):
            return jnp.ones_like(t)

    return Buffer()


def _slope_of_replay(phase, name, state, along, world, memory, times):
    """Return how the end of a leg, flown once more on given steps, changes with its beginning."""
    import jax
    import jax.numpy as jnp

    from precipice.simulation.replay import FlownLegs, Replay

    yes, no = jnp.ones(1, bool), jnp.zeros(1, int)
    known = FlownLegs(jnp.asarray(times)[None], no, yes, yes)
    start = jnp.asarray(times[0])

    def end(state):
        leg = Replay({name: known}).fly(name, no[0], phase, start, state, world, memory, False)
        return leg.state

    run = jax.jit(lambda state, along: jax.jvp(end, (state,), (along,)))
    return [np.asarray(x) for x in run(jnp.asarray(state), jnp.asarray(along))]


def test_a_derivative_goes_through_a_kink(world):
    """A mass at speed v meets the spring after 1 / v and swings: x = 1 + (v / w) sin(w (1 - 1 / v))."""
    v, w = 1.7, np.sqrt(STIFFNESS)
    times = np.append(np.linspace(0.0, 1.0, 41), np.full(3, np.inf))
    (x, _), (slope, _) = _slope_of_replay(_buffer(), "buffer", [0.0, v], [0.0, 1.0], world, None, times)
    swung = w * (1.0 - 1.0 / v)
    assert x == pytest.approx(1.0 + v / w * np.sin(swung), rel=1e-6)
    # With a step across the spring's beginning it is off by 3.6 %.
    assert slope == pytest.approx(np.sin(swung) / w + np.cos(swung) / v, rel=1e-4)


def test_a_slide_round_the_foot_of_the_talus_has_the_derivative_of_differences(world, fly):
    """Down the talus and out on the valley floor: differences of fourth order between flights at 1e-12."""
    import jax.numpy as jnp

    from precipice.phases.tumble import SlideMemory, SlidePhase
    from precipice.simulation.leg import Tolerance
    from precipice.world.obstacle import bare_rock

    cliff = bare_rock(world.terrain)
    out, talus = np.asarray(cliff.outward), np.asarray(cliff.along[3])
    talus = talus / np.hypot(*talus)
    foot = np.asarray(cliff.starts[4])
    across = np.array([-talus[1], talus[0]])
    place = foot - 8.0 * talus + (float(world.body.radius) - 0.1) * across
    velocity = 20.0 * talus
    upward = np.array([0.0, 0.0, 1.0])
    state = np.concatenate([place[0] * out + place[1] * upward, velocity[0] * out + velocity[1] * upward])
    along = np.concatenate([np.zeros(3), talus[0] * out + talus[1] * upward])
    memory = SlideMemory(jnp.array([1.0, 0.0, 0.0, 0.0]))
    tight = Tolerance(relative=TIGHT, absolute=TIGHT, event=0.01 * TIGHT)

    def rest(faster):
        leg = fly(SlidePhase, 0.0, state + faster * along, world, memory, tolerance=tight, max_steps=8192)
        assert bool(leg.resolved)
        return np.asarray(leg.state[:3]) @ out, np.asarray(leg.times)

    h = 1e-2
    a, b, c, d = (rest(k * h)[0] for k in (-2, -1, 1, 2))
    near, far = (c - b) / (2.0 * h), (d - a) / (4.0 * h)
    here, times = rest(0.0)
    reached, slope = _slope_of_replay(SlidePhase(), "slide", state, along, world, memory, times)
    assert reached[:3] @ out == pytest.approx(here, abs=1e-6)
    # Without the jump of the ground's normal at the foot it is 0.215 s instead of 0.082 s.
    assert slope[:3] @ out == pytest.approx(near + (near - far) / 3.0, rel=1e-3)
