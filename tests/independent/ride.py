"""With the motorcycle: run-up, ramp, flight, push and separation, and its own fall to the first contact.

A body's attitude is carried as its direction cosine matrix, whose columns are forward, left and up.
"""

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.independent.body import performer_rates
from tests.independent.solve import Leg, solve
from tests.independent.surroundings import (
    GRAVITY,
    UP,
    Surroundings,
    cross,
    hermite,
    length,
    right_of,
    section,
    towards,
)

START_SPEED = 0.5


def skew(a: Any) -> np.ndarray:
    """Return the matrix that makes a cross product."""
    x, y, z = a
    return np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


def unit(a: np.ndarray) -> np.ndarray:
    """Return a vector's direction."""
    return a / length(a)


def attitude(bearing: float, pitch: float) -> np.ndarray:
    """Return the direction cosines of a level-winged body from bearing and nose-up pitch [rad]."""
    level, side = towards(bearing), -right_of(bearing)
    ahead = math.cos(pitch) * level + math.sin(pitch) * UP
    return np.column_stack([ahead, side, cross(ahead, side)])


@dataclass(frozen=True)
class Vehicle:
    """The ridden motorcycle: its own numbers `m`, mass with the rider [kg] and what its wheels add."""

    m: SimpleNamespace
    mass: float
    spin_per_speed: float
    rolling_mass: float

    @classmethod
    def of(cls, v: dict[str, float]) -> "Vehicle":
        """Return the vehicle of a scenario's numbers."""
        m = section(v, "motorcycle")
        wheels, crank = m.front_wheel_inertia + m.rear_wheel_inertia, m.crank_inertia
        momentum = wheels / m.wheel_radius + crank / m.gear_reach
        extra = wheels / m.wheel_radius**2 + crank / m.gear_reach**2
        return cls(m, m.mass + v["performer.mass"], momentum, extra)

    def limits(
        self, speed: float, friction: float, load: float, density: float
    ) -> tuple[float, float, float]:
        """Return what engine, rear tyre and front wheel's weight allow, each [m/s^2].

        Args:
            speed: [m/s].
            friction: Of the rear tyre.
            load: Of the ground over mass [m/s^2].
            density: Of the air that the engine breathes [kg/m^3].
        """
        m = self.m
        engine = m.power * density / (1.225 * self.mass * max(speed, 0.5))
        # Weight moves to the rear while driving: N = load (front + a h / load) / wheelbase, a = friction N.
        lever = max(m.wheelbase - friction * m.cg_height, 0.05 * m.wheelbase)
        tyre = friction * load * (m.wheelbase - m.rear_axle_to_cg) / lever
        return engine, tyre, load * m.rear_axle_to_cg / m.cg_height


