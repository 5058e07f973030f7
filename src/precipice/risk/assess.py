"""Fly a stunt many times and judge it: the program's main job."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from precipice.campaign.campaign import Campaign, Progress, fly_missing, load_runs, load_shards, open_campaign
from precipice.campaign.executor import AbstractExecutor, InProcess, Processes
from precipice.campaign.piece import PIECE, prepare
from precipice.campaign.tracks import save_tracks
from precipice.errors import InputError
from precipice.risk.assessment import Assessment, Look, save_assessment
from precipice.risk.gather import Gathered, gather, worth_keeping
from precipice.risk.ignorance import GROUP, Ignorance, count_guesses, measure_ignorance
from precipice.risk.judgement import Circumstances, judge_runs
from precipice.scenario.load import load_scenario
from precipice.scenario.scenario import Scenario
from precipice.statistics import looks as predeclare
from precipice.statistics import spent

LARGEST = 2**32
"""Runs that a shard's numbers can count."""
FIRST_LOOK = 2000
"""Runs before the first look of `until_shown`."""
LOOKS = 5
SPENT = 0.05
"""Chance of a false "met" whose spending over the looks gives the shares; other chances are shared alike."""

Say = Callable[[str], None]
Told = Callable[[str, Progress], None]
"""Told what is flown and how far it is."""


class _Job(NamedTuple):
    """What is asked for."""

    scenario: Scenario
    runs: int
    seed: int
    folder: Path
    resume: bool
    drivers: bool


def assess(
    scenario: Scenario | str | Path,
    runs: int = 10_000,
    seed: int = 0,
    out: Path | str | None = None,
    *,
    resume: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    until_shown: bool = False,
    drivers: bool = True,
    tracks: bool = False,
    say: Say | None = None,
    told: Told | None = None,
) -> Assessment:
    """Return what many runs of a scenario say about every hazard.

    Args:
        scenario: Loaded, or the path of its file.
        runs: How many are flown; with `until_shown`, at most.
        seed: Of the draws; the same seed gives the same runs on one type of processor.
        out: Folder for shards and assessment; nothing is kept when None.
        resume: Whether to go on with a campaign that is there: what is missing is flown, nothing twice.
        workers: Processes; as many as there are cores when None.
        cluster: Address of a Dask scheduler, or "local"; processes of this machine when None.
        until_shown: Whether to stop at the first of a few looks, fixed beforehand, at which every criterion
            is met or not met.
        drivers: Whether to ask what drives each hazard.
        tracks: Whether to keep the tracks of the first 300 runs and of up to 50 with each hazard.
        say: Told single lines, such as that programs are compiled.
        told: Told how far it is.

    Returns:
        Hazards with chances, intervals and verdicts.

    Raises:
        ScenarioError: If the file has problems.
        InputError: If the scenario has nothing uncertain in it, runs or workers are out of range, or the
            folder holds something else or cannot be written.
        IncompleteError: If workers keep dying; the folder can be resumed.
    """
    start = time.monotonic()
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    refuse_counts(runs, workers)
    _refuse_certainty(scenario)
    if tracks and out is None:
        raise InputError("--tracks must come with --out, but is alone: name the folder to keep them in")
    prepare(scenario, say)
    with tempfile.TemporaryDirectory(prefix="precipice-") as temporary:
        folder = Path(temporary) / "campaign" if out is None else Path(out)
        job = _Job(scenario, runs, seed, folder, resume, drivers)
        campaign = open_campaign(folder, scenario, seed, resume=resume)
        with closing(start_executor(runs, workers, cluster)) as executor:
            _warn_of_mixture(executor, say)
            ignorance = _fly_guesses(job, executor, told)
            plan = _plan(job, until_shown=until_shown)
            look, gathered = _fly_to_a_look(job, campaign, ignorance, plan, executor, told)
        about = Circumstances(scenario, seed, look, tuple(plan), job.drivers)
        found = judge_runs(about, gathered, ignorance)._replace(wall_s=time.monotonic() - start)
        if tracks:
            _keep_tracks(campaign, gathered, told)
        if out is not None:
            save_assessment(folder, found)
        return found


