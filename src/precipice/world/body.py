"""The three bodies of the stunt: performer, motorcycle, rig. Fields are the scenario's, in SI."""

import equinox as eqx
import jax.numpy as jnp

from precipice.frames import Scalar, Vector


class Performer(eqx.Module):
    """The person with everything worn. Every number `()`, SI; inertias `(3,)` roll, pitch, yaw."""

    mass: Scalar
    radius: Scalar
    foot_offset: Scalar
    height: Scalar
    upright_drag_area: Scalar
    drag_area: Scalar
    head_on_fraction: Scalar
    lift_area: Scalar
    lift_delay: Scalar
    posture_lag: Scalar
    standing_inertia: Vector
    spread_inertia: Vector
    control_volume: Scalar
    stability_volume: Scalar
    body_width: Scalar
    reaction_time: Scalar
    speed_error: Scalar
    pitch_rate_error: Scalar
    pop: Scalar
    steering_noise: Scalar
    steering_lag: Scalar
    exit_pitch_rate: Scalar
    exit_roll_rate: Scalar
    exit_yaw_rate: Scalar
    braking_efficiency: Scalar
    brake_build_up: Scalar


class Motorcycle(eqx.Module):
    """The vehicle, ridden and riderless. Every number `()`, SI."""

    mass: Scalar
    wheelbase: Scalar
    rear_axle_to_cg: Scalar
    cg_height: Scalar
    own_cg_height: Scalar
    pitch_inertia: Scalar
    roll_inertia: Scalar
    yaw_inertia: Scalar
    ridden_pitch_inertia: Scalar
    ridden_roll_inertia: Scalar
    ridden_yaw_inertia: Scalar
    wheel_radius: Scalar
    front_wheel_inertia: Scalar
    rear_wheel_inertia: Scalar
    crank_inertia: Scalar
    gear_reach: Scalar
    power: Scalar
    fork_stiffness: Scalar
    shock_stiffness: Scalar
    fork_damping: Scalar
    shock_damping: Scalar
    ridden_drag_area: Scalar
    ridden_lift_area: Scalar
    pressure_centre_height: Scalar
    inline_drag_area: Scalar
    tumbling_drag_area: Scalar
    tumbling_lift_fraction: Scalar
    tumble_period: Scalar
    radius: Scalar
    restitution: Scalar
    slide_friction: Scalar

    @property
    def own_inertia(self) -> Vector:
        """Riderless inertia about roll, pitch and yaw, `(3,)` [kg m^2]."""
        return jnp.stack([self.roll_inertia, self.pitch_inertia, self.yaw_inertia])

    @property
    def ridden_inertia(self) -> Vector:
        """Inertia with the rider about roll, pitch and yaw, `(3,)` [kg m^2]."""
        return jnp.stack([self.ridden_roll_inertia, self.ridden_pitch_inertia, self.ridden_yaw_inertia])

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


class Rig(eqx.Module):
    """Container, pilot chute, lines and canopy. Every number `()`, SI."""

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
        brakes = jnp.clip(brakes, 1e-6, 0.95)
        lift = _through(brakes, self.lift_full, self.lift_half, self.lift_deep)
        return lift, _through(brakes, self.drag_full, self.drag_half, self.drag_deep)


def _through(brakes: Scalar, full: Scalar, half: Scalar, deep: Scalar) -> Scalar:
    power = jnp.log((deep - full) / (half - full)) / jnp.log(1.5)
    return full + (half - full) * (brakes / 0.5) ** power


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
