"""One flight as the page takes it: what a person reads in the head, tracks as arrays."""

from typing import Any

import numpy as np

from precipice.report.assumptions import not_modelled
from precipice.report.margins import margins
from precipice.report.palette import STRETCHES
from precipice.report.scene import origin_word, zero_time, zero_word
from precipice.report.words import outcome_words, quantity
from precipice.risk.assessment import plain
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.simulation.track import Track
from precipice.web.envelope import pack

COLUMNS = ("t", "position", "velocity", "attitude", "load", "height", "clearance", "air_speed")


def flight(run: Run, scenario: Scenario) -> bytes:
    """Return a run for the page; see `envelope.pack`.

    Args:
        run: What happened.
        scenario: What was decided.
    """
    zero = zero_time(run)
    head = {
        "run": run.run,
        "seed": run.seed,
        "kind": run.kind,
        "subject": run.subject,
        "outcome": run.outcome,
        "words": outcome_words(run, scenario),
        "resolved": run.resolved,
        "doubts": list(run.doubts),
        "zero": zero or 0.0,
        "zero_word": zero_word(run) if zero is not None else "the start",
        "origin_word": origin_word(run),
        "landing_up": run.landing_altitude - run.lip_altitude,
        "lip_altitude": run.lip_altitude,
        "events": [
            {
                "name": event.name,
                "body": event.body,
                "t": event.t,
                "position": event.position,
                "altitude": event.altitude,
                "height": event.height,
                "speed": event.speed,
                "load": event.load,
            }
            for event in run.events
        ],
        "margins": _margins(run, scenario),
        "not_modelled": list(not_modelled(run, scenario)),
        "stretches": [stretch._asdict() for stretch in STRETCHES],
        "phases": {body: _spans(track) for body, track in run.tracks.items()},
    }
    arrays = {
        f"{body}.{name}": np.asarray(getattr(track, name))
        for body, track in run.tracks.items()
        for name in COLUMNS
    }
    return pack(plain(head), arrays)


def _margins(run: Run, scenario: Scenario) -> list[dict[str, Any]]:
    """Return margins in words, the ones that are short first, in the order of the stunt otherwise."""
    found = [margin for margin in margins(run, scenario).values() if margin.value is not None]
    return [
        {
            "label": margin.label,
            "short": margin.short,
            "found": quantity(margin.found, margin.unit),
            "limit": quantity(margin.limit, margin.unit),
            "spare": quantity(margin.value, margin.unit, sign=True),
            "source": margin.source,
        }
        for margin in sorted(found, key=lambda margin: not margin.short)
    ]


def _spans(track: Track) -> list[dict[str, Any]]:
    """Return the phases of a track, each with its first and last row, in order of time."""
    starts = np.flatnonzero(np.concatenate([[True], track.phase[1:] != track.phase[:-1]]))
    ends = np.concatenate([starts[1:], [len(track.phase)]])
    return [
        {"phase": str(track.phase[first]), "first": int(first), "last": int(last) - 1}
        for first, last in zip(starts, ends, strict=True)
    ]