def refuse_counts(runs: int, workers: int | None, least: int = 1) -> None:
    """Raise an error when so many runs or workers cannot be.

    Args:
        runs: How many are wanted.
        workers: Processes; None leaves it to the machine.
        least: Fewest runs.

    Raises:
        InputError: Saying which is out of range.
    """
    if not least <= runs <= LARGEST:
        raise InputError(
            f"--runs must lie between {least} and {LARGEST}, but is {runs}: choose such a number"
        )
    if workers is not None and workers < 1:
        raise InputError(f"--workers must be 1 or more, but is {workers}: choose such a number")


def _refuse_certainty(scenario: Scenario) -> None:
    if not scenario.uncertain():
        raise InputError(
            f"{scenario.file}: at least one field must have a spread, but nothing is uncertain: every run "
            "would be the nominal one but for gusts and luck; give fields a spread, or fly it once with "
            "precipice fly"
        )


def start_executor(runs: int, workers: int | None, cluster: str | None) -> AbstractExecutor:
    """Return who flies so many runs.

    Args:
        runs: How many.
        workers: Processes; as many as there are cores when None, and none for few runs.
        cluster: Address of a Dask scheduler, or "local"; this machine alone when None.

    Raises:
        InputError: When the cluster does not answer.
    """
    count = os.cpu_count() or 1 if workers is None else workers
    if cluster is not None:
        from precipice.campaign.cluster import Cluster

        return Cluster(cluster, count)
    if count == 1 or (workers is None and runs <= PIECE):
        return InProcess()
    return Processes(count)


def _warn_of_mixture(executor: AbstractExecutor, say: Say | None) -> None:
    """Say when workers' processors differ: their bits may, too."""
    from precipice.campaign.executor import AbstractRemote
    from precipice.simulation.program import processor

    if say and isinstance(executor, AbstractRemote) and executor.processors() != {processor()}:
        say(
            "the cluster has processors of other types than this machine: its runs agree statistically, but "
            "not bit for bit"
        )


def labelled(told: Told | None, what: str) -> Callable[[Progress], None] | None:
    """Return a listener that says what is flown, too; None when nobody listens."""
    return None if told is None else lambda progress: told(what, progress)


def _fly_guesses(job: _Job, executor: AbstractExecutor, told: Told | None) -> Ignorance | None:
    """Return what runs say that share guesses at the unknown constants; None without such constants."""
    guesses = count_guesses(job.scenario, job.runs)
    if not guesses:
        return None
    folder = job.folder / "guesses"
    resume = job.resume or not folder.exists()
    campaign = open_campaign(folder, job.scenario, job.seed, resume=resume, group=GROUP)
    fly_missing(campaign, guesses * GROUP, executor, labelled(told, "guessing at constants"))
    return measure_ignorance(job.scenario, load_runs(campaign, guesses * GROUP), job.seed, guesses)


def _fly_to_a_look(
    job: _Job,
    campaign: Campaign,
    ignorance: Ignorance | None,
    plan: list[Look],
    executor: AbstractExecutor,
    told: Told | None,
) -> tuple[Look, Gathered]:
    """Fly until nothing is left to be shown, or to the last look; return which it was, and its runs."""
    look, *later = plan
    while True:
        fly_missing(campaign, look.runs, executor, labelled(told, "flying"))
        gathered = gather(job.scenario, job.seed, load_shards(campaign, look.runs))
        if not later:
            return look, gathered
        about = Circumstances(job.scenario, job.seed, look, tuple(plan), with_drivers=False)
        found = judge_runs(about, gathered, ignorance)
        if all(hazard.verdict.word != "not shown" for hazard in found.hazards):
            return look, gathered
        look, *later = later


def _keep_tracks(campaign: Campaign, gathered: Gathered, told: Told | None) -> None:
    wanted = worth_keeping(gathered)
    tell = labelled(told, "keeping tracks")
    start = time.monotonic()

    def count(done: int) -> None:
        rate = done / max(time.monotonic() - start, 1e-9)
        if tell:
            tell(Progress(done, len(wanted), rate, (len(wanted) - done) / rate))

    save_tracks(campaign, wanted, count)


def _plan(job: _Job, *, until_shown: bool) -> list[Look]:
    """Return the looks at which one may stop, with the chance of a false "met" that each may spend."""
    if not until_shown or job.runs <= FIRST_LOOK:
        return [Look(job.runs, None)]
    numbers = predeclare(FIRST_LOOK, job.runs, LOOKS)
    parts = spent(numbers, SPENT)
    return [Look(runs, part / SPENT) for runs, part in zip(numbers, parts, strict=True)]
