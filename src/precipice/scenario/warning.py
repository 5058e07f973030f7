"""What is allowed in a scenario, but seldom meant."""

import math
from collections.abc import Iterator

from precipice.scenario.rule_weather import weather_warnings
from precipice.scenario.scenario import Scenario
from precipice.scenario.site import Site


def warnings_of(scenario: Scenario) -> list[str]:
    """Return sentences about what a person should look at again.

    Args:
        scenario: One without problems.
    """
    return [
        *_about_evidence(scenario),
        *_about_site(scenario.site),
        *weather_warnings(scenario),
        *_about_plan(scenario),
    ]


def _about_evidence(scenario: Scenario) -> Iterator[str]:
    quantities = scenario.quantities()
    if not scenario.uncertain():
        yield "nothing is uncertain: every run would be the same"
    if all(quantity.basis == "assumed" for quantity in quantities.values()):
        yield "nothing is measured or published: results rest on assumptions alone"
    if not scenario.criterion:
        yield "no [[criterion]]: nobody has said what is accepted"
    uncounted = [
        path for path, quantity in quantities.items() if quantity.basis == "measured" and not quantity.count
    ]
    if uncounted:
        yield f"measured, but not said how often (count): {', '.join(uncounted)}"


def _about_site(site: Site) -> Iterator[str]:
    if site.date is None:
        yield "no site.date: nobody can look up the weather or the light"
    if site.landing is None or site.cliff is None or site.terrain is not None:
        return
    place = site.landing.position
    if place.horizontal == "geodetic":
        return
    away = place.second if place.horizontal == "bearing" else math.hypot(place.first, place.second)
    if away > site.cliff.known_to.value:
        yield "site.landing lies beyond site.cliff.known_to, where no ground is known"


def _about_plan(scenario: Scenario) -> Iterator[str]:
    if scenario.run_up is not None and scenario.ramp is not None:
        deck, ramp = scenario.run_up.deck_width.value, scenario.ramp.width.value
        if ramp < deck:
            yield "ramp.width is less than run_up.deck_width: wheels that are on the deck can miss the ramp"
    rig = scenario.rig
    if rig is not None and scenario.kind == "skydive" and not rig.reserve:
        yield "a skydive without a reserve: rig.reserve is false"
