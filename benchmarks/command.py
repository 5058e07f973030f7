"""How long a command of the program takes, in a process of its own as for a person."""

import resource
import subprocess
import sys
import time


def measure(*arguments: str) -> tuple[float, float]:
    """Return wall clock and processor time of a command, its children's included [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "precipice", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
