"""The rider card: one page with the numbers and calls that performer and director share on the day."""

import math
from typing import Any

import numpy as np

from precipice.report.document.folder import Told
from precipice.report.margins import margins
from precipice.report.scene import circle, origin_word, zero_word
from precipice.report.words import number, quantity, speeds
from precipice.scenario.kind import CANOPY
from precipice.scenario.plan import OffPlan, Plan
from precipice.scenario.scenario import Scenario

_OFF_PLAN = {
    ("slow_at_gate", "abort"): ("Too slow at the gate", "Brake: no jump."),
    ("slow_at_gate", "go"): ("Too slow at the gate", "Go on."),
    ("hung_up", "throw-at-plan"): ("Still on the motorcycle", "Throw at the planned time all the same."),
    ("hung_up", "throw-now"): ("Still on the motorcycle", "Throw at once."),
    ("hung_up", "throw-when-clear"): ("Still on the motorcycle", "Get clear first, then throw."),
    ("unstable", "wait"): ("Tumbling at the throw", "Wait for a stable body, at most {wait}, then throw."),
    ("unstable", "throw-at-plan"): ("Tumbling at the throw", "Throw at the planned time all the same."),
    ("below_hard_deck", "throw-now"): ("Below the hard deck", "Throw at once, whatever else."),
    ("below_hard_deck", "throw-at-plan"): ("Below the hard deck", "Throw at the planned time all the same."),
    ("twisted", "kick-out"): ("Lines twisted", "Kick out; no toggles until the lines are straight."),
    ("twisted", "wait"): ("Lines twisted", "Wait until they untwist."),
    ("towards_wall", "turn-away"): ("Facing the wall", "Turn away at once."),
    ("towards_wall", "brake"): ("Facing the wall", "Brake deep, then turn."),
    ("towards_wall", "nothing"): ("Facing the wall", "Nothing is planned."),
    ("short_of_landing", "nearest-alternate"): ("Landing out of reach", "Nearest alternate."),
    ("short_of_landing", "straight-on"): ("Landing out of reach", "Straight on."),
}
"""What the words of `plan.off_plan` ask for."""

Row = tuple[str, str]


def rider_card(told: Told) -> dict[str, Any]:
    """Return the rider card as blocks of rows.

    Args:
        told: What the report is about.
    """
    blocks = [
        ("On the run-up", _run_up(told)),
        ("In the air", _air(told)),
        ("Under the canopy", _canopy(told)),
        ("If it goes off plan", _off_plan(told.scenario.plan, told.scenario)),
        ("Wind", _wind(told)),
        ("Who is where", _people(told)),
    ]
    return {
        "title": told.scenario.title or told.scenario.file,
        "blocks": [{"name": name, "rows": rows} for name, rows in blocks if rows],
        "signed": ["performer", "director", _caller(told.scenario)],
    }


def _caller(scenario: Scenario) -> str:
    gate = scenario.plan.gate if scenario.plan else None
    return gate.caller if gate else "coordinator"


def _run_up(told: Told) -> list[Row]:
    scenario = told.scenario
    plan, gate = scenario.plan, scenario.plan.gate if scenario.plan else None
    rows: list[Row] = []
    if gate is not None:
        rows += [
            (
                "Speed gate",
                f"at {gate.speed_gate.text} from the start: at least {speeds(gate.minimum_speed.value)}",
            ),
            ("Abort", f"last call for a stop at {gate.abort_station.text}"),
            ("Commit", f"from {gate.commit_station.text} on: go, whatever happens"),
            ("Caller", f"{gate.caller}; a call takes {gate.call_delay.text} to reach the hands"),
        ]
        last = margins(told.run, scenario).get("abort_station")
        if last is not None and last.found is not None:
            short = " — THE PLANNED ABORT STATION IS TOO LATE" if last.short else ""
            rows.append(("A stop still works", f"until {quantity(last.found, 'm')} as flown here{short}"))
    if plan is not None and plan.lip_speed is not None:
        rows.append(("Speed at the lip", speeds(plan.lip_speed.value)))
    return rows


def _air(told: Told) -> list[Row]:
    plan, run, zero = told.scenario.plan, told.run, zero_word(told.run)
    rows: list[Row] = []
    if plan is None:
        return rows
    if plan.release is not None:
        rows.append(("Let go", f"{plan.release.text} after the lip. Cue: {_cue(plan.release_cue)}"))
    if plan.throw is not None:
        after = "the lip" if zero == "takeoff" else "the exit"
        rows.append(("Throw", f"{plan.throw.text} after {after}. Cue: {_cue(plan.throw_cue)}"))
        height = (
            run.numbers.get("throw_height") if run.event("throw") or run.event("throw (hard deck)") else None
        )
        rows.append(("Height at the throw", _height(told, height)))
        rows.append(("Hard deck", f"{plan.hard_deck.text} above the ground below: throw at once"))
    return rows


def _cue(words: str) -> str:
    return words or "none is written: agree on one"


def _height(told: Told, height: float | None) -> str:
    nominal = (
        "not reached in the flown run"
        if height is None
        else f"{quantity(height, 'm', 0)} above the ground below"
    )
    ends = _percentiles(told, "throw_height", "throw_time")
    return nominal if ends is None else f"{nominal}; in 90 % of runs {ends[0]:.0f} to {ends[1]:.0f} m"


