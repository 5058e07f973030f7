"""A body without a parachute: tumbling through the air, then bouncing and sliding to rest."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.earth import GRAVITY
from precipice.frames import Scalar, Vector, attitude_rate, norm
from precipice.phases.drag import drag, tumbling_drag_area
from precipice.phases.flight import gyrostat_rate
from precipice.phases.phase import NO_GAP, AbstractJumpingPhase, AbstractPhase, Record, step_near_rock
from precipice.world.gust import interpolate_periodic
from precipice.world.lookup import beyond_node
from precipice.world.world import World

REST = 2.0
"""Speed below which the body counts as at rest [m/s]: it would lift it over a block of 0.2 m."""
CONTACT_RATE = 8.0
"""Natural frequency of the contact with the ground after the first impact [rad/s]: soft, as bent metal
and scree are; a stiffer one moves no resting place by more than a metre or two and costs its steps."""
CREEP = 0.1
"""Speed below which friction fades, so that the body can come to rest [m/s]."""


class TumbleMemory(NamedTuple):
    """What the tumbling leg knows: `release` time, `()` [s]; the wheels' `wheel_momentum`, `()` [N m s]."""

    release: Scalar
    wheel_momentum: Scalar


class TumblePhase(AbstractPhase[TumbleMemory]):
    """State: position, velocity, attitude, body angular velocity, `(13,)`.

    A point mass with the mean drag of a tumbling body and a random lift across its path; rotation
    runs free and only shows in the picture.
    Source: range-safety practice (constant ballistic coefficient), tumble lift assumed.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory
    ) -> Float[Array, " n"]:
        """Return the rates of motion and rotation, `(13,)`."""
        body = world.body
        acceleration = self._air_force(t, state, world, memory) / body.mass
        acceleration = acceleration - jnp.array([0.0, 0.0, GRAVITY], state.dtype)
        still = jnp.zeros(3, state.dtype)
        spin = gyrostat_rate(state[10:13], body.inertia, memory.wheel_momentum, still)
        return jnp.concatenate([state[3:6], acceleration, attitude_rate(state[6:10], state[10:13]), spin])

    def _air_force(self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory) -> Vector:
        body = world.body
        air_velocity, density = world.air(state[:3], state[3:6])
        since = t - memory.release
        area = tumbling_drag_area(body, since, state[6:10], air_velocity)
        speed = norm(air_velocity)
        direction = air_velocity / speed
        # A level axis across the launch: the fall may turn vertical, never along it.
        level = jnp.cross(world.site.launch, jnp.array([0.0, 0.0, 1.0], state.dtype))
        side = level - jnp.sum(level * direction) * direction
        side = side / norm(side)
        place = 2.0 * since / body.tumble_period
        across = interpolate_periodic(world.tumble_noise[0], place) * side
        across = across + interpolate_periodic(world.tumble_noise[1], place) * jnp.cross(side, direction)
        lifting = 0.5 * density * speed**2 * area * body.lift_fraction
        return drag(air_velocity, area, density) + lifting * across

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air and of the random lift."""
        node = beyond_node(2.0 * (t - memory.release) / world.body.tumble_period)
        return jnp.concatenate([world.air_kinks(state[:3]), node[None]])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory
    ) -> dict[str, Scalar]:
        """Return the body's distance from rock."""
        return {"contact": world.terrain.distance(state[:3]) - world.body.radius}

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory) -> Record:
        """Return the body."""
        air_velocity, _ = world.air(state[:3], state[3:6])
        force = self._air_force(t, state, world, memory)
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=state[6:10],
            load=norm(force) / (world.body.mass * GRAVITY),
            clearance=world.terrain.distance(state[:3]) - world.body.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(air_velocity),
            control=jnp.zeros(2, state.dtype),
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: TumbleMemory) -> Scalar:
        """Return a step that cannot jump over rock and sees the tumble lift change, `()` [s]."""
        near = step_near_rock(world.terrain.distance(state[:3]) - world.body.radius, state[3:6])
        return jnp.minimum(near, 0.25 * world.body.tumble_period)


class SlideMemory(NamedTuple):
    """What the slide knows: the attitude at first contact, `(4,)`, kept for the picture."""

    attitude: Float[Array, "4"]


