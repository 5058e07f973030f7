"""Ramp and run-up geometry as arrays."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from precipice.frames import Scalar


class Ramp(eqx.Module):
    """A ramp in its own plane: x forward from the lip, z up from the lip.

    The height is a table over x, so that every profile is the same program.

    Attributes:
        x: Stations from the foot (negative) to the lip (zero), rising, `(n,)` [m].
        z: Height at the stations, `(n,)` [m].
        slope: Path angle at the stations, `(n,)` [rad].
        friction: Tyre on ramp, `()` [-].
        rolling_resistance: `()` [-].
        half_width: `()` [m].
    """

    x: Float[Array, " n"]
    z: Float[Array, " n"]
    slope: Float[Array, " n"]
    friction: Scalar
    rolling_resistance: Scalar
    half_width: Scalar

    @property
    def lip_angle(self) -> Scalar:
        """Angle of the last edge, `()` [rad]."""
        return self.slope[-1]

    @property
    def height(self) -> Scalar:
        """From foot to lip, `()` [m]."""
        return -self.z[0]

    @property
    def base(self) -> Scalar:
        """Horizontal length, `()` [m]."""
        return -self.x[0]

    @property
    def arc(self) -> Scalar:
        """Length along the surface, `()` [m]."""
        return jnp.sum(jnp.hypot(jnp.diff(self.x), jnp.diff(self.z)))

    def surface(self, x: Scalar) -> tuple[Scalar, Scalar]:
        """Return height and path angle of the surface, flat before the foot.

        Args:
            x: Forward from the lip, `()` [m].

        Returns:
            Height relative to the lip, `()` [m], and path angle, `()` [rad]. Between stations the
            height is the cubic with the stations' slopes: exact to 1e-6 m for these profiles.
        """
        count = self.x.shape[0]
        index = jnp.clip(jnp.sum(self.x < x) - 1, 0, count - 2)
        left, right = self.x[index], self.x[index + 1]
        width = right - left
        t = jnp.clip((x - left) / width, 0.0, 1.0)
        rise_left, rise_right = jnp.tan(self.slope[index]), jnp.tan(self.slope[index + 1])
        step = self.z[index + 1] - self.z[index]
        a = rise_left * width - step
        b = step - rise_right * width
        height = self.z[index] + t * step + t * (1.0 - t) * (a * (1.0 - t) + b * t)
        rise = (step + (1.0 - 2.0 * t) * (a * (1.0 - t) + b * t) + t * (1.0 - t) * (b - a)) / width
        beyond = jnp.maximum(x - self.x[-1], 0.0) * jnp.tan(self.slope[-1])
        before = x < self.x[0]
        slope = jnp.where(before, 0.0, jnp.arctan(rise))
        return jnp.where(before, self.z[0], height + beyond), slope


def circular_curve(radius: Scalar, angle: Scalar, count: int) -> Float[Array, "count 3"]:
    """Return x, z and path angle along a circle from level to an angle, `(count, 3)` [m, m, rad].

    Args:
        radius: `()` [m].
        angle: At the end, `()` [rad].
        count: Stations.
    """
    slope = jnp.linspace(0.0, 1.0, count) * angle
    return jnp.stack([radius * jnp.sin(slope), radius * (1.0 - jnp.cos(slope)), slope], axis=1)


def clothoid_curve(radius: Scalar, angle: Scalar, count: int) -> Float[Array, "count 3"]:
    """Return x, z and path angle along a clothoid whose curvature grows from 0 to 1/radius.

    Args:
        radius: At its end, `()` [m].
        angle: At its end, `()` [rad].
        count: Stations.

    Returns:
        `(count, 3)` [m, m, rad], by 8-point Gauss-Legendre quadrature of the path angle.
    """
    length = 2.0 * radius * angle
    s = jnp.linspace(0.0, 1.0, count) * length
    nodes, weights = _gauss()
    inner = s[:-1, None] + (s[1:] - s[:-1])[:, None] * nodes[None]
    slope = 0.5 * inner**2 / (length * radius)
    step = (s[1:] - s[:-1])[:, None] * weights[None]
    x = jnp.concatenate([jnp.zeros(1), jnp.cumsum(jnp.sum(step * jnp.cos(slope), axis=1))])
    z = jnp.concatenate([jnp.zeros(1), jnp.cumsum(jnp.sum(step * jnp.sin(slope), axis=1))])
    return jnp.stack([x, z, 0.5 * s**2 / (length * radius)], axis=1)


def parabolic_curve(radius: Scalar, angle: Scalar, count: int) -> Float[Array, "count 3"]:
    """Return x, z and path angle along the parabola z = x^2/(2 radius) up to an angle, `(count, 3)`.

    Args:
        radius: Of curvature at the foot, `()` [m].
        angle: At the end, `()` [rad].
        count: Stations.
    """
    x = jnp.linspace(0.0, 1.0, count) * radius * jnp.tan(angle)
    return jnp.stack([x, 0.5 * x**2 / radius, jnp.arctan(x / radius)], axis=1)


def straight_curve(radius: Scalar, angle: Scalar, count: int) -> Float[Array, "count 3"]:
    """Return a short fillet from level to an angle, `(count, 3)`: a wedge ramp starts at its foot.

    Args:
        radius: Ignored but for its type; the fillet's radius is 3 m, `()` [m].
        angle: Of the wedge, `()` [rad].
        count: Stations.
    """
    return circular_curve(jnp.full_like(radius, 3.0), angle, count)


CURVES = (circular_curve, clothoid_curve, parabolic_curve, straight_curve)


def _gauss() -> tuple[Float[Array, "8"], Float[Array, "8"]]:
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(8)
    return jnp.asarray(0.5 * (nodes + 1.0)), jnp.asarray(0.5 * weights)


def build_ramp(
    profile: Scalar,
    lip_angle: Scalar,
    radius: Scalar,
    straight: Scalar,
    half_width: Scalar,
    friction: Scalar,
    rolling_resistance: Scalar,
    count: int = 48,
) -> Ramp:
    """Return a ramp: a curve of one of four profiles, then a straight end up to the lip.

    Args:
        profile: Index into `arrange.PROFILES`, `()`.
        lip_angle: From horizontal, `()` [rad].
        radius: Of curvature (circle everywhere, clothoid at its end, parabola at its foot), `()` [m].
        straight: Length of the straight end, `()` [m].
        half_width: `()` [m].
        friction: Tyre on ramp, `()` [-].
        rolling_resistance: `()` [-].
        count: Stations of the curve.

    Returns:
        The ramp, lip at the origin.
    """
    curves = jnp.stack([curve(radius, lip_angle, count) for curve in CURVES])
    curve = curves[jnp.asarray(profile, int)]
    end = curve[-1, :2] + jnp.maximum(straight, 1e-3) * jnp.stack([jnp.cos(lip_angle), jnp.sin(lip_angle)])
    points = jnp.concatenate([curve[:, :2], end[None]]) - end[None]
    slope = jnp.concatenate([curve[:, 2], lip_angle[None]])
    return Ramp(points[:, 0], points[:, 1], slope, friction, rolling_resistance, half_width)


class RunUp(eqx.Module):
    """The track from standstill to the foot of the ramp.

    Attributes:
        bearing: `()` [rad].
        length: Of the front wheel's way to the foot, `()` [m].
        half_width: Of the deck, `()` [m].
        slope: Rise of the track, `()` [rad].
        start_speed: At its start, `()` [m/s].
        starts: Station at which each surface begins, rising, `(n,)` [m].
        friction: Of each surface, `(n,)` [-].
        rolling_resistance: Of each surface, `(n,)` [-].
        steering: Unit-variance steering noise over stations, `(m,)` [-].
        steering_spacing: Between its nodes, `()` [m].
    """

    bearing: Scalar
    length: Scalar
    half_width: Scalar
    slope: Scalar
    start_speed: Scalar
    starts: Float[Array, " n"]
    friction: Float[Array, " n"]
    rolling_resistance: Float[Array, " n"]
    steering: Float[Array, " m"]
    steering_spacing: Scalar

    def surface(self, station: Scalar) -> tuple[Scalar, Scalar]:
        """Return friction and rolling resistance at a station, each `()` [-]."""
        index = jnp.clip(jnp.sum(self.starts <= station) - 1, 0, self.starts.shape[0] - 1)
        return self.friction[index], self.rolling_resistance[index]
