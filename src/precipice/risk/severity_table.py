"""From which contact on a person is how badly hurt: one table, each number with what it rests on."""

from typing import Literal, NamedTuple

import numpy as np

from precipice.earth import GRAVITY

LEVELS = ("none", "minor", "severe", "fatal")
"""Severities, rising. Severe: what is taken to a trauma centre. Fatal: half of those or more die."""
Basis = Literal["published", "assumed"]


class Threshold(NamedTuple):
    """From where on a severity counts.

    Attributes:
        value: In the row's unit; infinite where the contact alone is never so bad.
        basis: Published with a source, or assumed.
        source: Where it comes from; what an assumed one leans on.
    """

    value: float
    basis: Basis
    source: str


class Row(NamedTuple):
    """One kind of contact.

    Attributes:
        kind: What is met.
        measure: What is compared with the thresholds.
        unit: Of it, SI.
        minor: From where on somebody is hurt.
        severe: From where on badly.
        fatal: From where on dead.
    """

    kind: str
    measure: str
    unit: str
    minor: Threshold
    severe: Threshold
    fatal: Threshold

    def grade(self, measured: np.ndarray) -> np.ndarray:
        """Return the severity of contacts, as an index into `LEVELS`, `(n,)`; NaN is none."""
        limits = [self.minor.value, self.severe.value, self.fatal.value]
        return np.where(np.isnan(measured), 0, np.searchsorted(limits, measured, side="right"))


def _fallen(height: float) -> float:
    """Return the speed after a fall without drag [m/s]."""
    return round((2.0 * GRAVITY * height) ** 0.5, 2)


TRIAGE_FALL = _fallen(20.0 * 0.3048)
"""Speed after 20 ft [m/s]."""
HALF_DIE = _fallen(48.0 * 0.3048)
"""Speed after 48 ft [m/s]."""
TRIAGE_IMPACT = 8.94
"""20 mph [m/s]."""
_TRIAGE = "Sasser et al. 2012, MMWR 61(RR-1), field triage of injured patients"
_NONE = Threshold(float("inf"), "assumed", "no contact of this kind alone")
_LANDING_FALL = Threshold(
    4.6,
    "assumed",
    "the fastest landing falls of a study (Whitting et al. 2007); of soldiers who land at 5.5 to 7 m/s, 5 "
    "to 9 of 1,000 are hurt (Knapik et al. 2014): cautious",
)
_SEVERE_FALL = Threshold(
    TRIAGE_FALL, "published", f"{_TRIAGE}: adults who fell more than 20 ft go to a trauma centre"
)
_FATAL_FALL = Threshold(
    HALF_DIE,
    "published",
    "half die after 48 ft onto hard ground, read second-hand; of 287 who fell, the dead had fallen 5 floors, "
    "the living 2 (medians; Lapostolle et al. 2005, Crit Care Med 33:1239)",
)
_STRUCK = Threshold(TRIAGE_IMPACT, "published", f"{_TRIAGE}: struck or crashed at more than 20 mph")
_TOUCH = Threshold(2.5, "assumed", "a fast walk into a wall")

TABLE: tuple[Row, ...] = (
    Row("landing", "sink", "m/s", _LANDING_FALL, _SEVERE_FALL, _FATAL_FALL),
    Row(
        "landing, over the ground",
        "level speed",
        "m/s",
        Threshold(7.0, "assumed", "faster than most people run in boots"),
        Threshold(11.0, "assumed", "36 ft/s, a test limit of parachute standards, recalled"),
        _NONE,
    ),
    Row(
        "water",
        "sink",
        "m/s",
        Threshold(12.0, "assumed", "feet first from 7 m: what untrained people jump from"),
        Threshold(20.0, "assumed", "from 20 m, where high divers begin to be hurt"),
        Threshold(33.0, "assumed", "from 67 m, a bridge after which few live"),
    ),
    Row("ground without a canopy", "speed", "m/s", _LANDING_FALL, _SEVERE_FALL, _FATAL_FALL),
    Row("rock in freefall", "speed", "m/s", _TOUCH, _STRUCK, _FATAL_FALL),
    Row("rock or obstacle under the canopy", "speed", "m/s", _TOUCH, _STRUCK, _FATAL_FALL),
    Row("motorcycle", "speed between the two", "m/s", _TOUCH, _STRUCK, _FATAL_FALL),
    Row(
        "opening",
        "load",
        "m/s^2",
        Threshold(9.0 * GRAVITY, "assumed", "openings of 9 to 10 g count as hard, recalled"),
        Threshold(12.0 * GRAVITY, "assumed", "the program's own limit of a hard opening"),
        Threshold(30.0 * GRAVITY, "assumed", "no measured opening of a person is known to reach it"),
    ),
    Row(
        "landing on a vehicle",
        "speed into the surface",
        "m/s",
        Threshold(_fallen(1.5), "assumed", "equivalent fall of 1 to 1.5 m, asked of public jumps, recalled"),
        _SEVERE_FALL,
        _FATAL_FALL,
    ),
)
"""One row for each kind of contact."""
ROWS = {row.kind: row for row in TABLE}
