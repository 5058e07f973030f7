"""Flights that the pictures share: the nominal run, drawn ones, and nominal ones with a number changed."""

import dataclasses
from functools import cached_property
from typing import Any

import numpy as np
from benchmarks.pictures.place import SCENARIO

import precipice
from precipice.campaign.draws import Draw, centre_draw, draw
from precipice.campaign.fly import tell_run
from precipice.report.scene import distance_out, zero_time
from precipice.simulation.mode import NOMINAL
from precipice.simulation.run import Run
from precipice.simulation.simulate import simulate
from precipice.world.arrange import arrange, value_keys

DRAWN = 60
"""Drawn runs of seed 0 behind the nominal one."""


class Flights:
    """Flights of the shipped stunt, each flown once."""

    def __init__(self) -> None:
        self.scenario = precipice.load_scenario(SCENARIO)

    @cached_property
    def nominal(self) -> Run:
        """Every field at its centre."""
        return precipice.fly(self.scenario)

    @cached_property
    def drawn(self) -> list[Run]:
        """The first drawn runs of seed 0."""
        return [precipice.fly(self.scenario, run) for run in range(DRAWN)]

    @cached_property
    def world(self) -> Any:
        """The world of the nominal run."""
        return self._world(centre_draw(self.scenario))

    def windy(self, speed: float, bearing: float) -> Any:
        """Return the world of the nominal run in another wind [m/s], from a bearing [rad]."""
        return self._world(self._changed({"wind.speed": speed, "wind.direction": bearing}))

    def luckless(self, run: int) -> Any:
        """Return the world of a drawn run, gusts included."""
        return self._world(draw(self.scenario, 0, run))

    def _world(self, drawn: Draw) -> Any:
        import jax

        from precipice.world.build import build_world

        jax.config.update("jax_enable_x64", True)  # noqa: FBT003
        inputs = jax.tree.map(jax.numpy.asarray, arrange(self.scenario, drawn))
        return build_world(inputs, value_keys(self.scenario))

    def _changed(self, values: dict[str, float]) -> Draw:
        centre = centre_draw(self.scenario)
        assert set(values) <= set(centre.values)
        return dataclasses.replace(centre, values={**centre.values, **values})

    def with_values(self, values: dict[str, float]) -> Run:
        """Return the nominal run with other numbers, SI, by dotted path."""
        drawn = self._changed(values)
        report = simulate(
            arrange(self.scenario, drawn), value_keys(self.scenario), NOMINAL, None, self.scenario.kind
        )
        return tell_run(report, self.scenario, drawn)

    def density(self, up: float) -> float:
        """Return the air's density at a height above the lip [kg/m^3]."""
        import jax.numpy as jnp

        return float(self.world.atmosphere.density(jnp.asarray(up, float)))

    def value(self, path: str) -> float:
        """Return the centre of a field, SI."""
        return self.scenario.values()[path]

    def out(self, run: Run, position: Any) -> np.ndarray:
        """Return how far out from the lip places are [m]."""
        return distance_out(run, self.scenario, position)


def since(run: Run, t: Any) -> Any:
    """Return times counted from takeoff [s]."""
    return np.asarray(t) - (zero_time(run) or 0.0)


def mean_wind(flights: Flights, run: Run) -> np.ndarray:
    """Return the wind far from the cliff, `(3,)` [m/s]: the shipped one is the same at all heights."""
    assert flights.scenario.wind.profile == "constant"
    speed, bearing = (run.values[f"wind.{name}"] for name in ("speed", "direction"))
    return -speed * np.array([np.sin(bearing), np.cos(bearing), 0.0])


def rows(track: Any, *phases: str) -> np.ndarray:
    """Return which steps of a track belong to phases, `(n,)`."""
    return np.isin(track.phase, phases)


def axes_of(attitude: np.ndarray) -> np.ndarray:
    """Return the body's axes forward, left, up in east-north-up, `(n, 3, 3)`, axis by axis."""
    w, x, y, z = np.moveaxis(np.asarray(attitude), -1, 0)
    forward = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], -1)
    left = np.stack([2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)], -1)
    return np.stack([forward, left, np.cross(forward, left)], -2)


def between(track: Any, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return places and velocities of a track at times, each `(n, 3)`."""
    found = [track.at(float(t)) for t in times]
    return np.array([place for place, _ in found]), np.array([velocity for _, velocity in found])
