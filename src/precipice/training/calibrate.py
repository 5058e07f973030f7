"""From a logbook to a scenario: uncertain fields become what the next jump will be, with their evidence."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import WIDEST, Lognormal, Normal, TruncatedNormal, reach
from precipice.training.counterpart import DOUBT, Fly, Reading, devices_of, learn_reading, scaled
from precipice.training.fall import FLYING, WITH_WIND_ALOFT
from precipice.training.foreign import why_foreign
from precipice.training.hierarchy import FEWEST, Posterior, learn
from precipice.training.informed import BODY, Field, informed_by, suited, why_silent
from precipice.training.logbook import Logbook, Row, name_of
from precipice.training.site_wind import SiteWind, site_wind

OUTSIDE = 0.1
"""Share of jumps beyond what the trials flew from which on a reader must be warned."""
COARSE = 2.0
"""A field is not informed when a jump's own error, or what all jumps share, is larger than this times what
the scenario says of it."""

Told = Callable[[int, int], None]


class Evidence(NamedTuple):
    """Which jumps a field rests on.

    Attributes:
        rehearsal: What was rehearsed.
        jumps: Their names, in order.
        days: First and last; empty where no jump is dated.
        training_days: How many, of the dated jumps.
        hashes: SHA-256 of their files, each once.
        synthetic: Whether nobody made them.
        undated: How many of the jumps have no date.
    """

    rehearsal: str
    jumps: tuple[str, ...]
    days: tuple[str, str]
    training_days: int
    hashes: tuple[str, ...]
    synthetic: bool
    undated: int = 0

    @property
    def when(self) -> str:
        """On how many days and which, in words."""
        if not self.training_days:
            return "undated"
        days = "on 1 day" if self.training_days == 1 else f"on {self.training_days} days"
        also = f" and {self.undated} undated" if self.undated else ""
        return f"{days}, {' to '.join(dict.fromkeys(self.days))}{also}"

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
        note: What else a reader must know, a sentence without its dot; nothing when empty.
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
    note: str = ""


class Calibration(NamedTuple):
    """What a logbook says about a scenario.

    Attributes:
        informed: Fields that are replaced.
        silent: Uncertain fields that stay, and why.
        synthetic: Whether any of it rests on jumps that nobody made.
        performer: Whose jumps they are; None where no jump says.
    """

    informed: tuple[Informing, ...]
    silent: tuple[tuple[str, str], ...]
    synthetic: bool
    performer: str | None = None


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
    performer = _one_performer(chosen)
    informed: list[Informing] = []
    silent: dict[str, str] = {}
    tried, wind_share = False, 1.0
    for item in informed_by(practice.kind):
        rows = chosen.where(kind=item.jump).rows
        if len(rows) < FEWEST:
            continue
        tried = True
        item = suited(item, practice.values())
        reading = learn_reading(practice, item, fly, devices_of(rows), told)
        wind_share = reading.wind_share
        for field in item.fields:
            if field.path not in scenario.quantities():
                continue
            found = why_foreign(field.path, scenario, practice) or _inform(
                field, reading, rows, scenario, practice
            )
            if isinstance(found, str):
                silent[field.path] = found
            else:
                informed.append(found)
    for path, found in site_wind(scenario, chosen.rows, wind_share).items():
        if isinstance(found, str):
            silent[path] = found
        else:
            informed.append(_wind_informing(found, scenario))
    if not informed and not tried:
        raise InputError(_nothing(logbook, practice, synthetic=synthetic))
    paths = {item.field.path for item in informed}
    values = scenario.values()
    rest = {path: why_silent(path, values) for path in scenario.uncertain() if path not in paths}
    return Calibration(tuple(informed), tuple((rest | silent).items()), synthetic, performer)


def _one_performer(logbook: Logbook) -> str | None:
    """Return whose jumps these are, None where no jump says; refuse those of several."""
    people = sorted(set(logbook.words("performer")))
    if len(people) > 1:
        named = ", ".join(name or "somebody without a name" for name in people)
        raise InputError(
            f"{logbook.path} must hold jumps of one performer to calibrate, but has {named}: "
            "choose one with --performer"
        )
    return str(people[0]) if people and people[0] else None


def _nothing(logbook: Logbook, practice: Scenario, *, synthetic: bool) -> str:
    made = sum(bool(row["synthetic"]) for row in logbook.rows)
    wanted = {"ramp-jump": "ramp jumps", "skydive": "skydives", "base-jump": "BASE jumps"}.get(practice.kind)
    if wanted is None:
        return (
            f"{practice.file} must be calibrated from its rehearsals, but none was named: add --rehearsed "
            "with the ramp-jump, skydive or base-jump that was rehearsed"
        )
    have = f"{len(logbook) - made} real and {made} synthetic jumps"
    more = (
        "synthetic ones are used with --synthetic alone, to test" if made and not synthetic else "make some"
    )
    return f"{logbook.path} must hold {FEWEST} or more {wanted}, but has {have}: {more}"


def _inform(
    field: Field, reading: Reading, rows: Sequence[Row], scenario: Scenario, practice: Scenario
) -> Informing | str:
    """Return what jumps say about a field, or why they say nothing."""
    place = [item.path for item in reading.fields].index(field.path)
    alike = [row for row in rows if field.path not in BODY or _same_posture(row, reading)]
    other = len(rows) - len(alike)
    notes = [f"{other} jumps of another posture are left out"] if other else []
    if field.path in BODY and reading.flies:
        alike, left_out = same_wind(alike)
        notes += [left_out] if left_out else []
    values, errors, shared = values_of(reading, alike, place)
    there = np.isfinite(values)
    used = [row for row, is_there in zip(alike, there, strict=True) if is_there]
    if len(used) < FEWEST:
        left = f"; {other} are of another posture than the rehearsed scenario's" if other else ""
        return f"only {len(used)} jumps in the logbook show it{left}"
    values, errors = values[there], errors[there]
    old, common = scenario.values()[field.path], float(np.median(shared[there]))
    present = _present(scenario, field)
    if present and np.median(errors) > COARSE * present:
        return "these logs are too coarse: one jump tells less than the scenario already says"
    if present and common > COARSE * present:
        return (
            "what all these jumps may be off by alike (wind aloft, mass, habits) is more than what the "
            "scenario already says"
        )
    days = np.array([row["day"] or "" for row in used], dtype=str)
    posterior = learn(values, errors, days, doubt=DOUBT, daily=aloft_of(reading, used, place))
    day = None if posterior.day is None else posterior.day.scale
    constant = float(np.hypot(posterior.mean.scale, common))
    if field.logarithm and max(posterior.jump.scale, day or 0.0, constant) > WIDEST:
        return (
            f"these jumps differ by more than a factor of {np.exp(WIDEST):.0f}, which no one value with a "
            "spread can stand for: are they of one person with one rig?"
        )
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
        day=day,
        constant=constant,
        posterior=posterior,
        found=np.exp(values) if field.logarithm else values,
        errors=errors,
        evidence=evidence_of(used),
        beyond=float(np.mean(outside)),
        note="; ".join(notes) or NOTES.get(field.path, ""),
    )


NOTES = {
    "rig.lift_full": "taken as flown like the simulated pilot flies, toggles within a tenth of their travel",
    "rig.drag_full": "taken as flown like the simulated pilot flies, toggles within a tenth of their travel",
}
"""What is assumed when a field is found, by path."""


def _wind_informing(found: SiteWind, scenario: Scenario) -> Informing:
    posterior, old = found.posterior, scenario.values()[found.field.path]
    middle = posterior.mean.middle
    return Informing(
        field=found.field,
        old=old,
        value=float(np.exp(middle)) if found.field.logarithm else middle % (2.0 * np.pi),
        jump=posterior.jump.scale,
        day=None if posterior.day is None else posterior.day.scale,
        constant=posterior.mean.scale,
        posterior=posterior,
        found=np.exp(found.values) if found.field.logarithm else found.values,
        errors=found.errors,
        evidence=evidence_of(found.rows),
        beyond=0.0,
        note="of days on which people jumped here, and no forecast: the wind of the day itself decides",
    )


def _same_posture(row: Row, reading: Reading) -> bool:
    glide = row["fall_glide"]
    return glide is None or reading.flies is None or (glide > FLYING) == reading.flies


def same_wind(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """Return jumps in which a flying body is read in the same way, and which are left out, in words.

    Where the canopy shows the wind it is taken out of the flight, and where it does not it stays in: on one
    day these two differ by the wind, which is no difference between jumps.
    """
    seen = [row for row in rows if row["wind_speed"] is not None]
    unseen = [row for row in rows if row["wind_speed"] is None]
    if len(seen) >= max(FEWEST, len(unseen) / 2):
        return seen, f"{len(unseen)} jumps whose canopy shows no wind are left out" if unseen else ""
    return unseen, f"{len(seen)} jumps whose canopy shows the wind are left out" if seen else ""


def values_of(reading: Reading, rows: Sequence[Row], place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a field's value in each jump, its own error and the one all share, each `(n,)`.

    Args:
        reading: Of the rehearsed scenario's logs.
        rows: Of a logbook.
        place: Of the field in the reading.
    """
    found = []
    opened = np.array([number.open for number in reading.numbers])
    for row in rows:
        numbers, aloft = _numbers_of(reading, row)
        value, error, shared = reading.invert(numbers, np.hypot(opened, aloft))
        found.append((value[place], error[place], shared[place]))
    table = np.array(found, float).reshape(len(rows), 3)
    return table[:, 0], table[:, 1], table[:, 2]


