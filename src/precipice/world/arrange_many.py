"""Inputs of many runs at once: what `arrange` gives for each, without a Python loop over runs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from precipice.scenario.scenario import Scenario
from precipice.world import arrange as one
from precipice.world.arrange import Drawn, Inputs, value_keys
from precipice.world.noise import correlate_lateral, correlate_longitudinal
from precipice.world.rock import arrange_obstacles


def arrange_many(scenario: Scenario, draws: Drawn) -> Inputs:
    """Return what the compiled program of this kind of stunt takes for many runs.

    Args:
        scenario: What was decided.
        draws: What the runs drew; each number `(n,)`, noise `(n, ...)`.

    Returns:
        Float64, leaves `(n, ...)` but what all runs share; row by row the same as `arrange` gives.
    """
    values, noise = dict(draws.values), draws.noise
    count = len(noise["steering"])
    rock = one.arrange_rock(scenario, one.obstacle_base(scenario, {k: v[0] for k, v in values.items()}))
    length = values.get("run_up.length", np.ones(count))
    spacing = length / (noise["steering"].shape[-1] - 1) / one.STEERING_LENGTH
    gust = noise["gust"]
    return Inputs(
        values=_numbers(scenario, draws, count),
        areas=_all(one.areas(scenario, values), 2, count),
        surfaces=_all(one.surfaces(scenario, values), 2, count),
        wind_profile=_wind(scenario, values, count),
        air_table=_same(one.air_rows(scenario), count),
        gust=np.concatenate([correlate_longitudinal(gust[:, :1]), correlate_lateral(gust[:, 1:])], axis=1),
        steering=_steered(noise["steering"], spacing),
        tumble=correlate_longitudinal(noise["tumble"], 1.0),
        landing=_each(one.landing, scenario, values, ("landing_surface.",), count),
        rock_boxes=_same(rock.rock_boxes, count),
        rock_values=rock.rock_values,
        rock_columns=rock.rock_columns,
        rock_base=_same(rock.rock_base, count),
        obstacles=_all(arrange_obstacles(scenario, one.obstacle_base(scenario, values)), 2, count),
        aircraft=_all(one.aircraft(scenario, values), 2, count),
        people=_all(one.people(scenario, values), 2, count),
    )


def _all(table: np.ndarray, axes: int, count: int) -> np.ndarray:
    """Return a table for each run; one without a leading axis is the same in all."""
    return np.broadcast_to(table, (count, *table.shape[-axes:]))


def _wind(scenario: Scenario, values: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    if scenario.wind.profile == "file":
        return _each(one.wind_profile, scenario, values, ("wind.", "site."), count)
    return _all(one.wind_profile(scenario, values), 2, count)


def _numbers(scenario: Scenario, draws: Drawn, count: int) -> np.ndarray:
    numbers = one.numbers(scenario, draws)
    return np.stack([np.broadcast_to(numbers[key], count) for key in value_keys(scenario)], axis=1)


def _same(table: np.ndarray, count: int) -> np.ndarray:
    return np.broadcast_to(table, (count, *table.shape))


def _each(
    table: Callable[[Scenario, Mapping[str, Any]], np.ndarray],
    scenario: Scenario,
    values: Mapping[str, np.ndarray],
    needs: Sequence[str],
    count: int,
) -> np.ndarray:
    """Return a table for each run: made once for all runs that drew the same numbers for it."""
    used = [key for key in values if key.startswith(tuple(needs))]
    varying = [key for key in used if np.any(values[key] != values[key][0])]
    if not varying:
        return _same(table(scenario, {key: values[key][0] for key in used}), count)
    fixed = {key: values[key][0] for key in used}
    return np.stack([table(scenario, fixed | {k: values[k][run] for k in varying}) for run in range(count)])


def _steered(noise: np.ndarray, spacing: np.ndarray) -> np.ndarray:
    if np.all(spacing == spacing[0]):
        return correlate_longitudinal(noise, float(spacing[0]))
    return np.stack(
        [correlate_longitudinal(row, float(step)) for row, step in zip(noise, spacing, strict=True)]
    )
