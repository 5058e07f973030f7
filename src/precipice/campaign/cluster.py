"""A Dask cluster as an executor: somebody's, by its address, or a local one that is started here."""

import contextlib
import io
from collections.abc import Iterable
from typing import Any

from precipice.campaign.executor import AHEAD, AbstractRemote, Flown
from precipice.campaign.piece import Columns, Job, fly_piece
from precipice.errors import IncompleteError, InputError
from precipice.scenario.scenario import Scenario

ANSWER = 10.0
"""How long a cluster may take to answer [s]."""
LOSSES = 1000
"""Workers that may be lost while they hold a piece, before it is given up: Dask blames the piece."""


class Cluster(AbstractRemote):
    """Flies on Dask workers; a lost one costs time, never results."""

    def __init__(self, url: str, workers: int = 2):
        """Connect.

        Args:
            url: `tcp://host:port` of a scheduler; "local" starts one here.
            workers: Processes of a local cluster.

        Raises:
            InputError: When it does not answer, or the address is none.
        """
        if url != "local" and not url.startswith(("tcp://", "tls://")):
            raise InputError(
                f"--cluster must be an address such as tcp://127.0.0.1:8786, or local, but is {url}: "
                "write one of them"
            )
        from dask import config
        from distributed import Client, LocalCluster

        # Any: a client's methods are typed for waiting in coroutines, too.
        self._client: Any
        config.set({"distributed.scheduler.allowed-failures": LOSSES})
        self._local: Any = None
        self._url = url
        if url == "local":
            start: Any = LocalCluster
            self._local = start(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                dashboard_address=None, silence_logs=50,
            )  # fmt: skip
        try:
            # Dask tells of a refused connection on standard error, too.
            with contextlib.redirect_stderr(io.StringIO()):
                self._client = Client(self._local or url, timeout=ANSWER, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(
                f"--cluster must answer, but {url} did not within {ANSWER:.0f} s ({type(error).__name__}): "
                "start its scheduler, or leave --cluster out"
            ) from None

    def fly(self, scenario: Scenario, jobs: Iterable[Job]) -> Flown:
        """Yield the pieces as they are done; see the base class."""
        from distributed import as_completed

        told = self._client.scatter(scenario, broadcast=True, hash=False)
        waiting, by_key = iter(jobs), dict[str, Job]()
        done = as_completed(loop=self._client.loop)
        lanes = max(1, sum(self._client.nthreads().values()))

        def give_out() -> None:
            while len(by_key) < AHEAD * lanes:
                job = next(waiting, None)
                if job is None:
                    return
                future = self._client.submit(_fly, told, job, pure=False, retries=LOSSES)
                by_key[future.key] = job
                done.add(future)

        give_out()
        while by_key:
            future = next(done)
            if future.status != "finished":
                raise IncompleteError(
                    f"the cluster gave a piece up ({future.exception()}): look at its workers, then go on "
                    "with --resume"
                )
            columns = future.result()
            job = by_key.pop(future.key)
            future.release()
            give_out()
            yield job, columns

    def processors(self) -> set[str]:
        """Return the types of processor that its workers have: only one keeps the promise of equal bits."""
        from precipice.simulation.program import processor

        return set(self._client.run(processor).values())

    def close(self) -> None:
        """Let go of the cluster, and stop one that was started here."""
        with contextlib.redirect_stderr(io.StringIO()):
            self._client.close(timeout=5)
            if self._local is not None:
                self._local.close(timeout=5)

    @property
    def words(self) -> str:
        """Who flies."""
        return f"{len(self._client.nthreads())} Dask workers of {self._url}"


def _fly(scenario: Scenario, job: Job) -> Columns:
    return fly_piece(scenario, job)
