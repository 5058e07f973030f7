"""Rules about surveyed ground: what the survey says, nobody says beside it."""

from collections.abc import Iterator

from precipice.scenario.explanation import Finding, finding
from precipice.scenario.facts import Facts
from precipice.scenario.terrain import IDLE


def check_terrain(facts: Facts) -> Iterator[Finding]:
    """Yield every broken rule about a site that has surveyed ground.

    Args:
        facts: What could be read.
    """
    if not facts.declares("site.terrain.dem"):
        return
    yield from _cliff_is_surveyed(facts)
    yield from _levels_are_surveyed(facts)
    lengths = [f"site.terrain.{name}" for name in ("radius", "cell")]
    for path in [*lengths, *(f"{mesh}.clear" for mesh in facts.items("site.terrain.mesh"))]:
        length = facts.get(path)
        if isinstance(length, float) and length <= 0.0:
            yield finding(path, "must be positive", f"{length:g} m", "write such as 20 m, or leave it out")


def _cliff_is_surveyed(facts: Facts) -> Iterator[Finding]:
    for name in IDLE:
        quantity = facts.quantity(f"site.cliff.{name}")
        if quantity is not None and not quantity.is_default:
            rule, remedy = "must be absent where the site has a terrain", "remove it: the survey says it"
            yield finding(f"site.cliff.{name}", rule, quantity.text, remedy)


def _levels_are_surveyed(facts: Facts) -> Iterator[Finding]:
    for place in ["site", "site.landing", *facts.items("site.alternate")]:
        quantity = facts.quantity(f"{place}.altitude")
        if quantity is not None and quantity.spread:
            rule = "must have no spread where the site has a terrain"
            remedy = "remove the spread: lip and landing area stand on the surveyed ground"
            yield finding(f"{place}.altitude", rule, f"{quantity.text} with one", remedy)
