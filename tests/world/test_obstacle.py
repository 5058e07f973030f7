"""Obstacles: cylinders with closed-form distances, and what touching them is called."""

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

from precipice.errors import ScenarioError
from precipice.phases.sequence import OUTCOMES
from precipice.scenario.load import parse_scenario
from precipice.simulation.outcome import tell_obstacle
from precipice.world.obstacle import Obstructed
from precipice.world.rock import ROWS
from precipice.world.terrain import AbstractTerrain

TREE, LAKE, NONE = (10.0, 0.0, 20.0, 3.0, 1.0), (60.0, 0.0, 0.0, 25.0, 0.0), (0.0, 0.0, 0.0, 0.0, 0.0)


class Flat(AbstractTerrain):
    """Level rock at zero."""

    def distance(self, position):
        return position[2]

    def height_above(self, position):
        return position[2]

    def known(self, position):
        return 1.0e4 + 0.0 * position[2]


@pytest.fixture(scope="module")
def site():
    return Obstructed(Flat(), jnp.array([TREE, LAKE, NONE]))


PLACES = {
    "beside the tree": ((10.0, 8.0, 10.0), 5.0),
    "over its top": ((11.0, 0.0, 26.0), 6.0),
    "off its rim": ((10.0, 7.0, 23.0), 5.0),
    "inside it": ((12.0, 0.0, 5.0), -1.0),
    "over the lake": ((60.0, 0.0, 9.0), 9.0),
    "over nothing": ((0.0, 0.0, 4.0), 4.0),
}


@pytest.mark.parametrize("name", PLACES)
def test_distances_in_closed_form(site, name):
    place, distance = PLACES[name]
    assert float(site.distance(jnp.array(place))) == pytest.approx(distance, abs=1e-6)


def test_heights_count_from_the_ground(site):
    assert float(site.height_above(jnp.array([10.0, 0.0, 30.0]))) == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("outcome", "place", "called"),
    [
        ("landed", (0.0, 0.0, 0.9), "landed"),
        ("landed", (10.0, 0.0, 20.9), "struck-obstacle"),
        ("landed", (60.0, 0.0, 0.9), "landed-in-water"),
        ("landed", (10.0, 9.0, 0.9), "landed"),
        ("struck-rock-under-canopy", (10.0, 6.0, 15.0), "struck-obstacle"),
        ("struck-rock-in-freefall", (10.0, 3.9, 8.0), "struck-obstacle"),
        ("struck-rock-in-freefall", (40.0, 0.0, 1.0), "struck-rock-in-freefall"),
        ("re-contact", (10.0, 3.5, 8.0), "re-contact"),
        ("stopped-before-lip", (10.0, 3.5, 8.0), "stopped-before-lip"),
    ],
)
def test_what_was_touched(world, site, outcome, place, called):
    placed = eqx.tree_at(lambda w: w.terrain, world, site)
    code = jnp.asarray(OUTCOMES.index(outcome))
    found = jax.jit(tell_obstacle)(code, jnp.array(place), placed)
    assert OUTCOMES[int(found)] == called


def test_more_obstacles_than_a_run_has_are_refused(scenario):
    one = '[[site.obstacle]]\nname = "tree"\nkind = "trees"\nbearing = "10 deg"\ndistance = "99 m"\n'
    text = scenario.text.replace("[run_up]", one * ROWS[-1] + "[run_up]", 1)
    with pytest.raises(ScenarioError, match=r"site\.obstacle must have at most 16 items, but is 18"):
        parse_scenario(text)
