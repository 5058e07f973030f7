"""What a page shows of a command's output, beside what the command prints."""

import re

NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
DOTS = "..."
TIME = re.compile(r"\bin \d[\d,.]* (s|min)\b")


def pieces(block: str) -> list[list[str]]:
    """Return a block's lines, parted where lines of dots say that something is left out."""
    found: list[list[str]] = [[]]
    for line in block.rstrip("\n").splitlines():
        if line.strip() == DOTS:
            found.append([])
        else:
            found[-1].append(line.rstrip())
    return [piece.splitlines() for lines in found if (piece := "\n".join(lines).strip("\n"))]


def missing(block: str, printed: str, *, exact: bool) -> str:
    """Return the first line of a block that is not printed in its place, "" when all are.

    Lines of a piece must follow each other, and empty ones count. The first piece begins anywhere,
    each further one later.

    Args:
        block: As the page shows it.
        printed: By the command, now.
        exact: Whether numbers must be the same; else 5 % or 3 units of the last digit apart are forgiven.
    """
    lines = [TIME.sub("in TIME", line.rstrip()) for line in printed.splitlines()]
    after = 0
    for piece in pieces(block):
        piece = [TIME.sub("in TIME", line) for line in piece]
        starts = range(after, len(lines) - len(piece) + 1)
        best, start = max(
            ((_alike(piece, lines[start:], exact=exact), -start) for start in starts), default=(0, 0)
        )
        if best < len(piece):
            return next(line for line in piece[best:] if line)
        after = len(piece) - start
    return ""


def _alike(piece: list[str], lines: list[str], *, exact: bool) -> int:
    """Return how many lines are the same, one after the other."""
    for k, (left, right) in enumerate(zip(piece, lines, strict=False)):
        if not (left == right or (not exact and _near(left, right))):
            return k
    return len(piece)


def _near(left: str, right: str) -> bool:
    if " ".join(NUMBER.sub("0", left).split()) != " ".join(NUMBER.sub("0", right).split()):
        return False
    return all(_close(a, b) for a, b in zip(NUMBER.findall(left), NUMBER.findall(right), strict=True))


def _close(left: str, right: str) -> bool:
    digits = max(len(number.partition(".")[2]) for number in (left, right))
    a, b = (float(number.replace(",", "")) for number in (left, right))
    return abs(a - b) <= max(0.05 * max(abs(a), abs(b)), 3.0 * 10.0**-digits)
