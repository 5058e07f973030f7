"""The whole stunt at the tolerance that `fly` ships with, beside an integration that shares no code with it.

The reference writes every equation again (see `tests.independent.stunt`) and solves it with SciPy's DOP853 at
1e-12. Two runs are compared event by event: the nominal one, and a drawn one with gusts, a wandering front
wheel, tumbling lift and every number off its centre.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from tests.independent import solve
from tests.independent.stunt import fly_independently

from precipice.campaign.draws import centre_draw, draw
from precipice.simulation.run import build_run
from precipice.world.arrange import arrange, value_keys

TO_OPENING = 1e-3
"""Largest distance of an event up to the open canopy [m]."""
TO_LANDING = 0.05
"""Largest distance of an event under the canopy [m]."""
CONTACT = 0.01
"""Largest distance of the motorcycle's first contact [m]."""
SOONER, LATER = 1e-4, 5e-3
"""Largest difference in time up to the open canopy, and from there on [s]: the way of 5 cm at 10 m/s."""
LOAD = 1e-3
"""Largest relative difference of the peak opening load."""
BEFORE_OPENING = (
    "speed gate",
    "ramp foot",
    "front wheel past the lip",
    "takeoff",
    "release",
    "end of push",
    "exit",
    "throw",
    "pilot chute in clean air",
    "bridle stretch",
    "line stretch",
    "canopy open",
)
UNDER_CANOPY = ("control", "turned away", "pattern", "base turn", "final turn", "flare", "touchdown")


def fly_exactly(scenario, drawn, run=None):
    """Return one run in float64 at the shipped tolerance, and the tables it was given."""
    from precipice.simulation.simulate import simulate

    tables = arrange(scenario, drawn)
    report = simulate(tables, value_keys(scenario))
    lip, landing = float(report["numbers.lip_altitude"]), drawn.values["site.landing.altitude"]
    return build_run(report, lip, landing, run=run, values=dict(drawn.values)), tables


@pytest.fixture(scope="module")
def nominal(scenario, flown):
    """The run as `fly` returns it, and its reference."""
    drawn = centre_draw(scenario)
    reference = fly_independently(scenario, flown.values, drawn.luck, arrange(scenario, drawn))
    return SimpleNamespace(run=flown, reference=reference)


@pytest.fixture(scope="module")
def gusty(scenario):
    """The first drawn run that lands after it had to turn away from the wall, and its reference."""
    for number in range(40):
        drawn = draw(scenario, 0, number)
        run, tables = fly_exactly(scenario, drawn, number)
        happened = all(run.event(name) for name in (*BEFORE_OPENING, *UNDER_CANOPY))
        if run.resolved and run.outcome == "landed" and happened:
            assert np.std(tables.gust) > 0.5
            reference = fly_independently(scenario, run.values, drawn.luck, tables)
            return SimpleNamespace(run=run, reference=reference)
    pytest.fail("none of 40 drawn runs turned away from the wall and landed")


@pytest.fixture(scope="module", params=["nominal", "gusty"])
def pair(request):
    """Each of the two runs with its reference."""
    return request.getfixturevalue(request.param)


def apart(pair, name):
    """Return how far an event is from the reference's, in metres and in seconds."""
    event, expected = pair.run.event(name), pair.reference.events[name]
    assert event is not None, f"{name} did not happen"
    return float(np.linalg.norm(event.position - expected.position)), abs(event.t - expected.t)


def test_same_events_in_the_same_order(pair):
    left_out = ("start", "motorcycle at rest")
    named = [event.name.split(" (")[0] for event in pair.run.events if event.name not in left_out]
    expected = sorted(pair.reference.events, key=lambda name: pair.reference.events[name].t)
    assert named == expected


@pytest.mark.parametrize("name", BEFORE_OPENING)
def test_events_up_to_the_open_canopy(pair, name):
    distance, delay = apart(pair, name)
    assert distance < TO_OPENING
    assert delay < SOONER


@pytest.mark.parametrize("name", UNDER_CANOPY)
def test_events_under_the_canopy(pair, name):
    if name == "turned away" and name not in pair.reference.events:
        assert pair.run.event(name) is None
        return
    distance, delay = apart(pair, name)
    assert distance < TO_LANDING
    assert delay < LATER


def test_motorcycle_contact(pair):
    distance, delay = apart(pair, "motorcycle contact")
    assert distance < CONTACT
    assert delay < SOONER


def test_peak_opening_load(pair):
    assert pair.run.numbers["opening_load"] == pytest.approx(pair.reference.opening_load, rel=LOAD)
    assert pair.run.numbers["fill_time"] == pytest.approx(pair.reference.fill_time, rel=1e-5)


def test_the_reference_has_converged(scenario, nominal, monkeypatch):
    """A hundred times the tolerance moves nothing by a thousandth of what is asked of `fly`."""
    monkeypatch.setattr(solve, "TOLERANCE", 1e-10)
    drawn = centre_draw(scenario)
    coarse = fly_independently(scenario, nominal.run.values, drawn.luck, arrange(scenario, drawn))
    for name, event in nominal.reference.events.items():
        limit = 1e-3 * (TO_LANDING if name in UNDER_CANOPY else TO_OPENING)
        assert np.linalg.norm(coarse.events[name].position - event.position) < limit
