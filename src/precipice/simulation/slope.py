"""Programs of slopes, compiled by JAX's own compiler and kept: one run, many directions."""

# JAX makes the names of its settings at run time.
# pyright: reportAttributeAccessIssue=false

import hashlib
import json
import os
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
from jax.experimental.compilation_cache import compilation_cache

from precipice.simulation.stages import Stage, name_of

MAGIC = b"precipice-slopes1"


class Program:
    """One compiled stage: flat arrays in, flat arrays and a named report out."""

    def __init__(self, call: Callable[..., Sequence[Any]], handed_on: int, names: list[str]):
        """Store a compiled stage.

        Args:
            call: Compiled function of flat leaves.
            handed_on: How many leading results go to other stages.
            names: Of the rest, the report.
        """
        self._call = call
        self._handed_on = handed_on
        self.names = names

    def __call__(self, leaves: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the leaves handed on and the report by name.

        Args:
            leaves: As the stage takes them.
        """
        results = list(self._call(*leaves))
        kept = self._handed_on
        return results[:kept], dict(zip(self.names, results[kept:], strict=True))


def load_program(path: Path) -> Program | None:
    """Return a kept program, or None when there is none that can be trusted.

    Args:
        path: Its file.
    """
    from jax.experimental import serialize_executable

    try:
        raw = path.read_bytes()
        if raw[: len(MAGIC)] != MAGIC:
            return None
        digest, body = raw[len(MAGIC) : len(MAGIC) + 32], raw[len(MAGIC) + 32 :]
        if hashlib.sha256(body).digest() != digest:
            return None
        (size,) = struct.unpack("<Q", body[:8])
        header = json.loads(body[8 : 8 + size])
        taken, given = header["takes"], header["handed_on"] + len(header["names"])
        compiled = serialize_executable.deserialize_and_load(
            body[8 + size :],
            jax.tree.structure(((0,) * taken, {})),
            jax.tree.structure((0,) * given),
        )
        return Program(compiled, header["handed_on"], header["names"])
    except Exception:  # noqa: BLE001 - whatever is wrong with a kept file, it is built anew
        return None


def save_program(path: Path, compiled: Any, takes: int, handed_on: int, names: list[str]) -> None:
    """Keep a compiled program, atomically; failing to keep it is no error.

    Args:
        path: Its file.
        compiled: As JAX compiled it.
        takes: Number of leaves it takes.
        handed_on: Number of leading results that go on.
        names: Of the rest.
    """
    from jax.experimental import serialize_executable

    try:
        payload, _, _ = serialize_executable.serialize(compiled)
    except (AttributeError, ValueError, TypeError):
        return  # equinox was imported with run-time checks on: its host callbacks cannot be kept
    header = json.dumps({"takes": takes, "handed_on": handed_on, "names": names}).encode()
    body = struct.pack("<Q", len(header)) + header + payload
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        partial.write_bytes(MAGIC + hashlib.sha256(body).digest() + body)
        partial.replace(path)
    except OSError:
        return


def lower_stage(stage: Stage, leaves: Sequence[Any]) -> tuple[Any, int, list[str]]:
    """Return a traced stage, the number of leaves it hands on, and the names of its report.

    Args:
        stage: What to trace.
        leaves: Shapes and types of what it takes.
    """
    found: dict[str, Any] = {}

    def flat(*given: Any) -> tuple[Any, ...]:
        handed_on, report = stage.function(*given)
        first = jax.tree.leaves(handed_on)
        rest = jax.tree_util.tree_flatten_with_path(report)[0]
        found["handed_on"], found["names"] = len(first), [name_of(path) for path, _ in rest]
        return (*first, *(leaf for _, leaf in rest))

    lowered = jax.jit(flat).lower(*leaves)
    return lowered, found["handed_on"], found["names"]


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
