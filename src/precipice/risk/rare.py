"""The chance of a rare hazard of a stunt: 1e-3 to 1e-8, which no campaign of affordable size would see."""

from pathlib import Path
from typing import Any, NamedTuple

from precipice.errors import InputError
from precipice.risk.limit import Limit
from precipice.risk.rare_branch import build_boxes
from precipice.risk.rare_count import Effort, Say
from precipice.risk.rare_estimate import Estimate, estimate_rare
from precipice.risk.rare_hazard import hazard_limit, hazard_margin
from precipice.risk.rare_score import Stratum
from precipice.risk.rare_stunt import StuntScore, hold_constants
from precipice.scenario.load import load_scenario
from precipice.scenario.scenario import Scenario

SCHEMA_VERSION = 1


class RareChance(NamedTuple):
    """The chance of a rare hazard.

    Attributes:
        scenario: Its title.
        file: It was read from.
        hazard: A key of `precipice.scenario.criterion.HAZARDS`.
        limit: From where on it counts.
        seed: Of the draws.
        estimate: The chance with its interval, or why there is none.
    """

    scenario: str
    file: str
    hazard: str
    limit: Limit
    seed: int
    estimate: Estimate


def rare_chance(
    scenario: Scenario | str | Path,
    hazard: str,
    *,
    seed: int = 0,
    effort: Effort | None = None,
    constant_index: int | None = None,
    threads: int = 1,
    say: Say | None = None,
) -> RareChance:
    """Return the chance of a rare hazard of a stunt.

    Args:
        scenario: Loaded, or the path of its file.
        hazard: A key of `precipice.scenario.criterion.HAZARDS`; its limit is that of the strictest criterion
            that names it, else the program's own, as in `assess`.
        seed: The same gives the same answer on one type of processor, 0 to 2**64 - 1.
        effort: How hard to look.
        constant_index: Which guess at the unknown constants to use, as in `draw_many` with the same seed;
            each run its own when None, which mixes ignorance into the chance.
        threads: Which fly side by side.
        say: Told how far it is, and once when programs must be compiled first.

    Returns:
        Its estimate says "not resolved", and why, where no number can be believed.

    Raises:
        ScenarioError: If the file has problems.
        InputError: When nothing in the scenario is uncertain, the stunt has no such hazard, nothing measures
            how near it came, or the effort is too small for an interval.
    """
    from precipice.world.rock import prepare_rock

    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    limit, margin = hazard_limit(scenario, hazard), hazard_margin(scenario, hazard)
    if not scenario.uncertain():
        raise InputError(
            f"{scenario.file}: at least one field must have a spread, but nothing is uncertain: give "
            "fields a spread, or fly it once with precipice fly"
        )
    prepare_rock(scenario, say)
    held = hold_constants(scenario, seed, constant_index)
    strata = [
        Stratum(box.name, box.weight, StuntScore(scenario, margin, box, held, threads, say))
        for box in build_boxes(scenario, frozenset(held))
    ]
    found = estimate_rare(strata, seed, effort, say)
    return RareChance(scenario.title, str(scenario.file), hazard, limit, seed, found)


def rare_json(found: RareChance) -> dict[str, Any]:
    """Return a rare chance as plain data for JSON; numbers that could not be told are None.

    Args:
        found: From `rare_chance`.
    """
    from precipice.risk.assessment import plain

    estimate = found.estimate
    return plain(
        {
            "schema_version": SCHEMA_VERSION,
            "scenario": found.scenario,
            "file": found.file,
            "hazard": found.hazard,
            "limit": found.limit._asdict(),
            "seed": found.seed,
            "word": estimate.word,
            "why": estimate.why or None,
            "chance": estimate.chance,
            "low": estimate.low,
            "high": estimate.high,
            "high_resolved": estimate.high_resolved,
            "confidence": estimate.confidence,
            "relative_error": estimate.relative_error,
            "unresolved": estimate.unresolved,
            "runs_flown": estimate.runs,
            "replicates": estimate.replicates,
            "levels": estimate.levels,
            "branches": [case._asdict() for case in estimate.cases],
        }
    )
