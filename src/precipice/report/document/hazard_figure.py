"""Every hazard's chance on one logarithmic axis, with its two kinds of doubt drawn as two kinds of mark."""

import math

from precipice.report.document.axes import LogAxis, log_axis
from precipice.report.document.drawing import Drawing, text_width
from precipice.report.words import JOINT, field_name, share
from precipice.risk.assessment import Assessment, Hazard
from precipice.risk.verdict import Word
from precipice.statistics import Interval

WIDTH = 1000.0
_ROW, _TOP = 36.0, 60.0
_LEFT, _RIGHT = 240.0, 750.0
_CHANCE = 838.0
"""Where the chance ends that is written beside the axis [px]."""


def hazard_figure(found: Assessment) -> Drawing:
    """Return the drawing of all chances, bounds, ranges over guesses, limits and verdicts.

    Args:
        found: From a campaign.
    """
    height = _TOP + _ROW * len(found.hazards) + 34.0
    drawing = Drawing(
        WIDTH, height, "Chance of every hazard with its bounds; the table below has the numbers."
    )
    axis = log_axis(_LEFT, _RIGHT, _chances(found))
    bottom = height - 32.0
    axis.draw(drawing, _TOP - 8.0, bottom)
    drawing.text(_CHANCE, _TOP - 14.0, "chance", "small end quiet")
    drawing.text(_CHANCE + 26.0, _TOP - 14.0, "verdict", "small quiet")
    _legend(drawing, guessed=found.guesses[0] > 0)
    for k, hazard in enumerate(found.hazards):
        y = _TOP + (k + 0.5) * _ROW
        if k:
            drawing.line(8.0, y - 0.5 * _ROW, WIDTH - 8.0, y - 0.5 * _ROW, "grid")
        _row(drawing, axis, hazard, y)
    return drawing


def _chances(found: Assessment) -> list[float]:
    chances = []
    for hazard in found.hazards:
        chances += [hazard.tally.high, hazard.tally.chance, hazard.ignorance.high]
        chances += [] if hazard.criterion is None else [hazard.criterion.chance]
    return chances


def _row(drawing: Drawing, axis: LogAxis, hazard: Hazard, y: float) -> None:
    drawing.text(_LEFT - 14, y + 4, hazard.name, "end strong" if hazard.criterion else "end")
    tally = hazard.tally
    _bounds(drawing, axis, Interval(tally.low, tally.high), tally.chance, y - 3.0)
    if hazard.ignorance.low != hazard.ignorance.high:
        _guesses(drawing, axis, hazard.ignorance, y + 9.0)
    if hazard.criterion is not None:
        _limit(drawing, axis.at(hazard.criterion.chance), y)
    drawing.text(_CHANCE, y + 4, share(tally.chance).replace(JOINT, " "), "end strong")
    verdict_mark(drawing, hazard.verdict.word, _CHANCE + 34.0, y)
    words = hazard.verdict.word if hazard.criterion else "no criterion"
    drawing.text(_CHANCE + 50.0, y + 4, words, "strong" if hazard.criterion else "small quiet")


def _bounds(drawing: Drawing, axis: LogAxis, bounds: Interval, chance: float, y: float) -> None:
    """Draw what too few runs leave open: a thick bar with a dot; an arrow where it reaches down to none."""
    left, right = axis.at(bounds.low), axis.at(bounds.high)
    drawing.line(left, y, right, y, "bar")
    if bounds.low <= 10.0**axis.low:
        _arrow(drawing, axis.left, y, "bar")
    if math.isfinite(chance) and chance > 0.0:
        drawing.circle(axis.at(chance), y, 4.5, "spot")


def _guesses(drawing: Drawing, axis: LogAxis, ends: Interval, y: float) -> None:
    """Draw what nobody has measured: a thin dashed line with upright ends."""
    left, right = axis.at(ends.low), axis.at(ends.high)
    drawing.line(left, y, right, y, "range dashed")
    drawing.line(right, y - 5, right, y + 5, "range")
    if ends.low <= 10.0**axis.low:
        _arrow(drawing, axis.left, y, "range")
    else:
        drawing.line(left, y - 5, left, y + 5, "range")


def _arrow(drawing: Drawing, x: float, y: float, look: str) -> None:
    for turn in (-4.0, 4.0):
        drawing.line(x - 6.0, y, x, y + turn, "range" if look == "range" else "now")


def _limit(drawing: Drawing, x: float, y: float) -> None:
    """Draw what is accepted: an upright line with a triangle on it."""
    drawing.line(x, y - 13, x, y + 15, "limit")
    for k in range(7):
        drawing.line(x - 5.0 + 0.7 * k, y - 17.0 + 1.1 * k, x + 5.0 - 0.7 * k, y - 17.0 + 1.1 * k, "limit")


