"""Numbers of one run, air, wind, gusts, cliff, ramp and landing areas, written again from their meaning."""

import itertools
import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

GRAVITY = 9.80665
GAS = 287.05287
GEOPOTENTIAL_RADIUS = 6356766.0
NODE = 0.08
"""Distance between the nodes of a gust table, in scale lengths."""
FOOT = 0.3048
UP = np.array([0.0, 0.0, 1.0])


def towards(bearing: float) -> np.ndarray:
    """Return the level unit vector along a bearing [rad]."""
    return np.array([math.sin(bearing), math.cos(bearing), 0.0])


def right_of(bearing: float) -> np.ndarray:
    """Return the level unit vector to the right of a bearing [rad]."""
    return np.array([math.cos(bearing), -math.sin(bearing), 0.0])


def wrapped(angle: float) -> float:
    """Return the same direction between minus and plus half a turn [rad]."""
    return math.remainder(angle, math.tau)


def cross(a: Any, b: Any) -> np.ndarray:
    """Return the cross product: twenty times faster than NumPy's for one pair."""
    a0, a1, a2 = a
    b0, b1, b2 = b
    return np.array([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0])


def length(a: np.ndarray) -> float:
    """Return the length of a vector."""
    return math.sqrt(a @ a)


def ease(x: float) -> float:
    """Return the cubic that leaves 0 and reaches 1 with level tangents."""
    if x <= 0.0:
        return 0.0
    return 1.0 if x >= 1.0 else x * x * (3.0 - 2.0 * x)


def hermite(table: Any, place: float) -> float:
    """Return a periodic table between its nodes: Hermite's cubic with central differences as slopes."""
    low = math.floor(place)
    s = place - low
    n = len(table)
    before, left, right, after = (table[(low + k) % n] for k in (-1, 0, 1, 2))
    ramp = s * s * (3.0 - 2.0 * s)
    tangents = (1.0 - s) * 0.5 * (right - before) - s * 0.5 * (after - left)
    return left + ramp * (right - left) + s * (1.0 - s) * tangents


def eased(table: Any, place: float) -> float:
    """Return a periodic table between its nodes: from one to the next along Hermite's ramp."""
    low = math.floor(place)
    s = place - low
    left, right = table[low % len(table)], table[(low + 1) % len(table)]
    return left * (1.0 - s) ** 2 * (1.0 + 2.0 * s) + right * s * s * (3.0 - 2.0 * s)


def section(values: dict[str, float], name: str) -> SimpleNamespace:
    """Return the numbers of one section of a scenario; three numbers of an inertia become a vector."""
    own = {key[len(name) + 1 :]: value for key, value in values.items() if key.startswith(name + ".")}
    found: dict[str, Any] = {key: value for key, value in own.items() if "." not in key}
    for key in own:
        if key.endswith(".roll"):
            stem = key.removesuffix(".roll")
            found[stem] = np.array([own[f"{stem}.{axis}"] for axis in ("roll", "pitch", "yaw")])
    return SimpleNamespace(**found)


class Ramp:
    """A circle, then a straight end; forward and up from the lip [m]."""

    def __init__(self, radius: float, angle: float, straight: float):
        """Store the shape.

        Args:
            radius: [m].
            angle: At the lip [rad].
            straight: Length of the straight end [m].
        """
        self.radius, self.angle, self.straight = radius, angle, max(straight, 1e-3)
        self.curve = radius * math.sin(angle)
        self.base = self.curve + self.straight * math.cos(angle)
        self.height = radius * (1.0 - math.cos(angle)) + self.straight * math.sin(angle)
        self.arc = radius * angle + self.straight

    def under(self, x: float, z: float) -> tuple[float, float, int]:
        """Return how deep a point lies under the nearest point of the surface [m], and the slope there [rad].

        Args:
            x: Forward from the lip [m].
            z: Up from the lip [m].

        Returns:
            Depth, slope, and 0 before the foot, 1 on the circle, 2 on the straight end. The surface has no
            corner, so the direction from the circle's centre tells which part is nearest.
        """
        side, down = x + self.base, self.radius - self.height - z
        slope = math.atan2(side, down)
        if slope <= 0.0:
            return -self.height - z, 0.0, 0
        if slope >= self.angle:
            return x * math.sin(self.angle) - z * math.cos(self.angle), self.angle, 2
        return math.hypot(side, down) - self.radius, slope, 1


