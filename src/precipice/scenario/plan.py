"""The plan: what is done when, and what is done when it goes off plan."""

from typing import Literal

from precipice.scenario.field import (
    Acceleration,
    Angle,
    Length,
    Ratio,
    Speed,
    Time,
    assume,
    choose,
    given,
    lognormal,
    maybe,
    need,
    normal,
    truncated,
)
from precipice.scenario.kind import CANOPY, MAIN, RAMP
from precipice.scenario.section import AbstractSection


class Gate(AbstractSection):
    """Stations of the run-up where somebody decides. They count from the start."""

    speed_gate: Length = given("Where the speed is judged.", least=0)
    minimum_speed: Speed = given("Needed at the speed gate.", least=0)
    abort_station: Length = given("Last station at which a stop is planned.", least=0)
    commit_station: Length = given("From here on the safest action is to go.", least=0)
    caller: str = choose("coordinator", "Who calls.")
    call_delay: Time = assume(
        "1 s", "From the gate to the rider's hands.", least=0, spread=lognormal("0.3", "jump")
    )


class OffPlan(AbstractSection):
    """What is done when it goes off plan."""

    slow_at_gate: Literal["abort", "go"] = choose("abort", "Too slow at the speed gate.", only=RAMP)
    hung_up: Literal["throw-at-plan", "throw-now", "throw-when-clear"] = choose(
        "throw-at-plan", "Still on the motorcycle after the release.", only=MAIN
    )
    unstable: Literal["wait", "throw-at-plan"] = choose(
        "wait", "Tumbling when it is time to throw.", only=CANOPY
    )
    unstable_wait: Time = assume("1 s", "How long to wait for a stable body at most.", least=0, only=CANOPY)
    below_hard_deck: Literal["throw-now", "throw-at-plan"] = choose(
        "throw-now", "Below the hard deck with nothing thrown.", only=CANOPY
    )
    twisted: Literal["kick-out", "wait"] = choose("kick-out", "Lines twisted.", only=CANOPY)
    towards_wall: Literal["turn-away", "brake", "nothing"] = choose(
        "turn-away", "Opened facing the wall.", only=CANOPY
    )
    short_of_landing: Literal["nearest-alternate", "straight-on"] = choose(
        "nearest-alternate", "The landing area is out of reach.", only=CANOPY
    )


class Pattern(AbstractSection):
    """How the canopy is flown to the landing area."""

    side: Literal["left", "right"] = choose("left", "Of all turns before landing.")
    final: Literal["planned", "into-wind"] = choose(
        "planned", "Which way final is flown: along its bearing, or into the wind that the pilot finds."
    )
    final_bearing: Angle = given("Of the final leg; with into-wind, where the wind is light.")
    light_wind: Speed = assume("1 m/s", "Up to which final keeps its bearing whatever the rule.", least=0)
    height: Length = assume("120 m", "Where the holding circle is left for the downwind leg.", above=0)
    offset: Length = assume("70 m", "Of the downwind leg beside the final leg.", above=0)
    hold_radius: Length = assume("45 m", "Of the circle in which height is lost.", above=0)
    final_brakes: Ratio = assume("0.4", "On the final leg; 0 toggles up, 1 full travel.", least=0, most="1")
    flare_height: Length = assume(
        "3.5 m", "Where the flare begins; none when negative.", spread=normal("1 m", "jump")
    )


class Plan(AbstractSection):
    """What was decided about the jump itself."""

    takes: int = choose(1, "Jumps in one day; they share what differs from day to day.", ge=1, le=1000)
    lip_speed: Speed | None = given("At the lip.", above=0, only=RAMP)
    acceleration: Acceleration = assume("4 m/s^2", "On the run-up, at most.", above=0, only=RAMP)
    ramp_drive: Acceleration = assume("0 m/s^2", "From the throttle on the ramp; negative brakes.", only=RAMP)
    release: Time | None = given("When the performer lets go, after the lip.", above=0, only=MAIN)
    release_cue: str = choose("", "What tells the performer to let go.", only=MAIN)
    push_speed: Speed = assume(
        "2 m/s",
        "Performer relative to motorcycle.",
        above=0,
        only=MAIN,
        spread=truncated("0.5 m/s", "0.3 m/s", "3.5 m/s", "jump"),
    )
    push_angle: Angle = assume("60 deg", "Above straight back.", only=MAIN, spread=normal("25 deg", "jump"))
    push_time: Time = assume("0.25 s", "How long the push lasts.", above=0, only=MAIN)
    push_offset: Length = assume(
        "0 m", "Line of the push ahead of the centre of mass.", only=MAIN, spread=normal("0.03 m", "jump")
    )
    clear_distance: Length = assume(
        "0.3 m", "Gap between the two bodies that counts as clear.", above=0, only=MAIN
    )
    throw: Time | None = given(
        "When the pilot chute is thrown, after the lip or the exit.", above=0, only=CANOPY
    )
    throw_cue: str = choose("", "What tells the performer to throw.", only=CANOPY)
    heading: Angle | None = maybe(
        "Bearing flown in freefall; without it straight out from the face, or along the aircraft's.",
        only=CANOPY - MAIN,
    )
    hard_deck: Length = assume(
        "150 m", "Above the ground below; throw at once under it.", least=0, only=CANOPY
    )
    gate: Gate | None = need("Decisions on the run-up.", MAIN, also=RAMP)
    off_plan: OffPlan = choose(OffPlan(), "Rules for when it does not go as planned.")
    pattern: Pattern | None = need("How the canopy is flown to the landing area.", CANOPY)