def verdict_mark(drawing: Drawing, word: Word, x: float, y: float) -> None:
    """Draw a verdict as a shape: a disc with a tick, a square with a cross, an empty diamond, a dash."""
    if word == "met":
        drawing.circle(x, y, 9.0, "met")
        drawing.line(x - 4.5, y, x - 1.5, y + 4.0, "tick")
        drawing.line(x - 1.5, y + 4.0, x + 4.5, y - 4.0, "tick")
    elif word == "not met":
        drawing.rectangle(x - 8.5, y - 8.5, 17.0, 17.0, "not-met")
        drawing.line(x - 4.0, y - 4.0, x + 4.0, y + 4.0, "tick")
        drawing.line(x - 4.0, y + 4.0, x + 4.0, y - 4.0, "tick")
    elif word == "not shown":
        drawing.line(x - 9.0, y, x, y - 9.0, "not-shown")
        drawing.line(x, y - 9.0, x + 9.0, y, "not-shown")
        drawing.line(x + 9.0, y, x, y + 9.0, "not-shown")
        drawing.line(x, y + 9.0, x - 9.0, y, "not-shown")
        drawing.text(x, y + 4.5, "?", "middle strong doubt-text")
    else:
        drawing.line(x - 5.0, y, x + 5.0, y, "none")


def verdict_drawing(word: Word) -> Drawing:
    """Return a verdict's shape alone, beside whose word it stands."""
    drawing = Drawing(22.0, 22.0, word)
    verdict_mark(drawing, word, 11.0, 11.0)
    return drawing


def _legend(drawing: Drawing, *, guessed: bool) -> None:
    y, x = 26.0, 60.0
    drawing.line(x, y - 4, x + 40, y - 4, "bar")
    drawing.circle(x + 20, y - 4, 4.5, "spot")
    x = _told(drawing, x + 48, y, "chance in the runs, and bounds: too few runs")
    if guessed:
        drawing.line(x, y - 4, x + 40, y - 4, "range dashed")
        for end in (x, x + 40):
            drawing.line(end, y - 9, end, y + 1, "range")
        x = _told(drawing, x + 48, y, "range over guesses: unknown constants")
    _limit(drawing, x + 6, y - 2)
    _told(drawing, x + 20, y, "accepted")


def _told(drawing: Drawing, x: float, y: float, words: str) -> float:
    drawing.text(x, y, words, "small")
    return x + text_width(words, "small") + 22.0


def driver_figure(hazard: Hazard, most: int = 4) -> Drawing | None:
    """Return the drawing of what drives a hazard, None where the runs show nothing that does.

    Args:
        hazard: From a campaign.
        most: How many fields.
    """
    shown = [driver for driver in hazard.drivers if driver.shown][:most]
    if not shown:
        return None
    height = 66.0 + 30.0 * len(shown)
    words = f"What drives {hazard.name}; the table beside it has the numbers."
    drawing = Drawing(490.0, height, words)
    chances = [hazard.tally.chance] + ([hazard.criterion.chance] if hazard.criterion else [])
    for driver in shown:
        chances += [driver.lower, driver.higher]
    axis = log_axis(232.0, 470.0, chances)
    bottom = height - 34.0
    axis.draw(drawing, 24.0, bottom)
    _marked(drawing, axis, hazard, bottom)
    for k, driver in enumerate(shown):
        y = 40.0 + 30.0 * k
        drawing.text(222, y - 1, field_name(driver.field), "small end")
        part = f"explains {share(driver.share)}".replace(JOINT, " ")
        drawing.text(222, y + 12, part, "small end quiet")
        drawing.line(axis.at(driver.lower), y, axis.at(driver.higher), y, "link")
        _end(drawing, axis, driver.lower, driver.lower_interval, y, higher=False)
        _end(drawing, axis, driver.higher, driver.higher_interval, y, higher=True)
    return drawing


def _marked(drawing: Drawing, axis: LogAxis, hazard: Hazard, bottom: float) -> None:
    now = axis.at(hazard.tally.chance)
    drawing.line(now, 22.0, now, bottom, "now")
    drawing.text(now, 14.0, "now", "small middle quiet")
    if hazard.criterion is not None:
        at = axis.at(hazard.criterion.chance)
        drawing.line(at, 22.0, at, bottom, "accepted")
        # Two words at one place would hide each other.
        if abs(at - now) > 50.0:
            drawing.text(at, 14.0, "accepted", "small middle bad-text")


def _end(
    drawing: Drawing, axis: LogAxis, chance: float, interval: Interval, y: float, *, higher: bool
) -> None:
    left, right = axis.at(interval.low), axis.at(interval.high)
    drawing.line(left, y, right, y, "axis")
    for x in (left, right):
        drawing.line(x, y - 4, x, y + 4, "axis")
    drawing.circle(axis.at(chance), y, 4.5, "full" if higher else "spot")