class Cliff:
    """The cross-section as a chain of straight pieces with rock on its right-hand side."""

    def __init__(self, corners: list[tuple[float, float]], plateau_slope: float):
        """Store the chain.

        Args:
            corners: From the edge down to the foot of the talus: out and up [m].
            plateau_slope: Rise of the ground towards the edge [rad].
        """
        far = 1.0e5
        first, last = corners[0], corners[-1]
        chain = [(first[0] - far * math.cos(plateau_slope), first[1] - far * math.sin(plateau_slope))]
        chain += [*corners, (last[0] + far, last[1])]
        self.pieces = []
        for (x0, z0), (x1, z1) in itertools.pairwise(chain):
            span = math.hypot(x1 - x0, z1 - z0)
            self.pieces.append((x0, z0, (x1 - x0) / span, (z1 - z0) / span, span))

    def nearest(self, out: float, up: float) -> tuple[float, int]:
        """Return the signed distance [m] and which piece is nearest.

        At a corner the sign comes from the sum of the normals of the two pieces that meet there.
        """
        best, index, along, offset = math.inf, 0, 0.0, (0.0, 0.0)
        for k, (x, z, dx, dz, span) in enumerate(self.pieces):
            s = min(max((out - x) * dx + (up - z) * dz, 0.0), span)
            ex, ez = out - x - s * dx, up - z - s * dz
            square = ex * ex + ez * ez
            if square < best:
                best, index, along, offset = square, k, s, (ex, ez)
        _, _, dx, dz, span = self.pieces[index]
        normal = [-dz, dx]
        other = index - 1 if along <= 0.0 else index + 1 if along >= span else index
        if other != index and 0 <= other < len(self.pieces):
            normal[0] -= self.pieces[other][3]
            normal[1] += self.pieces[other][2]
        side = offset[0] * normal[0] + offset[1] * normal[1]
        return math.copysign(math.sqrt(best), side), index

    def height_above(self, out: float, up: float) -> float:
        """Return the height above the first rock straight below [m]."""
        below = -math.inf
        for x, z, dx, dz, span in self.pieces:
            if dx != 0.0 and 0.0 <= (out - x) / dx <= span:
                level = z + (out - x) / dx * dz
                if level <= up:
                    below = max(below, level)
        return up - below


@dataclass(frozen=True)
class Felt:
    """`velocity` relative to it [m/s], `speed` [m/s], `density` [kg/m^3], `mean` wind [m/s]."""

    velocity: np.ndarray
    speed: float
    density: float
    mean: np.ndarray


