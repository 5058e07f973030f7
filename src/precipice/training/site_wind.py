"""The wind of a stunt's site, from canopies flown there: of days on which people jump, and no forecast."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from precipice.scenario.scenario import Scenario
from precipice.training.counterpart import DOUBT
from precipice.training.hierarchy import Posterior, learn
from precipice.training.informed import Field
from precipice.training.logbook import Row

NEAR = 3000.0
"""Metres between a landing and the site within which its wind is the site's."""
RADIUS = 6.371e6
"""Of the Earth [m]."""
FEWEST_DAYS = 3
"""Days that differences between days need."""
CALM = 1.0
"""Speed [m/s] below which a wind has no direction."""
LEAST = 0.5
"""Speed [m/s] that a calm counts as: a logarithm needs one."""
STEADY = 0.6
"""Length of the mean of the directions' unit vectors from which on there is a prevailing one."""
SPEED = Field("wind.speed", logarithm=True, trial=0.0)
DIRECTION = Field("wind.direction", logarithm=False, trial=0.0)


class SiteWind(NamedTuple):
    """What jumps at a site say about one field of its wind.

    Attributes:
        field: Speed or direction.
        posterior: On the field's scale.
        values: Of each jump on that scale, `(n,)`.
        errors: Their standard deviations, `(n,)`.
        rows: Of the jumps.
    """

    field: Field
    posterior: Posterior
    values: np.ndarray
    errors: np.ndarray
    rows: tuple[Row, ...]


def site_wind(scenario: Scenario, rows: Sequence[Row], share: float = 1.0) -> dict[str, SiteWind | str]:
    """Return what jumps say about a scenario's wind speed and direction, or why they say nothing.

    Args:
        scenario: The stunt.
        rows: Jumps of a logbook; those that landed elsewhere do not count.
        share: Of the stated errors that trials show; see `Reading.wind_share`.
    """
    fields = [field for field in (SPEED, DIRECTION) if field.path in scenario.uncertain()]
    shown = [row for row in rows if row["wind_speed"] is not None]
    here = [row for row in shown if _is_near(scenario, row)]
    days = {row["day"] or "" for row in here}
    why = None
    if scenario.wind is None or scenario.wind.profile != "constant":
        why = "a canopy shows the mean over its heights, and not this profile"
    elif not shown:
        why = "no jump of these logs shows a wind: it takes turns under a canopy"
    elif not here:
        why = "wind of another place: no canopy flight of these logs is within 3 km of the site"
    elif len(days) < FEWEST_DAYS:
        many = f"{len(days)} day{'s' * (len(days) > 1)}"
        why = f"wind of {many} at the site: {FEWEST_DAYS} or more show how days differ"
    if why is not None:
        return {field.path: why for field in fields}
    return {
        field.path: _speed(here, share) if field is SPEED else _direction(here, share) for field in fields
    }


def _is_near(scenario: Scenario, row: Row) -> bool:
    values = scenario.values()
    latitude, longitude = values.get("site.latitude"), values.get("site.longitude")
    if latitude is None or longitude is None or row["landing_latitude"] is None:
        return False
    north = row["landing_latitude"] - latitude
    east = (row["landing_longitude"] - longitude) * np.cos(latitude)
    return bool(RADIUS * np.hypot(north, east) <= NEAR)


def _speed(rows: Sequence[Row], share: float) -> SiteWind:
    speed = np.array([max(row["wind_speed"], LEAST) for row in rows])
    errors = share * np.array([row["wind_speed_sd"] for row in rows]) / speed
    return _learnt(SPEED, np.log(speed), errors, rows)


def _direction(rows: Sequence[Row], share: float) -> SiteWind | str:
    rows = [row for row in rows if row["wind_speed"] > max(CALM, row["wind_speed_sd"])]
    days = {row["day"] or "" for row in rows}
    if len(days) < FEWEST_DAYS:
        return "too calm on most days for a direction"
    from_east = np.array([-row["wind_east"] / row["wind_speed"] for row in rows])
    from_north = np.array([-row["wind_north"] / row["wind_speed"] for row in rows])
    if np.hypot(from_east.mean(), from_north.mean()) < STEADY:
        return "no direction prevails"
    middle = np.arctan2(from_east.mean(), from_north.mean())
    angle = np.arctan2(from_east, from_north)
    # Around the middle, so that north is no seam.
    values = middle + (angle - middle + np.pi) % (2.0 * np.pi) - np.pi
    errors = share * np.array([row["wind_speed_sd"] / row["wind_speed"] for row in rows])
    return _learnt(DIRECTION, values, errors, rows)


def _learnt(field: Field, values: np.ndarray, errors: np.ndarray, rows: Sequence[Row]) -> SiteWind:
    posterior = learn(values, errors, np.array([row["day"] or "" for row in rows], dtype=str), doubt=DOUBT)
    return SiteWind(field, posterior, values, errors, tuple(rows))
