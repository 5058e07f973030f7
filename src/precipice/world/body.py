"""The bodies of a stunt: performer, vehicle, what falls alone, rig. Fields are the scenario's, in SI."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from precipice.frames import Scalar, Vector
from precipice.world.maybe import Maybe

BRAKES = (1e-6, 0.95)
"""Brakes beyond which a canopy's coefficients stay as they are [-]."""


class Performer(eqx.Module):
    """The person with everything worn. Every number `()`, SI; inertias `(3,)` roll, pitch, yaw.

    A rider who stays on the vehicle has only what counts there; its mass is the vehicle's.
    `drag_area` is broadside to the flow, `lift_area` at the angle of attack of the planned posture. That
    posture meets the flow along `trim`, a unit vector in body axes: the chest for belly to the wind.
    """

    mass: Maybe[Scalar]
    radius: Maybe[Scalar]
    foot_offset: Maybe[Scalar]
    height: Maybe[Scalar]
    upright_drag_area: Maybe[Scalar]
    drag_area: Maybe[Scalar]
    head_on_fraction: Maybe[Scalar]
    lift_area: Maybe[Scalar]
    trim: Maybe[Vector]
    transonic_rise: Maybe[Scalar]
    lift_delay: Maybe[Scalar]
    posture_lag: Maybe[Scalar]
    standing_inertia: Maybe[Vector]
    spread_inertia: Maybe[Vector]
    control_volume: Maybe[Scalar]
    stability_volume: Maybe[Scalar]
    body_width: Maybe[Scalar]
    reaction_time: Scalar
    speed_error: Maybe[Scalar]
    pitch_rate_error: Maybe[Scalar]
    pop: Maybe[Scalar]
    steering_noise: Maybe[Scalar]
    steering_lag: Maybe[Scalar]
    exit_pitch_rate: Maybe[Scalar]
    exit_roll_rate: Maybe[Scalar]
    exit_yaw_rate: Maybe[Scalar]
    braking_efficiency: Maybe[Scalar]
    brake_build_up: Maybe[Scalar]


class Vehicle(eqx.Module):
    """What rolls, leaves the ramp and flies with everybody on it. Every number `()`, SI.

    `driven_share` is the part of the weight at rest on the driven wheels, which are the rear ones unless it
    is 1; None where it follows from the place of the centre of mass over a driven rear wheel.
    `empty_cg_height` is that of the centre of mass once the rider has left, None where nobody does.
    """

    mass: Scalar
    wheelbase: Scalar
    rear_axle_to_cg: Scalar
    cg_height: Scalar
    empty_cg_height: Maybe[Scalar]
    pitch_inertia: Scalar
    roll_inertia: Scalar
    yaw_inertia: Scalar
    wheel_radius: Scalar
    front_wheel_inertia: Scalar
    rear_wheel_inertia: Scalar
    crank_inertia: Scalar
    gear_reach: Scalar
    power: Scalar
    driven_share: Maybe[Scalar]
    front_stiffness: Scalar
    rear_stiffness: Scalar
    front_damping: Scalar
    rear_damping: Scalar
    drag_area: Scalar
    lift_area: Scalar
    pressure_centre_height: Scalar
    radius: Scalar

    @property
    def inertia(self) -> Vector:
        """Inertia about roll, pitch and yaw, `(3,)` [kg m^2]."""
        return jnp.stack([self.roll_inertia, self.pitch_inertia, self.yaw_inertia])

    def wheel_momentum(self, speed: Scalar) -> Scalar:
        """Return the spin angular momentum of wheels and crank about body left, `()` [N m s].

        Args:
            speed: Of the rolling wheels, `()` [m/s].
        """
        wheels = (self.front_wheel_inertia + self.rear_wheel_inertia) / self.wheel_radius
        return (wheels + self.crank_inertia / self.gear_reach) * speed

    @property
    def rotating_mass(self) -> Scalar:
        """Mass that wheels and crank add to the inertia along the path, `()` [kg]."""
        wheels = (self.front_wheel_inertia + self.rear_wheel_inertia) / self.wheel_radius**2
        return wheels + self.crank_inertia / self.gear_reach**2


