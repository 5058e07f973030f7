"""The stages of a stunt: traced one by one by JAX, compiled beside that by LLVM."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.interpreters import partial_eval

from precipice.simulation.kind import KINDS
from precipice.simulation.leg import Tolerance
from precipice.simulation.mode import Mode
from precipice.simulation.native.compile import compile_apart
from precipice.simulation.native.kernel import Kernel, Leaf
from precipice.simulation.native.stage import write_stage
from precipice.simulation.program import Program, save_program
from precipice.simulation.stunt import STAGES
from precipice.world.arrange import Inputs
from precipice.world.build import build_world
from precipice.world.landing_surface import LandingSurface
from precipice.world.level_ground import LevelGround
from precipice.world.obstacle import bare_rock
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
    "tumble": 4096,
    "slide": 8192,
    "freefall": 6144,
    "deployment": 1024,
    "inflation": 1024,
    "canopy": 16384,
}
# A motorcycle that spins fast takes 25 steps a second (100 of the exact ones), and from a high wall it falls
# for half a minute.
FAST_STEPS = {name: max(256, steps // 8) for name, steps in EXACT_STEPS.items()} | {
    "tumble": 1024,
    "slide": 4096,
    "freefall": 4096,
}


class Stage(NamedTuple):
    """One program of a chain.

    Attributes:
        name: Of the stage.
        function: Called with the flat leaves it takes, of one run; returns (handed on, report) pytrees.
        takes: Stages whose handed-on leaves it is given, in order; "inputs" are the run's own.
    """

    name: str
    function: Callable[..., tuple[Any, Any]]
    takes: tuple[str, ...]


class _Traced(NamedTuple):
    """A stage as JAX traced it.

    Attributes:
        closed: Program with constants; its results are what is handed on, then what is told.
        shared: Which inputs all runs share.
        handed_on: How many results go on.
        names: Of what is told.
    """

    closed: Any
    shared: list[bool]
    handed_on: int
    names: list[str]


def build_programs(
    inputs: Sequence[Leaf], keys: tuple[str, ...], kind: str, mode: Mode, files: dict[str, Path]
) -> dict[str, Program]:
    """Return all stages, compiled now and kept for the next time.

    Tracing is Python and goes one by one; compiling runs beside it, in processes of its own.

    Args:
        inputs: Of one run: shapes and types.
        keys: Names of their values.
        kind: Of stunt.
        mode: Precision, lanes, and what is kept.
        files: Where to keep each stage.
    """
    structures: dict[str, Any] = {"inputs": jax.tree.structure(Inputs(*range(len(inputs))))}
    leaves = {"inputs": [jax.ShapeDtypeStruct(leaf.shape, leaf.dtype) for leaf in inputs]}
    shared = {"inputs": [leaf.shared for leaf in inputs]}
    return compile_stages(stages(structures, keys, kind, mode), leaves, shared, mode, files)


def compile_stages(
    chain: Sequence[Stage],
    leaves: dict[str, list[Any]],
    shared: dict[str, list[bool]],
    mode: Mode,
    files: dict[str, Path],
) -> dict[str, Program]:
    """Return a chain's stages, compiled now and kept for the next time.

    Args:
        chain: In order.
        leaves: Shapes and types of what comes from outside, by source; those of each stage are added.
        shared: Which of these all runs share.
        mode: Precision, lanes, and what is kept.
        files: Where to keep each stage.
    """
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool, jax.enable_x64(mode.dtype == "float64"):
        pending = {}
        for stage in chain:
            taken = [leaf for name in stage.takes for leaf in leaves[name]]
            common = [leaf for name in stage.takes for leaf in shared[name]]
            traced, leaves[stage.name] = _trace(stage, taken, common, mode)
            text, layout = write_stage(traced.closed, traced.shared, mode.lanes, traced.handed_on)
            shared[stage.name] = [leaf.shared for leaf in layout.outputs[: traced.handed_on]]
            pending[stage.name] = pool.submit(_build, text, layout, traced, files[stage.name])
        return {name: future.result() for name, future in pending.items()}


def _build(text: str, layout: Any, traced: _Traced, file: Path) -> Program:
    program = Program(Kernel(compile_apart(text), layout), traced.handed_on, traced.names)
    save_program(file, program)
    return program


def _trace(stage: Stage, leaves: Sequence[Any], shared: list[bool], mode: Mode) -> tuple[_Traced, list[Any]]:
    """Return a traced stage without what nobody asks for, and the leaves that it hands on."""
    names: list[str] = []
    handed_on = 0

    def flat(*given: Any) -> list[Any]:
        nonlocal handed_on
        state, report = stage.function(*given)
        first, rest = jax.tree.leaves(state), jax.tree_util.tree_flatten_with_path(report)[0]
        handed_on = len(first)
        names[:] = [_name(path) for path, _ in rest]
        return [*first, *(leaf for _, leaf in rest)]

    closed, out = jax.make_jaxpr(flat, return_shape=True)(*leaves)
    told = [mode.keeps or name.startswith("numbers.") or name.endswith(".resolved") for name in names]
    wanted = [*([True] * handed_on), *told]
    program, _ = partial_eval.dce_jaxpr(closed.jaxpr, wanted, instantiate=True)
    closed = closed.replace(jaxpr=program)
    kept = [name for name, tells in zip(names, told, strict=True) if tells]
    return _Traced(closed, shared, handed_on, kept), out[:handed_on]


def _name(path: Any) -> str:
    parts = [
        getattr(key, "key", None) or getattr(key, "name", None) or getattr(key, "idx", "") for key in path
    ]
    return ".".join(str(part) for part in parts)


def stages(structures: dict[str, Any], keys: tuple[str, ...], kind: str, mode: Mode) -> list[Stage]:
    """Return the stages of a kind of stunt in order.

    Args:
        structures: Filled while tracing: how each stage's flat leaves make its pytree.
        keys: Names of the inputs' values.
        kind: Of stunt, a key of `KINDS`.
        mode: Precision, lanes, and what is kept.
    """
    tolerance, steps = (EXACT, EXACT_STEPS) if mode.exact else (FAST, FAST_STEPS)
    tolerance = Tolerance(**{**vars(tolerance), "keeps": mode.keeps})

    def make(name: str, takes: tuple[str, ...], function: Callable[..., tuple[Any, Any]]) -> Stage:
        def flat(*leaves: Any) -> tuple[Any, Any]:
            given, rest = [], list(leaves)
            for source in takes:
                count = structures[source].num_leaves
                given.append(jax.tree.unflatten(structures[source], rest[:count]))
                rest = rest[count:]
            handed_on, report = function(*given)
            structures[name] = jax.tree.structure(handed_on)
            return jax.tree.leaves(handed_on), report

        return Stage(name, flat, takes)

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
