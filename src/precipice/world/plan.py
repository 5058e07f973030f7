"""What was planned for this run, and what is done when it goes off plan."""

import equinox as eqx
from jaxtyping import Array, Float

from precipice.frames import Scalar, Vector
from precipice.world.maybe import Maybe


class Plan(eqx.Module):
    """Speeds, cues and rules. Every number `()`, SI; rules are 1 (yes) or 0 (no).

    What a kind of stunt does not plan is None.

    Attributes:
        lip_speed: Planned speed at the lip [m/s].
        acceleration: Planned on the run-up [m/s^2].
        ramp_drive: Drive held on the ramp [m/s^2].
        release: After the lip [s].
        push_speed: Of the performer relative to the motorcycle [m/s].
        push_angle: Above straight back [rad].
        push_time: Length of the push [s].
        push_offset: Line of the push ahead of the performer's centre of mass [m].
        clear_distance: Gap between the bodies that counts as clear [m].
        throw: After the lip [s].
        hard_deck: Height above the ground below [m].
        speed_gate: Station [m].
        minimum_speed: At the gate [m/s].
        call_delay: From gate to brakes [s].
        abort_when_slow: Rule at the gate.
        wait_when_unstable: Rule at the throw.
        unstable_wait: Longest wait [s].
        throw_below_hard_deck: Rule in freefall.
        hung_up_throw: When still on the motorcycle: 0 throw at the planned time, 1 at once after the
            reaction time, 2 only when clear.
        twist_factor: Times the drawn twist time: 1 kicking out, more when waiting.
        wall_turn: Turn input after an opening towards the wall; 0 does nothing special.
        wall_brakes: Brakes held in that turn.
        use_alternate: Rule when the landing area is out of reach.
    """

    lip_speed: Maybe[Scalar]
    acceleration: Maybe[Scalar]
    ramp_drive: Maybe[Scalar]
    release: Maybe[Scalar]
    push_speed: Maybe[Scalar]
    push_angle: Maybe[Scalar]
    push_time: Maybe[Scalar]
    push_offset: Maybe[Scalar]
    clear_distance: Maybe[Scalar]
    throw: Maybe[Scalar]
    hard_deck: Maybe[Scalar]
    speed_gate: Maybe[Scalar]
    minimum_speed: Maybe[Scalar]
    call_delay: Maybe[Scalar]
    abort_when_slow: Maybe[Scalar]
    wait_when_unstable: Maybe[Scalar]
    unstable_wait: Maybe[Scalar]
    throw_below_hard_deck: Maybe[Scalar]
    hung_up_throw: Maybe[Scalar]
    twist_factor: Maybe[Scalar]
    wall_turn: Maybe[Scalar]
    wall_brakes: Maybe[Scalar]
    use_alternate: Maybe[Scalar]


class Pattern(eqx.Module):
    """The approach: holding circle, downwind, base, final, flare.

    Attributes:
        side: +1 right-hand pattern, -1 left-hand pattern, `()` [-].
        into_wind: 1 where final is flown into the wind, else 0, `()` [-].
        final_bearing: Flown on final; into the wind, only where that is light, `()` [rad].
        light_wind: Up to which the bearing is kept, `()` [m/s].
        height: Above the landing area at which the circle is left, `()` [m].
        offset: Of the downwind leg from the final leg, `()` [m].
        hold_radius: Of the circle, `()` [m].
        final_brakes: Brakes about which the glide is steered on final, `()` [-].
        flare_height: Of the performer's centre of mass above the ground, `()` [m].
        areas: Landing area and alternates: east, north, up, radius, `(n, 4)` [m]; unused rows have radius 0.
    """

    side: Scalar
    into_wind: Scalar
    final_bearing: Scalar
    light_wind: Scalar
    height: Scalar
    offset: Scalar
    hold_radius: Scalar
    final_brakes: Scalar
    flare_height: Scalar
    areas: Float[Array, "n 4"]


class Site(eqx.Module):
    """Directions and levels of the site.

    Attributes:
        outward: Horizontal unit vector out from the face; without one, that of travel, `(3,)` [-].
        flown: Horizontal unit vector along which freefall is flown, `(3,)` [-].
        launch: Horizontal unit vector along run-up, exit or aircraft, `(3,)` [-].
        origin_altitude: Of the lip or exit, above sea level, `()` [m].
        landing_up: Height of the landing area relative to the origin, `()` [m].
    """

    outward: Vector
    flown: Vector
    launch: Vector
    origin_altitude: Scalar
    landing_up: Scalar
