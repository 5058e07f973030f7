"""The stages of a stunt as functions of flat arrays, traced one by one and compiled side by side."""

# JAX makes the names of its settings at run time.
# pyright: reportAttributeAccessIssue=false

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from jax.experimental.compilation_cache import compilation_cache

from precipice.simulation.kind import KINDS
from precipice.simulation.leg import Tolerance
from precipice.simulation.program import Program, Stage, lower_stage, save_program
from precipice.simulation.stunt import STAGES
from precipice.world.arrange import Inputs
from precipice.world.build import build_world
from precipice.world.ground import shared_axes
from precipice.world.landing_surface import LandingSurface
from precipice.world.level_ground import LevelGround
from precipice.world.obstacle import bare_rock
from precipice.world.rock import SHARED
from precipice.world.terrain import FAR, ParametricCliff
from precipice.world.world import World

EXACT = Tolerance()
"""Of `fly`: float64."""
FAST = Tolerance(relative=1e-4, absolute=1e-3, event=1e-4, longest=4.0, rough=True)
"""Of a campaign: float32."""
EXACT_STEPS = {
    "run-up": 1024,
    "ramp": 1024,
    "flight": 512,
    "jump": 512,
    "separation": 1024,
    "tumble": 1024,
    "slide": 8192,
    "freefall": 6144,
    "deployment": 1024,
    "inflation": 1024,
    "canopy": 16384,
}
FAST_STEPS = {name: max(256, steps // 8) for name, steps in EXACT_STEPS.items()} | {"slide": 4096}


def build_programs(
    leaves: Sequence[Any], keys: tuple[str, ...], kind: str, batched: bool, files: dict[str, Path]
) -> dict[str, Program]:
    """Return all stages, compiled now and kept for the next time.

    Tracing is Python and goes one by one; compiling runs beside it on the other cores.

    Args:
        leaves: Shapes and types of a run's inputs.
        keys: Names of their values.
        kind: Of stunt.
        batched: Whether to fly `LANES` runs at once.
        files: Where to keep each stage.
    """
    with ThreadPoolExecutor(2) as pool, without_locations(), without_second_cache():
        pending = {}
        structures: dict[str, Any] = {"inputs": jax.tree.structure(Inputs(*range(len(leaves))))}
        shapes: dict[str, list[Any]] = {
            "inputs": [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in leaves]
        }
        for stage in stages(structures, keys, kind, batched):
            taken = [leaf for name in stage.takes for leaf in shapes[name]]
            lowered, handed_on, names = lower_stage(stage, taken)
            shapes[stage.name] = [
                jax.ShapeDtypeStruct(out.shape, out.dtype)
                for out in jax.tree.leaves(lowered.out_info)[:handed_on]
            ]
            pending[stage.name] = pool.submit(
                compile_stage,
                lowered,
                len(taken),
                handed_on,
                names,
                files[stage.name],
                jax.config.jax_enable_x64,
            )
        return {name: future.result() for name, future in pending.items()}


@contextmanager
def without_locations() -> Iterator[None]:
    """Trace without source lines in every operation: a fifth of a kept program, and of its loading."""
    before = jax.config.jax_traceback_in_locations_limit
    jax.config.update("jax_traceback_in_locations_limit", 0)
    try:
        yield
    finally:
        jax.config.update("jax_traceback_in_locations_limit", before)


@contextmanager
def without_second_cache() -> Iterator[None]:
    """Compile afresh: an executable that JAX's own cache gave back cannot be kept a second time."""
    before = jax.config.jax_enable_compilation_cache
    jax.config.update("jax_enable_compilation_cache", False)  # noqa: FBT003
    compilation_cache.reset_cache()
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", before)
        compilation_cache.reset_cache()


def compile_stage(
    lowered: Any, takes: int, handed_on: int, names: list[str], file: Path, wide: bool
) -> Program:
    """Return a lowered stage compiled, and keep it; the arguments are those of `save_program`.

    Args:
        lowered: As `lower_stage` gives it.
        takes: Number of leaves it takes.
        handed_on: Number of leading results that go on.
        names: Of the rest.
        file: Where to keep it.
        wide: Whether its numbers are float64.
    """
    with jax.enable_x64(wide):
        compiled = lowered.compile()
        save_program(file, compiled, takes, handed_on, names)
        return Program(compiled, handed_on, names)


def stages(structures: dict[str, Any], keys: tuple[str, ...], kind: str, batched: bool) -> list[Stage]:
    """Return the stages of a kind of stunt in order.

    Args:
        structures: Filled while tracing: how each stage's flat leaves make its pytree.
        keys: Names of the inputs' values.
        kind: Of stunt, a key of `KINDS`.
        batched: Whether each takes `LANES` runs.
    """
    tolerance, steps = (FAST, FAST_STEPS) if batched else (EXACT, EXACT_STEPS)
    lanes: dict[str, list[int | None]] = {"inputs": [None if n in SHARED else 0 for n in Inputs._fields]}

    def make(name: str, takes: tuple[str, ...], function: Callable[..., tuple[Any, Any]]) -> Stage:
        def one(*leaves: Any) -> tuple[Any, Any]:
            given, rest = [], list(leaves)
            for source in takes:
                count = structures[source].num_leaves
                given.append(jax.tree.unflatten(structures[source], rest[:count]))
                rest = rest[count:]
            handed_on, report = function(*given)
            structures[name] = jax.tree.structure(handed_on)
            return jax.tree.leaves(handed_on), report

        def side_by_side(*leaves: Any) -> tuple[Any, Any]:
            axes: list[int | None] = []
            for source in takes:
                axes += lanes[source] if source in lanes else [0] * structures[source].num_leaves
            if name == "world":
                # Surveyed rock is the same in all lanes: it is handed on once, not once for each.
                alone = [leaf if axis is None else leaf[0] for leaf, axis in zip(leaves, axes, strict=True)]
                jax.eval_shape(one, *alone)
                lanes[name] = shared_axes(structures[name])
            return jax.vmap(one, in_axes=axes, out_axes=(lanes.get(name, 0), 0))(*leaves)

        return Stage(name, side_by_side if batched else one, takes)

    found = [make("world", ("inputs",), lambda inputs: world_stage(inputs, keys))]
    for name, takes in KINDS[kind].stages.items():
        if name != "world":
            found.append(make(name, takes, partial(STAGES[name], tolerance=tolerance, steps=steps)))
    return found


def world_stage(inputs: Inputs, keys: tuple[str, ...]) -> tuple[World, dict[str, Any]]:
    """Return the world of one run, and what is told of it: the first stage of every kind."""
    world = build_world(inputs, keys)
    return world, {"numbers.lip_altitude": world.site.origin_altitude, **_cross_section(world)}


def _cross_section(world: World) -> dict[str, Any]:
    """Return the straight pieces of the ground's cross-section, for pictures; nothing where it has none."""
    terrain = bare_rock(world.terrain)
    if isinstance(terrain, ParametricCliff | LandingSurface):
        return {"terrain.starts": terrain.starts, "terrain.along": terrain.along}
    if isinstance(terrain, LevelGround):
        start = jnp.stack([jnp.full_like(terrain.up, -FAR), terrain.up])
        along = jnp.stack([jnp.full_like(terrain.up, 2.0 * FAR), jnp.zeros_like(terrain.up)])
        return {"terrain.starts": start[None], "terrain.along": along[None]}
    return {}
