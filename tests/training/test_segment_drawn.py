"""Segmentation against drawn jumps and drawn logs without one: a bounded set of what the benchmarks run.

Truth is that of `benchmarks/made_flights.py`, which integrates drag and lift by itself; the limits are those
that a coach asked for. Many more are run by `python -m benchmarks.check_segmentation` and `check_no_jump`.
"""

import numpy as np
import pytest
from benchmarks.check_no_jump import KINDS as NO_JUMPS
from benchmarks.check_segmentation import KINDS, LIMITS, logged

from precipice.training.segment import segment


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawn_jump(kind):
    draw = np.random.default_rng([5, *kind.encode()])
    flown = KINDS[kind](draw)
    (jump,) = segment(logged(flown, draw)).jumps
    for event, limit in LIMITS.items():
        if event in flown.truth:
            assert jump.events[event].time == pytest.approx(flown.truth[event], abs=limit)
        else:
            assert event not in jump.events


@pytest.mark.parametrize("kind", NO_JUMPS)
def test_a_drawn_log_without_a_jump(kind):
    make, seen = NO_JUMPS[kind]
    for number in range(3):
        draw = np.random.default_rng([6, *kind.encode(), number])
        assert segment(seen(logged(make(draw), draw), draw)).jumps == ()


def test_a_height_that_climbs_as_much_as_it_falls():
    """Its mean sink is that of its noise, and so says nothing about a Doppler velocity that fell with it."""
    kind = "parked, random walk indoors"
    make, seen = NO_JUMPS[kind]
    draw = np.random.default_rng([77, *kind.encode(), 37])
    assert segment(seen(logged(make(draw), draw), draw)).jumps == ()
