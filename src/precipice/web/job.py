"""Jobs of the page: one runs, a few wait, any can be cancelled."""

import asyncio
import contextlib
import hashlib
import itertools
import json
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from precipice.errors import InputError

WAITING = 2
"""Jobs that may wait; one more runs."""
KEPT = 20
"""Jobs whose results are kept."""
LONGEST_LINE = 16_000_000
"""Bytes of a line that a job may say: its result."""

Status = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(eq=False)
class Job:
    """Something that takes long.

    Attributes:
        number: From 1.
        asked: What is to be done; see `work`.
        label: For a person.
        changes: Edits since the job before, each as field, before, after.
        status: How far it is.
        progress: What it said last.
        result: Of a job that is done.
        error: Of a job that failed, a sentence.
        seconds: How long it has run [s].
    """

    number: int
    asked: dict[str, Any]
    label: str
    changes: list[list[str]]
    status: Status = "waiting"
    progress: dict[str, Any] = field(default_factory=dict[str, Any])
    result: dict[str, Any] | None = None
    error: str | None = None
    seconds: float = 0.0
    process: asyncio.subprocess.Process | None = None

    def brief(self) -> dict[str, Any]:
        """Return what the page shows of it all the time: everything but the result."""
        found = self.result or {}
        return {
            "number": self.number,
            "do": self.asked["do"],
            "runs": self.asked["runs"],
            "seed": self.asked["seed"],
            "label": self.label,
            "changes": self.changes,
            "status": self.status,
            "progress": self.progress,
            "error": self.error,
            "seconds": self.seconds,
            "verdict": found.get("verdict"),
            "flown": mark(self.asked["text"]),
        }


def mark(text: str) -> str:
    """Return what tells one scenario's text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Jobs:
    """The jobs of one server: they are done one after the other."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._all: list[Job] = []
        self._runner: asyncio.Task[None] | None = None

    def add(self, asked: dict[str, Any], label: str, changes: list[list[str]]) -> Job:
        """Return a new job, which runs when those before it have ended.

        Args:
            asked: What is to be done; see `work`.
            label: For a person.
            changes: Since the job before.

        Raises:
            InputError: When too many wait already.
        """
        self.refuse_more()
        job = Job(next(self._numbers), asked, label, changes)
        self._all.append(job)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.get_running_loop().create_task(self._run_all())
        return job

    def refuse_more(self) -> None:
        """Raise an `InputError` when as many jobs wait as may."""
        if sum(job.status == "waiting" for job in self._all) >= WAITING:
            raise InputError(f"at most {WAITING} jobs may wait, but as many do: wait for one, or cancel one")

    def hold(self, asked: dict[str, Any], label: str, result: dict[str, Any]) -> None:
        """Keep the result of a job that was done elsewhere."""
        job = Job(next(self._numbers), asked, label, [], status="done", result=result)
        self._all.append(job)

    def briefs(self) -> list[dict[str, Any]]:
        """Return all jobs that are kept, the oldest first."""
        return [job.brief() for job in self._all]

    def find(self, number: int) -> Job | None:
        """Return a job by its number, None when there is none."""
        return next((job for job in self._all if job.number == number), None)

    def last(self, do: str) -> Job | None:
        """Return the last job of a sort that was done, None without one."""
        return next((job for job in self._all[::-1] if job.asked["do"] == do and job.status == "done"), None)

    def cancel(self, job: Job) -> None:
        """End a job that waits or runs; one that has ended stays as it is."""
        if job.status in ("waiting", "running"):
            job.status = "cancelled"
            if job.process is not None:
                _kill(job.process)

    async def close(self) -> None:
        """End everything."""
        for job in self._all:
            self.cancel(job)
        if self._runner is not None:
            await self._runner

    async def _run_all(self) -> None:
        while (job := next((job for job in self._all if job.status == "waiting"), None)) is not None:
            await _run(job)
            ended = [job for job in self._all if job.status not in ("waiting", "running")]
            for old in ended[:-KEPT]:
                self._all.remove(old)


async def _run(job: Job) -> None:
    job.status, start = "running", time.monotonic()
    with tempfile.TemporaryFile() as said:
        try:
            job.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "precipice.web.work",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=said,
                limit=LONGEST_LINE, start_new_session=True,
            )  # fmt: skip
            await _follow(job, job.process, start)
        except OSError as error:
            _fail(job, f"the job must be able to start, but cannot ({error.strerror}): try again")
        if job.status == "running":
            said.seek(0)
            last = said.read()[-500:].decode("utf-8", "replace").strip().splitlines()
            _fail(job, f"the job ended without a result: {last[-1] if last else 'it said nothing'}")
    job.seconds, job.process = time.monotonic() - start, None


async def _follow(job: Job, process: asyncio.subprocess.Process, start: float) -> None:
    """Hand a job its task and take what it says, until it ends."""
    assert process.stdin is not None
    assert process.stdout is not None
    if job.status != "running":
        _kill(process)
    # A job that ends at once closes its pipe: why is said below.
    with contextlib.suppress(ConnectionError):
        process.stdin.write(json.dumps(job.asked).encode() + b"\n")
        await process.stdin.drain()
    try:
        while line := await process.stdout.readline():
            _take(job, json.loads(line), time.monotonic() - start)
    except ValueError:
        _fail(job, "the job must say JSON lines, but said something else: try again")
    finally:
        _kill(process)
        await process.wait()


def _take(job: Job, line: dict[str, Any], seconds: float) -> None:
    job.seconds = seconds
    if job.status != "running":
        return
    if "result" in line:
        job.status, job.result = "done", line["result"]
    elif "error" in line:
        _fail(job, str(line["error"]))
    else:
        job.progress = line


def _fail(job: Job, words: str) -> None:
    if job.status == "running":
        job.status, job.error = "failed", words


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process with its workers: they are one group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
