"""Whole seasons of bodies that fly, of BASE jumps and of a site's wind; see check_calibration.

As in `benchmarks.seasons_through_logs`, with known spreads by jump and by day. Nobody has measured the
performer's mass, the habit of the hands on the toggles and the wind aloft: mass and habit are drawn once a
season, the wind aloft once a day, each component with the deviation from the wind under the canopy that
reading assumes (`ALOFT`).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from benchmarks import seasons_through_logs
from benchmarks.seasons_through_logs import AGAIN, ROOT, WORN, posteriors, reading_of

from precipice.campaign.fly import fly
from precipice.scenario.change import change_quantity
from precipice.scenario.load import parse_scenario
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Lognormal, Normal
from precipice.training.counterpart import Reading, read_back
from precipice.training.fall import ALOFT
from precipice.training.hierarchy import Posterior
from precipice.training.informed import TOGGLES, informed_by, suited
from precipice.training.logbook import NUMBERS
from precipice.training.site_wind import site_wind

EXACT = ("site.", "air.")
"""Beginnings of the paths of fields that are exact: ground that is measured, and temperature, which changes
all areas of a day."""
Truth = dict[str, tuple[float, float, float]]
"""Mean, spread by jump, spread by day, by path: of the logarithm, or SI of a direction."""


class Design(NamedTuple):
    """A kind of season.

    Attributes:
        scenario: Name of the shipped scenario.
        truth: Of its fields.
        days: Of the season.
        jumps: Of a day.
        changes: What else is changed in the file's text, from and to.
        canopy: Height [m] below which the wind is the one that the canopy shows.
    """

    scenario: str
    truth: Truth
    days: int
    jumps: int
    changes: tuple[tuple[str, str], ...] = ()
    canopy: float = 600.0


_CANOPY: Truth = {"rig.lift_full": (np.log(0.64), 0.03, 0.015), "rig.drag_full": (np.log(0.23), 0.05, 0.025)}
TRACKING = Design(
    "skydive",
    {
        "plan.throw": (np.log(60.0), 0.03, 0.02),
        "performer.drag_area": (np.log(0.32), 0.04, 0.02),
        "performer.lift_area": (np.log(0.30), 0.06, 0.03),
        "rig.fill_constant": (np.log(48.0), 0.2, 0.1),
        **_CANOPY,
    },
    10,
    4,
    (
        ('distance = "250 m"', 'distance = "2300 m"'),
        ("\n[rig]", '\nsuit = "tracking"\ntrim_angle = "45 deg"\n\n[rig]'),
    ),
    1800.0,
)
WINGSUIT = Design(
    "wingsuit",
    {
        "plan.throw": (np.log(52.0), 0.03, 0.02),
        "performer.sustained_speed": (np.log(44.7), 0.05, 0.03),
        "performer.sustained_sink": (np.log(17.9), 0.05, 0.03),
        "rig.fill_constant": (np.log(28.0), 0.2, 0.1),
        **_CANOPY,
    },
    10,
    4,
)
BASE = Design(
    "base_jump",
    {
        "plan.throw": (np.log(9.0), 0.06, 0.03),
        "rig.fill_constant": (np.log(28.0), 0.2, 0.1),
        **_CANOPY,
    },
    10,
    4,
)
WIND = Design(
    "skydive",
    {"wind.speed": (np.log(4.0), 0.1, 0.3), "wind.direction": (np.deg2rad(-20.0), 0.15, 0.4)},
    8,
    4,
)


def season_scenario(design: Design, habit: float = 0.0, rows: str = "") -> Scenario:
    """Return a design's scenario with known spreads.

    Args:
        design: Of the season.
        habit: By how much of their travel the toggles are further down than the simulated pilot's.
        rows: Of a table of the wind, see `wind_rows`; the shipped wind when empty.
    """
    text = (ROOT / "scenarios" / f"{design.scenario}.toml").read_text()
    takes = next(line for line in text.splitlines() if line.startswith("takes = "))
    for old, new in (*design.changes, (takes, f"takes = {design.jumps}")):
        assert old in text, old
        text = text.replace(old, new, 1)
    if rows:
        start, end = text.index('profile = "constant"'), text.index("gust_speed = ")
        head, table = rows.split("|")
        text = text[:start] + head + text[end:].replace("\n[plan]", f"\n{table}\n[plan]", 1)
    scenario = parse_scenario(text, f"{design.scenario}.toml")
    moved = {"rig.lift_full": 0.6 * habit, "rig.drag_full": habit}
    for path in scenario.uncertain():
        if path.startswith(EXACT):
            scenario = change_quantity(scenario, path, lambda old: old.model_copy(update={"spread": ()}))
    for path, truth in design.truth.items():
        scenario = _with_known(scenario, path, truth, moved.get(path, 0.0))
    return scenario


def _with_known(scenario: Scenario, path: str, truth: tuple[float, float, float], moved: float) -> Scenario:
    mean, *sizes = truth
    varies = ("jump", "day")
    if path == "wind.direction":
        value = mean % (2.0 * np.pi)
        spread = [
            Normal.model_construct(shape="normal", sd=s, varies=v) for s, v in zip(sizes, varies, strict=True)
        ]
    else:
        value = float(np.exp(mean + moved))
        spread = [
            Lognormal.model_construct(shape="lognormal", sigma=s, varies=v)
            for s, v in zip(sizes, varies, strict=True)
        ]
    return change_quantity(
        scenario, path, lambda old: old.model_copy(update={"value": value, "spread": tuple(spread)})
    )


def wind_rows(day: np.random.Generator, mean: np.ndarray, canopy: float, aloft: float) -> str:
    """Return a day's wind as rows of a table: one below a height, and another above.

    Args:
        day: Random numbers of the day.
        mean: Of all days, east and north, `(2,)` [m/s].
        canopy: Height above the landing up to which the wind is one [m].
        aloft: Standard deviation of each component of the difference [m/s].
    """
    below = mean + day.standard_normal(2)
    above = below + aloft * day.standard_normal(2)
    first = float(np.hypot(*below)), _from(below)
    rows = f'profile = "table"\nspeed = "{first[0]:.6g} m/s"\ndirection = "{first[1]:.6g} deg"\n'
    table = ""
    for height, air in ((0.0, below), (canopy, below), (canopy + 100.0, above), (6000.0, above)):
        table += f'[[wind.row]]\nheight = "{height} m"\nspeed = "{np.hypot(*air):.6g} m/s"\n'
        table += f'direction = "{_from(air):.6g} deg"\n'
    return rows + "|" + table


def _from(air: np.ndarray) -> float:
    """Return where a wind comes from, clockwise from north [deg]."""
    return float(np.rad2deg(np.arctan2(-air[0], -air[1])) % 360.0)


def flown_rows(design: Design, season: int, aloft: float) -> list[dict[str, Any]]:
    """Return what is read from the logs of a season.

    Args:
        design: Of the season.
        season: Its number.
        aloft: Standard deviation of each component by which the wind aloft differs [m/s].
    """
    seed = seasons_through_logs.FIRST + season
    habit = TOGGLES * np.random.default_rng([seed, 1]).standard_normal()
    blank = {part: None for name in NUMBERS for part in (name, f"{name}_sd")}
    rows = []
    shipped = season_scenario(design).values()
    turn = shipped["wind.direction"]
    mean = -shipped["wind.speed"] * np.array([np.sin(turn), np.cos(turn)])
    for day in range(design.days):
        wind = wind_rows(np.random.default_rng([seed, 2, day]), mean, design.canopy, aloft) if aloft else ""
        scenario = season_scenario(design, habit, wind)
        values = scenario.values()
        place = {"landing_latitude": values["site.latitude"], "landing_longitude": values["site.longitude"]}
        for run in range(day * design.jumps, (day + 1) * design.jumps):
            found = read_back(scenario, fly(scenario, run, seed, constant_index=0), WORN, 7919 * season + run)
            if found is not None:
                told = {name: value for name, (value, _) in found.items() if name in NUMBERS}
                told |= {f"{name}_sd": off for name, (_, off) in found.items() if name in NUMBERS}
                rows.append(blank | told | place | {"day": f"{day}"})
    return rows


Found = dict[str, tuple[Posterior, float]]
"""By path: what a season says of a field, and by how much all its jumps may be off alike."""


def flight_seasons(design: Design, aloft: float, seasons: int) -> Iterator[tuple[int, Found]]:
    """Yield how many jumps of each season are found, and what they say of each field; print the bias.

    Args:
        design: Of the seasons.
        aloft: Standard deviation of each component by which the wind aloft differs [m/s].
        seasons: How many.
    """
    pulls: dict[str, list[float]] = {path: [] for path in design.truth}
    for reading, rows in read_seasons(design, aloft, seasons):
        found = {path: told for path, told in posteriors(reading, rows).items() if path in design.truth}
        yield len(rows), _noted(found, design.truth, pulls)
    _print_bias(pulls)


def wind_seasons(seasons: int) -> Iterator[tuple[int, Found]]:
    """Yield how many jumps of each season are found, and what they say of the site's wind; print the bias.

    Args:
        seasons: How many.
    """
    scenario = season_scenario(WIND)
    pulls: dict[str, list[float]] = {path: [] for path in WIND.truth}
    for reading, rows in read_seasons(WIND, 0.0, seasons):
        told = site_wind(scenario, rows, reading.wind_share)
        found = {path: (item.posterior, 0.0) for path, item in told.items() if not isinstance(item, str)}
        yield len(rows), _noted(found, WIND.truth, pulls)
    _print_bias(pulls)


def read_seasons(
    design: Design, aloft: float, seasons: int
) -> Iterator[tuple[Reading, list[dict[str, Any]]]]:
    """Yield how logs of each season are read, and the rows that are read from them; see `flight_seasons`."""
    scenario, reading = season_scenario(design), None
    informed = suited(informed_by(scenario.kind)[0], scenario.values())
    for season in range(seasons):
        if reading is None or season % AGAIN == 0:
            reading = reading_of(scenario, informed, WORN, season)
        yield reading, flown_rows(design, season, aloft)


def _noted(found: Found, truth: Truth, pulls: dict[str, list[float]]) -> Found:
    for path, (posterior, shared) in found.items():
        said = np.hypot(posterior.mean.scale, shared)
        pulls[path].append(float((posterior.mean.middle - truth[path][0]) / said))
    return found


def _print_bias(pulls: dict[str, list[float]]) -> None:
    """Print how far means are off, in the deviations that they are said to have: 0 and 1 are right."""
    for path, told in pulls.items():
        if told:
            print(f"  {path:32} off by {np.mean(told):+.2f} deviations, spread {np.std(told):.2f}")


DESIGNS = {
    "--tracking": (partial(flight_seasons, TRACKING, ALOFT), TRACKING.truth),
    "--wingsuit": (partial(flight_seasons, WINGSUIT, ALOFT), WINGSUIT.truth),
    "--base": (partial(flight_seasons, BASE, 0.0), BASE.truth),
    "--wind": (wind_seasons, WIND.truth),
}
"""By option: what flies the seasons, and what is true of them."""
