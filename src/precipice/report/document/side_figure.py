"""Side views of a run across the cliff: the beginning, and all of it."""

import numpy as np

from precipice.report.clearance import nearest_motorcycle
from precipice.report.document.axes import Axes, Box, draw_axes, even_axes
from precipice.report.document.drawing import Drawing
from precipice.report.document.name import Name, place_names
from precipice.report.document.strip_figure import draw_phases
from precipice.report.palette import riderless
from precipice.report.scene import areas, distance_out, origin_word, ramp_shape, resample, zero_time
from precipice.report.side import CLOSE
from precipice.report.strips import MARKED, split_time
from precipice.report.words import JOINT, WELL, quantity
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.world.arrange import altitude

HEIGHT, LOW = 520.0, 280.0
"""Of a fall, and of a jump that is longer than high [px]."""
NARROW, WIDE = 390.0, 600.0
"""Of the close-up and of the whole [px]."""
_NEAR = (*MARKED, "motorcycle contact")
_FAR = ("canopy open", "motorcycle at rest", "pattern", "final turn", "touchdown")


def side_figure(run: Run, scenario: Scenario, *, close: bool, width: float | None = None) -> Drawing:
    """Return a side view.

    Args:
        run: What happened.
        scenario: What was decided.
        close: Only the beginning, with a dot for each second.
        width: Of the drawing [px]; narrow for the beginning, wide for all of it when None.
    """
    width = width or (NARROW if close else WIDE)
    what = "its beginning, with a dot for each second" if close else "all of it"
    words = f"Side view across the rock: {what}; the table of events has the places."
    height = LOW if run.subject == "vehicle" else HEIGHT
    drawing = Drawing(width, height, words)
    axes = _axes(run, scenario, Box(66.0, 12.0, width - 10.0, height - 46.0), close=close)
    origin = origin_word(run)
    draw_axes(
        drawing,
        axes,
        f"metres out from the {origin}",
        f"metres above the {origin}",
        (3 if close else 6, 8 if height == HEIGHT else 4),
    )
    box = axes.box
    with drawing.inside(box.left, box.top, box.right - box.left, box.bottom - box.top):
        _rock(drawing, axes, run, scenario)
        if not close:
            _areas(drawing, axes, run, scenario)
        _tracks(drawing, axes, run, scenario)
        if close:
            _seconds(drawing, axes, run, scenario)
    _names(drawing, axes, run, scenario, close=close)
    return drawing


def section(run: Run, scenario: Scenario, position: np.ndarray) -> np.ndarray:
    """Return places as seen from the side, out and up, `(n, 2)` [m]."""
    return np.stack([distance_out(run, scenario, position), position[:, 2]], axis=1)


def _axes(run: Run, scenario: Scenario, box: Box, *, close: bool) -> Axes:
    points = np.concatenate([section(run, scenario, track.position) for track in run.tracks.values()])
    jump = run.subject == "vehicle"
    if close and not jump:
        behind = -45.0 if scenario.ramp is not None else -20.0
        points = points[(points[:, 0] < CLOSE) & (points[:, 1] > -400.0)]
        low = np.array([behind, min(-60.0, float(points[:, 1].min()) - 15.0)])
        return even_axes(box, low, np.array([CLOSE, 20.0]), (0.35, 1.0))
    if close:
        rows = np.isin(run.performer.phase, ("ramp", "jump"))
        if np.any(rows):
            points = section(run, scenario, run.performer.position[rows])
    low, high = points.min(axis=0), points.max(axis=0)
    for k, area in enumerate(areas(run, scenario)[:1]):
        out = float(distance_out(run, scenario, [area.east, area.north, 0.0]))
        low = np.minimum(low, [out - area.radius, _area_up(run, scenario, k)])
        high = np.maximum(high, [out + area.radius, low[1]])
    pad = 0.05 * float(np.max(high - low))
    return even_axes(box, low - pad, high + pad, (0.3, 0.5))


def _rock(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    if run.profile is not None:
        far = 3.0e4
        outline = np.clip(run.profile, -far, far)
        corners = np.concatenate([outline, [[outline[-1, 0], -far], [outline[0, 0], -far]]])
        drawing.path(axes.at(corners), "rock", closed=True)
        drawing.path(axes.at(outline), "edge")
    if scenario.ramp is not None:
        shape = ramp_shape(run, scenario)
        drawing.path(axes.at(np.concatenate([shape, [[0.0, shape[0, 1]]]])), "ramp", closed=True)


def _areas(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    for k, area in enumerate(areas(run, scenario)):
        out = float(distance_out(run, scenario, [area.east, area.north, 0.0]))
        up = float(axes.up(_area_up(run, scenario, k)))
        ends = axes.across(np.array([out - area.radius, out + area.radius]))
        drawing.rectangle(
            float(ends[0]), up - 3.0, float(ends[1] - ends[0]), 6.0, "area" if k == 0 else "other"
        )


def _area_up(run: Run, scenario: Scenario, index: int) -> float:
    if index == 0:
        return run.landing_altitude - run.lip_altitude
    place = scenario.site.alternate[index - 1].position
    return altitude(place, run.lip_altitude, run.landing_altitude) - run.lip_altitude


def _tracks(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    if run.motorcycle is not None and np.any(riderless(run.motorcycle)):
        path = section(run, scenario, run.motorcycle.position)
        drawing.path(axes.at(path[riderless(run.motorcycle)]), "track moto")
    draw_phases(drawing, axes, section(run, scenario, run.performer.position), run.performer)


def _seconds(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario) -> None:
    zero = zero_time(run)
    if zero is None:
        return
    for track in run.tracks.values():
        last = min(float(track.t[-1]), split_time(run))
        times = zero + np.arange(0.0, max(last - zero, 0.0) + 1e-9)
        for x, y in axes.at(section(run, scenario, resample(track, times))):
            drawing.circle(float(x), float(y), 3.0, "dot")


def lines_of(track: Track) -> np.ndarray:
    """Return places all along a track that names must not hide, `(n, 3)` [m]."""
    early = np.linspace(track.t[0], min(track.t[-1], track.t[0] + 30.0), 400)
    return resample(track, np.concatenate([np.linspace(track.t[0], track.t[-1], 500), early]))


def _names(drawing: Drawing, axes: Axes, run: Run, scenario: Scenario, *, close: bool) -> None:
    zero = zero_time(run)
    end = [event for event in run.events if event.body == run.subject][-1]
    names: list[Name] = []
    near = nearest_motorcycle(run)[1]
    if close and near is not None:
        at = axes.at(section(run, scenario, np.array([near.position])))[0]
        words = f"motorcycle nearest: {quantity(near.distance, 'm')}".replace(JOINT, " ").replace("-", "−")
        names.append(Name(float(at[0]), float(at[1]), words, "bad-text" if near.distance < 0.0 else "strong"))
    for event_name in dict.fromkeys([end.name, *(_NEAR if close else _FAR)]):
        event = run.event(event_name)
        if event is None:
            continue
        at = axes.at(section(run, scenario, np.array([event.position])))[0]
        since = "" if zero is None else f" {event.t - zero:+.1f} s".replace("-", "−")
        bad = event is end and run.outcome not in WELL
        names.append(Name(float(at[0]), float(at[1]), f"{event_name}{since}", "bad-text" if bad else ""))
    lines = [section(run, scenario, lines_of(track)) for track in run.tracks.values()]
    place_names(drawing, axes.box, names, axes.at(np.concatenate(lines)))