class SlidePhase(AbstractJumpingPhase[SlideMemory]):
    """State: position [m], velocity [m/s], `(6,)`.

    The ground pushes back like a spring and damper whose damping gives the wanted restitution, and
    rubs with Coulomb friction; the same law bounces, slides and stops.
    Source: linear contact law; restitution and friction after rockfall practice.
    Left out: break-up into pieces, fuel, rolling on the wheels.
    """

    def vector_field(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory
    ) -> Float[Array, " n"]:
        """Return the rates of position and velocity, `(6,)`."""
        gravity = jnp.array([0.0, 0.0, -GRAVITY], state.dtype)
        return jnp.concatenate([state[3:6], gravity + self._contact(state, world) + self._drag(state, world)])

    def jumps(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory
    ) -> Float[Array, " m"]:
        """Return the depth in the ground, whose damping sets in at once, and where its normal jumps, `(m,)`.

        All [m]. In the air the normal does nothing: no numbers.
        """
        depth = world.body.radius - world.terrain.distance(state[:3])
        turns = jnp.where(depth > 0.0, world.terrain.normal_jumps(state[:3]), jnp.nan)
        return jnp.concatenate([depth[None], turns])

    def _press(
        self, state: Float[Array, " n"], world: World
    ) -> tuple[Scalar, Scalar, Float[Array, "3"], Scalar]:
        """Return what spring and damper give [m/s^2], depth [m], the ground's normal, closing speed [m/s]."""
        body, velocity = world.body, state[3:6]
        depth = body.radius - world.terrain.distance(state[:3])
        normal = world.terrain.normal(state[:3])
        closing = -jnp.sum(velocity * normal)
        damping = _damping(body.restitution)
        return CONTACT_RATE**2 * depth + 2.0 * damping * CONTACT_RATE * closing, depth, normal, closing

    def _contact(self, state: Float[Array, " n"], world: World) -> Vector:
        body, velocity = world.body, state[3:6]
        press, depth, normal, closing = self._press(state, world)
        press = jnp.where(depth > 0.0, jnp.maximum(press, 0.0), 0.0)
        along = velocity + closing * normal
        speed = norm(along)
        rubbing = body.slide_friction * press * jnp.tanh(speed / CREEP)
        return press * normal - rubbing * along / speed

    def _drag(self, state: Float[Array, " n"], world: World) -> Vector:
        air_velocity, density = world.air(state[:3], state[3:6])
        return drag(air_velocity, world.body.drag_area, density) / world.body.mass

    def kinks(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory
    ) -> Float[Array, " m"]:
        """Return functions in whose zeros the rates are not smooth, `(m,)`: of air and contact."""
        press, depth, _, _ = self._press(state, world)
        pressed = jnp.where(depth > 0.0, press, jnp.nan)
        return jnp.concatenate([world.air_kinks(state[:3]), pressed[None]])

    def margins(
        self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory
    ) -> dict[str, Scalar]:
        """Return what is left of the motion: the speed that all its energy would give, above `REST`."""
        depth = world.body.radius - world.terrain.distance(state[:3])
        height = 2.0 * GRAVITY * jnp.maximum(-depth, 0.0)
        sag = GRAVITY / CONTACT_RATE**2
        spring = (CONTACT_RATE * jnp.maximum(depth - sag, 0.0)) ** 2
        return {"rest": jnp.sqrt(jnp.sum(state[3:6] ** 2) + height + spring) - REST}

    def record(self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory) -> Record:
        """Return the body."""
        return Record(
            position=state[:3],
            velocity=state[3:6],
            attitude=memory.attitude,
            load=norm(self._contact(state, world)) / GRAVITY,
            clearance=world.terrain.distance(state[:3]) - world.body.radius,
            known=world.terrain.known(state[:3]),
            height=world.terrain.height_above(state[:3]),
            gap=jnp.full_like(state[0], NO_GAP),
            air_speed=norm(world.air(state[:3], state[3:6])[0]),
            control=jnp.zeros(2, state.dtype),
        )

    def step_limit(self, t: Scalar, state: Float[Array, " n"], world: World, memory: SlideMemory) -> Scalar:
        """Return a step that sees a contact of `CONTACT_RATE`, or the flight between two, `()` [s]."""
        above = jnp.maximum(world.terrain.distance(state[:3]) - world.body.radius, 0.0)
        return 2.2 / CONTACT_RATE + above / (norm(state[3:6]) + 0.1)


def _damping(restitution: Scalar) -> Scalar:
    """Return the damping, over its critical value, of a contact that never pulls, `()` [-].

    Args:
        restitution: Rebound speed over impact speed, `()` [-].

    Source: Schwager and Poeschel 2007: with damping sin(a), ln(restitution) = -(pi - 2 a) tan(a),
    solved by Newton's method. Valid for: restitution 0.15 and above; below, that of 0.15.
    """
    decay = -jnp.log(jnp.maximum(restitution, 0.15))
    angle = decay / jnp.pi
    for _ in range(5):
        rest = jnp.pi - 2.0 * angle
        error = rest * jnp.tan(angle) - decay
        angle = angle - error / (rest / jnp.cos(angle) ** 2 - 2.0 * jnp.tan(angle))
    return jnp.sin(angle)


def first_impact(state: Float[Array, " n"], world: World) -> Float[Array, "6"]:
    """Return position and velocity just after the first contact with the ground.

    Args:
        state: Of `TumblePhase`, `(13,)`.
        world: The run's world.

    Returns:
        State of `SlidePhase`, `(6,)`: the normal speed is thrown back by the restitution, friction
        takes its share of the impulse from the speed along the ground and never turns it round.

    Source: rigid-body impact with Coulomb friction, e.g. Stronge 2000, ch. 3.
    """
    body, velocity = world.body, state[3:6]
    normal = world.terrain.normal(state[:3])
    closing = jnp.maximum(-jnp.sum(velocity * normal), 0.0)
    along = velocity + closing * normal
    lost = body.slide_friction * (1.0 + body.restitution) * closing
    kept = jnp.maximum(1.0 - lost / norm(along), 0.0)
    return jnp.concatenate([state[:3], kept * along + body.restitution * closing * normal])
