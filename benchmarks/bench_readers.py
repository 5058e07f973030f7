"""Readers of logs beside others': `python -m benchmarks.bench_readers [FOLDER] [--cases N] [--seed S]`.

pyflysight, gpxpy (over lxml), fastkml and pynmea2 live in their own environment, made from
requirements/peers/log_readers.lock. First made files whose truth is known: right rows, largest error and
processor time of both, in turn on one core. Then, with a folder, every log of a format that a peer reads, and
pieces of them, damaged: who fails, who gives which rows.
"""

import argparse
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fuzz_logs import Cases  # noqa: E402
from benchmarks.peer import peer_python  # noqa: E402
from benchmarks.reader_files import make_files, with_one_cut  # noqa: E402
from benchmarks.reader_rows import Difference, Rows, differ, log_rows, peer_rows  # noqa: E402

from precipice.errors import InputError  # noqa: E402
from precipice.training.read import read_bytes  # noqa: E402

PEERS = {
    "flysight1": "pyflysight", "flysight2": "pyflysight", "sensor": "pyflysight", "gpx": "gpxpy",
    "kml": "fastkml", "nmea": "pynmea2",
}  # fmt: skip
OWN = ("pyflysight", "gpxpy", "fastkml", "pynmea2")
"""Packages whose own exceptions are a refusal, not a crash."""
TURNS, EACH = 5, 4
LONGEST = 20.0
"""Seconds that a peer may take for one file."""


