"""Wind at the cliff from both sides, and the gusts of one drawn run."""

from typing import Any

import numpy as np
from benchmarks.pictures.canvas import FALL, OPENING, QUIET, RIDE, ROCK, ROCK_EDGE, new_figure
from benchmarks.pictures.flights import Flights, between, rows, since

SPEED = 8.0
"""Of the wind in the sections [m/s]: the shipped one of 1 m/s would show nothing."""
W20 = 3.0
"""Shipped centre of the gust speed [m/s]: of the drawn runs the one nearest to it is shown."""


def draw_air(flights: Flights) -> tuple[Any, str]:
    """Return sections with wind onto and off the face, gusts along a fall, and what they say."""
    figure = new_figure(4.9)
    parts = figure.subplot_mosaic([["onto", "gust"], ["off", "gust"]], width_ratios=(1.45, 1.0))
    axes = parts["onto"], parts["off"], parts["gust"]
    facing = flights.value("site.cliff.face_azimuth")
    drawn, onto = _section(axes[0], flights, facing, f"Mean wind, {SPEED:.0f} m/s onto the face")
    _, off = _section(axes[1], flights, facing + np.pi, f"Mean wind, {SPEED:.0f} m/s off the edge")
    bar = figure.colorbar(
        drawn, ax=axes[:2], orientation="horizontal", shrink=0.7, aspect=40, ticks=range(-3, 4)
    )
    bar.set_label("vertical wind [m/s], up positive")
    axes[0].set_xlabel("")
    number, rms = _gusts(axes[2], flights)
    caption = (
        f"Mean wind of {SPEED:.0f} m/s from both sides, and gusts. Colour is the vertical wind: onto "
        f"the face the air rises by up to {onto:.1f} m/s; off the edge it flows back below the edge "
        f"and sinks by up to {-off:.1f} m/s. These are states that were assumed, not a flow that was "
        f"solved. Right: the gusts that drawn run {number} of seed 0 meets from the exit to the open "
        f"canopy, {rms[0]:.1f} m/s rms along the wind, {rms[1]:.1f} across, {rms[2]:.1f} up and down."
    )
    return figure, caption


def _section(axes: Any, flights: Flights, bearing: float, title: str) -> tuple[Any, float]:
    import jax

    world = flights.windy(SPEED, bearing)
    outward = np.asarray(world.wind.outward)
    up = np.array([0.0, 0.0, 1.0])
    mean = jax.jit(jax.vmap(jax.vmap(world.wind.mean)))
    distance = jax.jit(jax.vmap(jax.vmap(world.terrain.distance)))

    def places(out: np.ndarray, height: np.ndarray) -> np.ndarray:
        return out[None, :, None] * outward + height[:, None, None] * up

    fine = np.linspace(-200.0, 1700.0, 191), np.linspace(-420.0, 180.0, 121)
    rock = np.asarray(distance(places(*fine)))
    wind = np.where(rock[..., None] > 0.0, np.asarray(mean(places(*fine))), np.nan)
    levels = np.linspace(-3.5, 3.5, 15)
    drawn = axes.contourf(*fine, wind[..., 2], levels, cmap="RdBu_r", alpha=0.75)
    axes.contourf(*fine, rock, [-1e4, 0.0], colors=[ROCK])
    axes.contour(*fine, rock, [0.0], colors=[ROCK_EDGE], linewidths=1.2)
    coarse = np.linspace(-150.0, 1650.0, 19), np.linspace(-360.0, 120.0, 7)
    arrows = np.asarray(mean(places(*coarse)))
    open_air = np.asarray(distance(places(*coarse))) > 12.0
    x, y = np.meshgrid(*coarse)
    axes.quiver(
        x[open_air],
        y[open_air],
        (arrows @ outward)[open_air],
        arrows[..., 2][open_air],
        angles="xy",
        pivot="mid",
        scale=260.0,
        width=0.0035,
        color="#333333",
    )
    axes.set(xlim=(-200.0, 1700.0), ylim=(-420.0, 180.0), aspect="equal", title=title)
    axes.set(xlabel="distance out from the lip [m]", ylabel="height above\nthe lip [m]")
    axes.grid(visible=False)
    rising, sinking = float(np.nanmax(wind[..., 2])), float(np.nanmin(wind[..., 2]))
    return drawn, rising if rising > -sinking else sinking


def _gusts(axes: Any, flights: Flights) -> tuple[int, np.ndarray]:
    opened = [k for k, run in enumerate(flights.drawn) if run.event("canopy open")]
    number = min(opened, key=lambda k: abs(flights.drawn[k].values["wind.gust_speed"] - W20))
    run, world = flights.drawn[number], flights.luckless(number)
    start, end = run.event("exit"), run.event("canopy open")
    assert start is not None
    assert end is not None
    times = np.linspace(start.t, end.t, 400)
    gusts, speed = _met(world, *between(run.performer, times), times)
    # The run itself recorded the air speed: the same gusts must give it.
    kept = rows(run.performer, "freefall", "deployment", "inflation")
    at = run.performer.t[kept]
    at = at[(at > start.t) & (at < end.t)]
    flown, speed = (
        np.interp(at, *pair)
        for pair in ((run.performer.t[kept], run.performer.air_speed[kept]), (times, speed))
    )
    off = float(np.max(np.abs(flown - speed)))
    assert off < 0.15, off
    for k, (name, colour) in enumerate(
        (("along the wind", RIDE), ("across", OPENING), ("up and down", FALL))
    ):
        axes.plot(since(run, times), gusts[:, k], color=colour, label=name)
    for name in ("throw", "line stretch"):
        event = run.event(name)
        assert event is not None
        axes.axvline(float(since(run, event.t)), color=QUIET, lw=0.8, ls=":")
        axes.text(
            float(since(run, event.t)),
            0.02,
            f" {name}",
            color=QUIET,
            fontsize=8.5,
            rotation=90,
            va="bottom",
            transform=axes.get_xaxis_transform(),
            ha="right",
        )
    axes.axhline(0.0, color=QUIET, lw=0.8)
    reach = 1.45 * float(np.max(np.abs(gusts)))
    axes.set(xlim=(since(run, times[0]), since(run, times[-1])), ylim=(-reach, reach))
    axes.set(xlabel="time after takeoff [s]", ylabel="gust [m/s]", title="Gusts on the way down")
    axes.legend(loc="upper left", ncols=1)
    return number, np.sqrt(np.mean(gusts**2, axis=0))


def _met(
    world: Any, place: np.ndarray, velocity: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return gusts along and across the wind and up, `(n, 3)`, and air speeds, `(n,)`, from the exit on."""
    import jax
    import jax.numpy as jnp

    step = times[1] - times[0]

    def meet(travelled: Any, state: Any) -> tuple[Any, Any]:
        air = world.gusty_air(state[0], state[1], travelled)
        gust = state[1] - air.velocity - air.mean_wind
        return travelled + step * air.travel_rate, (gust, jnp.linalg.norm(air.velocity), air.mean_wind)

    states = (jnp.asarray(place), jnp.asarray(velocity))
    _, (gust, speed, mean) = jax.jit(lambda s: jax.lax.scan(meet, jnp.zeros(2), s))(states)
    gust, mean = np.asarray(gust), np.asarray(mean)[0]
    along = mean[:2] / np.linalg.norm(mean[:2])
    level = np.stack([gust[:, :2] @ along, gust[:, :2] @ np.array([along[1], -along[0]])], -1)
    return np.concatenate([level, gust[:, 2:]], -1), np.asarray(speed)
