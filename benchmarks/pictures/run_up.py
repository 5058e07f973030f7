"""Speed along the run-up, and from where it can still be stopped."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import LIMIT, OPENING, PALE, QUIET, RIDE, new_figure, note
from benchmarks.pictures.flights import Flights, rows

from precipice.report.abort import deceleration, latest_abort, stopping_distance


def draw_run_up(flights: Flights) -> tuple[Any, str]:
    """Return speed and stopping place over the station, and what they say."""
    figure = new_figure(4.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.0, 1.0))
    run, scenario = flights.nominal, flights.scenario
    for drawn in flights.drawn:
        station, speed, _ = _ridden(drawn)
        above.plot(
            station, speed, color=PALE, lw=0.7, label="drawn runs" if drawn is flights.drawn[0] else None
        )
    station, speed, acceleration = _ridden(run)
    above.plot(station, speed, color=RIDE, lw=2.4, label="nominal run")
    length = flights.value("run_up.length")
    ramp = _ramp_length(run, length)
    gate, abort = flights.value("plan.gate.speed_gate"), flights.value("plan.gate.abort_station")
    least = flights.value("plan.gate.minimum_speed")
    above.plot([gate, gate], [0.0, least], color=LIMIT, lw=2.0)
    note(above, f"speed gate: {least:.0f} m/s or stop", (gate, 0.5 * least), (8, 0), LIMIT, va="center")
    above.set(ylabel="speed [m/s]", ylim=(0.0, 24.0), title="Speed along the track")
    above.legend(loc="lower right", bbox_to_anchor=(0.88, 0.0))
    slowing = np.array([deceleration(run, scenario, float(s)) for s in station])
    delay, build_up = flights.value("plan.gate.call_delay"), flights.value("performer.brake_build_up")
    stop = station + stopping_distance(speed, slowing, delay, build_up, np.maximum(acceleration, 0.0))
    below.plot(station, stop, color=OPENING, lw=2.4)
    below.axhline(length + ramp, color=LIMIT, lw=1.4, ls="--")
    below.text(
        1.0, length + ramp + 4.0, "lip: no stop beyond this line", color=LIMIT, fontsize=9, va="bottom"
    )
    last = latest_abort(run, scenario)
    assert last is not None
    below.plot([last.station], [length + ramp], "o", color=LIMIT)
    note(below, f"last call: {last.station:.1f} m", (last.station, length + ramp), (14, -26), LIMIT)
    below.axvline(abort, color=QUIET, lw=0.9, ls=":")
    below.text(
        abort + 1.0, 6.0, f"planned abort\nstation, {abort:.0f} m", color=QUIET, fontsize=9, va="bottom"
    )
    below.set(xlim=(0.0, length + ramp), ylim=(0.0, 230.0), ylabel="comes to rest at [m]")
    below.set(
        xlabel="station of the front wheel when the call comes [m]",
        title="A call here stops the motorcycle there",
    )
    for axes in (above, below):
        axes.axvspan(length, length + ramp, color="#efe9df", zorder=0)
    below.text(length + 0.5 * ramp, 6.0, "ramp", color=QUIET, fontsize=9, ha="center")
    found = run.event("speed gate")
    assert found is not None
    caption = (
        "The run-up of the shipped stunt. Above: speed over the station; the nominal run passes the "
        f"gate with {found.speed:.1f} m/s. Below: where a motorcycle comes to rest when somebody "
        f"calls a stop. The delay of {delay:.1f} s, the brakes that build up and the worst surface on "
        f"the way are in it; the last call that stops before the lip is at {last.station:.1f} m."
    )
    return figure, caption


def _ridden(run: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return station [m], speed [m/s] and acceleration [m/s^2] of the front wheel on the run-up."""
    track = run.performer
    kept = rows(track, "run-up")
    place = track.position[kept]
    station = np.linalg.norm((place - place[0])[:, :2], axis=1)
    return station, np.linalg.norm(track.velocity[kept], axis=1), track.control[kept, 0]


def _ramp_length(run: Any, length: float) -> float:
    """Return how far the lip lies beyond the ramp's foot, level [m]."""
    track = run.performer
    start, foot = track.position[0], run.event("ramp foot")
    assert foot is not None
    way = np.asarray(foot.position) - start
    along = way[:2] / np.linalg.norm(way[:2])
    # The lip is the origin; the start lies as far behind it as run-up and ramp are long.
    return float(-start[:2] @ along) - length
