"""Fields that were built are kept: written whole or not at all, built again when damaged."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from precipice.world.survey.field import Field

_NAMES = ("boxes", "values", "columns")


def key_of(files: list[Path], settings: object) -> str:
    """Return the name of a field: what the files hold, how it is built, and what builds it.

    Args:
        files: That it is built from.
        settings: Anything that JSON can hold.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    here = Path(__file__).resolve().parent
    for path in [*files, *sorted(here.glob("*.py"))]:
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:24]


def load_field(path: Path) -> Field | None:
    """Return a kept field, or None when there is none that can be trusted.

    Args:
        path: Its file.
    """
    try:
        raw = path.read_bytes()
        digest, body = raw[:32], memoryview(raw)[32:]
        if hashlib.sha256(body).digest() != digest:
            return None
        size = int.from_bytes(body[:8], "little")
        header = json.loads(bytes(body[8 : 8 + size]))
        arrays, start = [], 8 + size
        for name in _NAMES:
            dtype, shape = np.dtype(header[name][0]), tuple(header[name][1])
            count = int(np.prod(shape))
            arrays.append(np.frombuffer(body, dtype, count, start).reshape(shape))
            start += count * dtype.itemsize
        return Field(*arrays, facts=header["facts"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def save_field(path: Path, field: Field) -> None:
    """Keep a field; a folder that cannot be written is no reason to stop.

    Args:
        path: Its file.
        field: What to keep.
    """
    arrays = {name: np.ascontiguousarray(getattr(field, name)) for name in _NAMES}
    header = {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()}
    text = json.dumps({**header, "facts": field.facts}).encode()
    parts = [len(text).to_bytes(8, "little"), text, *(array.tobytes() for array in arrays.values())]
    body = b"".join(parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(hashlib.sha256(body).digest() + body)
        partial.replace(path)
    except OSError:
        return
