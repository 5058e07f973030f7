"""Strict switches for every test, and the worlds and programs they share.

`precipice` is imported inside fixtures, so that collecting tests stays fast.
"""

import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

os.environ["EQX_ON_ERROR"] = "nan"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# Each process of the tests has a core: more threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import equinox as eqx
import jax
import jax.numpy as jnp
import platformdirs
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_numpy_rank_promotion", "raise")


def _keep_compiled_programs() -> None:
    """Let a second run of the tests load what the first one compiled, where a folder can be written."""
    chosen = os.environ.get("JAX_COMPILATION_CACHE_DIR")
    folder = Path(chosen) if chosen else platformdirs.user_cache_path("precipice") / "tests"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


_keep_compiled_programs()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of published data that lies beside the checkout; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder `shared` beside the checkout (published data), which is absent")
    return SHARED


@pytest.fixture(scope="session")
def scenario():
    """The shipped scenario."""
    from precipice.scenario.load import load_scenario

    return load_scenario(ROOT / "scenarios" / "helsetkopen.toml")


@pytest.fixture(scope="session")
def flown(scenario):
    """The nominal run of the shipped scenario; slow once for each version of the physics, then kept."""
    import precipice

    return precipice.fly(scenario)


@pytest.fixture(scope="session")
def fly_kind() -> Callable[..., Any]:
    """Function: a run of a shipped scenario with changed numbers or luck, `fly_kind("skydive", {...})`.

    All runs of one kind of stunt share one compiled program.
    """
    import dataclasses

    from precipice.campaign.draws import centre_draw
    from precipice.scenario.load import load_scenario
    from precipice.simulation.run import build_run
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys

    def flown(name, changed=None, luck=None):
        scenario = load_scenario(ROOT / "scenarios" / f"{name}.toml")
        centre = centre_draw(scenario)
        unknown = set(changed or {}) - set(centre.values)
        assert not unknown, f"no such field: {unknown}"
        drawn = dataclasses.replace(
            centre, values={**centre.values, **(changed or {})}, luck={**centre.luck, **(luck or {})}
        )
        report = simulate(arrange(scenario, drawn), value_keys(scenario), kind=scenario.kind)
        lip = float(report["numbers.lip_altitude"])
        low = drawn.values.get("site.landing.altitude", lip)
        return build_run(report, lip, low, scenario.kind, values=dict(drawn.values))

    return flown


@pytest.fixture(scope="session")
def world(scenario):
    """The world of the shipped scenario's centre; see `change` for other numbers."""
    from precipice.campaign.draws import centre_draw
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.build import build_world

    inputs = jax.tree.map(jnp.asarray, arrange(scenario, centre_draw(scenario)))
    built = build_world(inputs, value_keys(scenario))
    # Without weak types, so that worlds with changed numbers share compiled programs.
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, leaf.dtype), built)


class UniformAir(eqx.Module):
    """Air of one density everywhere, in place of `precipice.world.atmosphere.Atmosphere`."""

    value: jax.Array

    def density(self, up):
        return self.value + 0.0 * up

    def density_ratio(self, up):
        return self.density(up) / 1.225


class Level(eqx.Module):
    """Flat rock under everything, in place of a terrain: its distance is the height above it."""

    up: jax.Array

    def distance(self, position):
        return position[2] - self.up

    def height_above(self, position):
        return position[2] - self.up

    def known(self, position):
        return 1.0e5 + 0.0 * position[2]

    def normal(self, position):
        return jnp.array([0.0, 0.0, 1.0]) + 0.0 * position


def _part(name: str, tree: Any) -> Any:
    """Return a part of a module by its dotted name."""
    for field in name.split("."):
        tree = getattr(tree, field)
    return tree


@pytest.fixture(scope="session")
def change() -> Callable[[Any, Mapping[str, Any]], Any]:
    """Function: a world with other numbers, by dotted name, such as `{"vehicle.mass": 190.0}`."""

    def changed(world, numbers):
        for name, value in numbers.items():
            strong = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), value)
            world = eqx.tree_at(partial(_part, name), world, strong)
        return world

    return changed


@pytest.fixture(scope="session")
def calm(world, change):
    """The shipped world with no wind, air of one density (1.1 kg/m^3), and flat rock far below."""
    still = {"wind.velocities": jnp.zeros_like(world.wind.velocities)}
    return change(
        world, {**still, "atmosphere": UniformAir(jnp.asarray(1.1)), "terrain": Level(jnp.asarray(-1e4))}
    )


@pytest.fixture(scope="session")
def fly() -> Callable[..., Any]:
    """Function: the end of one leg, `fly(phase, t, state, world, memory)`; programs are kept."""
    from precipice.simulation.leg import Tolerance, fly_leg

    exact = Tolerance()

    @cache
    def program(phase, longest, tolerance, max_steps):
        def one(t, state, world, memory):
            return fly_leg(phase(), t, state, world, memory, jnp.asarray(True), longest, tolerance, max_steps)

        return eqx.filter_jit(one)

    def flown(phase, t, state, world, memory, *, longest=600.0, tolerance=exact, max_steps=1024):
        memory = jax.tree.map(lambda leaf: jnp.asarray(leaf, float), memory)
        leg = program(phase, longest, tolerance, max_steps)
        return leg(jnp.asarray(t, float), jnp.asarray(state, float), world, memory)

    return flown
