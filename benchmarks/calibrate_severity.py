"""How badly people are hurt in a simulated recreational cliff jump, beside published rates.

Prints, as docs/calibration.md shows them: the severity table with what each number rests on, simulated rates
with their intervals, what hurt people, how the rates split by what nobody knows, and published rates. Nothing
is tuned to the published rates; what shares a source with the inputs is marked.

    python -m benchmarks.calibrate_severity [--runs 10000] [--seed 0]
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from precipice.campaign.campaign import fly_missing, load_runs, open_campaign  # noqa: E402
from precipice.campaign.draws import draw_numbers  # noqa: E402
from precipice.campaign.executor import InProcess  # noqa: E402
from precipice.campaign.piece import prepare  # noqa: E402
from precipice.risk.hazard import Flights  # noqa: E402
from precipice.risk.ignorance import GROUP  # noqa: E402
from precipice.risk.severity import Graded, count_kinds, count_severities, grade_runs  # noqa: E402
from precipice.risk.severity_table import LEVELS, TABLE, Threshold  # noqa: E402
from precipice.scenario.load import load_scenario  # noqa: E402
from precipice.statistics import spread_of_chance, two_sided  # noqa: E402

SCENARIO = ROOT / "scenarios" / "recreational_cliff_jump.toml"
CONFIDENCE = 0.95
GUESSES = 80


class Published(NamedTuple):
    """A published rate: a count with its jumps, or a range."""

    what: str
    level: str
    count: int | None
    jumps: int | None
    low: float | None
    high: float | None
    source: str
    independent: str


KJERAG = "no: about-turns of the inputs were reckoned from its deaths"
OVERLAP = "no: has the years of the first in it; second-hand"
PUBLISHED = (
    Published(
        "deaths, Kjerag 1995-2005", "fatal", 9, 20_850, None, None, "Soreide et al. 2007, J Trauma", KJERAG
    ),
    Published(
        "accidents that were survived, Kjerag 1995-2005",
        "severe",
        82,
        20_850,
        None,
        None,
        "Soreide et al. 2007, J Trauma",
        KJERAG,
    ),
    Published(
        "deaths, Kjerag 1994-2018",
        "fatal",
        13,
        55_333,
        None,
        None,
        "the club's figures, by a travel page",
        OVERLAP,
    ),
    Published(
        "accidents, Kjerag 1994-2018",
        "severe",
        140,
        55_333,
        None,
        None,
        "the club's figures, by a travel page",
        OVERLAP,
    ),
    Published(
        "deaths, Lauterbrunnen 2007-2016",
        "fatal",
        None,
        None,
        2e-4,
        8e-4,
        "Brodmann Maeder et al. 2023, IJERPH 20:3214",
        "yes; wingsuits among them",
    ),
    Published(
        "injuries, Lauterbrunnen 2007-2016",
        "severe",
        None,
        None,
        5e-4,
        2e-3,
        "Brodmann Maeder et al. 2023, IJERPH 20:3214",
        "yes; wingsuits among them",
    ),
    Published(
        "injuries, asked in New Zealand",
        "severe",
        39,
        9_914,
        None,
        None,
        "Monasterio and Mei-Dan 2008, NZ Med J",
        "yes; all objects, survivors",
    ),
    Published(
        "severe injuries, asked in many countries 2006-2010",
        "severe",
        39,
        19_497,
        None,
        None,
        "Mei-Dan et al. 2012, Clin J Sport Med",
        "yes; all objects, survivors",
    ),
)


def fly(runs: int, seed: int, group: int = 1) -> Flights:
    """Return so many drawn runs of the recreational jump; so many in a row share a guess at the constants."""
    scenario = load_scenario(SCENARIO)
    prepare(scenario, lambda text: print(text, file=sys.stderr))
    with tempfile.TemporaryDirectory() as folder:
        campaign = open_campaign(Path(folder) / "campaign", scenario, seed, group=group)
        fly_missing(campaign, runs, InProcess())
        columns = load_runs(campaign, runs)
    return Flights(columns, draw_numbers(scenario, seed, range(runs), group=group)[0], scenario)


def row(*cells: object) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells: str) -> None:
    """Print the head of a table."""
    print()
    row(*cells)
    row(*("---" for _ in cells))


def share(value: float) -> str:
    """Return a chance in per cent to two digits."""
    if 0.0 < value < 1e-6:
        return "below 0.0001 %"
    return f"{100.0 * value:.2g} %"


def tell_table() -> None:
    """Print the severity table, and where its numbers come from."""
    head("contact", "measured", "unit", "minor from", "severe from", "fatal from")
    sources: dict[str, int] = {}

    def cell(threshold: Threshold) -> str:
        if not np.isfinite(threshold.value):
            return "never"
        number = sources.setdefault(f"{threshold.basis}: {threshold.source}", len(sources) + 1)
        return f"{threshold.value:.1f} ({threshold.basis}, {number})"

    for item in TABLE:
        row(item.kind, item.measure, item.unit, cell(item.minor), cell(item.severe), cell(item.fatal))
    print()
    for source, number in sources.items():
        print(f"{number}. {source}")


def tell_rates(graded: Graded) -> None:
    """Print simulated rates with their bounds."""
    head("hurt at least", "first contact alone", "rest of the height fallen", "bounds, one-sided 95 % each")
    for count in count_severities(graded, CONFIDENCE):
        low, high = share(count.low), share(count.high)
        row(
            count.level, f"{count.first} of {count.runs}", f"{count.last} of {count.runs}", f"{low} to {high}"
        )


def tell_kinds(graded: Graded) -> None:
    """Print what hurt people."""
    head("worst contact, rest of the height fallen", "minor", "severe", "fatal")
    for kind, counts in count_kinds(graded).items():
        row(kind, *counts)


def split(flights: Flights) -> dict[str, np.ndarray]:
    """Return groups of the runs, by what nobody knows or what the pilot of the model does."""
    values = flights.values
    angle = np.rad2deg(values["site.cliff.wall_angle"])
    error = np.abs(np.rad2deg(flights.number("opening_heading_error")))
    return {
        "wall of 90 deg or more": angle >= 90.0,
        "wall of less than 90 deg": angle < 90.0,
        "opening within 90 deg of straight out": flights.opened & (error < 90.0),
        "opening more than 90 deg off": flights.opened & (error >= 90.0),
        "a wind that final is turned into": values["wind.speed"] > values["plan.pattern.light_wind"],
    }


def tell_split(flights: Flights, graded: Graded) -> None:
    """Print the rates within groups of the runs."""
    head("of the runs with", "runs", "severe or worse", "fatal")
    for name, rows in split(flights).items():
        part = Graded(*(np.asarray(column)[rows] for column in graded))
        _, severe, fatal = count_severities(part, CONFIDENCE)
        cells = [f"{share(count.low)} to {share(count.high)}" for count in (severe, fatal)]
        row(name, int(np.sum(rows)), *cells)


def tell_ignorance(seed: int) -> None:
    """Print between which bounds the rates lie over guesses at the unknown constants."""
    graded = grade_runs(fly(GUESSES * GROUP, seed, GROUP))
    head("hurt at least", "first contact alone", "rest of the height fallen")
    runs = np.full(GUESSES, GROUP)
    for level in ("severe", "fatal"):
        cells = []
        for grade in (graded.first, graded.last):
            counts = np.sum((grade >= LEVELS.index(level)).reshape(GUESSES, GROUP), axis=1)
            found = spread_of_chance(counts, runs, 0.9)
            same = "no spread seen" if found.low == found.high else ""
            cells.append(same or f"{share(found.low)} to {share(found.high)}")
        row(level, *cells)


def tell_published() -> None:
    """Print published rates with their intervals."""
    head("published", "rate for each jump", "95 %, two-sided", "source", "independent of the inputs")
    for item in PUBLISHED:
        if item.count is None or item.jumps is None:
            rate, interval = f"{share(item.low or 0.0)} to {share(item.high or 0.0)}", "none is given"
        else:
            bounds = two_sided(item.count, item.jumps, 0.95)
            rate = f"{share(item.count / item.jumps)} ({item.count} of {item.jumps:,})"
            interval = f"{share(bounds.low)} to {share(bounds.high)}"
        row(item.what, rate, interval, item.source, item.independent)


def main() -> None:
    """Fly, and print every table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    flights = fly(asked.runs, asked.seed)
    graded = grade_runs(flights)
    tell_table()
    tell_rates(graded)
    tell_kinds(graded)
    tell_ignorance(asked.seed)
    tell_split(flights, graded)
    tell_published()


if __name__ == "__main__":
    main()