class Surroundings:
    """Everything around the bodies in one run.

    Attributes:
        v: Scenario numbers, SI, by dotted path.
        ramp: Closed form.
        cliff: Cross-section.
        lip_altitude: Above sea level [m].
        valley: Height of the landing area relative to the lip [m].
        outward: Level unit vector out from the face.
        launch: Level unit vector along the run-up.
        areas: (east, north, up, radius) of landing area and alternates [m].
    """

    def __init__(self, scenario: Any, v: dict[str, float], gusts: np.ndarray | None):
        """Work out the geometry.

        Args:
            scenario: Gives what is not a number: where areas lie.
            v: Scenario numbers, SI.
            gusts: Unit-variance nodes along, across, vertical, `(3, n)`; None is calm.
        """
        assert (scenario.ramp.profile, scenario.wind.profile, scenario.air.model) == (
            "circular",
            "constant",
            "isa",
        )
        self.v = v
        self.ramp = Ramp(v["ramp.radius"], v["ramp.lip_angle"], v["ramp.straight"])
        lip_height = self.ramp.height + v["run_up.deck_height"]
        self.lip_altitude = v["site.altitude"] + lip_height
        self.valley = v["site.landing.altitude"] - self.lip_altitude
        self.outward, self.launch = towards(v["site.cliff.face_azimuth"]), towards(v["run_up.azimuth"])
        self.edge_out = v["site.cliff.lip_to_edge"] * (self.outward @ self.launch)
        rise = math.tan(v["site.cliff.plateau_slope"])
        self.edge_up = v["site.cliff.lip_to_edge"] * rise - lip_height
        self.cliff = self._cliff()
        self.areas = self._areas(scenario)
        self.gusts = None if gusts is None else [[float(node) for node in row] for row in gusts]
        self._prepare_wind()

    def _cliff(self) -> Cliff:
        c = section(self.v, "site.cliff")
        wall = min(c.wall_height, self.edge_up - self.valley - 1.0)
        roof = min(c.undercut_height, 0.9 * wall)
        back = (self.edge_out - c.undercut_depth, self.edge_up - roof)
        foot_up = self.edge_up - wall
        foot = (back[0] + (back[1] - foot_up) * math.tan(0.5 * math.pi - c.wall_angle), foot_up)
        talus = (foot[0] + (foot_up - self.valley) / math.tan(c.talus_angle), self.valley)
        return Cliff([(self.edge_out, self.edge_up), back, foot, talus], c.plateau_slope)

    def _areas(self, scenario: Any) -> list[tuple[float, float, float, float]]:
        found = []
        for k, area in enumerate([scenario.site.landing, *scenario.site.alternate]):
            key = "site.landing" if k == 0 else f"site.alternate.{k - 1}"
            spot, level = area.position, self.v[f"{key}.altitude"]
            if spot.horizontal == "geodetic":
                lip = self.v["site.latitude"], self.v["site.longitude"], self.v["site.altitude"]
                east, north = level_offset(lip, (spot.first, spot.second, level))
            elif spot.horizontal == "bearing":
                east, north = (spot.second * towards(spot.first))[:2]
            else:
                east, north = spot.first, spot.second
            found.append((east, north, level - self.lip_altitude, area.radius.value))
        return found

    def _prepare_wind(self) -> None:
        w = section(self.v, "wind")
        self.w = w
        self.free = w.speed * -towards(w.direction)
        self.downwind = -towards(w.direction)
        self.off_edge = float(self.free @ self.outward)
        self.wall = self.v["site.cliff.wall_height"]
        self._out = float(self.outward[0]), float(self.outward[1])
        self._strength = ease(self.off_edge)

    def density(self, up: float) -> float:
        """Return the density of dry air at a height above the lip [m] in the troposphere [kg/m^3]."""
        altitude = up + self.lip_altitude
        geopotential = altitude / (1.0 + altitude / GEOPOTENTIAL_RADIUS)
        ratio = 1.0 - 0.0065 * geopotential / 288.15
        pressure = 101325.0 * ratio ** (GRAVITY / (GAS * 0.0065))
        return pressure / (GAS * (288.15 * ratio + self.v["air.temperature_offset"]))

    def wind(self, position: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the mean wind [m/s] and how far inside the lee rotor the place is, 0 to 1.

        Wind onto the face is turned up near it; wind off the edge leaves a rotor below and beyond.
        """
        x, y, z = position
        out = x * self._out[0] + y * self._out[1] - self.edge_out
        below = self.edge_up - z
        w, wall, off = self.w, self.wall, self.off_edge
        if off <= 0.0:
            fading = math.exp(-0.5 * (out / (w.upwash_reach * wall)) ** 2)
            level = ease(2.0 + 4.0 * below / wall) * ease(3.0 - 2.0 * below / wall)
            rise = w.upwash * -off * fading * level
            return np.array([self.free[0], self.free[1], rise]), 0.0
        share = ease(10.0 * out / wall) * ease(2.0 - 2.0 * out / (w.rotor_reach * wall))
        share *= ease(10.0 * below / wall) * ease(2.0 - 1.5 * below / wall) * self._strength
        back = (1.0 + w.rotor_reversal) * off * share
        along, across = self.free[0] - back * self._out[0], self.free[1] - back * self._out[1]
        return np.array([along, across, -w.rotor_sink * off * share]), share

    def nearest(self, position: np.ndarray) -> tuple[float, int]:
        """Return the signed distance from rock [m] and which piece of the cliff is nearest."""
        return self.cliff.nearest(position[0] * self._out[0] + position[1] * self._out[1], position[2])

    def distance(self, position: np.ndarray) -> float:
        """Return the signed distance from rock [m]."""
        return self.nearest(position)[0]

    def height_above(self, position: np.ndarray) -> float:
        """Return the height above the rock straight below [m]."""
        return self.cliff.height_above(position[0] * self._out[0] + position[1] * self._out[1], position[2])

    def felt(self, position: np.ndarray, velocity: np.ndarray) -> Felt:
        """Return the air around a body in the mean wind."""
        mean, _ = self.wind(position)
        relative = velocity - mean
        return Felt(relative, length(relative), self.density(position[2]), mean)

    def felt_in_gusts(
        self, position: np.ndarray, velocity: np.ndarray, way: np.ndarray
    ) -> tuple[Felt, tuple[float, float]]:
        """Return the air around a body in frozen turbulence, and how fast it runs through it [1/s].

        Args:
            position: [m].
            velocity: [m/s].
            way: Run so far, in level and in vertical scale lengths.
        """
        if self.gusts is None:
            return self.felt(position, velocity), (0.0, 0.0)
        mean, rotor = self.wind(position)
        scales = dryden(abs(self.distance(position)), self.w.gust_speed)
        factor = 1.0 + (self.w.rotor_gust_factor - 1.0) * rotor
        ahead = factor * scales[2] * eased(self.gusts[0], way[0] / NODE)
        aside = factor * scales[2] * eased(self.gusts[1], way[0] / NODE)
        rise = factor * scales[3] * eased(self.gusts[2], way[1] / NODE)
        d = self.downwind
        gust = np.array([ahead * d[0] + aside * d[1], ahead * d[1] - aside * d[0], rise])
        relative = velocity - mean - gust
        speed = length(relative)
        return Felt(relative, speed, self.density(position[2]), mean), (speed / scales[0], speed / scales[1])

    def gust_cell(self, position: np.ndarray, way: np.ndarray) -> tuple[Any, ...]:
        """Return labels of the branches that turbulence takes here, see `solve`."""
        if self.gusts is None:
            return ()
        distance, piece = self.nearest(position)
        feet = abs(distance) / FOOT
        return (
            piece,
            math.floor(way[0] / NODE),
            math.floor(way[1] / NODE),
            feet < 10.0,
            feet > 1000.0,
            feet > 2000.0,
        )


def dryden(height: float, wind: float) -> tuple[float, float, float, float]:
    """Return level and vertical scale [m], level and vertical intensity [m/s] of MIL-F-8785C at low altitude.

    Args:
        height: Above the nearest surface [m].
        wind: At 20 feet [m/s].
    """
    feet = height / FOOT
    low = min(max(feet, 10.0), 1000.0)
    shape = 0.177 + 0.000823 * low
    share = min(max(feet / 1000.0 - 1.0, 0.0), 1.0)
    level = (1.0 - share) * low / shape**1.2 + share * 1750.0
    vertical = (1.0 - share) * low + share * 1750.0
    return level * FOOT, vertical * FOOT, 0.1 * wind / shape**0.4, 0.1 * wind


def level_offset(
    origin: tuple[float, float, float], place: tuple[float, float, float]
) -> tuple[float, float]:
    """Return how far east and north of an origin a place is [m], in the origin's tangent plane.

    Args:
        origin: WGS84 latitude, longitude [rad], height [m].
        place: The same.

    Written with the difference of longitude, so that no frame at the Earth's centre is turned.
    """
    a, flattening = 6378137.0, 1.0 / 298.257223563
    square = flattening * (2.0 - flattening)

    def ring(latitude: float, height: float) -> tuple[float, float]:
        normal = a / math.sqrt(1.0 - square * math.sin(latitude) ** 2)
        return (normal + height) * math.cos(latitude), (normal * (1.0 - square) + height) * math.sin(latitude)

    (radius0, polar0), (radius1, polar1) = ring(origin[0], origin[2]), ring(place[0], place[2])
    turn = place[1] - origin[1]
    meridian = radius1 * math.cos(turn) - radius0
    return radius1 * math.sin(turn), math.cos(origin[0]) * (polar1 - polar0) - math.sin(origin[0]) * meridian
