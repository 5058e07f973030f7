"""Rules between fields of the site, the wind and the heights of the plan."""

from collections.abc import Iterable, Iterator

from precipice.errors import quote
from precipice.scenario.explanation import Finding, finding
from precipice.scenario.facts import Facts


def check_site(facts: Facts) -> Iterator[Finding]:
    """Yield every broken rule about heights, wind, and who is where when."""
    yield from _landing_below_start(facts)
    yield from _heights_below_start(facts)
    yield from _wind_is_given(facts)
    yield from _present_in_order(facts)
    yield from _reserve_is_worn(facts)


def _start(facts: Facts) -> str:
    return "aircraft.altitude" if facts.quantity("aircraft.altitude") else "site.altitude"


def _landing_below_start(facts: Facts) -> Iterator[Finding]:
    start = _start(facts)
    level = facts.number(start)
    for place in ["site.landing", *facts.items("site.alternate")]:
        altitude = facts.number(f"{place}.altitude")
        if level is not None and altitude is not None and altitude >= level:
            rule = f"must lie below {start}, {facts.text(start)}"
            remedy = f"write the altitude above sea level of both, or correct {start}"
            yield finding(f"{place}.altitude", rule, facts.text(f"{place}.altitude"), remedy)


def _heights_below_start(facts: Facts) -> Iterator[Finding]:
    levels = facts.numbers(_start(facts), "site.landing.altitude")
    if levels is None or levels[1] >= levels[0]:
        return
    drop = levels[0] - levels[1]
    for path in ("plan.pattern.height", "plan.hard_deck"):
        height = facts.number(path)
        if height is not None and height >= drop:
            rule = f"must be less than the height of the start above the landing area, {drop:.0f} m"
            yield finding(path, rule, facts.text(path), "write a smaller height")


def _wind_is_given(facts: Facts) -> Iterator[Finding]:
    rows = list(facts.items("wind.row"))
    profile = facts.get("wind.profile")
    if profile == "table":
        if len(rows) < 2:
            remedy = "add [[wind.row]] tables with height (or altitude), speed and direction"
            yield Finding(
                "wind.row", 'must have at least two rows for profile = "table"', str(len(rows)), remedy
            )
        if facts.number("wind.speed") == 0.0:
            remedy = "write the speed of the lowest row; its spread scales the whole table"
            yield finding(
                "wind.speed", 'must be positive for profile = "table"', facts.text("wind.speed"), remedy
            )
        yield from _rows_rise(facts, rows)
    elif profile is not None and rows:
        rule = f'must be absent for profile = "{profile}"'
        yield Finding("wind.row", rule, f"{len(rows)} rows", 'write profile = "table", or remove them')


def _rows_rise(facts: Facts, rows: Iterable[str]) -> Iterator[Finding]:
    last: tuple[str, float] | None = None
    for row in rows:
        names = [name for name in ("height", "altitude") if facts.quantity(f"{row}.{name}")]
        if len(names) != 1:
            rule = "must have either height (above the landing area) or altitude (above sea level)"
            yield finding(
                row, rule, " and ".join(names) or "neither", "write one of them, the same in all rows"
            )
            continue
        level = facts.number(f"{row}.{names[0]}") or 0.0
        if last and (last[0] != names[0] or level <= last[1]):
            path = f"{row}.{names[0]}"
            yield finding(
                path, "must lie above the row before", facts.text(path), "sort rows from low to high"
            )
        last = names[0], level


def _present_in_order(facts: Facts) -> Iterator[Finding]:
    for group in ("people", "aircraft", "camera"):
        for item in facts.items(f"site.{group}"):
            times = facts.numbers(f"{item}.from", f"{item}.to")
            if times and times[0] >= times[1]:
                rule = f"must come before to, {facts.text(f'{item}.to')}"
                yield finding(f"{item}.from", rule, facts.text(f"{item}.from"), "swap the two times")
    names: set[str] = set()
    for item in facts.items("site.camera"):
        name = str(facts.get(f"{item}.name"))
        if name in names:
            yield finding(
                f"{item}.name", "must differ from the other cameras'", quote(name), "rename one of them"
            )
        names.add(name)
        lacks = [part for part in ("aim_bearing", "aim_pitch") if facts.quantity(f"{item}.{part}") is None]
        if facts.get(f"{item}.aim") == "fixed" and lacks:
            yield finding(
                f"{item}.{lacks[0]}", 'must be given for aim = "fixed"', "missing", 'write such as "0 deg"'
            )


def _reserve_is_worn(facts: Facts) -> Iterator[Finding]:
    if facts.get("rig.reserve_canopy.fitted") is True and facts.get("rig.reserve") is False:
        remedy = "write reserve = true, or remove [rig.reserve_canopy]"
        yield Finding("rig.reserve", "must be true to have a reserve canopy", "false", remedy)
