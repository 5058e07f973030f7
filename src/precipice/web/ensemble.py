"""Many drawn runs as thin tracks, flown in the background while the page already shows the first."""

import threading
from typing import Any

import numpy as np

from precipice.campaign.fly import fly
from precipice.report.margins import margins
from precipice.report.scene import resample
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.web.envelope import pack

POINTS = 96
"""Of a thin track, at equal steps of its length."""
WELL = frozenset({"landed", "landed-on-surface", "came-to-rest"})
"""Ends that are none to worry about by themselves."""
MOST = 2000
"""Runs that the page may ask for."""


class Ensemble:
    """Runs 0, 1, 2, ... of one scenario, flown one after the other by a thread of its own.

    Attributes:
        scenario: What was decided.
        seed: Of the draws.
        runs: How many are wanted.
        error: Why it stopped early; None when it did not.
    """

    def __init__(self, scenario: Scenario, seed: int, runs: int, turn: threading.Lock) -> None:
        self.scenario = scenario
        self.seed = seed
        self.runs = min(runs, MOST)
        self.error: str | None = None
        self._turn = turn
        self._stopped = threading.Event()
        self._flown: list[tuple[dict[str, Any], np.ndarray, np.ndarray]] = []
        self._thread = threading.Thread(target=self._fly, daemon=True, name="ensemble")

    def start(self) -> None:
        """Begin to fly."""
        self._thread.start()

    def stop(self) -> None:
        """Fly no further run, and wait for the one that is in the air."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def done(self) -> int:
        """How many are flown."""
        return len(self._flown)

    def _fly(self) -> None:
        from precipice.errors import PrecipiceError

        for number in range(self.runs):
            if self._stopped.is_set():
                return
            try:
                # One flight at a time, so that a person who clicks waits for one run and not for all.
                with self._turn:
                    run = fly(self.scenario, number, self.seed)
            except PrecipiceError as error:
                self.error = str(error)
                return
            self._flown.append(thinned(run, self.scenario))

    def pack(self, first: int) -> bytes:
        """Return runs from one on, for the page; see `envelope.pack`.

        Args:
            first: How many the page has already.
        """
        flown = self._flown[first:]
        head = {
            "first": first,
            "done": first + len(flown),
            "runs": self.runs,
            "seed": self.seed,
            "error": self.error,
            "list": [about for about, _, _ in flown],
        }
        empty = np.zeros((0, POINTS, 3))
        arrays = {
            "tracks": np.stack([track for _, track, _ in flown]) if flown else empty,
            "ends": np.stack([ends for _, _, ends in flown]) if flown else np.zeros((0, 3, 3)),
        }
        return pack(head, arrays)


def thinned(run: Run, scenario: Scenario) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """Return what the page needs of a run among many.

    Args:
        run: What happened.
        scenario: What was decided.

    Returns:
        Number, outcome and how long it lasted; the thin track, `(POINTS, 3)` [m]; and where the performer
        ended, the riderless motorcycle first touched, and it came to rest, `(3, 3)` [m], NaN if nowhere.
    """
    distance, radius = (run.numbers.get(f"landing_{part}", 0.0) for part in ("distance", "radius"))
    outcome = run.outcome if run.resolved else "unresolved"
    if outcome == "landed":
        outside = run.kind != "ramp-jump" and distance > radius
        outcome = "landed-outside" if outside else "landed-on-surface" if run.kind == "ramp-jump" else outcome
    short = [margin.label for margin in margins(run, scenario).values() if margin.short]
    if short and outcome in WELL:
        # It went well, and yet a limit was passed: that must not look like a run in which none was.
        outcome = f"{outcome}-short"
    about = {
        "run": run.run,
        "outcome": outcome,
        "short": ", ".join(short),
        "seconds": round(float(run.performer.t[-1] - run.performer.t[0]), 2),
    }
    ends = [run.performer.position[-1]]
    for name in ("motorcycle contact", "motorcycle at rest"):
        event = run.event(name)
        ends.append(np.full(3, np.nan) if event is None else np.asarray(event.position, float))
    return about, _thin(run.performer), np.stack(ends)


def _thin(track: Track) -> np.ndarray:
    """Return a track at equal steps of its length, `(POINTS, 3)` [m]."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track.position, axis=0), axis=1))])
    # Rest takes no length, but time: without a little, times would not go up.
    length += 1e-6 * np.arange(len(length))
    times = np.interp(np.linspace(0.0, length[-1], POINTS), length, track.t)
    return resample(track, times)
