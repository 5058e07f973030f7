"""A readiness as a page of text that a person can read aloud."""

from precipice.report.words import JOINT, between, share, wrapped
from precipice.risk.readiness import Piece, Readiness, Shown

WORDS = {"shown": "SHOWN", "not met": "NOT MET", "not shown": "NOT SHOWN", "no evidence": "NO EVIDENCE"}
"""How a verdict is said."""

WEEKS = 365.25 / 7.0
"""In a year."""
TWO_YEARS = 2.0 * WEEKS


def readiness_page(found: Readiness) -> str:
    """Return a readiness as plain text, at most 100 columns wide.

    Args:
        found: From `precipice.risk.readiness.assess_readiness`.
    """
    parts = [_header(found), _verdict(found), _table(found), *(_reason(shown) for shown in found.criteria)]
    parts.append(_footer(found))
    return "\n\n".join("\n".join(part) for part in parts if part).replace(JOINT, " ") + "\n"


def _header(found: Readiness) -> list[str]:
    lines = [*wrapped(found.scenario or found.file, "", "")]
    lines.append(f"{found.kind}, {found.jumps:,} rehearsed jumps in {found.logbook}")
    if found.counted:
        lines.append(f"{found.counted:,} outcomes counted by hand: no log confirms them")
    if found.synthetic:
        lines.append(f"left out: {found.synthetic:,} SYNTHETIC jumps, which nobody made: evidence of nothing")
    return lines


def _verdict(found: Readiness) -> list[str]:
    if not found.criteria:
        text = "READY: CANNOT BE SAID. Nobody has said which chance is accepted: add a [[criterion]]."
        return wrapped(text, "", "       ")
    if found.ready:
        by_hand = sum(any(piece.counted_by for piece in shown.pieces) for shown in found.criteria)
        rests = f", {by_hand} of them by counts that no log confirms" if by_hand else ""
        text = (
            f"READY by these {len(found.criteria)} criteria, as far as rehearsal shows{rests}. What no "
            "criterion names is not looked at; a person decides."
        )
        return wrapped(text, "", "       ")
    parts = []
    for word in ("not met", "not shown", "no evidence"):
        names = [shown.hazard for shown in found.criteria if shown.word == word]
        if names:
            parts.append(f"{len(names)} of {len(found.criteria)} {word}: {', '.join(names)}")
    return wrapped(f"READY: NO. {'; '.join(parts)}.", "", "       ")


def _table(found: Readiness) -> list[str]:
    if not found.criteria:
        return []
    head = (
        f"{'Criterion':28}{'attempts':>9}{'failures':>9}{'bounds':>17}{'Bayesian':>17}{'accepted':>9} verdict"
    )
    lines = [head]
    for shown in found.criteria:
        failures = f"{shown.failures}" + (f"+{shown.undecided}?" if shown.undecided else "")
        exact = between(*shown.exact) if shown.attempts else "nothing known"
        bayes = between(*shown.bayes) if shown.attempts else ""
        row = f"{shown.hazard:28}{shown.attempts:>9,}{failures:>9}{exact:>17}{bayes:>17}"
        lines.append(f"{row}{share(shown.criterion.chance):>9} {WORDS[shown.word]}")
    confidences = sorted({shown.criterion.confidence for shown in found.criteria})
    sure = " or ".join(f"{100 * confidence:g}{JOINT}%" for confidence in confidences)
    text = (
        f"Bounds: Clopper-Pearson, each one-sided, {sure} sure. Bayesian: the same after Jeffreys' prior. "
        "1+2? is one failure and two jumps too near to the limit to tell, which count as harmless in lower "
        "bounds and as failures in upper ones."
    )
    return [*lines, *wrapped(text)]


def _reason(shown: Shown) -> list[str]:
    criterion = shown.criterion
    lines = [f"{shown.hazard}: {WORDS[shown.word]}"]
    by = f"accepted: {share(criterion.chance)} by {criterion.accepted_by}; {shown.limit}"
    lines += wrapped(by, "  ", "    ")
    for piece in shown.pieces:
        lines += wrapped(_piece(piece), "  ", "    ")
    for rehearsal, count in shown.aside:
        text = f"does not count: {rehearsal}, {count:,} attempts counted by hand, does not speak to it"
        lines += wrapped(text, "  ", "    ")
    if shown.missing:
        lines += wrapped(f"missing: {shown.missing}{_duration(shown)}", "  ", "    ")
    return lines


def _piece(piece: Piece) -> str:
    first, last = piece.days
    days = f"{piece.training_days} days, {first} to {last}" if piece.training_days != 1 else first
    when = f" on {days}" if first else ""
    by = f"counted by {', '.join(piece.counted_by)}" if piece.counted_by else "logged"
    also = "further " if piece.same_jumps else ""
    attempts, failures = (
        f"{count:,} {also}{word}{'s' if count != 1 else ''}"
        for count, word in ((piece.attempts, "attempt"), (piece.failures, "failure"))
    )
    text = f"from {piece.rehearsal}, {by}: {attempts}{when}; {failures}"
    if piece.undecided:
        text += f", {piece.undecided} too near to tell"
    if piece.failed:
        more = 0 if piece.counted_by else piece.failures + piece.undecided - len(piece.failed)
        text += f": {', '.join(piece.failed)}" + (f" and {more} more" if more > 0 else "")
    if piece.same_jumps:
        same = ", ".join(piece.same_jumps[:5]) + (" and more" if len(piece.same_jumps) > 5 else "")
        text += f"; {same} is logged, too, so these are taken for the same jumps"
    return text


def _duration(shown: Shown) -> str:
    if shown.days is None or shown.until is None:
        return ""
    # Nobody knows how long 118,147 weeks are.
    weeks = shown.until
    long = f"{weeks:,.0f} weeks" if weeks < TWO_YEARS else f"{weeks / WEEKS:,.0f} years"
    return f"; at the present rate {shown.days:,} training days, {long}"


def _footer(found: Readiness) -> list[str]:
    lines = []
    if found.unasked:
        lines += wrapped(f"counted by hand, but no criterion: {', '.join(found.unasked)}", "", "  ")
    if found.silent:
        lines += wrapped(f"no criterion, so not looked at: {', '.join(found.silent)}", "", "  ")
    return [*lines, "A planning aid, never a clearance to jump."]
