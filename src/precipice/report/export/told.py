"""What every export says of itself: frame, units, heights, time, and what it was made from."""

import datetime as dt
import math
from typing import Any

import precipice
from precipice.report.export.clip import Clip
from precipice.report.export.globe import Globe
from precipice.report.scene import origin_word, zero_word

LICENCE = "A planning aid, never a clearance to jump."


def tell(clip: Clip, globe: Globe | None, start: dt.datetime | None) -> dict[str, Any]:
    """Return facts about an export as plain data for JSON.

    Args:
        clip: What is exported.
        globe: Where on the earth; None for a format that knows no earth.
        start: Of the first frame, UTC.
    """
    run, scenario = clip.run, clip.scenario
    site = scenario.site
    where = {
        "latitude": float(f"{_degrees(site.latitude.value):.9f}"),
        "longitude": float(f"{_degrees(site.longitude.value):.9f}"),
        "altitude": round(run.lip_altitude, 4),
        "vertical_datum": site.vertical_datum,
    }
    told = {
        "made_by": f"precipice {precipice.__version__}",
        "title": scenario.title or scenario.file,
        "kind": scenario.kind,
        "scenario_sha256": scenario.sha256 if not scenario.weather_sections() else None,
        "run": run.run,
        "seed": run.seed,
        "outcome": run.outcome,
        "resolved": run.resolved,
        "origin": {"is": f"the {origin_word(run)}", **where},
        "length_unit": "m",
        "frames_per_second": str(clip.rate),
        "first_frame": int(clip.frames[0]),
        "last_frame": int(clip.frames[-1]),
        f"{zero_word(run)}_frame": clip.zero_frame,
        "first_frame_utc": None if start is None else utc(start),
        "note": LICENCE,
    }
    if clip.others:
        told["other_runs"] = {
            name: {"run": other.run, "seed": other.seed, "outcome": other.outcome, "resolved": other.resolved}
            for name, other in clip.others.items()
        }
    if globe is not None:
        told["heights"] = globe.source
    return told


def utc(moment: dt.datetime, seconds: float = 0.0) -> str:
    """Return a moment as ISO 8601 to the millisecond, such as "2020-09-06T10:30:00.000Z".

    Args:
        moment: With a zone.
        seconds: Added to it.
    """
    # isoformat cuts off: half a millisecond more makes it round.
    later = moment.astimezone(dt.UTC) + dt.timedelta(seconds=seconds, microseconds=500)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lens_facts(clip: Clip) -> dict[str, dict[str, Any]]:
    """Return lens and sensor of every camera, lengths in millimetres, angles in degrees."""
    return {
        shot.name: {
            "focal_length_mm": round(1000.0 * shot.lens.focal_length, 6),
            "frame_mm": [round(1000.0 * shot.lens.width, 6), round(1000.0 * shot.lens.height, 6)],
            "sensor_mm": [round(1000.0 * length, 6) for length in shot.sensor],
            "horizontal_angle_deg": round(_degrees(shot.lens.horizontal), 6),
            "vertical_angle_deg": round(_degrees(shot.lens.vertical), 6),
            "aim": shot.aim,
        }
        for shot in clip.cameras
    }


def _degrees(angle: float) -> float:
    return math.degrees(angle)
