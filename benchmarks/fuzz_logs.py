"""Damage logs at random and read them: `python -m benchmarks.fuzz_logs FOLDER [--cases N] [--from N]`.

Every case must be read, segmented and measured, or be refused with a sentence, within a second of
processor time. Cases are short pieces of the folder's logs; a case depends on the seed and its number alone,
so a run can go on where another ended, and one case can be looked at again.
"""

import argparse
import json
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from benchmarks.damage import SPARING, mutated, piece

from precipice.errors import InputError
from precipice.training.jump import Segmentation
from precipice.training.log import TrainingLog
from precipice.training.measure import measure
from precipice.training.read import read_bytes
from precipice.training.record import segmentation_json
from precipice.training.segment import segment
from precipice.training.smooth import smooth

LONGEST = 1.0
"""Seconds of processor time that one case may take."""
STILL = (
    "16-09-25_09-25-31.csv", "16-10-08_08-05-25.csv", "complete_23-12-31_22-30-52_TRACK.CSV",
    "complete_23-12-31_22-33-02_TRACK.CSV", "device1_23-12-16_23-37-27_TRACK.CSV",
    "device2_23-10-08_18-02-27_TRACK.CSV",
)  # fmt: skip
"""Logs of the ground, of a park swing and of a climb: whatever is missing from them, they hold no jump."""
ORDERS = (("exit", "opening_onset", "opening_peak", "landing"), ("lip", "apex", "landing"))


def fails(data: bytes, source: str, *, still: bool = False) -> str | None:
    """Return what went wrong with a case, None when nothing did; see `outcome`."""
    return outcome(data, source, still=still)[1]


def outcome(data: bytes, source: str, *, still: bool = False) -> tuple[str, str | None]:
    """Return what a case is ("refused", "read", "jump") and what went wrong with it, None when nothing did.

    Args:
        data: The file.
        source: Its name.
        still: Whether it holds no jump.
    """
    begin = time.thread_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            kind, wrong = _read(data, source, still)
    except InputError as error:
        kind = "refused"
        wrong = None if str(error).strip() and "\n" not in str(error) else f"a refusal of {str(error)!r}"
    except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
        kind, wrong = "failed", traceback.format_exc()
    spent = time.thread_time() - begin
    return kind, wrong or (f"took longer than {LONGEST} s: {spent:.1f} s" if spent > LONGEST else None)


def _read(data: bytes, source: str, still: bool) -> tuple[str, str | None]:
    log = read_bytes(data, source)
    smoothed = smooth(log) if len(log.time) >= 5 else None
    found = segment(log, smoothed)
    json.dumps(segmentation_json(source, found), allow_nan=False)
    flights = found.jumps + found.canopies
    kind = "jump" if flights else "read"
    for jump in found.jumps:
        assert smoothed is not None
        for name, pair in measure(log, smoothed, jump)[0].items():
            if not np.isfinite(pair).all():
                return kind, f"{name} is no number"
    if still and flights:
        return kind, f"a jump is invented: {flights[0].kind}"
    return kind, _contradiction(found, log)


def _contradiction(found: Segmentation, log: TrainingLog) -> str | None:
    """Return what in a segmentation cannot be, None when it holds together."""
    for jump in found.jumps + found.canopies:
        times = {name: moment.time for name, moment in jump.events.items()}
        if not times:
            return "a jump without an event"
        if not np.isfinite([*times.values(), *(m.deviation for m in jump.events.values())]).all():
            return "a time that is no number"
        if min(m.deviation for m in jump.events.values()) <= 0.0:
            return "a time without doubt"
        if min(times.values()) < log.time[0] - 5.0 or max(times.values()) > log.time[-1] + 1.0:
            return "a time outside the log"
        for order in ORDERS:
            rising = [times[name] for name in order if name in times]
            if rising != sorted(rising):
                return f"events out of order: {', '.join(name for name in order if name in times)}"
    return None


class Cases:
    """Short damaged logs by number.

    Args:
        folder: With folders of logs.
        seed: Of all cases.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        found = sorted(folder.glob("*/*"))
        self.files = [path for path in found if path.suffix != ".md" and path.stem != "LICENSE"]
        self.files = [path for path in self.files if not path.name.startswith("LICENSE")]
        self._seed = seed
        self._lines = [path.read_bytes().split(b"\n") for path in self.files]

    def case(self, number: int) -> tuple[bytes, Path, str, bool]:
        """Return the bytes of a case, its file, its name as a source, and whether it holds no jump."""
        generator = np.random.default_rng([self._seed, number])
        choice, other = generator.integers(len(self.files), size=2)
        file = self.files[choice]
        # By its own name, the SENSOR file beside a TRACK file is read with it.
        source = str(file) if generator.random() < 0.5 else file.name.replace("TRACK", "")
        data = piece(self._lines[choice], generator)
        still = file.name in STILL and generator.random() < 0.5
        if still:
            for _ in range(int(generator.integers(1, 5))):
                data = SPARING[int(generator.integers(len(SPARING)))](data, generator) if data else data
        else:
            data = mutated(data, generator, piece(self._lines[other], generator, 100))
        return data, file, source, still


def main() -> None:
    """Run the cases and print each kind of failure once, and how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    cases = Cases(asked.folder, asked.seed)
    kinds: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    begin, slowest = time.process_time(), 0.0
    for number in range(asked.first, asked.first + asked.cases):
        data, file, source, still = cases.case(number)
        before = time.thread_time()
        kind, problem = outcome(data, source, still=still)
        outcomes[kind] += 1
        slowest = max(slowest, time.thread_time() - before)
        if problem is not None:
            kind = problem.splitlines()[-1].split(":")[0] + _place(problem)
            kinds[kind] += 1
            if kinds[kind] == 1:
                print(f"case {number}, {file.name}: {problem}", flush=True)
        done = number + 1 - asked.first
        if done % 1000 == 0:
            spent = (time.process_time() - begin) / done
            told = ", ".join(f"{count} {kind}" for kind, count in outcomes.most_common())
            failed = sum(kinds.values())
            print(f"{done} cases: {told}; {failed} went wrong; {1e3 * spent:.1f} ms each", flush=True)
    print(f"cases {asked.first} to {asked.first + asked.cases - 1} of seed {asked.seed}: "
          f"{dict(outcomes)}; {sum(kinds.values())} went wrong; slowest {slowest:.2f} s")  # fmt: skip
    for kind, count in kinds.most_common():
        print(f"  {count}: {kind}")


def _place(problem: str) -> str:
    lines = [line.strip() for line in problem.splitlines() if "precipice/" in line]
    return f" in {lines[-1].split('precipice/')[-1]}" if lines else ""


if __name__ == "__main__":
    main()
