"""A run's bodies at given times: where, how they are turned, and whether they are there."""

from dataclasses import dataclass, replace

import numpy as np

from precipice.report.export.rotation import between, continuous, rotate
from precipice.report.export.shape import Box, shape_of
from precipice.report.scene import flown, resample
from precipice.scenario.scenario import Scenario
from precipice.simulation.kind import RIDING
from precipice.simulation.run import Run
from precipice.simulation.track import Track


@dataclass(frozen=True)
class Moving:
    """A body over all frames.

    Attributes:
        name: "performer", "motorcycle", "vehicle", "body" or "canopy".
        shape: Boxes in its own axes.
        position: Of its own centre of mass, east-north-up, `(n, 3)` [m].
        velocity: `(n, 3)` [m/s].
        attitude: Scalar first, forward-left-up to east-north-up, `(n, 4)`; neighbours have like signs.
        phase: `(n,)`.
        shown: Whether it is there, `(n,)`.
        of: What its run is called; "" for the run that the cameras follow.
    """

    name: str
    shape: tuple[Box, ...]
    position: np.ndarray
    velocity: np.ndarray
    attitude: np.ndarray
    phase: np.ndarray
    shown: np.ndarray
    of: str = ""

    @property
    def title(self) -> str:
        """Its name, with that of its run before it where it is of another than the first."""
        return f"{self.of} {self.name}".strip()


def bodies_of(run: Run, scenario: Scenario, time: np.ndarray, of: str = "") -> list[Moving]:
    """Return a run's bodies at times, the canopy last; before and after their motion they stand still.

    Args:
        run: What happened.
        scenario: What was decided.
        time: Of the run's own clock, evenly spaced, `(n,)` [s].
        of: What the run is called.
    """
    bodies = [_body(name, track, run, scenario, time, of) for name, track in run.tracks.items()]
    under = bodies[0].phase == "canopy"
    return [*bodies, _canopy(bodies[0], run, scenario, under)] if np.any(under) else bodies


def _body(name: str, track: Track, run: Run, scenario: Scenario, time: np.ndarray, of: str) -> Moving:
    held = np.clip(time, track.t[0], track.t[-1])
    k = np.clip(np.searchsorted(track.t, held, side="right") - 1, 0, len(track.t) - 2)
    width = track.t[k + 1] - track.t[k]
    share = (held - track.t[k]) / np.where(width > 0.0, width, 1.0)
    attitude = continuous(between(track.attitude[k], track.attitude[k + 1], share))
    velocity = track.velocity[k] + share[:, None] * (track.velocity[k + 1] - track.velocity[k])
    # The first frame may lie a fraction before the start.
    waits = (time > track.t[-1]) | (time < track.t[0] - np.diff(time[:2]).sum())
    velocity = np.where(waits[:, None], 0.0, velocity)
    phase = track.phase[k]
    raised = np.where(np.isin(phase, RIDING), _above_both(name, run, scenario), 0.0)
    position = resample(track, held) + rotate(attitude, raised[:, None] * np.array([0.0, 0.0, 1.0]))
    shape = shape_of(name, run, scenario)
    return Moving(name, shape, position, velocity, attitude, phase, np.ones(len(time), bool), of)


def _above_both(name: str, run: Run, scenario: Scenario) -> float:
    """Return how far a body's centre of mass is above that of rider and motorcycle together [m].

    While they ride, a track is of both; each is put where the separation finds it.
    Source: heights of the centres of mass with and without the rider, in the scenario.
    """
    if run.motorcycle is None or scenario.motorcycle is None:
        return 0.0
    both, own = (flown(run, scenario, f"motorcycle.{n}") for n in ("cg_height", "own_cg_height"))
    if name == "motorcycle":
        return own - both
    ratio = flown(run, scenario, "motorcycle.mass") / flown(run, scenario, "performer.mass", 1.0)
    return ratio * (both - own)


def _canopy(below: Moving, run: Run, scenario: Scenario, shown: np.ndarray) -> Moving:
    return replace(below, name="canopy", shape=shape_of("canopy", run, scenario), shown=shown)
