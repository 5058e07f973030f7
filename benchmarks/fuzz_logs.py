"""Damage logs at random and read them: `python -m benchmarks.fuzz_logs FOLDER [CASES] [SEED]`.

Every case must be read and segmented, or be refused with a sentence, within a second.
"""

import sys
import time
import traceback
from pathlib import Path

import numpy as np

from precipice.errors import InputError
from precipice.training.read import read_bytes
from precipice.training.segment import segment

LONGEST = 1.0
"""Seconds that one case may take."""


def mutated(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file with one to four damages."""
    for _ in range(int(generator.integers(1, 5))):
        if not data:
            return data
        data = _DAMAGES[int(generator.integers(len(_DAMAGES)))](data, generator)
    return data


def _cut(data: bytes, generator: np.random.Generator) -> bytes:
    return data[: int(generator.integers(len(data)))]


def _flip(data: bytes, generator: np.random.Generator) -> bytes:
    changed = np.frombuffer(data, np.uint8).copy()
    places = generator.integers(len(data), size=int(generator.integers(1, 200)))
    changed[places] = generator.integers(256, size=len(places))
    return changed.tobytes()


def _digits(data: bytes, generator: np.random.Generator) -> bytes:
    changed = np.frombuffer(data, np.uint8).copy()
    digits = np.flatnonzero((changed >= 48) & (changed <= 57))
    if len(digits):
        places = digits[generator.integers(len(digits), size=int(generator.integers(1, 500)))]
        changed[places] = generator.integers(48, 58, size=len(places))
    return changed.tobytes()


def _lines(data: bytes, generator: np.random.Generator) -> bytes:
    """Drop, repeat, swap or empty a run of lines."""
    lines = data.split(b"\n")
    first = int(generator.integers(len(lines)))
    last = first + int(generator.integers(1, 400))
    piece = lines[first:last]
    kind = int(generator.integers(5))
    other = [[], piece + piece, piece[::-1], [b""] * len(piece), [line[: len(line) // 2] for line in piece]]
    return b"\n".join(lines[:first] + other[kind] + lines[last:])


def _words(data: bytes, generator: np.random.Generator) -> bytes:
    words = (b"nan", b"inf", b"-1e308", b"1e400", b",,,,", b"\x00\xff", b"$GNSS,", b"\r",
             b"9999-99-99T99:99:99Z", b".-002Z", b"0", b"-", b"$DATA\n", b"\xef\xbb\xbf")  # fmt: skip
    for _ in range(int(generator.integers(1, 30))):
        place = int(generator.integers(len(data) + 1))
        data = data[:place] + words[int(generator.integers(len(words)))] + data[place:]
    return data


_DAMAGES = (_cut, _flip, _digits, _lines, _words)


def fails(data: bytes, source: str) -> str | None:
    """Return what went wrong with a case, None when nothing did."""
    begin = time.thread_time()
    try:
        found = segment(read_bytes(data, source))
    except InputError:
        return None
    except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
        return traceback.format_exc()
    spent = time.thread_time() - begin
    times = [moment.time for jump in found.jumps for moment in jump.events.values()]
    if not np.isfinite(times).all():
        return f"a time that is no number: {times}"
    return f"{spent:.1f} s" if spent > LONGEST else None


def main() -> None:
    folder = Path(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    generator = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    files = [path for path in sorted(folder.glob("*/*")) if path.suffix != ".md" and path.stem != "LICENSE"]
    whole = [path.read_bytes() for path in files]
    seen: set[str] = set()
    for case in range(cases):
        choice = int(generator.integers(len(files)))
        data = mutated(whole[choice], generator)
        problem = fails(data, f"fuzz{choice}")
        if problem is not None and problem.splitlines()[-1] not in seen:
            seen.add(problem.splitlines()[-1])
            print(f"case {case}, {files[choice].name}: {problem}")
    print(f"{cases} cases, {len(seen)} kinds of failure")


if __name__ == "__main__":
    main()
