"""An assessment as a page of text that a person can read aloud."""

from precipice.report.footing import came_down, driven_by
from precipice.report.words import JOINT, between, number, quantity, share, wrapped
from precipice.risk.assessment import Assessment, Hazard
from precipice.risk.flip import Flip

VERDICT_WORDS = {
    "met": "MET",
    "not met": "NOT MET",
    "not shown": "NOT SHOWN",
    "no criterion": "NO CRITERION",
}
"""How a verdict is said."""


def assessment_page(found: Assessment) -> str:
    """Return an assessment as plain text, at most 100 columns wide.

    Args:
        found: From `precipice.risk.assess.assess`.
    """
    parts = [
        _header(found),
        _verdict(found),
        _table(found),
        _reasons(found),
        _severity(found),
        _times(found),
        _worst(found),
        driven_by(found),
        came_down(found),
        _unseen(found),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _header(found: Assessment) -> list[str]:
    took = quantity(found.wall_s, "s", 1)
    lines = [*wrapped(found.scenario or found.file, "", "")]
    lines.append(f"{found.kind}, {found.runs:,} runs of seed {found.seed}, in {took}")
    if found.unresolved:
        named = unresolved_words(found)
        lines += wrapped(
            f"UNRESOLVED: {found.unresolved:,} of them{named}; harmless in lower bounds, harmful in upper "
            "ones",
            "",
            "  ",
        )
        if found.unresolved_runs:
            first = found.unresolved_runs[0]
            lines.append(f"  why: precipice fly {found.file} --run {first} --seed {found.seed}")
    return lines


def _verdict(found: Assessment) -> list[str]:
    return [
        *wrapped(f"VERDICT: {VERDICT_WORDS[found.verdict]}. {_summary(found)}", "", "         "),
        *wrapped(f"Flips on: {flip_words(found.flip, found)}", "", "          "),
    ]


def _summary(found: Assessment) -> str:
    named = [hazard for hazard in found.hazards if hazard.criterion is not None]
    if not named:
        return "Nobody has said which chance is accepted: add a [[criterion]] to the scenario."
    if found.verdict == "met":
        return f"All {len(named)} criteria are met." if len(named) > 1 else "The one criterion is met."
    parts = []
    for word in ("not met", "not shown"):
        names = [hazard.name for hazard in named if hazard.verdict.word == word]
        if names:
            parts.append(f"{len(names)} of {len(named)} {word}: {', '.join(names)}")
    return "; ".join(parts) + "."


def unresolved_words(found: Assessment) -> str:
    """Return which runs are unresolved, in brackets after a space; empty where nobody noted them."""
    runs = [str(run) for run in found.unresolved_runs]
    if not runs:
        return ""
    more = [] if found.unresolved <= len(runs) else ["..."]
    return f" ({'run' if found.unresolved == 1 else 'runs'} {', '.join(runs + more)})"


def flip_words(flip: Flip | None, found: Assessment) -> str:
    """Return which assumption would flip the verdict, in a sentence.

    Args:
        flip: Of the assessment.
        found: The assessment.
    """
    if flip is None:
        return "nothing, since there is no criterion."
    hazard = found.hazard(flip.hazard)
    assert hazard is not None
    assert hazard.criterion is not None
    accepted = share(hazard.criterion.chance)
    if flip.field is None or flip.chance is None:
        return f"no assumption that these runs can show moves {flip.hazard}; accepted is {accepted}."
    constant = "a constant that nobody has measured" if flip.constant else "differs from jump to jump"
    moved = f"{share(hazard.tally.chance)} to {share(flip.chance)}, accepted is {accepted}"
    where = f"one standard deviation {flip.direction}"
    start = f"{flip.field} ({flip.basis}; {constant}): {where}, it takes {flip.hazard} from {moved}"
    if flip.flips:
        return f"{start}. That would flip this criterion: measure it first."
    return f"{start}. That alone flips nothing; no other assumption comes nearer."


def _table(found: Assessment) -> list[str]:
    known = "chance over guesses" if found.guesses[0] else ""
    head = f"{'Hazard':28}{'runs':>7}{'chance':>9}{'bounds':>17}{known:>20}{'accepted':>9} verdict"
    lines = [head, *(_row(hazard, guessed=found.guesses[0] > 0) for hazard in found.hazards)]
    for name, whole in (("any of these", found.any_hazard), ("any with a criterion", found.any_criterion)):
        bounds = between(whole.low, whole.high)
        lines.append(f"{name:28}{whole.happened:>7,}{share(whole.chance):>9}{bounds:>17}")
    return [*lines, *_legend(found)]


def _row(hazard: Hazard, *, guessed: bool) -> str:
    tally, criterion = hazard.tally, hazard.criterion
    bounds = between(tally.low, tally.high)
    low, high = hazard.ignorance
    guesses = "" if not guessed else "no spread seen" if low == high else between(low, high)
    accepted = "" if criterion is None else share(criterion.chance)
    word = "" if criterion is None else f" {VERDICT_WORDS[hazard.verdict.word]}"
    row = (
        f"{hazard.name:28}{tally.happened:>7,}{share(tally.chance):>9}{bounds:>17}{guesses:>20}{accepted:>9}"
    )
    return f"{row}{word}".rstrip()


def _legend(found: Assessment) -> list[str]:
    confidences = {hazard.tally.confidence for hazard in found.hazards}
    sure = " or ".join(f"{100 * confidence:g}{JOINT}%" for confidence in sorted(confidences))
    text = f"Bounds: each one-sided, {sure} sure (Clopper-Pearson): what too few runs leave open."
    if found.guesses[0]:
        count, runs = found.guesses
        text += (
            f" Chance over guesses: 5th to 95th percentile of the chance over {count} guesses at"
            f" {len(found.constants)} unknown constants, {runs} runs each: what no number of runs can cure."
        )
    return wrapped(text)


def _reasons(found: Assessment) -> list[str]:
    lines = []
    for hazard in found.hazards:
        if hazard.criterion is None:
            continue
        word = VERDICT_WORDS[hazard.verdict.word]
        why = f"; {hazard.verdict.why}" if hazard.verdict.why else ""
        if hazard.verdict.settled_by:
            why += f": measure {', '.join(hazard.verdict.settled_by)}"
        by = f"{share(hazard.criterion.chance)} accepted by {hazard.criterion.accepted_by}"
        lines += wrapped(f"{hazard.name}: {word}, {by}{why}", "  ", "    ")
    return ["Criteria", *lines] if lines else []


def _severity(found: Assessment) -> list[str]:
    if not found.severity:
        return []
    how, first, whole = "How badly somebody is hurt, at least", "first contact", "all of the fall"
    head = f"{how:38}{first:>15}{whole:>17}{'bounds':>18}"
    rows = [
        f"  {level.level:36}{level.first:>10,} runs{level.last:>12,} runs{between(level.low, level.high):>18}"
        for level in found.severity
    ]
    table = "thresholds of the severity table, some published and some assumed: docs/calibration.md"
    hurt = "; ".join(
        f"{kind} {'/'.join(f'{count:,}' for count in counts)}" for kind, counts in found.contacts.items()
    )
    by = wrapped(f"by contact (minor/severe/fatal): {hurt}") if hurt else []
    return [head, *rows, *by, *wrapped(table)]


def _times(found: Assessment) -> list[str]:
    lines = [
        f"  {hazard.name:32}{number(hazard.when.early):>10}{number(hazard.when.median):>10}"
        f"{number(hazard.when.late):>10}"
        for hazard in found.hazards
        if hazard.when is not None and hazard.name != "lip not reached"
    ]
    head = f"{f'When it happens, s after {found.zero}':34}{'early':>10}{'median':>10}{'late':>10}"
    return [head, *lines] if lines else []


def _worst(found: Assessment) -> list[str]:
    lines = []
    for hazard in found.hazards:
        if not hazard.worst or (not hazard.tally.happened and hazard.margin_low is None):
            continue
        told = ", ".join(_run(worst.run, worst.margin, hazard.margin_unit) for worst in hazard.worst[:3])
        lines += wrapped(told, f"  {hazard.name:32}", " " * 34)
    if not lines:
        return []
    again = f"fly one again: precipice fly {found.file} --run N --seed {found.seed}"
    return ["Worst runs, with what was left to the limit", *lines, *wrapped(again)]


def _run(run: int, margin: float | None, unit: str) -> str:
    left = "" if margin is None else f"{JOINT}({quantity(margin, unit, sign=True)})"
    return f"run{JOINT}{run}{left}"


def _unseen(found: Assessment) -> list[str]:
    lines = [line for text in found.unseen for line in wrapped(text, "  - ", "    ")]
    return ["What these runs cannot see", *lines, "A planning aid, never a clearance to jump."]
