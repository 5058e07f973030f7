"""What happens to log files: cut, garbled, repeated, shuffled, merged, written by another program's rules.

Every damage takes the bytes of a file and a random generator and returns other bytes. None knows a format;
`piece` alone knows where the rows of a file begin, so that a short file is still a log.
"""

import re
from collections.abc import Callable

import numpy as np

Damage = Callable[[bytes, np.random.Generator], bytes]

_ROW = re.compile(rb"^\s*(\d{1,4}-\d\d|<trkpt|<when|\$(GNSS|IMU|BARO|TIME|MAG|PIMU|PTH|PENV|G[A-Z]RMC)|-?\d)")
_NUMBER = re.compile(rb"-?\d+\.?\d*")
_TIME = re.compile(rb"(\d\d):(\d\d):(\d\d)")
_DATE = re.compile(rb"\d{4}-\d\d-\d\d")
_WORDS = (
    b"nan", b"inf", b"-1e308", b"1e400", b",,,,", b"\x00\xff", b"$GNSS,", b"\r", b"\n", b'"', b"<", b"+",
    b"9999-99-99T99:99:99Z", b".-002Z", b"0", b"-", b"$DATA\n", b"\xef\xbb\xbf", b"$COL,GNSS\n", b"e5", b"_",
    b"</trkpt>", b"<trkpt ", b"<when>", b"PIB\n", b"PIE\n", b"\xd9\xa1\xd9\xa2",
)  # fmt: skip
_WILD = (
    b"nan", b"inf", b"-inf", b"1e308", b"-1e308", b"1e-320", b"1e999", b"0", b"-0", b"", b"9999999999", b"-1",
    b"9" * 400, b"NaN", b"null", b"0x1f", b"1_000", b"1,5", b"--5", b"1e5", b"2147483648",
)  # fmt: skip
"""Numbers that no sensor measures, and what is no number."""


