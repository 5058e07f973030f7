"""A fall of 104.5 m into an air cushion, flown as the shipped scenario.

Source: Guinness World Records, "Highest unassisted static jump into an air cushion" (Stig Gunther,
7 August 1997): 104.5 m, "about 145 km/h". From rest without air it would be sqrt(2 g h) = 163 km/h; the
program must lie between that and the published number's own spread of 6 %.
"""

import math
from pathlib import Path

import pytest

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "high_fall.toml"
PUBLISHED = 145.0 / 3.6


@pytest.fixture(scope="module")
def fallen():
    import precipice

    return precipice.fly(SCENARIO)


def test_impact_speed(fallen):
    contact = fallen.event("contact")
    assert contact.speed == pytest.approx(PUBLISHED, rel=0.06)
    assert contact.speed < math.sqrt(2.0 * 9.80665 * 104.5)


def test_it_takes_longer_than_in_a_vacuum_and_less_than_twice_as_long(fallen):
    vacuum = math.sqrt(2.0 * 104.5 / 9.80665)
    assert vacuum < fallen.event("contact").t < 1.3 * vacuum


def test_it_comes_to_rest_on_the_cushion(fallen):
    assert (fallen.outcome, fallen.resolved) == ("came-to-rest", True)
    assert fallen.motorcycle is None
    assert [event.name for event in fallen.events] == ["exit", "contact", "at rest"]


def test_the_claim_of_another_fall_is_impossible():
    """A. J. Bakunas, 1978: 115 mph claimed from 315 to 323 ft; no air at all allows 98 mph."""
    assert math.sqrt(2.0 * 9.80665 * 323 * 0.3048) < 98.5 * 0.44704 < 115 * 0.44704
