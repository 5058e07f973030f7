"""Who flies the pieces of a campaign: this process, processes of this machine, or a Dask cluster."""

import multiprocessing
import os
import threading
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from precipice.campaign.piece import Columns, Job, fly_piece
from precipice.errors import IncompleteError
from precipice.scenario.scenario import Scenario

ATTEMPTS = 5
"""Times in a row that workers may die without a piece done between, before a campaign gives up."""
AHEAD = 2
"""Pieces given out for each worker: one that it flies, and one that waits."""

Flown = Iterator[tuple[Job, Columns]]


class AbstractExecutor:
    """Flies pieces in any order; which one flies them changes no bit."""

    @abstractmethod
    def fly(self, scenario: Scenario, jobs: Iterable[Job]) -> Flown:
        """Yield each piece with its columns as they are done.

        Args:
            scenario: What was decided.
            jobs: Pieces.

        Raises:
            IncompleteError: When workers keep dying; pieces yielded before are good.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of all workers."""

    @property
    @abstractmethod
    def words(self) -> str:
        """Who flies, for a person."""


class AbstractRemote(AbstractExecutor):
    """Flies on machines that may be of another type."""

    @abstractmethod
    def processors(self) -> set[str]:
        """Return the types of processor that its workers have: only one keeps the promise of equal bits."""


class InProcess(AbstractExecutor):
    """Flies in this process."""

    def __init__(self, threads: int = 1):
        """Store how many threads fly side by side."""
        self._threads = threads

    def fly(self, scenario: Scenario, jobs: Iterable[Job]) -> Flown:
        """Yield the pieces in order; see the base class."""
        for job in jobs:
            yield job, fly_piece(scenario, job, self._threads)

    def close(self) -> None:
        """Do nothing: there are no workers."""

    @property
    def words(self) -> str:
        """Who flies."""
        return "this process"


class Processes(AbstractExecutor):
    """Flies in processes of this machine; one that dies is replaced, and its piece flown again."""

    def __init__(self, workers: int):
        """Store how many.

        Args:
            workers: Processes.
        """
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def fly(self, scenario: Scenario, jobs: Iterable[Job]) -> Flown:
        """Yield the pieces as they are done; see the base class."""
        waiting, pending = iter(jobs), dict[Future[Columns], Job]()
        again: list[Job] = []
        failures = 0
        while True:
            try:
                while len(pending) < AHEAD * self.workers:
                    job = again.pop() if again else next(waiting, None)
                    if job is None:
                        break
                    again.append(job)
                    pending[self._workers(scenario).submit(_fly, job)] = job
                    again.pop()
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    columns = future.result()
                    failures = 0
                    yield pending.pop(future), columns
            except BrokenProcessPool:
                failures += 1
                if failures > ATTEMPTS:
                    raise IncompleteError(
                        f"worker processes died {failures} times in a row, perhaps for want of memory: go on "
                        "with --resume and fewer --workers"
                    ) from None
                again += pending.values()
                pending.clear()
                self.close()

    def pids(self) -> list[int]:
        """Return the process numbers of the workers that are alive."""
        # No public way tells them, and a test has to kill one.
        return [] if self._pool is None else list(self._pool._processes)

    def close(self) -> None:
        """Stop all workers, without waiting for what they fly."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        workers = list((pool._processes or {}).values())
        manager: Any = pool._executor_manager_thread
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(5.0)
        # Python's own tidying at the end of the process must not meet a thread that is closing its pipes.
        if manager is not None:
            manager.join(5.0)

    @property
    def words(self) -> str:
        """Who flies."""
        return f"{self.workers} processes"

    def _workers(self, scenario: Scenario) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                # Forking a process whose libraries run threads may hang it.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(scenario,),
            )
        return self._pool


_given: dict[str, Any] = {}


def _begin(scenario: Scenario) -> None:
    """Keep a worker's scenario, and end the worker when its parent is gone, however that ended."""
    import signal

    # Ctrl-C reaches all processes of a terminal; the parent decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _given["scenario"] = scenario
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _fly(job: Job) -> Columns:
    return fly_piece(_given["scenario"], job)