def piece(lines: list[bytes], generator: np.random.Generator, longest: int = 500) -> bytes:
    """Return the head of a text file and a run of its rows, or a few rows of the whole of it.

    Args:
        lines: Of the file.
        generator: Of the choice.
        longest: Rows, at most; files with fewer are kept whole half of the time.
    """
    head = next((number for number, line in enumerate(lines) if _ROW.match(line)), 0)
    rows = lines[head:]
    if len(rows) <= longest and generator.random() < 0.5:
        return b"\n".join(lines)
    keep = int(generator.integers(10, longest))
    # Only where a row is a line may rows be left out between others.
    most = max(len(rows) // keep, 1) if sum(map(bool, map(_ROW.match, rows[:40]))) > 20 else 1
    every = int(generator.integers(1, min(most, 60) + 1))
    first = int(generator.integers(max(len(rows) - keep * every, 0) + 1))
    return b"\n".join(lines[:head] + rows[first : first + keep * every : every])


def mutated(data: bytes, generator: np.random.Generator, other: bytes = b"") -> bytes:
    """Return a file with one to four damages.

    Args:
        data: The file.
        generator: Of the damages.
        other: A file of any format that may get mixed into it.
    """
    for _ in range(int(generator.integers(1, 5))):
        if not data:
            return data
        choice = int(generator.integers(len(DAMAGES) + 1))
        data = _merged(data, other, generator) if choice == len(DAMAGES) else DAMAGES[choice](data, generator)
    return data


def _cut(data: bytes, generator: np.random.Generator) -> bytes:
    place = int(generator.integers(len(data)))
    return data[place:] if generator.random() < 0.2 else data[:place]


def _flip(data: bytes, generator: np.random.Generator) -> bytes:
    changed = np.frombuffer(data, np.uint8).copy()
    places = generator.integers(len(data), size=int(generator.integers(1, 200)))
    changed[places] = generator.integers(256, size=len(places))
    return changed.tobytes()


def _zeros(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file with a block that was never written: zeros, or what an erased memory holds."""
    first = int(generator.integers(len(data)))
    length = int(generator.integers(1, 4096))
    fill = (b"\x00", b"\xff", b"0")[int(generator.integers(3))]
    return data[:first] + fill * len(data[first : first + length]) + data[first + length :]


def _digits(data: bytes, generator: np.random.Generator) -> bytes:
    changed = np.frombuffer(data, np.uint8).copy()
    digits = np.flatnonzero((changed >= 48) & (changed <= 57))
    if len(digits):
        places = digits[generator.integers(len(digits), size=int(generator.integers(1, 500)))]
        changed[places] = generator.integers(48, 58, size=len(places))
    return changed.tobytes()


def _run(lines: list[bytes], generator: np.random.Generator) -> tuple[int, int]:
    first = int(generator.integers(len(lines)))
    return first, first + int(generator.integers(1, 400))


def _lines(data: bytes, generator: np.random.Generator) -> bytes:
    """Drop, repeat, turn round, shuffle, empty or halve a run of lines."""
    lines = data.split(b"\n")
    first, last = _run(lines, generator)
    piece = lines[first:last]
    mixed = [piece[k] for k in generator.permutation(len(piece))]
    doubled = [line for line in piece for _ in (0, 1)]
    other = [[], piece + piece, doubled, piece[::-1], mixed, [b""] * len(piece)]
    other.append([line[: len(line) // 2] for line in piece])
    return b"\n".join(lines[:first] + other[int(generator.integers(len(other)))] + lines[last:])


def _moved(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file in which a run of lines stands elsewhere: time goes back."""
    lines = data.split(b"\n")
    first, last = _run(lines, generator)
    piece, rest = lines[first:last], lines[:first] + lines[last:]
    place = int(generator.integers(len(rest) + 1))
    return b"\n".join(rest[:place] + piece + rest[place:])


def _gaps(data: bytes, generator: np.random.Generator) -> bytes:
    lines = data.split(b"\n")
    for _ in range(int(generator.integers(1, 20))):
        first = int(generator.integers(1, len(lines) + 1))
        del lines[first : first + int(generator.integers(1, 60))]
    return b"\n".join(lines)


def _words(data: bytes, generator: np.random.Generator) -> bytes:
    for _ in range(int(generator.integers(1, 30))):
        place = int(generator.integers(len(data) + 1))
        data = data[:place] + _WORDS[int(generator.integers(len(_WORDS)))] + data[place:]
    return data


def _numbers(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file in which some numbers are what no sensor measures."""
    share = 10.0 ** generator.uniform(-4.0, -1.0)

    def changed(match: re.Match[bytes]) -> bytes:
        return _WILD[int(generator.integers(len(_WILD)))] if generator.random() < share else match[0]

    return _NUMBER.sub(changed, data)


def _columns(data: bytes, generator: np.random.Generator) -> bytes:
    """Swap, drop, freeze, repeat or shift a column of a run of lines, the header among them at times."""
    lines = data.split(b"\n")
    first, last = (0, len(lines)) if generator.random() < 0.5 else _run(lines, generator)
    kind, a, b = int(generator.integers(5)), int(generator.integers(12)), int(generator.integers(12))
    frozen = b""
    for number in range(first, min(last, len(lines))):
        fields = lines[number].split(b",")
        if max(a, b) >= len(fields):
            continue
        frozen = frozen or fields[a]
        if kind == 0:
            fields[a], fields[b] = fields[b], fields[a]
        elif kind == 1:
            del fields[a]
        elif kind == 2:
            fields[a] = frozen
        elif kind == 3:
            fields.insert(a, fields[b])
        else:
            fields = fields[1:] + fields[:1]
        lines[number] = b",".join(fields)
    return b"\n".join(lines)


def _clock(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file whose clock jumps: other hours, minutes or days from some line on, or here and there."""
    lines = data.split(b"\n")
    first, last = _run(lines, generator)
    kind = int(generator.integers(4))
    hour = b"%02d" % int(generator.integers(0, 100 if generator.random() < 0.1 else 24))
    days = (b"1970-01-01", b"1899-12-31", b"2099-01-01", b"9999-12-31", b"0001-01-01", b"2024-02-30")
    day = days[int(generator.integers(len(days)))]
    for number in range(first, min(last, len(lines))):
        if kind == 0:
            lines[number] = _TIME.sub(rb"%b:\2:\3" % hour, lines[number])
        elif kind == 1:
            lines[number] = _TIME.sub(rb"\1:\3:\2", lines[number])
        elif kind == 2:
            lines[number] = _DATE.sub(day, lines[number])
        elif generator.random() < 0.1:
            lines[number] = _TIME.sub(rb"\1:%b:\3" % hour, lines[number])
    return b"\n".join(lines)


def _encoded(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file as another program would write it: other ends of lines, letters, marks, commas."""
    kind = int(generator.integers(9))
    half = len(data) // 2
    text = data.decode("latin-1")
    if kind == 0:
        return data.replace(b"\n", b"\r\n")
    if kind == 1:
        return data.replace(b"\n", b"\r")
    if kind == 2:
        return b"\xef\xbb\xbf" + data
    if kind == 3:
        return text.encode("utf-16")
    if kind == 4:
        return data[:half] + text[half:].encode("utf-16-le")
    if kind == 5:
        return data.replace(b",", b";").replace(b".", b",")
    if kind == 6:
        return data.replace(b",", b"\t")
    if kind == 7:
        return data.replace(b",", b" , ").replace(b"\n", b" \n")
    return b"\n".join(b'"' + line.replace(b",", b'","') + b'"' for line in data.split(b"\n"))


def _long(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a file with one line or field that does not end."""
    place = int(generator.integers(len(data)))
    if generator.random() < 0.3:
        return data.replace(b"\n", b"")
    fill = (b"9", b",", b"A", b"<trkpt>", b'"', b"-", b".")[int(generator.integers(7))]
    return data[:place] + fill * int(generator.integers(1, 30_000)) + data[place:]


def _merged(data: bytes, other: bytes, generator: np.random.Generator) -> bytes:
    """Return two files as one: one behind the other, half of each, or line by line."""
    kind = int(generator.integers(4))
    if kind == 0:
        return data + other
    if kind == 1:
        return data[: int(generator.integers(len(data)))] + other
    first, second = data.split(b"\n"), other.split(b"\n")
    if kind == 2:
        place = int(generator.integers(len(first)))
        return b"\n".join(first[:place] + second + first[place:])
    # The head of one, the rows of both in turn.
    both = [line for pair in zip(first, second, strict=False) for line in pair]
    return b"\n".join(both)


DAMAGES: tuple[Damage, ...] = (
    _cut, _flip, _zeros, _digits, _lines, _moved, _gaps, _words, _numbers, _columns, _clock, _encoded, _long,
)  # fmt: skip
"""All but the merging of two files."""

SPARING: tuple[Damage, ...] = (_cut, _lines, _moved, _gaps)
"""Those that change no number: what a log then says of the body is less, never something else."""
