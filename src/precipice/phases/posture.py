"""How a human body meets the air: drag, lift, moments and the performer's slow authority over them."""

import jax.numpy as jnp

from precipice.frames import Quaternion, Scalar, Vector, Velocity, norm, rotate, unrotate
from precipice.phases.drag import alignment, drag, lift
from precipice.world.body import Performer

STRIP_DRAG = 1.15
"""Drag coefficient of a strip of body broadside to the flow, from the strip theory of the damping [-]."""
CONTROL_TIME = 0.5
"""Time in which the performer tries to remove a wrong rate [s]."""
DROGUE_LEVER = 0.3
"""Of a drogue's pull about the centre of mass [m]: assumed, it hangs at the container."""
ATTITUDE_TIME = 1.0
"""Time in which the performer tries to remove a wrong attitude [s]."""


def body_drag_area(
    performer: Performer, posture: Scalar, long_axis: Vector, air_velocity: Velocity
) -> Scalar:
    """Return the drag area of a body in a posture, seen from the flow.

    Args:
        performer: Areas upright and belly to the wind.
        posture: 0 as on the motorcycle, 1 belly to the wind, `()`.
        long_axis: Unit vector feet to head, east-north-up, `(3,)`.
        air_velocity: `(3,)` [m/s].

    Returns:
        `()` [m^2].

    Source: angular shape CD = 0.467 + 1.038 sin^2 of the community's slick polar, scaled to the
    free-fall table.
    """
    broadside = performer.upright_drag_area + posture * (performer.drag_area - performer.upright_drag_area)
    cosine = alignment(long_axis, air_velocity)
    return broadside * (1.0 - (1.0 - performer.head_on_fraction) * cosine**2)


def body_inertia(performer: Performer, posture: Scalar) -> Vector:
    """Return the inertia between standing and spread, `(3,)` [kg m^2], roll, pitch, yaw (long axis)."""
    return performer.standing_inertia + posture * (performer.spread_inertia - performer.standing_inertia)


def body_force(
    performer: Performer,
    posture: Scalar,
    lift_share: Scalar,
    attitude: Quaternion,
    air_velocity: Velocity,
    density: Scalar,
    drag_factor: Scalar | float = 1.0,
) -> Vector:
    """Return drag and lift on the body.

    Args:
        performer: Areas.
        posture: 0 to 1, `()`.
        lift_share: Part of the lift area that works yet, `()`.
        attitude: Of the body: forward is the chest, up is the head, `(4,)`.
        air_velocity: `(3,)` [m/s].
        density: `()` [kg/m^3].
        drag_factor: Of compressibility, `()` [-].

    Returns:
        East-north-up, `(3,)` [N]. Lift acts towards the head and only while the chest meets the wind.

    Source: lift area L sin(a) cos(a - a0) / sin(a0) over the angle of attack a, with the planned one a0:
    L sin^2(a) for belly to the wind; for a wing nearly the sin(2 a) of a flat plate, L at its trim.
    Valid for: the planned posture near its trim; far from it the shape is assumed.
    """
    chest = rotate(attitude, jnp.array([1.0, 0.0, 0.0], attitude.dtype))
    head = rotate(attitude, jnp.array([0.0, 0.0, 1.0], attitude.dtype))
    area = body_drag_area(performer, posture, head, air_velocity)
    meeting = jnp.maximum(alignment(chest, air_velocity), 0.0)
    at_trim = jnp.maximum(alignment(rotate(attitude, performer.trim), air_velocity), 0.0)
    working = performer.lift_area * lift_share * meeting * at_trim / performer.trim[0]
    return drag(air_velocity, area * drag_factor, density) + lift(air_velocity, head, working, density)


def body_moment(
    performer: Performer,
    inertia: Vector,
    attitude: Quaternion,
    spin: Vector,
    air_velocity: Velocity,
    density: Scalar,
    outward: Vector,
    drogue_area: Scalar | float = 0.0,
) -> Vector:
    """Return the moments of stability, damping and of the performer's arms and legs.

    Args:
        performer: Volumes (area times lever) and sizes.
        inertia: `(3,)` [kg m^2].
        attitude: Forward is the chest, up is the head, `(4,)`.
        spin: Body axes, `(3,)` [rad/s].
        air_velocity: `(3,)` [m/s].
        density: `()` [kg/m^3].
        outward: Where the head shall point, as far as the flow allows: lift pulls that way, `(3,)`.
        drogue_area: Drag area of a drogue that pulls at the back, `()` [m^2].

    Returns:
        Body axes, `(3,)` [N m].

    Source: strip theory for the damping (linear in speed, with the quadratic part at rest); control
    by moving drag area on a lever, saturating. Authority is an assumption: below 25 m/s it is weak.
    """
    speed = norm(air_velocity)
    flow = unrotate(attitude, air_velocity) / speed
    dynamic = 0.5 * density * speed**2
    trim = performer.trim
    to_flow = jnp.cross(trim, flow)
    outward_body = unrotate(attitude, outward)
    across = outward_body - jnp.sum(outward_body * flow) * flow
    lifting = jnp.stack([-trim[2], jnp.zeros_like(speed), trim[0]])
    to_head = jnp.sum(jnp.cross(lifting, across) * trim) * trim
    wanted = (to_flow + to_head) / ATTITUDE_TIME
    authority = dynamic * performer.control_volume
    control = authority * jnp.tanh(inertia * (wanted - spin) / (CONTROL_TIME * (authority + 1e-3)))
    stability = dynamic * (performer.stability_volume + DROGUE_LEVER * drogue_area) * to_flow
    return control + stability - _damping(performer, spin, speed, density)


def _damping(performer: Performer, spin: Vector, speed: Scalar, density: Scalar) -> Vector:
    width, length = performer.body_width, performer.height
    strip = density * STRIP_DRAG * width * length**3
    shape = jnp.stack([jnp.full_like(width, 0.3), jnp.ones_like(width), (width / length) ** 2])
    return shape * spin * strip * (speed / 12.0 + length * jnp.abs(spin) / 64.0)


def instability(performer: Performer, attitude: Quaternion, spin: Vector, air_velocity: Velocity) -> Scalar:
    """Return how far the body is from a stable one, `()`: above 1 it is unstable.

    The larger of the angle between trim and flow over 60 degrees and the body rate over 120 deg/s.
    Source: assumption; what a container can be opened from is a rigger's judgement.
    """
    trim = rotate(attitude, performer.trim)
    cosine = jnp.clip(alignment(trim, air_velocity), -1.0 + 1e-9, 1.0 - 1e-9)
    return jnp.maximum(jnp.arccos(cosine) / jnp.deg2rad(60.0), norm(spin) / jnp.deg2rad(120.0))
