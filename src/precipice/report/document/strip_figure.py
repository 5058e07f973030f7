"""Height, speed and load of a run over time, the seconds that matter wide, the canopy flight narrow."""

import numpy as np

from precipice.report.document.axes import Axes, Box, ticks
from precipice.report.document.colour import PHASE_WORDS, PHASES
from precipice.report.document.drawing import Drawing, text_width
from precipice.report.palette import riderless
from precipice.report.scene import zero_time, zero_word
from precipice.report.strips import MARKED, split_time
from precipice.simulation.run import Run
from precipice.simulation.track import Track

WIDTH, HEIGHT = 1000.0, 520.0
_LEFT, _RIGHT, _BREAK = 74.0, 990.0, 18.0
_TOP, _STRIP, _BETWEEN = 66.0, 112.0, 14.0
_REST = 200.0
"""Width of the canopy flight [px]."""
_ROWS = (("height above ground [m]", 0), ("speed [m/s]", 1), ("load [g]", 2))


def strip_figure(run: Run) -> Drawing:
    """Return the drawing of a run over time.

    Args:
        run: What happened.
    """
    words = "Height above the ground, speed and load over time, with the events; the table has the numbers."
    drawing = Drawing(WIDTH, HEIGHT, words)
    zero = zero_time(run)
    start = 0.0 if zero is None else zero
    first, split, end = (float(t) - start for t in (run.performer.t[0], split_time(run), run.performer.t[-1]))
    broken = end > split + 1.0
    right = _RIGHT - _REST - _BREAK if broken else _RIGHT
    spans = [(_LEFT, right, first, split)]
    if broken:
        spans.append((right + _BREAK, _RIGHT, split, end))
    for k, (label, which) in enumerate(_ROWS):
        _strip(drawing, run, start, spans, _TOP + k * (_STRIP + _BETWEEN), which, label)
    bottom = _TOP + 3 * _STRIP + 2 * _BETWEEN
    _times(drawing, spans, bottom)
    word = "the start" if zero is None else zero_word(run)
    drawing.text(0.5 * (_LEFT + right), bottom + 32, f"seconds after {word}", "small middle quiet")
    if broken:
        drawing.text(0.5 * (right + _BREAK + _RIGHT), bottom + 32, "until the end", "small middle quiet")
    _events(drawing, run, start, spans, bottom)
    _legend(drawing, run, bottom + 54)
    return drawing


def values(track: Track, which: int) -> np.ndarray:
    """Return height above the ground [m], speed [m/s] or load [g], `(n,)`."""
    if which == 0:
        return track.height
    return np.linalg.norm(track.velocity, axis=1) if which == 1 else track.load


def _strip(
    drawing: Drawing,
    run: Run,
    start: float,
    spans: list[tuple[float, float, float, float]],
    top: float,
    which: int,
    label: str,
) -> None:
    tracks = [run.performer] if which == 2 else list(run.tracks.values())
    highest = max(float(np.nanmax(values(track, which))) for track in tracks)
    for k, (left, right, low, high) in enumerate(spans):
        axes = Axes(Box(left, top, right, top + _STRIP), (low, high), (0.0, 1.06 * max(highest, 0.1)))
        box = axes.box
        drawing.rectangle(left, top, right - left, _STRIP, "sky")
        for value in ticks(*axes.y, 4):
            y = float(axes.up(value))
            drawing.line(left, y, right, y, "grid")
            if k == 0:
                drawing.text(left - 6, y + 4, f"{value:,.6g}", "small end quiet")
        with drawing.inside(box.left, box.top, right - left, _STRIP):
            _curves(drawing, axes, run, start, which)
    middle = top + 0.5 * _STRIP
    for k, line in enumerate(_two_lines(label)):
        drawing.text(14 + 14 * k, middle, line, "small middle quiet", upright=True)


def _two_lines(label: str) -> list[str]:
    name, unit = label.split(" [")
    return [name, f"[{unit}"]


def _curves(drawing: Drawing, axes: Axes, run: Run, start: float, which: int) -> None:
    if which < 2 and run.motorcycle is not None:
        alone = riderless(run.motorcycle)
        points = np.stack([run.motorcycle.t - start, values(run.motorcycle, which)], axis=1)
        if np.any(alone):
            drawing.path(axes.at(points[alone]), "track moto")
    points = np.stack([run.performer.t - start, values(run.performer, which)], axis=1)
    draw_phases(drawing, axes, points, run.performer)


def draw_phases(drawing: Drawing, axes: Axes, points: np.ndarray, track: Track) -> None:
    """Draw a track's points, `(n, 2)`, each phase in its colour, joined to the one after it."""
    phases = track.phase
    changes = np.flatnonzero(phases[1:] != phases[:-1]) + 1
    for first, last in zip([0, *changes], [*changes, len(phases)], strict=True):
        rows = points[first : min(int(last) + 1, len(points))]
        drawing.path(axes.at(rows), f"track {PHASES.get(str(phases[first]), 'ride')}")


def _times(drawing: Drawing, spans: list[tuple[float, float, float, float]], bottom: float) -> None:
    for k, (left, right, low, high) in enumerate(spans):
        axes = Axes(Box(left, 0.0, right, 1.0), (low, high), (0.0, 1.0))
        for value in ticks(low, high, 10 if k == 0 else 3):
            x = float(axes.across(value))
            if k and x - left < 12:
                continue
            drawing.line(x, bottom, x, bottom + 4, "axis")
            drawing.text(x, bottom + 16, f"{value:,.6g}".replace("-", "−"), "small middle quiet")


def _events(
    drawing: Drawing,
    run: Run,
    start: float,
    spans: list[tuple[float, float, float, float]],
    bottom: float,
) -> None:
    """Draw a line through all strips at each event, its name above the first; no two names overlap."""
    last = run.events[-1].name
    told = [event for event in run.events if event.name in (*MARKED, "touchdown", last)]
    ends = [-np.inf] * 4
    for event in sorted(told, key=lambda event: event.t):
        t = event.t - start
        left, right, low, high = next(span for span in spans if t <= span[3] + 1e-9)
        x = left + (right - left) * (t - low) / (high - low)
        drawing.line(x, _TOP - 2, x, bottom, "mark")
        half = 0.5 * text_width(event.name, "small")
        middle = min(max(x, _LEFT + half), _RIGHT - half)
        row = next((k for k, end in enumerate(ends) if middle - half > end + 6), 0)
        ends[row] = middle + half
        drawing.text(middle, _TOP - 8 - 14 * row, event.name, "small middle")


def _legend(drawing: Drawing, run: Run, y: float) -> None:
    looks = list(dict.fromkeys(PHASES.get(str(phase), "ride") for phase in run.performer.phase))
    rows = [(f"track {look}", PHASE_WORDS[look]) for look in looks]
    if run.motorcycle is not None and np.any(riderless(run.motorcycle)):
        rows.append(("track moto", "motorcycle, riderless"))
    draw_legend(drawing, rows, _LEFT, y)


def draw_legend(drawing: Drawing, rows: list[tuple[str, str]], x: float, y: float) -> None:
    """Draw a line of each class with its words, side by side."""
    start = x
    for look, words in rows:
        if x > start and x + 32 + text_width(words, "small") > drawing.width:
            x, y = start, y + 18
        drawing.line(x, y - 4, x + 26, y - 4, look)
        drawing.text(x + 32, y, words, "small")
        x += 46 + text_width(words, "small")
