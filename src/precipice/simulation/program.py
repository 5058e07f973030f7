"""Compiled programs: built once, kept in the user's cache folder, rebuilt when stale or damaged."""

import hashlib
import json
import os
import platform
import struct
import threading
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

from precipice.simulation.native.kernel import Kernel, Layout, Leaf

MAGIC = b"precipice3"
_TELLING = frozenset(
    {"event", "follow", "gradient", "many", "order", "program", "replay", "run", "simulate", "track"}
)
"""Files of this room that no compiled program depends on."""
_VERSIONS = ("jax", "jaxlib", "llvmlite", "numpy", "precipice")


class Program:
    """One compiled stage: arrays of runs in, arrays of runs and a named report out."""

    def __init__(self, kernel: Kernel, handed_on: int, names: list[str]):
        """Store a compiled stage.

        Args:
            kernel: Machine code.
            handed_on: How many leading results go to other stages.
            names: Of the rest, the report.
        """
        self.kernel, self.handed_on, self.names = kernel, handed_on, names

    def allocate(self, count: int, given: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return arrays for the results of so many runs.

        Args:
            count: Of runs.
            given: The stage's inputs: a table that all runs share is handed on as it is.
        """
        return [
            np.empty((count, *leaf.shape), leaf.dtype) if leaf.source is None else given[leaf.source]
            for leaf in self.kernel.layout.outputs
        ]

    def report(self, results: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """Return the results that are told, by name."""
        return dict(zip(self.names, results[self.handed_on :], strict=True))


def fingerprint(parts: Sequence[str]) -> str:
    """Return the key of a compiled program: versions, processor and what is compiled.

    Args:
        parts: What tells one program from another.
    """
    found = [f"{name}={version}" for name, version in versions().items()]
    text = "\n".join([*found, platform.machine(), processor(), physics_hash(), *parts])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def versions() -> dict[str, str]:
    """Return the versions of everything that a compiled program depends on, by name."""
    return {name: _version(name) for name in _VERSIONS}


def processor() -> str:
    """Return the processor's model and instruction sets: machine code for one may not run on another."""
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
    try:
        raw = path.read_bytes()
        if raw[: len(MAGIC)] != MAGIC:
            return None
        digest, body = raw[len(MAGIC) : len(MAGIC) + 32], raw[len(MAGIC) + 32 :]
        if hashlib.sha256(body).digest() != digest:
            return None
        (size,) = struct.unpack("<Q", body[:8])
        header = json.loads(body[8 : 8 + size])
        inputs, outputs = (
            [Leaf(tuple(shape), *rest) for shape, *rest in header[name]] for name in ("inputs", "outputs")
        )
        layout = Layout(header["lanes"], inputs, outputs, header["scratch"])
        return Program(Kernel(body[8 + size :], layout), header["handed_on"], header["names"])
    except Exception:  # noqa: BLE001 - whatever is wrong with a kept file, it is built anew
        return None


def save_program(path: Path, program: Program) -> None:
    """Keep a compiled program, atomically; failing to keep it is no error.

    Args:
        path: Its file.
        program: What to keep.
    """
    layout = program.kernel.layout
    header = json.dumps(layout._asdict() | {"handed_on": program.handed_on, "names": program.names}).encode()
    body = struct.pack("<Q", len(header)) + header + program.kernel.code
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        partial.write_bytes(MAGIC + hashlib.sha256(body).digest() + body)
        partial.replace(path)
    except OSError:
        return


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "source"


@cache
def physics_hash() -> str:
    """Return a hash of the physics' source: a program of other equations is another program."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    solving = [file for file in sorted((root / "simulation").rglob("*.py")) if file.stem not in _TELLING]
    rooms = [file for room in ("world", "phases") for file in sorted((root / room).rglob("*.py"))]
    # What reads files on the host is in no program.
    physics = [file for file in rooms if file.parent.name != "survey"]
    for file in [root / "frames.py", *physics, *solving]:
        digest.update(file.read_bytes())
    return digest.hexdigest()
