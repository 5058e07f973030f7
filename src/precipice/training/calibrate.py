"""From a logbook to a scenario: uncertain fields become what the next jump will be, with their evidence."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.scenario.scenario import Scenario
from precipice.training.counterpart import Fly, Reading, devices_of, learn_reading, scaled
from precipice.training.hierarchy import FEWEST, Posterior, learn
from precipice.training.informed import Field, Informed, informed_by, why_silent
from precipice.training.logbook import Logbook, Row, name_of

COARSE = 2.0
"""A field is not informed when a jump's own error is larger than this times what the scenario says of it."""

Told = Callable[[int, int], None]


class Evidence(NamedTuple):
    """Which jumps a field rests on.

    Attributes:
        rehearsal: What was rehearsed.
        jumps: Their names, in order.
        days: First and last.
        training_days: How many.
        hashes: SHA-256 of their files, each once.
        synthetic: Whether nobody made them.
    """

    rehearsal: str
    jumps: tuple[str, ...]
    days: tuple[str, str]
    training_days: int
    hashes: tuple[str, ...]
    synthetic: bool

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted hashes of the files."""
        return hashlib.sha256("".join(sorted(self.hashes)).encode()).hexdigest()


class Informing(NamedTuple):
    """What jumps say about one field.

    Attributes:
        field: Path and scale.
        old: Its value in the scenario, SI.
        value: Of the next jump, SI: the middle.
        jump: Spread from jump to jump, SI or of the logarithm.
        day: Spread from day to day; None where one day is all there is.
        constant: What the jumps leave open, the same in every jump.
        posterior: On the field's scale.
        found: Value of each jump, SI, `(n,)`.
        errors: Of each, on the field's scale, `(n,)`.
        evidence: Which jumps.
        beyond: Share of the jumps outside what the trials flew; above a tenth it is a warning.
    """

    field: Field
    old: float
    value: float
    jump: float
    day: float | None
    constant: float
    posterior: Posterior
    found: np.ndarray
    errors: np.ndarray
    evidence: Evidence
    beyond: float


class Calibration(NamedTuple):
    """What a logbook says about a scenario.

    Attributes:
        informed: Fields that are replaced.
        silent: Uncertain fields that stay, and why.
        synthetic: Whether any of it rests on jumps that nobody made.
    """

    informed: tuple[Informing, ...]
    silent: tuple[tuple[str, str], ...]
    synthetic: bool


def calibrate(
    scenario: Scenario,
    logbook: Logbook,
    fly: Fly,
    rehearsed: Scenario | None = None,
    *,
    synthetic: bool = False,
    told: Told | None = None,
) -> Calibration:
    """Return what the jumps of a logbook say about the uncertain fields of a scenario.

    Args:
        scenario: The stunt.
        logbook: Jumps of one performer.
        fly: A drawn run of a scenario.
        rehearsed: What the jumps were, where that is another scenario; its plan is what they deviate from.
        synthetic: Use synthetic jumps, and only these: to test, never as evidence.
        told: Told how many trials are flown.

    Raises:
        InputError: When the logbook has no jump that informs the scenario, or jumps of several performers.
    """
    practice = rehearsed or scenario
    chosen = logbook.where(synthetic=synthetic)
    _refuse_several(chosen)
    informed: list[Informing] = []
    silent: dict[str, str] = {}
    for item in informed_by(practice.kind):
        rows = chosen.where(kind=item.jump).rows
        if len(rows) < FEWEST:
            continue
        fields = tuple(field for field in item.fields if field.path in scenario.quantities())
        reading = learn_reading(practice, item, fly, devices_of(rows), told)
        for field in fields:
            found = _inform(field, item, reading, rows, scenario, practice)
            if isinstance(found, str):
                silent[field.path] = found
            else:
                informed.append(found)
    if not informed and not silent:
        raise InputError(_nothing(logbook, practice, synthetic=synthetic))
    paths = {item.field.path for item in informed}
    rest = {path: why_silent(path) for path in scenario.uncertain() if path not in paths}
    return Calibration(tuple(informed), tuple((rest | silent).items()), synthetic)


def _refuse_several(logbook: Logbook) -> None:
    people = sorted(set(logbook.words("performer")))
    if len(people) > 1:
        named = ", ".join(name or "somebody without a name" for name in people)
        raise InputError(
            f"{logbook.path} must hold jumps of one performer to calibrate, but has {named}: "
            "choose one with --performer"
        )


def _nothing(logbook: Logbook, practice: Scenario, *, synthetic: bool) -> str:
    made = sum(bool(row["synthetic"]) for row in logbook.rows)
    wanted = "ramp jumps" if practice.kind == "ramp-jump" else "skydives"
    if practice.kind not in ("ramp-jump", "skydive"):
        return (
            f"{practice.file} must be calibrated from its rehearsals, but none was named: add --rehearsed "
            "with the ramp-jump or skydive that was rehearsed"
        )
    have = f"{len(logbook) - made} real and {made} synthetic jumps"
    more = (
        "synthetic ones are used with --synthetic alone, to test" if made and not synthetic else "make some"
    )
    return f"{logbook.path} must hold {FEWEST} or more {wanted}, but has {have}: {more}"


def _inform(
    field: Field,
    informed: Informed,
    reading: Reading,
    rows: Sequence[Row],
    scenario: Scenario,
    practice: Scenario,
) -> Informing | str:
    """Return what jumps say about a field, or why they say nothing."""
    place = [item.path for item in reading.fields].index(field.path)
    values, errors, shared = _found(informed, reading, rows, place)
    there = np.isfinite(values)
    used = [row for row, is_there in zip(rows, there, strict=True) if is_there]
    if len(used) < FEWEST:
        return f"only {len(used)} jumps in the logbook show it"
    values, errors = values[there], errors[there]
    old = scenario.values()[field.path]
    present = _present(scenario, field)
    if present and np.median(errors) > COARSE * present:
        return "these logs are too coarse: one jump tells less than the scenario already says"
    posterior = learn(values, errors, np.array([row["day"] or "" for row in used], dtype=str))
    constant = float(np.hypot(posterior.mean.scale, np.median(shared[there])))
    outside = (values < reading.low[place]) | (values > reading.high[place])
    moved = posterior.mean.middle
    if field.planned:
        # What a rehearsal tells of a decision is how far people are off their plan.
        moved += scaled(old, field.logarithm) - scaled(practice.values()[field.path], field.logarithm)
    return Informing(
        field=field,
        old=old,
        value=float(np.exp(moved)) if field.logarithm else moved,
        jump=posterior.jump.scale,
        day=None if posterior.day is None else posterior.day.scale,
        constant=constant,
        posterior=posterior,
        found=np.exp(values) if field.logarithm else values,
        errors=errors,
        evidence=evidence_of(used),
        beyond=float(np.mean(outside)),
    )


def _found(
    informed: Informed, reading: Reading, rows: Sequence[Row], place: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a field's value in each jump, its own error and the one all share, each `(n,)`."""
    found = []
    for row in rows:
        numbers = [
            np.nan if row[number.name] is None else scaled(row[number.name], number.logarithm)
            for number in informed.numbers
        ]
        value, error, shared = reading.invert(np.array(numbers, float))
        found.append((value[place], error[place], shared[place]))
    table = np.array(found, float).reshape(len(rows), 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _present(scenario: Scenario, field: Field) -> float:
    """Return what the scenario says a field may be off by, on the field's scale; 0 where it is exact."""
    quantity = scenario.quantities()[field.path]
    low, high = quantity.reach
    if not quantity.spread:
        return 0.0
    # A reach is six standard deviations to each side, or the ends of a bounded spread.
    if field.logarithm:
        return float(np.log(high / low)) / 12.0 if low > 0.0 else 1.0
    return (high - low) / 12.0


def evidence_of(rows: Sequence[Row]) -> Evidence:
    """Return which jumps something rests on.

    Args:
        rows: Of a logbook.
    """
    days = sorted({row["day"] or "" for row in rows})
    names, counts = np.unique([row["rehearsal"] for row in rows], return_counts=True)
    rehearsal = str(names[int(np.argmax(counts))])
    hashes = tuple(dict.fromkeys(row["sha256"] for row in rows))
    jumps = tuple(name_of(row) for row in rows)
    made = any(row["synthetic"] for row in rows)
    return Evidence(rehearsal, jumps, (days[0], days[-1]), len(days), hashes, made)


def calibration_json(found: Calibration, scenario: Scenario) -> dict[str, Any]:
    """Return a calibration as one JSON object, with every jump and file hash."""
    return {
        "schema_version": 1,
        "scenario": scenario.file,
        "scenario_sha256": scenario.sha256,
        "synthetic": found.synthetic,
        "informed": [_informing_json(item) for item in found.informed],
        "stays": dict(found.silent),
    }


def _informing_json(item: Informing) -> dict[str, Any]:
    levels = {"mean": item.posterior.mean, "jump": item.posterior.jump, "day": item.posterior.day}
    return {
        "field": item.field.path,
        "scale": "logarithm" if item.field.logarithm else "SI",
        "old": item.old,
        "value": item.value,
        "spread": {"jump": item.jump, "day": item.day, "constant": item.constant},
        "posterior": {
            name: None if level is None else {"middle": level.middle, "interval_95": list(level.interval)}
            for name, level in levels.items()
        },
        "rehearsal": item.evidence.rehearsal,
        "count": len(item.evidence.jumps),
        "days": list(item.evidence.days),
        "training_days": item.evidence.training_days,
        "files_sha256": list(item.evidence.hashes),
        "digest": item.evidence.digest,
        "jumps": dict(zip(item.evidence.jumps, item.found.tolist(), strict=True)),
    }
