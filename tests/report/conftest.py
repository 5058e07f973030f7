"""Runs that ended otherwise, made from the shared one without flying again."""

import dataclasses

import pytest


@pytest.fixture(scope="session")
def stopped(flown):
    """The shared run as if it had ended at the speed gate."""
    rows = (flown.performer.phase == "run-up") & (flown.performer.t <= flown.event("speed gate").t)
    names = [field.name for field in dataclasses.fields(flown.performer)]
    track = dataclasses.replace(
        flown.performer, **{name: getattr(flown.performer, name)[rows] for name in names}
    )
    events = tuple(event for event in flown.events if event.name in ("start", "speed gate"))
    return dataclasses.replace(
        flown, performer=track, motorcycle=track, events=events, outcome="stopped-before-lip"
    )
