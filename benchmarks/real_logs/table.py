"""The comparison as a table in Markdown, the same on the terminal and in the documentation."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.real_logs.flown import MODERN, Flown
from benchmarks.real_logs.measured import GROUPS, SECONDS, Measured, Spread

HEAD = ("what", "logs", "left out", "measured, median (5-95 %)", "simulated, median (5-95 %)", "inside")
BEGIN, END = "<!-- table of real logs: begin -->", "<!-- table of real logs: end -->"


def twin(group: str) -> str:
    """Return the measured group that a simulated one belongs to."""
    return GROUPS[0] if group == MODERN else group


def verdict(log: Spread, run: Spread, clock: float = 0.0) -> str:
    """Return whether the simulated median lies within the measured 5-95 %.

    Args:
        log: Measured.
        run: Simulated.
        clock: By how much the exit's label alone can move a measured number [m].
    """
    outside = max(log.low - run.median, run.median - log.high, 0.0)
    if outside == 0.0:
        return "yes"
    return "within the clock" if outside <= clock else "**no**"


def lines(measured: Measured, flown: dict[str, Flown]) -> Iterator[str]:
    """Yield the table's lines."""
    yield "| " + " | ".join(HEAD) + " |"
    yield "| " + " | ".join("---" for _ in HEAD) + " |"
    for group, runs in flown.items():
        log = twin(group)
        for second in SECONDS:
            left = measured.left_out.get((log, second))
            if left is None:
                continue
            clock = measured.clock[log] * runs.sink[second].median
            found = measured.drop.get((log, second))
            yield _row(f"{group}: drop after {second} s, m", found, left, runs.drop[second], 1, clock)
        if group == MODERN:
            continue
        for name, digits, log_side, run_side in (
            ("height lost in the opening, m", 0, measured.loss, runs.loss),
            ("speed where it begins, m/s", 0, measured.onset, runs.onset),
            ("descent under the canopy, m/s", 1, measured.canopy, runs.canopy),
            ("level airspeed under the canopy, m/s", 1, measured.level, runs.level),
        ):
            yield _row(f"{group}: {name}", log_side.get(log), 0, run_side, digits)


def written(found: Spread, digits: int) -> str:
    """Return "median (low-high)", or the only number."""
    low, median, high = (f"{number:.{digits}f}" for number in found[1:])
    return median if found.count == 1 else f"{median} ({low}-{high})"


def _row(name: str, log: Spread | None, left: int, run: Spread, digits: int, clock: float = 0.0) -> str:
    count, found, inside = ("0", "", "") if log is None else (str(log.count), written(log, digits), "")
    if log is not None:
        inside = verdict(log, run, clock)
    return "| " + " | ".join((name, count, str(left or ""), found, written(run, digits), inside)) + " |"


def put_table(page: Path, table: str) -> None:
    """Write the table between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
