"""Segmentation against drawn jumps and drawn logs without one: a bounded set of what the benchmarks run.

Truth is that of `benchmarks/made_flights.py`, which integrates drag and lift by itself; the limits are those
that a coach asked for. Many more are run by `python -m benchmarks.check_segmentation` and `check_no_jump`.
"""

import numpy as np
import pytest
from benchmarks.check_no_jump import KINDS as NO_JUMPS
from benchmarks.check_segmentation import KINDS, LIMITS, logged

from precipice.training.segment import segment


def _found_within_limits(kind, draw):
    flown = KINDS[kind](draw)
    (jump,) = segment(logged(flown, draw)).jumps
    for event, limit in LIMITS.items():
        if event in flown.truth:
            assert jump.events[event].time == pytest.approx(flown.truth[event], abs=limit)
        else:
            assert event not in jump.events


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawn_jump(kind):
    _found_within_limits(kind, np.random.default_rng([5, *kind.encode()]))


@pytest.mark.parametrize(("seed", "number"), [(202620, 36), (202621, 5)])
def test_a_wingsuit_that_climbs_at_25_m_s_before_it_opens(seed, number):
    """It opens slow and level ten seconds after its dive; its climb, paid with speed, ends no descent."""
    kind = "wingsuit, 3.4 g pull-up"
    _found_within_limits(kind, np.random.default_rng([seed, *kind.encode(), number]))


@pytest.mark.parametrize("kind", NO_JUMPS)
def test_a_drawn_log_without_a_jump(kind):
    make, seen = NO_JUMPS[kind]
    for number in range(3):
        draw = np.random.default_rng([6, *kind.encode(), number])
        assert segment(seen(logged(make(draw), draw), draw)).jumps == ()


@pytest.mark.parametrize(("seed", "number"), [(77, 37), (202624, 0)])
def test_a_height_that_walks_is_no_jump(seed, number):
    """One climbs as much as it falls, so that its mean sink says nothing; one falls where no row is."""
    kind = "parked, random walk indoors"
    make, seen = NO_JUMPS[kind]
    draw = np.random.default_rng([seed, *kind.encode(), number])
    assert segment(seen(logged(make(draw), draw), draw)).jumps == ()
