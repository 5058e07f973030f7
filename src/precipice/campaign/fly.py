"""Fly a scenario: the public way to one run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from precipice.scenario.load import load_scenario
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run, build_run

if TYPE_CHECKING:
    from precipice.campaign.draws import Draw

Say = Callable[[str], None]


def fly(
    scenario: Scenario | str | Path,
    run: int | None = None,
    seed: int = 0,
    say: Say | None = None,
    *,
    constant_index: int | None = None,
) -> Run:
    """Return the flown stunt of a scenario.

    Args:
        scenario: Loaded, or the path of its file.
        run: Number of a drawn run; None flies every field at its centre, without gusts.
        seed: Of the draws; the same seed and number give the same run.
        say: Told once when programs must be compiled first.
        constant_index: Which guess at the unknown constants to use, so that runs can share one, as the jumps
            of one performer do; each run its own when None.

    Returns:
        The run: outcome, events, tracks, numbers. A stunt that physics stops is an outcome, no error.

    Raises:
        ScenarioError: If the file has problems.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    from precipice.campaign.draws import centre_draw, draw
    from precipice.simulation.mode import DRAWN, NOMINAL
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.rock import prepare_rock

    prepare_rock(scenario, say)
    drawn = centre_draw(scenario) if run is None else draw(scenario, seed, run, constant_index)
    inputs, keys = arrange(scenario, drawn), value_keys(scenario)
    report = simulate(inputs, keys, NOMINAL if run is None else DRAWN, say, scenario.kind)
    return tell_run(report, scenario, drawn, run, seed)


def tell_run(
    report: dict[str, np.ndarray], scenario: Scenario, drawn: "Draw", run: int | None = None, seed: int = 0
) -> Run:
    """Return a run from a program's report.

    Args:
        report: Arrays by name, of one run; see `simulate`.
        scenario: What was decided.
        drawn: What was flown.
        run: Number of a drawn run; None is the nominal one.
        seed: Of the draws.
    """
    lip = float(report["numbers.lip_altitude"])
    flown = build_run(
        report,
        lip,
        float(drawn.values.get("site.landing.altitude", drawn.values.get("site.altitude", lip))),
        kind=scenario.kind,
        run=run,
        seed=None if run is None else seed,
        values=dict(drawn.values),
        profile=_profile(report, scenario, lip),
    )
    return flown if scenario.plan and scenario.plan.gate else _without_gate(flown)


def _without_gate(run: Run) -> Run:
    """Return a run that does not tell of the speed gate: where nobody plans one, a program has a dummy."""
    return replace(run, events=tuple(event for event in run.events if event.name != "speed gate"))


def _profile(report: dict[str, np.ndarray], scenario: Scenario, lip: float) -> np.ndarray | None:
    """Return the corners of the rock's cross-section, `(n, 2)` [m], where the terrain has one."""
    if "terrain.starts" not in report:
        from precipice.world.survey.survey import surveyed_profile

        return surveyed_profile(scenario, lip)
    starts, along = (np.asarray(report[f"terrain.{name}"], float) for name in ("starts", "along"))
    return np.concatenate([starts, starts[-1:] + along[-1:]])
