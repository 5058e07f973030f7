"""One log as every later step sees it: SI, local frames, and what was wrong with the file."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class LogProblem:
    """One thing that is wrong with a log; the rest of the log stands.

    Attributes:
        line: Of the file, from 1; 0 where it is about the whole file.
        text: What is wrong and what was done about it.
    """

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True)
class Inertial:
    """What an inertial unit measured, in the axes of its board.

    Attributes:
        time: From the log's first row, `(m,)` [s].
        force_body: Specific force, `(m, 3)` [m/s²].
        rate_body: Angular velocity, `(m, 3)` [rad/s].
    """

    time: Float[np.ndarray, " m"]
    force_body: Float[np.ndarray, "m 3"]
    rate_body: Float[np.ndarray, "m 3"]


@dataclass(frozen=True)
class TrainingLog:
    """One recording. What was not measured is NaN: nothing is filled in.

    Attributes:
        source: File that it was read from, as given.
        format: Name of the reader, such as "flysight1".
        start: UTC of time zero; None where the file does not say.
        origin: Latitude [rad], longitude [rad], altitude [m] of the local origin; NaN where unknown.
        time: From the file's first row, increasing, `(n,)` [s].
        line: Of the file for each row, `(n,)`.
        position: Local east-north-up, `(n, 3)` [m].
        velocity: Local east-north-up, `(n, 3)` [m/s].
        horizontal_accuracy: As the receiver states it, `(n,)` [m].
        vertical_accuracy: As the receiver states it, `(n,)` [m].
        speed_accuracy: As the receiver states it, `(n,)` [m/s].
        inertial: None without an inertial unit.
        problems: In the order of the file.
        sha256: Of the file's bytes, hexadecimal; empty where there is no file.
    """

    source: str
    format: str
    start: dt.datetime | None
    origin: tuple[float, float, float]
    time: Float[np.ndarray, " n"]
    line: np.ndarray
    position: Float[np.ndarray, "n 3"]
    velocity: Float[np.ndarray, "n 3"]
    horizontal_accuracy: Float[np.ndarray, " n"]
    vertical_accuracy: Float[np.ndarray, " n"]
    speed_accuracy: Float[np.ndarray, " n"]
    inertial: Inertial | None
    problems: tuple[LogProblem, ...]
    sha256: str = ""


class Notes:
    """Problems as a reader meets them; a kind that repeats is counted, not listed a thousand times.

    Attributes:
        longest: How many problems of one kind are listed with their lines.
    """

    longest = 5

    def __init__(self) -> None:
        self._found: list[LogProblem] = []
        self._counts: dict[str, int] = {}

    def add(self, line: int, text: str, kind: str = "") -> None:
        """Note one problem.

        Args:
            line: Of the file, from 1; 0 for the whole file.
            text: What is wrong and what was done.
            kind: Problems of one kind are listed `longest` times, then counted; the text when empty.
        """
        kind = kind or text
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= self.longest:
            self._found.append(LogProblem(line, text))

    def problems(self) -> tuple[LogProblem, ...]:
        """Return what was noted, by line, and how often a kind came that was not listed in full."""
        rest = [
            LogProblem(0, f"{count - self.longest} more lines: {kind}")
            for kind, count in self._counts.items()
            if count > self.longest
        ]
        return (*sorted(self._found, key=lambda problem: problem.line), *rest)
