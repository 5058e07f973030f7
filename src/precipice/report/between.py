"""A track between the solver's steps: where something is smallest, to the last digits.

A smallest value taken at the steps alone is a little too large, and changes with the run as the nearest
step does, not as the smallest value does: a gradient of it would be wrong in its first digits.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from precipice.simulation.track import Track

NODES = 6
"""Steps through which the polynomial of an interval goes: three on either side where they are."""
WORSE = 10.0
"""So many times the error of another choice of steps, and a polynomial is taken to cross a kink [-]."""
ROUNDING = 1e-12
"""Errors below this mean nothing, over what is to be small or 1 [-]."""
POINTS = 33
"""Places looked at in an interval before it is narrowed to the neighbours of the best one."""
ROUNDS = 12
"""Times that it is narrowed, by 16 each: down to rounding."""

Counts = Callable[[Track], np.ndarray]
"""From rows of a track to whether each counts, `(n,)`."""
Value = Callable[[Track], np.ndarray]
"""From rows of a track to what is to be small, `(n,)`."""


def smallest(track: Track, value: Value, counts: Counts, usable: np.ndarray | None = None) -> Track | None:
    """Return the place on a track where something is smallest, as a track of one row.

    Around the best step both intervals are searched; the place may be where counting begins or ends. A
    polynomial does not go across a kink of what is to be small: where it is in a neighbouring interval the
    steps are taken from the other side; where it is in this one, there is a polynomial for either side.
    Source: choice of steps as in essentially non-oscillatory schemes; Harten 1989, "subcell resolution".

    Args:
        track: Of one body.
        value: What is to be small.
        counts: Which places count; at a step or between two of one leg.
        usable: Rows whose columns may be interpolated, `(n,)`; all if None.

    Returns:
        None if no step counts.
    """
    rows = counts(track)
    if not np.any(rows):
        return None
    k = int(np.argmin(np.where(rows, value(track), np.inf)))
    best = _rows(track, slice(k, k + 1))
    first, last = _stretch(track, k, usable)
    for low in (k - 1, k):
        if low < first or low + 1 > last:
            continue
        for nodes, start, end in _pieces(track, low, first, last, value):
            found = _narrow(nodes, start, end, value, counts)
            if found is not None and value(found)[0] < value(best)[0]:
                best = found
    return best


def _pieces(track: Track, low: int, first: int, last: int, value: Value) -> list[tuple[Track, float, float]]:
    """Return the rows whose polynomials describe the interval after a row, each with the times between which.

    Args:
        track: Of one body.
        low: Row before the interval.
        first: First row of the leg.
        last: Last row of the leg.
        value: Whose kinks are not crossed.
    """
    start, end = float(track.t[low]), float(track.t[low + 1])
    middle = slice(max(first, low - NODES // 2 + 1), min(last, low + NODES // 2) + 1)
    if last - first + 1 < NODES:
        return [(_rows(track, middle), start, end)]
    values = value(_rows(track, slice(max(first, low - NODES), min(last, low + NODES + 1) + 1)))
    times = track.t[max(first, low - NODES) : min(last, low + NODES + 1) + 1]
    begin = max(first, low - NODES)

    def error(rows: slice, at: float) -> float:
        """Return by how much the farthest row changes a polynomial at a time."""
        t, v = times[rows.start - begin : rows.stop - begin], values[rows.start - begin : rows.stop - begin]
        nearer = np.delete(np.arange(len(t)), np.argmax(np.abs(t - at)))
        whole, less = (
            lagrange_weights(t, np.array([at])) @ v,
            lagrange_weights(t[nearer], np.array([at])) @ v[nearer],
        )
        return float(np.abs(whole - less)[0])

    least = ROUNDING * max(1.0, float(np.max(np.abs(values))))
    half = 0.5 * (start + end)
    starts = range(max(first, low - NODES + 2), min(low, last - NODES + 1) + 1)
    windows = [slice(k, k + NODES) for k in starts]
    errors = [error(rows, half) for rows in windows]
    best = int(np.argmin(errors))
    before, after = slice(low - NODES + 1, low + 1), slice(low + 1, low + 1 + NODES)
    if before.start >= first and after.stop <= last + 1:
        sides = [
            error(before, float(np.mean(track.t[low - 1 : low + 1]))),
            error(after, float(np.mean(track.t[low + 1 : low + 3]))),
        ]
        if errors[best] > WORSE * max(*sides) + least:
            earlier, later = _rows(track, before), _rows(track, after)
            kink = _crossing(earlier, later, start, end, value)
            return [(earlier, start, kink), (later, kink, end)]
    if middle.stop - middle.start == NODES and error(middle, half) <= WORSE * errors[best] + least:
        return [(_rows(track, middle), start, end)]
    return [(_rows(track, windows[best]), start, end)]


def _crossing(earlier: Track, later: Track, low: float, high: float, value: Value) -> float:
    """Return the time between two at which the polynomials through two sets of rows are nearest."""
    for _ in range(ROUNDS):
        times = np.linspace(low, high, POINTS)
        apart = value(between(earlier, times)) - value(between(later, times))
        turns = np.flatnonzero(apart[:-1] * apart[1:] <= 0.0)
        k = int(turns[0]) if turns.size else int(np.argmin(np.abs(apart)))
        low, high = times[max(k - (turns.size == 0), 0)], times[min(k + 1, POINTS - 1)]
    return 0.5 * float(low + high)


def between(nodes: Track, times: np.ndarray) -> Track:
    """Return rows of a track at times, by the polynomial through a few of its rows.

    Args:
        nodes: Rows of one leg, `(m,)`.
        times: `(n,)` [s].
    """
    weights, count = lagrange_weights(nodes.t, times), len(times)
    names = [field.name for field in fields(Track) if field.name not in ("t", "phase")]
    joined = np.column_stack([getattr(nodes, name) for name in names])
    parts, first = weights @ joined, 0
    columns: dict[str, Any] = {}
    for name in names:
        shape = getattr(nodes, name).shape[1:]
        width = shape[0] if shape else 1
        columns[name] = parts[:, first : first + width].reshape(count, *shape)
        first += width
    return Track(t=times, phase=np.full(count, nodes.phase[len(nodes.t) // 2]), **columns)


def lagrange_weights(nodes: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return Lagrange's weights of nodes at times, `(n, m)`.

    Args:
        nodes: Times that differ, `(m,)` [s].
        times: `(n,)` [s].
    """
    apart = nodes[:, None] - nodes + np.eye(len(nodes))
    away = np.repeat((times[:, None] - nodes)[:, None, :], len(nodes), axis=1)
    own = np.arange(len(nodes))
    away[:, own, own] = 1.0
    return np.prod(away / apart, axis=2)


def _narrow(nodes: Track, low: float, high: float, value: Value, counts: Counts) -> Track | None:
    best = None
    for _ in range(ROUNDS):
        times = np.linspace(low, high, POINTS)
        here = between(nodes, times)
        rows = counts(here)
        if not np.any(rows):
            return best
        k = int(np.argmin(np.where(rows, value(here), np.inf)))
        best = _rows(here, slice(k, k + 1))
        low, high = times[max(k - 1, 0)], times[min(k + 1, POINTS - 1)]
    return best


def _stretch(track: Track, row: int, usable: np.ndarray | None) -> tuple[int, int]:
    """Return first and last row of the leg that a row is in, as far as rows are usable."""
    joined = (np.diff(track.t) > 0.0) & (track.phase[1:] == track.phase[:-1])
    if usable is not None:
        joined &= usable[1:] & usable[:-1]
    before, after = np.flatnonzero(~joined[:row]), np.flatnonzero(~joined[row:])
    first = int(before[-1]) + 1 if before.size else 0
    last = row + int(after[0]) if after.size else len(track.t) - 1
    return first, last


def _rows(track: Track, rows: slice) -> Track:
    return replace(track, **{field.name: getattr(track, field.name)[rows] for field in fields(Track)})