class Ride:
    """The ride of one run."""

    def __init__(self, air: Surroundings, steering: Any, tumble: Any):
        """Store what the ride needs.

        Args:
            air: Surroundings.
            steering: Unit-variance nodes along the run-up.
            tumble: Unit-variance nodes of the tumbling lift, `(2, n)`.
        """
        self.air, self.v = air, air.v
        self.bike = Vehicle.of(air.v)
        self.steering = [float(node) for node in steering]
        self.tumble_nodes = [[float(node) for node in row] for row in tumble]
        self.bearing = air.v["run_up.azimuth"]
        self.ahead, self.right = towards(self.bearing), right_of(self.bearing)
        surfaces = [key for key in air.v if key.startswith("run_up.surface.") and key.endswith(".from")]
        self.surfaces = [section(air.v, key.removesuffix(".from")) for key in surfaces]
        self.starts = [air.v[key] for key in surfaces]

    # ---------------------------------------- on the ground

    def target_speed(self) -> float:
        """Return the speed that the rider wants at the foot of the ramp [m/s]: energy balance up the ramp."""
        v, ramp, m = self.v, self.air.ramp, self.bike.m
        lip, angle = v["plan.lip_speed"], ramp.angle
        rise = ramp.height + m.rear_axle_to_cg * math.sin(angle) - m.cg_height * (1.0 - math.cos(angle))
        through_air = lip - self.air.free @ self.ahead
        aero = 0.5 * self.air.density(-ramp.height) * m.ridden_drag_area * through_air**2 / self.bike.mass
        slowing = v["ramp.rolling_resistance"] * GRAVITY + aero - v["plan.ramp_drive"]
        square = lip**2 + 2.0 * (GRAVITY * rise + (ramp.arc + m.wheelbase) * slowing)
        return math.sqrt(max(square, 1.0)) + v["performer.speed_error"]

    def track_place(self, station: float, lateral: float) -> np.ndarray:
        """Return the centre of mass on the run-up [m]."""
        m, ramp, slope = self.bike.m, self.air.ramp, self.v["site.cliff.plateau_slope"]
        left = self.v["run_up.length"] - station + m.wheelbase - m.rear_axle_to_cg
        up = m.cg_height - ramp.height - left * math.sin(slope)
        return -(ramp.base + left * math.cos(slope)) * self.ahead + lateral * self.right + up * UP

    def _track_terms(self, y: np.ndarray, target: float) -> SimpleNamespace:
        station, speed, lateral, heading = y
        v, bike = self.v, self.bike
        slope = v["site.cliff.plateau_slope"]

        def along(bearing: float) -> np.ndarray:
            return math.cos(slope) * towards(bearing) + math.sin(slope) * UP

        felt = self.air.felt(self.track_place(station, lateral), speed * along(self.bearing + heading))
        drag = 0.5 * felt.density * bike.m.ridden_drag_area
        ahead, aside = felt.velocity @ along(self.bearing), felt.velocity @ self.right
        ground = self.surfaces[max(k for k, start in enumerate(self.starts) if start <= station)]
        load = GRAVITY * math.cos(slope)
        lost = (
            drag * ahead * abs(ahead) / bike.mass
            + ground.rolling_resistance * load
            + GRAVITY * math.sin(slope)
        )
        asked = v["plan.acceleration"] * math.tanh(target - speed) + lost
        choices = (asked, *bike.limits(speed, ground.friction, load, felt.density))
        return SimpleNamespace(choices=choices, lost=lost, side=-drag * aside * abs(aside))

    def run_up(self, t: float, y: Any, target: float, end: float) -> Leg:
        """Ride along the deck to a station [m]; state: station, speed, offset right, heading error."""
        p, bike = section(self.v, "performer"), self.bike
        spacing = self.v["run_up.length"] / (len(self.steering) - 1)
        share = bike.mass / (bike.mass + bike.rolling_mass)

        def rate(t: float, y: np.ndarray) -> list[float]:
            station, speed, lateral, heading = y
            terms = self._track_terms(y, target)
            rolling = max(speed, 1.0)
            wanted = p.steering_noise * hermite(self.steering, station / spacing)
            wanted -= lateral / (2.0 * p.steering_lag * rolling)
            turning = 2.0 * (wanted - heading) / p.steering_lag + 0.1 * terms.side / (bike.mass * rolling)
            gain = share * (min(terms.choices) - terms.lost)
            return [speed * math.cos(heading), gain, speed * math.sin(heading), turning]

        def regime(t: float, y: np.ndarray) -> Any:
            choices = self._track_terms(y, target).choices
            ground = sum(start <= y[0] for start in self.starts)
            return choices.index(min(choices)), ground, math.floor(y[0] / spacing), y[1] > 1.0

        half = 0.5 * self.v["run_up.deck_width"]
        ends = {"end": lambda t, y: end - y[0], "side": lambda t, y: half - abs(y[2])}
        return solve(rate, t, y, ends, regime)

    # ---------------------------------------- on the ramp

    def _wheel(self, y: Any, front: bool) -> SimpleNamespace:
        """Return a wheel's contact: `arm` from the centre of mass [m], normal `load` [N], `slope` [rad].

        The suspension works along the normal of the ramp's nearest point, from its unloaded length.
        """
        x, z, pitch, vx, vz, spin = y
        m, ramp = self.bike.m, self.air.ramp
        share = m.rear_axle_to_cg / m.wheelbase
        spring, damper = (m.fork_stiffness, m.fork_damping) if front else (m.shock_stiffness, m.shock_damping)
        sag = self.bike.mass * GRAVITY * (share if front else 1.0 - share) / spring
        forward = (m.wheelbase if front else 0.0) - m.rear_axle_to_cg
        leg = m.cg_height + sag
        # Where the unloaded leg would end, seen from the centre of mass.
        ex = forward * math.cos(pitch) + leg * math.sin(pitch)
        ez = forward * math.sin(pitch) - leg * math.cos(pitch)
        buried, slope, zone = ramp.under(x + ex, z + ez)
        normal = -math.sin(slope), math.cos(slope)
        outwards = (vx - spin * ez) * normal[0] + (vz + spin * ex) * normal[1]
        raw = spring * buried - damper * outwards
        squeezed = max(buried, 0.0)
        return SimpleNamespace(
            arm=(ex + squeezed * normal[0], ez + squeezed * normal[1]),
            load=raw if buried > 0.0 and raw > 0.0 else 0.0,
            slope=slope,
            labels=(zone, buried > 0.0, raw > 0.0),
        )

    def ramp_loads(self, y: Any, both: bool) -> SimpleNamespace:
        """Return the planar `force` [N] without weight, its `moment` nose up [N m] and the labels of `solve`.

        Args:
            y: Forward, up, pitch of the centre of mass and their rates.
            both: Whether the front wheel has yet to pass the lip.
        """
        v, bike = self.v, self.bike
        m, mass = bike.m, bike.mass
        speed = math.sqrt(y[3] ** 2 + y[4] ** 2)
        friction = v["ramp.friction"]
        rear, front = self._wheel(y, front=False), self._wheel(y, front=True)
        wheels = [(rear, 1.0)] + ([(front, 0.0)] if both else [])
        limits = bike.limits(speed, friction, 3.0 * GRAVITY, self.air.density(y[1]))
        options = [mass * v["plan.ramp_drive"], *(mass * limit for limit in limits), friction * rear.load]
        drive = min(options)
        felt = self.air.felt(y[0] * self.ahead + y[1] * UP, y[3] * self.ahead + y[4] * UP)
        vx, vz = felt.velocity @ self.ahead, felt.velocity[2]
        drag = 0.5 * felt.density * m.ridden_drag_area * math.hypot(vx, vz)
        fx, fz = -drag * vx, -drag * vz
        moment = drag * vx * m.pressure_centre_height
        rolling = v["ramp.rolling_resistance"] * math.tanh(speed / 0.2)
        for wheel, driven in wheels:
            forth = driven * drive - rolling * wheel.load
            px = forth * math.cos(wheel.slope) - wheel.load * math.sin(wheel.slope)
            pz = forth * math.sin(wheel.slope) + wheel.load * math.cos(wheel.slope)
            fx, fz = fx + px, fz + pz
            moment += wheel.arm[0] * pz - wheel.arm[1] * px
        labels = options.index(drive), tuple(wheel.labels for wheel, _ in wheels)
        return SimpleNamespace(force=(fx, fz), moment=moment, labels=labels)

    def up_ramp(self, t: float, y: Any, both: bool) -> Leg:
        """Ride until the front wheel (`both`), then the rear wheel, passes the lip."""
        mass, inertia = self.bike.mass, self.bike.m.ridden_pitch_inertia

        def rate(t: float, y: np.ndarray) -> list[float]:
            loads = self.ramp_loads(y, both)
            fx, fz = loads.force
            return [y[3], y[4], y[5], fx / mass, fz / mass - GRAVITY, loads.moment / inertia]

        def to_lip(t: float, y: np.ndarray) -> float:
            return -(y[0] + self._wheel(y, front=both).arm[0])

        return solve(rate, t, y, {"lip": to_lip}, lambda t, y: self.ramp_loads(y, both).labels)

    def standing(self, speed: float) -> list[float]:
        """Return the ramp's state with the front wheel at its foot."""
        m, ramp = self.bike.m, self.air.ramp
        return [-ramp.base - m.wheelbase + m.rear_axle_to_cg, m.cg_height - ramp.height, 0.0, speed, 0.0, 0.0]

    def ramp_place(self, y: Any, lateral: float, heading: float) -> np.ndarray:
        """Return the centre of mass on the ramp [m]."""
        aside = lateral + (y[0] + self.air.ramp.base) * math.tan(heading)
        return y[0] * self.ahead + aside * self.right + y[1] * UP

    # ---------------------------------------- both fly

    def leave(self, y: Any, lateral: float, heading: float) -> np.ndarray:
        """Return place, velocity, attitude and angular momentum (wheels included) of the pair, `(18,)`."""
        p, ramp = section(self.v, "performer"), self.air.ramp
        bearing = self.bearing + heading
        ahead = towards(bearing)
        place = (
            y[0] * self.ahead + (lateral + (y[0] + ramp.base) * math.tan(heading)) * self.right + y[1] * UP
        )
        pop = p.pop * (math.cos(ramp.angle) * UP - math.sin(ramp.angle) * ahead)
        spin = np.array([0.0, -(y[5] + p.pitch_rate_error), 0.0])
        momentum = self._ridden_inertia * spin + self._wheel_spin(math.hypot(y[3], y[4]))
        return np.concatenate(
            [place, y[3] * ahead + y[4] * UP + pop, attitude(bearing, y[2]).ravel(), momentum]
        )

    @property
    def _ridden_inertia(self) -> np.ndarray:
        m = self.bike.m
        return np.array([m.ridden_roll_inertia, m.ridden_pitch_inertia, m.ridden_yaw_inertia])

    @property
    def _own_inertia(self) -> np.ndarray:
        m = self.bike.m
        return np.array([m.roll_inertia, m.pitch_inertia, m.yaw_inertia])

    def _wheel_spin(self, speed: float) -> np.ndarray:
        return np.array([0.0, self.bike.spin_per_speed * speed, 0.0])

    def _rims(self, place: np.ndarray, axes: np.ndarray, height: float) -> float:
        """Return the distance of the nearer wheel from rock [m]."""
        m = self.bike.m
        hubs = [np.array([x, 0.0, m.wheel_radius - height]) for x in (0.0, m.wheelbase)]
        back = np.array([m.rear_axle_to_cg, 0.0, 0.0])
        return min(self.air.distance(place + axes @ (hub - back)) for hub in hubs) - m.wheel_radius

    def fly(self, t: float, y: np.ndarray, wheel_speed: float, release: float) -> Leg:
        """Fly as one body until the release."""
        m, mass = self.bike.m, self.bike.mass
        inertia, wheels = self._ridden_inertia, self._wheel_spin(wheel_speed)

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            axes, momentum = y[6:15].reshape(3, 3), y[15:]
            spin = (momentum - wheels) / inertia
            felt = self.air.felt(y[:3], y[3:6])
            ahead = felt.velocity / felt.speed
            up = axes[:, 2]
            dynamic = 0.5 * felt.density * felt.speed**2
            drag = -dynamic * m.ridden_drag_area * ahead
            lift = dynamic * m.ridden_lift_area * unit(up - (up @ ahead) * ahead)
            bx, by, _ = drag @ axes
            # The drag acts above the centre of mass: (0, 0, h) x drag.
            moment = m.pressure_centre_height * np.array([-by, bx, 0.0])
            gain = (drag + lift) / mass - GRAVITY * UP
            turning = (axes @ skew(spin)).ravel()
            return np.concatenate([y[3:6], gain, turning, moment - cross(spin, momentum)])

        def rims(t: float, y: np.ndarray) -> float:
            return self._rims(y[:3], y[6:15].reshape(3, 3), m.cg_height) + 0.15

        return solve(rate, t, y, {"release": lambda t, y: release - t, "strike": rims})

    # ---------------------------------------- apart

    def part(self, y: np.ndarray, wheel_speed: float) -> np.ndarray:
        """Return performer, `(18,)`, and motorcycle, `(18,)`, at the release: they still turn as one.

        The common centre of mass stays where it is, and with it the momentum.
        """
        place, velocity, axes = y[:3], y[3:6], y[6:15].reshape(3, 3)
        spin = (y[15:] - self._wheel_spin(wheel_speed)) / self._ridden_inertia
        m, p = self.bike.m, section(self.v, "performer")
        drop = m.cg_height - m.own_cg_height
        turned = axes @ spin
        rise = drop * m.mass / p.mass * axes[:, 2]
        rider = place + rise, velocity + cross(turned, rise), y[6:15], p.standing_inertia * spin
        fall = -drop * axes[:, 2]
        momentum = self._own_inertia * spin + self._wheel_spin(wheel_speed)
        bike = place + fall, velocity + cross(turned, fall), y[6:15], momentum
        return np.concatenate([*rider, *bike])

    def _bike_rates(self, y: np.ndarray, since: float, wheel_speed: float, lifted: bool) -> Any:
        """Return the loads in air [N], the turning of the axes, and the spin of the riderless motorcycle."""
        m, axes = self.bike.m, y[6:15].reshape(3, 3)
        spin = (y[15:18] - self._wheel_spin(wheel_speed)) / self._own_inertia
        felt = self.air.felt(y[:3], y[3:6])
        ahead = felt.velocity / felt.speed
        in_line = (axes[:, 0] @ ahead) ** 2 * math.exp(-since / m.tumble_period)
        area = m.tumbling_drag_area * (1.0 - in_line) + m.inline_drag_area * in_line
        dynamic = 0.5 * felt.density * felt.speed**2 * area
        force = -dynamic * ahead
        if lifted:
            side = unit(self.right - (self.right @ ahead) * ahead)
            first, second = (hermite(row, 2.0 * since / m.tumble_period) for row in self.tumble_nodes)
            force = force + dynamic * m.tumbling_lift_fraction * (first * side + second * cross(side, ahead))
        return force, (axes @ skew(spin)).ravel(), spin

    def separate(
        self, t: float, y: np.ndarray, release: float, wheel_speed: float, pushing: bool, end: float
    ) -> Leg:
        """Push apart until `end` [s], or fly side by side until clear (at the latest until `end`)."""
        plan, p, m = section(self.v, "plan"), section(self.v, "performer"), self.bike.m
        direction = math.sin(plan.push_angle) * UP - math.cos(plan.push_angle) * self.air.launch
        impulse = plan.push_speed * p.mass * m.mass / (p.mass + m.mass) * direction
        kick = np.array([p.exit_roll_rate, -p.exit_pitch_rate, p.exit_yaw_rate])
        opening = release + plan.push_time

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt = self.air.felt(y[:3], y[3:6])
            posture = 0.0 if pushing else 1.0 - math.exp((opening - t) / p.posture_lag)
            own = performer_rates(p, self.air.outward, y[:18], felt, posture, 0.0, free=not pushing)
            air, turning, spin = self._bike_rates(y[18:], t - release, wheel_speed, lifted=False)
            moment, push = np.zeros(3), np.zeros(3)
            if pushing:
                share = math.sin(math.pi * (t - release) / plan.push_time) * 0.5 * math.pi / plan.push_time
                push = share * impulse
                own[3:6] += push / p.mass
                on_body = push @ y[6:15].reshape(3, 3)
                # Along body forward (offset, 0, 0) x push, and the rates that the performer takes along.
                own[15:18] += share * p.standing_inertia * kick
                own[15:18] += plan.push_offset * np.array([0.0, -on_body[2], on_body[1]])
                # The same force meets the motorcycle from the other side of the same point.
                hands = y[:3] + plan.push_offset * y[6:15].reshape(3, 3)[:, 0]
                moment = cross(push, hands - y[18:21]) @ y[24:33].reshape(3, 3)
            gain = (air - push) / m.mass - GRAVITY * UP
            return np.concatenate([own, y[21:24], gain, turning, moment - cross(spin, y[33:36])])

        apart = p.radius + m.radius + plan.clear_distance
        ends = {
            "time": lambda t, y: end - t,
            "strike": lambda t, y: self.air.distance(y[:3]) - 0.5 * p.radius,
            "motorcycle strike": lambda t, y: (
                self._rims(y[18:21], y[24:33].reshape(3, 3), m.own_cg_height) + 0.1
            ),
        }
        if not pushing:
            ends = {"clear": lambda t, y: apart - length(y[:3] - y[18:21]), **ends}
        return solve(rate, t, y, ends)

    def tumble(self, t: float, y: np.ndarray, release: float, wheel_speed: float) -> Leg:
        """Let the riderless motorcycle fall to its first contact."""
        m = self.bike.m

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            force, turning, spin = self._bike_rates(y, t - release, wheel_speed, lifted=True)
            gain = force / m.mass - GRAVITY * UP
            return np.concatenate([y[3:6], gain, turning, -cross(spin, y[15:18])])

        def regime(t: float, y: np.ndarray) -> int:
            return math.floor(2.0 * (t - release) / m.tumble_period)

        ends = {"contact": lambda t, y: self.air.distance(y[:3]) - m.radius}
        return solve(rate, t, y, ends, regime, keep=True)
