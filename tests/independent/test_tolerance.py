"""What the shipped tolerance leaves: the nominal run flown again with a tenth of it."""

import os

import equinox as eqx
import numpy as np
import pytest

NEARER = 0.01
"""Largest move of an event [m]."""


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("PRECIPICE_SLOW"), reason="compiles for a minute: set PRECIPICE_SLOW=1"
)
def test_a_tenth_of_the_tolerance_moves_nothing_by_a_centimetre(world, flown):
    from precipice.simulation import stunt
    from precipice.simulation.leg import Tolerance
    from precipice.simulation.stages import EXACT, EXACT_STEPS

    tight = Tolerance(
        relative=0.1 * EXACT.relative,
        absolute=0.1 * EXACT.absolute,
        event=0.1 * EXACT.event,
        longest=EXACT.longest,
    )
    steps = {name: 2 * count for name, count in EXACT_STEPS.items()}

    def stage(function, *taken):
        return eqx.filter_jit(lambda *given: function(*given, tight, steps))(*taken)

    ridden, _ = stage(stunt.ride, world)
    escort, dropped = stage(stunt.drop_motorcycle, world, ridden)
    opened, _ = stage(stunt.fall, world, ridden, escort)
    landed, _ = stage(stunt.fly_canopy, world, opened)

    def moved(name, position):
        return np.linalg.norm(np.asarray(position) - flown.event(name).position)

    contact = escort.positions[int(escort.last)]
    assert bool(np.all(dropped.legs["tumble"].resolved))
    assert moved("exit", ridden.carry.state[:3]) < NEARER
    assert moved("motorcycle contact", contact) < NEARER
    assert moved("canopy open", opened.carry.state[:3]) < NEARER
    assert moved("touchdown", landed.state[:3]) < NEARER
    assert float(landed.t) == pytest.approx(flown.event("touchdown").t, abs=NEARER)
