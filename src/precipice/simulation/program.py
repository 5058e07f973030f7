"""Compiled programs: built once, kept in the user's cache folder, rebuilt when stale or damaged."""

import hashlib
import json
import os
import platform
import struct
import threading
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import jax

MAGIC = b"precipice1"
_TELLING = frozenset({"event", "gradient", "many", "order", "program", "replay", "run", "simulate", "track"})
"""Files of this room that no compiled program depends on."""
_VERSIONS = ("jax", "jaxlib", "numpy", "precipice")


class Stage(NamedTuple):
    """One program of a chain.

    Attributes:
        name: Of the stage.
        function: Called with the flat leaves it takes; returns (handed on, report) pytrees.
        takes: Stages whose handed-on leaves it is given, in order; "inputs" are the run's own.
    """

    name: str
    function: Callable[..., tuple[Any, Any]]
    takes: tuple[str, ...]


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


def fingerprint(parts: Sequence[str]) -> str:
    """Return the key of a compiled program: versions, processor and what is compiled.

    Args:
        parts: What tells one program from another.
    """
    found = [f"{name}={_version(name)}" for name in _VERSIONS]
    text = "\n".join([*found, platform.machine(), processor(), _source_hash(), *parts])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def processor() -> str:
    """Return the processor's model and instruction sets: other ones give other bits."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    wanted = [line for line in lines if line.startswith(("model name", "flags", "Features"))][:2]
    return "\n".join(wanted) or platform.processor()


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
        found["handed_on"], found["names"] = len(first), [_name(path) for path, _ in rest]
        return (*first, *(leaf for _, leaf in rest))

    lowered = jax.jit(flat).lower(*leaves)
    return lowered, found["handed_on"], found["names"]


def _name(path: Any) -> str:
    parts = [
        getattr(key, "key", None) or getattr(key, "name", None) or getattr(key, "idx", "") for key in path
    ]
    return ".".join(str(part) for part in parts)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "source"


def _source_hash() -> str:
    """Return a hash of the physics' source: a program of other equations is another program."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    solving = [file for file in sorted((root / "simulation").glob("*.py")) if file.stem not in _TELLING]
    rooms = [file for room in ("world", "phases") for file in sorted((root / room).rglob("*.py"))]
    # What reads files on the host is in no program.
    physics = [file for file in rooms if file.parent.name != "survey"]
    for file in [root / "frames.py", *physics, *solving]:
        digest.update(file.read_bytes())
    return digest.hexdigest()
