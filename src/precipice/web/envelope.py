"""Arrays on their way to the page: a JSON head, then raw little-endian numbers, as a browser maps them."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np


def pack(head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return a head and arrays as one block of bytes: its length, the head, padding, then the numbers.

    The head gains `arrays`: for each name type ("f4" or "u4"), place and shape. Infinite numbers and NaN
    stay what they are in arrays; the head must have none.

    Args:
        head: Plain data for JSON.
        arrays: Of any shape; whole numbers go as `u4`, all others as `f4`.
    """
    told, parts, place = {}, [], 0
    for name, array in arrays.items():
        kind = "u4" if array.dtype.kind in "iu" else "f4"
        part = np.ascontiguousarray(array, f"<{kind}").tobytes()
        told[name] = {"type": kind, "at": place, "shape": list(array.shape)}
        parts.append(part)
        place += len(part)
    text = json.dumps({**head, "arrays": told}, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(parts)