class Body(eqx.Module):
    """What falls without a parachute: the riderless motorcycle, or what a drop lets go.

    Every number `()`, SI; `drag_area` is the mean over all attitudes, `inline_drag_area` that before it
    tumbles, `lift_fraction` the random lift over drag.
    """

    mass: Scalar
    roll_inertia: Scalar
    pitch_inertia: Scalar
    yaw_inertia: Scalar
    inline_drag_area: Scalar
    drag_area: Scalar
    lift_fraction: Scalar
    tumble_period: Scalar
    radius: Scalar
    restitution: Scalar
    slide_friction: Scalar

    @property
    def inertia(self) -> Vector:
        """Inertia about roll, pitch and yaw, `(3,)` [kg m^2]."""
        return jnp.stack([self.roll_inertia, self.pitch_inertia, self.yaw_inertia])


class Rig(eqx.Module):
    """Container, pilot chute, lines and canopy. Every number `()`, SI.

    `reserve` is 1 if a reserve is worn; the drogue's area is 0 if none is, None where none can be.
    """

    reserve: Scalar
    reserve_area: Scalar
    reserve_span: Scalar
    reserve_activation_height: Scalar
    reserve_extraction_time: Scalar
    reserve_fill_constant: Scalar
    reserve_fill_exponent: Scalar
    drogue_drag_area: Maybe[Scalar]
    drogue_throw: Maybe[Scalar]
    drogue_fill_time: Maybe[Scalar]

    brake_setting: Scalar
    pilot_chute_diameter: Scalar
    pilot_chute_drag_coefficient: Scalar
    pilot_chute_mass: Scalar
    pilot_chute_fill_time: Scalar
    throw_time: Scalar
    bridle_length: Scalar
    pack_mass: Scalar
    line_length: Scalar
    stow_force: Scalar
    line_stiffness: Scalar
    extraction_factor: Scalar
    canopy_area: Scalar
    canopy_span: Scalar
    canopy_radius: Scalar
    fill_constant: Scalar
    fill_exponent: Scalar
    opening_drag_coefficient: Scalar
    settle_time: Scalar
    lift_full: Scalar
    drag_full: Scalar
    lift_half: Scalar
    drag_half: Scalar
    lift_deep: Scalar
    drag_deep: Scalar
    bank_lag: Scalar
    bank_limit: Scalar
    toggle_rate: Scalar
    sideslip_drag: Scalar
    heading_error: Scalar
    heading_from_body: Scalar

    @property
    def pilot_chute_drag_area(self) -> Scalar:
        """Drag area of the open pilot chute, `()` [m^2]."""
        return self.pilot_chute_drag_coefficient * 0.25 * jnp.pi * self.pilot_chute_diameter**2

    def coefficients(self, brakes: Scalar) -> tuple[Scalar, Scalar]:
        """Return lift and drag coefficient of canopy, lines and performer together.

        Args:
            brakes: 0 toggles up, 1 full travel, `()`.

        Returns:
            Lift and drag coefficient, each `()` [-]: power laws through the three given settings.

        Valid for: 0 to 0.9; beyond, a ram-air canopy stalls and this model does not.
        """
        log = jnp.log(2.0 * jnp.clip(brakes, *BRAKES))
        lift = _through(log, self.lift_full, self.lift_half, self.lift_deep)
        return lift, _through(log, self.drag_full, self.drag_half, self.drag_deep)


def _through(log: Scalar, full: Scalar, half: Scalar, deep: Scalar) -> Scalar:
    power = jnp.log((deep - full) / (half - full)) / np.log(1.5)
    return full + (half - full) * jnp.exp(power * log)


class Malfunction(eqx.Module):
    """What goes wrong with the rig in this run; all zero when nothing does.

    Attributes:
        hesitation: Extra time before the pilot chute catches air, `()` [s].
        twist_chance: Chance of a line twist without body yaw, `()` [-].
        twist_per_yaw_rate: Chance added by body yaw rate, `()` [s/rad].
        twist_luck: Uniform draw that decides on the twist, `()` [-].
        twist_time: How long a twist lasts, `()` [s].
        forced_turn: Toggle input that a line-over forces, `()` [-].
        open_fraction: Drag area that inflates, 1 unless the canopy fails to inflate, `()` [-].
    """

    hesitation: Scalar
    twist_chance: Scalar
    twist_per_yaw_rate: Scalar
    twist_luck: Scalar
    twist_time: Scalar
    forced_turn: Scalar
    open_fraction: Scalar
