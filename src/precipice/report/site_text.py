"""A site in words."""

import math
from collections.abc import Iterator
from typing import Any

from precipice.report.words import JOINT, quantity, wrapped


def site_text(facts: dict[str, Any]) -> str:
    """Return a page about a site.

    Args:
        facts: From `site_facts`.
    """
    lines = [*_head(facts), "", *_lip(facts), *_areas(facts), *_near(facts), "", *_data(facts)]
    return "\n".join(lines).replace(JOINT, " ") + "\nA planning aid, never a clearance to jump.\n"


def _deg(angle: float | None, decimals: int = 0) -> str:
    return "unknown" if angle is None else f"{math.degrees(angle):.{decimals}f}°"


def _head(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{facts['name'] or facts['scenario']}"
    height = (
        "" if facts["altitude"] is None else f", {facts['altitude']:.0f} m above {facts['vertical_datum']}"
    )
    yield f"  origin {math.degrees(facts['latitude']):.6f}°, {math.degrees(facts['longitude']):.6f}°{height}"


def _lip(facts: dict[str, Any]) -> Iterator[str]:
    lip, wall = facts["lip"], facts["wall"]
    if facts["data"]["kind"] in ("level", "surface"):
        yield from _level(facts)
        return
    yield facts["origin"].capitalize()
    slopes = [f"{_deg(slope, 1)} over the last {reach} m" for reach, slope in lip["slope_behind"].items()]
    yield from wrapped(f"ground behind it: {', '.join(slopes)} (positive rises towards the lip)", "  ")
    falls = [
        f"{quantity(fall, 'm')} at {out} m" for out, fall in lip["fall_ahead"].items() if fall is not None
    ]
    yield from wrapped(f"fall ahead, at {_deg(lip['launch_bearing'])}: {', '.join(falls)}", "  ")
    yield f"  steepest fall within 60 m: towards {_deg(lip['steepest_bearing'])}"
    if wall["height"] is None:
        yield "  no wall: nothing out from the lip is steeper than 60°"
        return
    yield from wrapped(
        f"wall: {quantity(wall['height'], 'm', 0)} high at {_deg(wall['angle'])} on average, down to "
        f"{quantity(wall['foot_out'], 'm', 0)} out and {quantity(-wall['foot_up'], 'm', 0)} below the lip, "
        f"where it is less steep than 60°; lies back by {quantity(wall['undercut'], 'm', 1)}",
        "  ",
    )
    if wall["said_height"] is not None:
        said = f"{quantity(wall['said_height'], 'm', 0)} at {_deg(wall['face_azimuth'])}"
        yield f"  the scenario's wind meets a wall of {said}"


def _level(facts: dict[str, Any]) -> Iterator[str]:
    data = facts["data"]
    yield facts["origin"].capitalize()
    if data["kind"] == "level":
        fall = "" if data["fall"] is None else f", {quantity(data['fall'], 'm', 0)} below"
        yield f"  over ground that is taken as level{fall}"
        return
    bearing = _deg(facts["lip"]["launch_bearing"])
    yield f"  {quantity(data['lip_height'], 'm', 1)} above the ground, towards {bearing}"
    yield ""
    yield "Landing surface"
    yield from wrapped(
        f"{quantity(data['from'], 'm', 1)} to {quantity(data['to'], 'm', 1)} from the lip, "
        f"{quantity(data['width'], 'm', 1)} wide, from {quantity(data['lowest'], 'm', 1)} to "
        f"{quantity(data['highest'], 'm', 1)} above the ground at the lip, falls by up to "
        f"{_deg(data['steepest'], 1)}",
        "  ",
    )


def _areas(facts: dict[str, Any]) -> Iterator[str]:
    if not facts["areas"]:
        return
    yield ""
    yield "Landing"
    for area in facts["areas"]:
        glide = "" if area["glide"] is None else f", {area['glide']:.1f} m out for each metre down"
        below = f", {quantity(area['height'], 'm', 0)} below{glide}" if area["height"] else ""
        yield from wrapped(
            f"{area['name']} ({area['kind']}): {quantity(area['distance'], 'm', 0)} at "
            f"{_deg(area['bearing'])}{below}",
            "  ",
        )
        if area["slope"] is None:
            yield "    its ground is not known"
            continue
        verdict = "as the scenario says"
        if area["slope"] > area["said_slope"] + math.radians(2.0):
            verdict = f"STEEPER than the scenario says, {_deg(area['said_slope'], 1)}"
        yield from wrapped(
            f"slope {_deg(area['slope'], 1)}, {verdict}; its ground leaves a plane by up to "
            f"{quantity(area['roughness'], 'm', 1)} within {quantity(area['radius'], 'm', 0)}",
            "    ",
        )


def _near(facts: dict[str, Any]) -> Iterator[str]:
    if facts["near"]:
        yield ""
        yield f"Around (from {'the middle of the landing area' if facts['areas'] else 'the lip'})"
    for item in facts["near"]:
        edge = item["from_landing"] - item["radius"]
        where = "it lies inside" if edge < 0.0 else f"{quantity(edge, 'm', 0)} to its edge"
        yield f"  {item['name']} ({item['kind']}): {where}"


def _data(facts: dict[str, Any]) -> Iterator[str]:
    data = facts["data"]
    yield "What this rests on, and what it cannot show"
    for sentence in data_sentences(data):
        yield from wrapped(sentence, "  - ", "    ")


def data_sentences(data: dict[str, Any]) -> list[str]:
    """Return what the ground is known from and what nobody can read off it, in sentences.

    Args:
        data: From `data_facts`.
    """
    if data["kind"] == "parametric":
        return [
            "a parametric cliff, the same all along its edge: it says nothing about the ledge that matters",
            "survey the ground and scan the first 150 m below the lip: docs/site.md",
        ]
    if data["kind"] == "level":
        return [
            "level ground, because the scenario describes no other: rock, slopes and trees are not in it",
            "write a [site.cliff], or a [site.terrain] with an elevation model: docs/site.md",
        ]
    if data["kind"] == "surface":
        source = "its section of " + data["file"] if data["file"] else "the numbers of the file"
        return [
            f"the landing surface is {source}, drawn alike all across: it is as wide as said above",
            "ground before it is taken as level, behind the lip as steep as the run-up: measure it",
        ]
    return [*_model(data), *_scans(data), *_field(data)]


def _model(data: dict[str, Any]) -> Iterator[str]:
    spacing, covers = data["spacing"], data["covers"]
    datum = data["vertical_datum"] or "a vertical datum that nobody named"
    yield f"{data['dem']}: {data['source'] or 'source not said'}; {data['reference']}, heights above {datum}"
    if not data["meshes"]:
        yield (
            f"posts are {spacing:.1f} m apart: a wall is one or two posts wide. NOTHING here speaks about "
            f"clearance closer than {spacing:.0f} m to a face, and edges may lie {spacing:.0f} m off"
        )
        yield "an elevation model has one height in each place: overhangs and caves do not exist in it"
    else:
        yield (
            f"away from the scanned face, posts are {spacing:.1f} m apart: nothing there speaks about "
            f"clearance closer than {spacing:.0f} m, and overhangs do not exist"
        )
    if covers == "ground":
        yield "bare ground: trees, houses and wires are not in it; write them as [[site.obstacle]]"
    else:
        yield "a surface model: the tops of trees and houses count as ground"
    known = f"{data['holes']} of {data['posts']} posts near the stunt are holes"
    yield "no holes in it near the stunt" if not data["holes"] else f"{known}: unknown, hence never safe"
    if data["undeclared"]:
        yield f"{data['undeclared']} posts hold a no-data number that nobody declared: taken as holes"
    if data["age"] is None:
        yield "its age is not said (site.terrain.date): rockfall, snow and building since then are not in it"
    else:
        yield f"surveyed {data['age']:.0f} years before: rockfall, snow and building since then are not in it"
    if data["grid_north"] is not None:
        turn, scale = math.degrees(data["grid_north"]), 1000.0 * (data["grid_scale"] - 1.0)
        yield (
            f"its grid north points {turn:+.2f}° from true north and its kilometre is {scale:+.2f} m off; "
            "bearings and distances here are true ones"
        )


def _scans(data: dict[str, Any]) -> Iterator[str]:
    for mesh in data["meshes"]:
        yield (
            f"{mesh['file']}: {mesh['triangles']:,} triangles with edges of {mesh['edge']:.2f} m, down to "
            f"{-mesh['low']:.0f} m below the lip; lower down only the elevation model speaks"
        )


def _field(data: dict[str, Any]) -> Iterator[str]:
    over = [error["over"] for error in data["errors"]]
    pairs = zip(data["cells"], over, strict=True)
    told = ", ".join(f"{claim:.2f} m at {cell:.1f} m" for cell, claim in pairs)
    yield (
        "sampled in boxes; the most that a distance to the rock of these files was found too large, by cell: "
        f"{told}. Take it, and the survey's own error, off every clearance"
    )
