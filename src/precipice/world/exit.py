"""How a fall begins without a ramp: at a ledge, out of an aircraft, or out of a hand."""

import equinox as eqx

from precipice.frames import Position, Quaternion, Vector, Velocity


class Exit(eqx.Module):
    """The instant of the exit.

    Attributes:
        position: Of the centre of mass, `(3,)` [m].
        velocity: `(3,)` [m/s].
        attitude: Body (forward-left-up) to east-north-up, `(4,)`.
        spin: Body axes, `(3,)` [rad/s].
    """

    position: Position
    velocity: Velocity
    attitude: Quaternion
    spin: Vector