def aloft_of(reading: Reading, rows: Sequence[Row], place: int) -> float:
    """Return by how much the wind aloft moves a field in all jumps of a day, at most: standard deviation.

    Args:
        reading: Of the rehearsed scenario's logs.
        rows: Of a logbook.
        place: Of the field in the reading.
    """
    moved = [reading.moved_by(*_numbers_of(reading, row))[place] for row in rows]
    shown = [one for one in moved if np.isfinite(one)]
    return float(np.median(shown)) if shown else 0.0


def _numbers_of(reading: Reading, row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Return a row's numbers on their scale, and by how much the wind aloft may move them, each `(q,)`."""
    numbers: list[float] = []
    aloft: list[float] = []
    for number in reading.numbers:
        value = np.nan if row[number.name] is None else float(row[number.name])
        stated = row[f"{number.name}_sd"] or 0.0
        if number.logarithm:
            stated /= max(abs(value), 1e-9)
        shown = np.isfinite(value) and stated <= number.worst
        numbers.append(scaled(value, number.logarithm) if shown else np.nan)
        aloft.append(stated if shown and number.name in WITH_WIND_ALOFT else 0.0)
    return np.array(numbers, float), np.array(aloft, float)


def _present(scenario: Scenario, field: Field) -> float:
    """Return what the scenario says a field may be off by, on the field's scale; 0 where it is exact."""
    quantity = scenario.quantities()[field.path]
    value = quantity.value
    parts: list[float] = []
    for spread in quantity.spread:
        match spread:
            case Normal(sd=sd) | TruncatedNormal(sd=sd):
                parts.append(sd / abs(value) if field.logarithm and value else sd)
            case Lognormal(sigma=sigma):
                parts.append(sigma if field.logarithm else sigma * abs(value))
            case _:
                low, high = reach(spread, value)
                # The standard deviation of a uniform spread; those of other bounded ones are not far off.
                size = (high - low) / 12.0**0.5
                parts.append(size / abs(value) if field.logarithm and value else size)
    return float(np.linalg.norm(parts)) if parts else 0.0


def evidence_of(rows: Sequence[Row]) -> Evidence:
    """Return which jumps something rests on.

    Args:
        rows: Of a logbook.
    """
    days = sorted({row["day"] for row in rows if row["day"]})
    undated = sum(not row["day"] for row in rows)
    names, counts = np.unique([row["rehearsal"] for row in rows], return_counts=True)
    rehearsal = str(names[int(np.argmax(counts))])
    hashes = tuple(dict.fromkeys(row["sha256"] for row in rows))
    jumps = tuple(name_of(row) for row in rows)
    made = any(row["synthetic"] for row in rows)
    ends = (days[0], days[-1]) if days else ("", "")
    return Evidence(rehearsal, jumps, ends, len(days), hashes, made, undated)


def calibration_json(found: Calibration, scenario: Scenario) -> dict[str, Any]:
    """Return a calibration as one JSON object, with every jump and file hash."""
    return {
        "schema_version": 1,
        "scenario": scenario.file,
        "scenario_sha256": scenario.sha256,
        "synthetic": found.synthetic,
        "performer": found.performer,
        "informed": [_informing_json(item) for item in found.informed],
        "stays": dict(found.silent),
    }


def _informing_json(item: Informing) -> dict[str, Any]:
    levels = {"mean": item.posterior.mean, "jump": item.posterior.jump, "day": item.posterior.day}
    return {
        "field": item.field.path,
        "scale": "logarithm" if item.field.logarithm else "SI",
        "note": item.note,
        "beyond_trials": item.beyond,
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
        "undated": item.evidence.undated,
        "files_sha256": list(item.evidence.hashes),
        "digest": item.evidence.digest,
        "jumps": dict(zip(item.evidence.jumps, item.found.tolist(), strict=True)),
    }