class Peer:
    """The peers' interpreter, asked one file at a time.

    Args:
        python: Of the peers' environment.
        folder: For what they read.
    """

    def __init__(self, python: str, folder: Path) -> None:
        self._python, self.archive = python, folder / "peer.npz"
        self._start()

    def _start(self) -> None:
        command = [self._python, str(ROOT / "benchmarks" / "readers_peer.py")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def read(self, path: Path, format: str, times: int = 1) -> dict:  # noqa: A002 - the word that a log uses
        """Return what a peer says of a file: `rows` and `seconds`, or `error`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.archive.unlink(missing_ok=True)
        job = {"path": str(path), "format": format, "out": str(self.archive), "times": times}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], LONGEST * times)
        line = self._process.stdout.readline() if ready else ""
        if not line.startswith("answer "):
            self.close()
            self._start()
            return {"error": "killed" if ready else f"no answer in {LONGEST:.0f} s", "module": "", "text": ""}
        return json.loads(line.removeprefix("answer "))

    def close(self) -> None:
        """End the interpreter."""
        self._process.kill()
        self._process.wait()


def speed(peer: Peer, folder: Path) -> None:
    """Print right rows, errors and processor time on made files."""
    for format, (whole, truth) in make_files(folder).items():  # noqa: A001
        for name, path in (("whole", whole), ("one line cut", with_one_cut(whole))):
            data, ours, theirs = path.read_bytes(), [], []
            answer = peer.read(path, format)
            log = read_bytes(data, "made")
            for _ in range(TURNS):
                for _ in range(EACH):
                    before = time.process_time()
                    log = read_bytes(data, "made")
                    ours.append(time.process_time() - before)
                if "error" not in answer:
                    theirs += [spent for _, spent in peer.read(path, format, EACH)["seconds"]]
            own = 1e3 * statistics.median(ours)
            print(f"{format:9s} {name:12s} {_against(log_rows(log), truth):60s} precipice {own:7.2f} ms")
            if "error" in answer:
                print(f"{'':22s} {_failure(answer):60s} {PEERS[format]}")
            else:
                other = 1e3 * statistics.median(theirs)
                said = _against(peer_rows(peer.archive), truth)
                print(f"{'':22s} {said:60s} {PEERS[format]:9s} {other:7.2f} ms  (x {other / own:.1f})")


def _against(rows: Rows, truth: Rows) -> str:
    found = differ(rows, truth)
    return (
        f"{found.both} of {len(truth['time'])} rows, off by {found.place:.0e} m, {found.altitude:.0e} m, "
        f"{found.other:.0e} m/s"
    )


def _failure(answer: dict) -> str:
    return f"{answer['error']}: {answer['text']}"[:110]


def every_file(peer: Peer, files: list[tuple[Path, str]]) -> None:
    """Print where the readers of whole files differ."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    worst: dict[str, list[Difference]] = defaultdict(list)
    for path, format in files:  # noqa: A001
        log = read_bytes(path.read_bytes(), path.name)
        answer = peer.read(path, format)
        counts[format]["files"] += 1
        if "error" in answer:
            counts[format]["peer failed"] += 1
            print(f"{path.parent.name}/{path.name}: {PEERS[format]} fails ({_failure(answer)}), "
                  f"precipice gives {len(log_rows(log)['time'])} rows")  # fmt: skip
            continue
        found = differ(log_rows(log), peer_rows(peer.archive))
        worst[format].append(found)
        if found.only_first or found.only_second or found.missing:
            counts[format]["differ"] += 1
            said = f"{found.both} rows of both, {found.only_first} of precipice alone, "
            said += f"{found.only_second} of {PEERS[format]} alone, {found.missing} values of one alone"
            print(f"{path.parent.name}/{path.name}: {said}")
            print("".join(f"    {problem}\n" for problem in log.problems[:3]), end="")
    for format, count in counts.items():  # noqa: A001
        most = [
            max(getattr(found, name) for found in worst[format]) for name in ("place", "altitude", "other")
        ]
        print(f"{format}: {dict(count)}; {sum(found.both for found in worst[format])} rows of both, apart by "
              f"{most[0]:.1e} m, {most[1]:.1e} m, {most[2]:.1e} m/s, g or deg/s")  # fmt: skip


def damaged(peer: Peer, folder: Path, formats: dict[Path, str], cases: int, seed: int, at: Path) -> None:
    """Print what became of damaged pieces, by format, and the first cases of every kind of difference."""
    made = Cases(folder, seed)
    tables: dict[str, Counter[str]] = defaultdict(Counter)
    shown: Counter[tuple[str, str]] = Counter()
    number, done = -1, Counter[str]()
    while done.total() < cases:
        number += 1
        data, file, _, _ = made.case(number)
        format = formats.get(file)  # noqa: A001
        # Most files are FlySight 1: every other format gets as many cases as that.
        if format is None or done[format] >= cases / len(PEERS):
            continue
        done[format] += 1
        kind, note = _case(peer, data, format, at)
        tables[format].update(kind)
        for name in kind:
            shown[format, name] += 1
            if note and shown[format, name] <= 2:
                print(f"case {number}, {file.name}, {name}: {note}")
    for format, table in tables.items():  # noqa: A001
        print(f"{format} beside {PEERS[format]}, {done[format]} cases: "
              + "; ".join(f"{name} {count}" for name, count in sorted(table.items())))  # fmt: skip


def _case(peer: Peer, data: bytes, format: str, at: Path) -> tuple[list[str], str]:  # noqa: A002
    path = at / f"case.{format}"
    path.write_bytes(data)
    answer = peer.read(path, format)
    try:
        log = read_bytes(data, "case")
        ours = log_rows(log)
    except InputError:
        log, ours = None, {"time": np.zeros(0)}
    kinds = ["ours refuse" if log is None else "ours read"]
    if "error" in answer:
        refused = any(answer["module"].startswith(own) for own in OWN)
        what = "peer refuses" if refused else "peer crashes"
        kinds.append(what)
        if len(ours["time"]):
            kinds.append("rows that only ours gives")
        return kinds, _failure(answer)
    kinds.append("peer reads")
    told = peer_rows(peer.archive)
    found = differ(ours, told)
    note = f"{found}"
    if len(told.get("text", ())):
        kinds.append("peer gives text for numbers")
    if found.only_first:
        kinds.append("peer gives fewer")
    if found.only_second:
        kinds.append("peer gives more")
    if max(found.place, found.altitude, found.other) > 1e-3:
        kinds.append("values differ")
    if log is not None and log.problems:
        kinds.append("problems that ours names")
        note += f" {log.problems[0]}"
    return kinds, note


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--cases", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"python {sys.version.split()[0]}, one core of {os.cpu_count()}, load {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as name:
        python = peer_python("log_readers", name)
        if python is None:
            return
        folder = Path(name)
        peer = Peer(python, folder)
        try:
            speed(peer, folder)
            if asked.folder is not None:
                formats = _formats(asked.folder)
                every_file(peer, list(formats.items()))
                damaged(peer, asked.folder, formats, asked.cases, asked.seed, folder)
        finally:
            peer.close()


def _formats(folder: Path) -> dict[Path, str]:
    """Return the logs of a folder of folders that a peer reads, with their formats."""
    found: dict[Path, str] = {}
    for path in Cases(folder, 0).files:
        format = read_bytes(path.read_bytes(), path.name).format  # noqa: A001
        format = "sensor" if format == "flysight2-sensor" else format  # noqa: A001
        if format in PEERS:
            found[path] = format
    return found


if __name__ == "__main__":
    main()
