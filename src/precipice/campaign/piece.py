"""A piece of a campaign: runs in a row, flown in one go by one worker."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from precipice.campaign.draws import draw_many
from precipice.scenario.scenario import Scenario

PIECE = 1024
"""Runs of a piece: their inputs take 40 MB."""
Columns = dict[str, np.ndarray]
"""One value for each run, by name."""


class Job(NamedTuple):
    """Which runs to fly.

    Attributes:
        first: Number of the first run.
        last: Number after the last one.
        seed: Of the campaign.
        group: How many runs in a row share a guess at the unknown constants.
    """

    first: int
    last: int
    seed: int
    group: int = 1


def fly_piece(scenario: Scenario, job: Job, threads: int = 1) -> Columns:
    """Return the numbers of some runs, the same whoever flies them.

    Args:
        scenario: What was decided.
        job: Which runs.
        threads: Which fly side by side.

    Returns:
        Each named number, float32, `(n,)`, SI, in order of name; `resolved`, bool, `(n,)`.
    """
    from precipice.simulation.many import simulate_many
    from precipice.world.arrange import value_keys
    from precipice.world.arrange_many import arrange_many
    from precipice.world.rock import prepare_rock

    prepare_rock(scenario)
    drawn = draw_many(scenario, job.seed, range(job.first, job.last), group=job.group)
    columns = simulate_many(
        arrange_many(scenario, drawn), value_keys(scenario), scenario.kind, threads=threads
    )
    return {name: columns[name] for name in sorted(columns)}


def prepare(scenario: Scenario, say: Callable[[str], None] | None = None) -> None:
    """Compile or load a campaign's programs by flying its first run, so that workers find them.

    Args:
        scenario: What was decided.
        say: Told once, in one line, when programs must be compiled first.
    """
    from precipice.simulation.many import simulate_many
    from precipice.world.arrange import value_keys
    from precipice.world.arrange_many import arrange_many
    from precipice.world.rock import prepare_rock

    prepare_rock(scenario, say)
    inputs = arrange_many(scenario, draw_many(scenario, 0, [0]))
    simulate_many(inputs, value_keys(scenario), scenario.kind, say)
