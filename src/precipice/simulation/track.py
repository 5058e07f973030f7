"""One body's way through a run."""

from dataclasses import dataclass

import numpy as np

COLUMNS = (
    "position",
    "velocity",
    "attitude",
    "load",
    "clearance",
    "height",
    "gap",
    "air_speed",
    "control",
    "known",
)


@dataclass(frozen=True)
class Track:
    """One body's way through a run, at the solver's steps, in order of time.

    Attributes:
        t: `(n,)` [s] from the start of the run-up, or from the exit.
        phase: Name of the phase at each step, `(n,)`.
        position: East-north-up from the lip or exit, `(n, 3)` [m].
        velocity: `(n, 3)` [m/s].
        attitude: Quaternion, scalar first, body (forward-left-up) to east-north-up, `(n, 4)`.
        load: Non-gravitational acceleration over standard gravity, `(n,)`.
        clearance: From the body's extent to rock (to the deck's side on the ground), `(n,)` [m].
        height: Above the rock straight below, `(n,)` [m].
        gap: Between the extents of performer and motorcycle, `(n,)` [m]; 1,000 where it does not count.
        air_speed: `(n,)` [m/s].
        control: Two numbers of the phase, `(n, 2)`; see `Record`.
        known: Distance to the end of the terrain data, `(n,)` [m].
    """

    t: np.ndarray
    phase: np.ndarray
    position: np.ndarray
    velocity: np.ndarray
    attitude: np.ndarray
    load: np.ndarray
    clearance: np.ndarray
    height: np.ndarray
    gap: np.ndarray
    air_speed: np.ndarray
    control: np.ndarray
    known: np.ndarray

    def at(self, t: float) -> tuple[np.ndarray, np.ndarray]:
        """Return position and velocity at a time, each `(3,)`: cubic between steps, held outside.

        Args:
            t: [s].
        """
        if t <= self.t[0] or t >= self.t[-1]:
            k = 0 if t <= self.t[0] else -1
            return self.position[k], self.velocity[k]
        k = int(np.searchsorted(self.t, t, side="right")) - 1
        width = self.t[k + 1] - self.t[k]
        s = (t - self.t[k]) / width
        a, b = self.position[k], self.position[k + 1]
        u, v = width * self.velocity[k], width * self.velocity[k + 1]
        step = b - a
        place = a + s * step + s * (1 - s) * ((u - step) * (1 - s) + (step - v) * s)
        return place, self.velocity[k] + s * (self.velocity[k + 1] - self.velocity[k])


def build_track(report: dict[str, np.ndarray], phases: tuple[str, ...], body: str) -> Track:
    """Return a body's track from a program's report.

    Args:
        report: Arrays by name; see `simulate`.
        phases: That it goes through, in order; see `kind.KINDS`.
        body: Which of the two while they are one leg: "performer" or "motorcycle".
    """
    times, names = [], []
    columns: dict[str, list[np.ndarray]] = {name: [] for name in COLUMNS}
    for phase in phases:
        prefix = f"legs.{phase}.records." + (f"{body}." if phase == "separation" else "")
        for leg, row in enumerate(report[f"legs.{phase}.times"]):
            kept = np.isfinite(row)
            times.append(row[kept])
            names.append(np.full(int(kept.sum()), phase))
            for name in COLUMNS:
                columns[name].append(report[prefix + name][leg][kept])
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return Track(t=np.concatenate(times), phase=np.concatenate(names), **joined)