def _percentiles(told: Told, name: str, happened: str) -> tuple[float, float] | None:
    """Return the 5th and 95th percentile of a number over the runs that got that far."""
    if told.flights is None or name not in told.flights.columns:
        return None
    column = told.flights.number(name)
    far = np.isfinite(column)
    if happened in told.flights.columns:
        # A throw at or before the start never came.
        far &= told.flights.number(happened) > 0.0
    found = column[far & np.asarray(told.flights.columns["resolved"])]
    return (float(np.quantile(found, 0.05)), float(np.quantile(found, 0.95))) if len(found) > 20 else None


def _canopy(told: Told) -> list[Row]:
    scenario, site = told.scenario, told.scenario.site
    pattern = scenario.plan.pattern if scenario.plan else None
    rows: list[Row] = []
    if site.landing is not None and scenario.kind in CANOPY:
        areas = [site.landing, *site.alternate]
        for k, area in enumerate(areas):
            spot = circle(area, "", scenario)
            away = quantity(math.hypot(spot.east, spot.north), "m", 0)
            bearing = math.degrees(math.atan2(spot.east, spot.north)) % 360.0
            where = f"{area.name}: {away} towards {bearing:.0f}° from the {origin_word(told.run)}"
            rows.append(("Land" if k == 0 else "Alternate", f"{where}, radius {area.radius.text}"))
    if pattern is not None:
        leave = f"leave the circle at {pattern.height.text} for the downwind leg"
        final = f"towards {math.degrees(pattern.final_bearing.value) % 360.0:.0f}°"
        if pattern.final == "into-wind":
            final = f"into the wind; {final} below {pattern.light_wind.text}"
        rows += [
            ("Pattern", f"all turns {pattern.side}; {leave}"),
            ("Final", f"{final}; flare at {pattern.flare_height.text}"),
        ]
    return rows


def _off_plan(plan: Plan | None, scenario: Scenario) -> list[Row]:
    if plan is None:
        return []
    rows: list[Row] = []
    for name in OffPlan.model_fields:
        word = getattr(plan.off_plan, name)
        told = _OFF_PLAN.get((name, word)) if isinstance(word, str) else None
        if told is not None and _has(name, scenario):
            wait = plan.off_plan.unstable_wait.text
            rows.append((told[0], told[1].format(wait=wait)))
    return rows


def _has(name: str, scenario: Scenario) -> bool:
    """Return whether a kind of stunt can go off plan in a way."""
    if name == "slow_at_gate":
        return scenario.plan is not None and scenario.plan.gate is not None
    if name == "hung_up":
        return scenario.motorcycle is not None
    if name == "towards_wall":
        return scenario.kind in CANOPY and scenario.site.cliff is not None
    if name == "short_of_landing":
        return scenario.kind in CANOPY and bool(scenario.site.alternate)
    return scenario.kind in CANOPY


def _wind(told: Told) -> list[Row]:
    """Return for which winds anything is shown; a scenario has no limits of its own."""
    from precipice.world.weather import exit_wind

    speed, bearing = exit_wind(told.scenario, {**told.scenario.values(), **told.run.values})
    planned = f"{number(speed)} m/s from {math.degrees(bearing) % 360.0:.0f}°"
    rows = [("Planned" if told.run.run is None else "Flown", planned)]
    ends = {name: _drawn(told, f"wind.{name}") for name in ("speed", "gust_speed", "direction")}
    speeds_, gusts, turn = ends["speed"], ends["gust_speed"], ends["direction"]
    words = []
    if speeds_ is not None:
        words.append(f"{speeds_[0]:.1f} to {speeds_[1]:.1f} m/s")
    if turn is not None:
        low, high = (math.degrees(end) % 360.0 for end in turn)
        words.append(f"from {low:.0f}° to {high:.0f}°")
    if gusts is not None:
        words.append(f"gustiness {gusts[0]:.1f} to {gusts[1]:.1f} m/s")
    if words:
        limits = f"{', '.join(words)} (90 % of runs). Outside of that these runs show nothing: do not go."
        rows.append(("Assessed for", limits))
    return rows


def _drawn(told: Told, path: str) -> tuple[float, float] | None:
    if told.flights is None or path not in told.scenario.uncertain():
        return None
    low, high = np.quantile(told.flights.values[path], [0.05, 0.95])
    return float(low), float(high)


def _people(told: Told) -> list[Row]:
    scenario, rows = told.scenario, []
    for item in scenario.site.people:
        spot = circle(item, item.kind, scenario)
        away = quantity(math.hypot(spot.east, spot.north), "m", 0)
        bearing = math.degrees(math.atan2(spot.east, spot.north)) % 360.0
        count = f"{item.count} {'person' if item.count == 1 else 'people'}"
        rows.append((item.name, f"{count}, {away} towards {bearing:.0f}°, within {item.radius.text}"))
    rows += [(item.name, f"keep {item.keep_out.text} away from it") for item in scenario.site.aircraft]
    return rows
