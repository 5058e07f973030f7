"""A run as plain data, for JSON: SI units, g for loads, None for what is absent."""

import math
from typing import Any

from precipice.earth import GRAVITY
from precipice.report.assumptions import basis_of
from precipice.report.clearance import Nearest, nearest_motorcycle, nearest_rock
from precipice.report.margins import margins
from precipice.report.scene import distance_out, fastest_fall, flown, ground_height
from precipice.scenario.scenario import Scenario
from precipice.simulation.event import Event
from precipice.simulation.run import SCHEMA_VERSION, Run
from precipice.simulation.track import Track


def run_json(run: Run, scenario: Scenario) -> dict[str, Any]:
    """Return a run as plain data for JSON: SI units, g for loads, None for what is absent.

    Args:
        run: What happened.
        scenario: What was decided.
    """
    basis = basis_of(scenario)
    left = margins(run, scenario)
    whole = {
        "schema_version": SCHEMA_VERSION,
        "scenario": {
            "file": scenario.file,
            "title": scenario.title,
            "kind": scenario.kind,
            "sha256": scenario.sha256,
            "run": run.run,
            "seed": run.seed,
        },
        "outcome": run.outcome,
        "resolved": run.resolved,
        "doubts": list(run.doubts),
        "events": [_event(event) for event in run.events],
        "loads": _loads(run, scenario),
        "clearance": _clearance(run, scenario),
        "fastest_fall": _fastest(run),
        "margins": {
            name: {"value": m.value, "unit": m.unit, "limit": m.limit, "source": m.source}
            for name, m in left.items()
        },
        **_falling(run, scenario),
        "assumed": {"count": len(basis.assumed), "fields": list(basis.assumed)},
    }
    return _plain(whole)


def _event(event: Event) -> dict[str, Any]:
    names = ("name", "body", "t", "position", "velocity", "altitude", "height", "load")
    return {name: getattr(event, name) for name in names}


def _loads(run: Run, scenario: Scenario) -> dict[str, float | None]:
    def after(event: str, name: str) -> float | None:
        return run.numbers.get(name) if run.event(event) else None

    force, mass = after("line stretch", "snatch_force"), flown(run, scenario, "performer.mass")
    return {
        "ramp": after("ramp foot", "ramp_load"),
        "snatch_force": force,
        "snatch": force / (mass * GRAVITY) if force is not None and mass else None,
        "opening_shock": after("canopy open", "opening_load"),
    }


def _fastest(run: Run) -> dict[str, float] | None:
    found = fastest_fall(run)
    return None if found is None else found._asdict()


def _clearance(run: Run, scenario: Scenario) -> dict[str, Any]:
    status, gap = nearest_motorcycle(run)
    return {
        "smallest": _nearest(nearest_rock(run, scenario)),
        "freefall": _nearest(nearest_rock(run, scenario, ("freefall", "deployment", "inflation"))),
        "canopy": _nearest(nearest_rock(run, scenario, ("canopy",))),
        "motorcycle": _nearest(gap),
        "motorcycle_status": status,
    }


def _nearest(near: Nearest | None) -> dict[str, Any] | None:
    return None if near is None else near._asdict()


def _falling(run: Run, scenario: Scenario) -> dict[str, Any]:
    """Return how what has no parachute met the ground, by its name; None where a kind has none."""
    found: dict[str, Any] = {"motorcycle": None, "body": None, "jump": None}
    if run.motorcycle is not None:
        found["motorcycle"] = _fallen(run, scenario, run.motorcycle, "motorcycle ")
    if "airtime" in run.numbers:
        reached = run.event("touchdown") is not None
        names = [name for name in run.numbers if name.startswith(("landing_", "jump_", "airtime"))]
        found["jump"] = {name: run.numbers[name] for name in names} if reached else None
    if run.subject == "body":
        found["body"] = _fallen(run, scenario, run.performer, "")
    return found


def _fallen(run: Run, scenario: Scenario, track: Track, named: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in (("contact", f"{named}contact"), ("rest", f"{named}at rest")):
        event = run.event(name)
        found[key] = event and {
            "t": event.t,
            "position": event.position,
            "speed": event.speed,
            "out": float(distance_out(run, scenario, event.position)),
            "height_above_ground": ground_height(track, event.t),
        }
    return found


def _plain(value: Any) -> Any:
    """Return data without tuples, NumPy numbers, infinities and NaN; numbers to nine digits."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bool | int | str) or value is None:
        return value
    return float(f"{float(value):.9g}") if math.isfinite(value) else None
