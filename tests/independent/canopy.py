"""Under the open canopy: the pilot's legs from settling to touchdown."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from tests.independent.solve import Leg, solve
from tests.independent.surroundings import (
    GRAVITY,
    UP,
    Felt,
    Surroundings,
    cross,
    ease,
    length,
    right_of,
    section,
    towards,
    wrapped,
)

LEGS = ("settle", "turn", "hold", "downwind", "base", "final", "flare")
LIMITS = {"settle": 0.0, "hold": 0.5, "downwind": 0.6, "base": 0.6, "final": 0.5, "flare": 0.1}
"""Largest turn input on each leg; the plan gives that of the turn."""
CLOSING = 25.0
"""Distance over which the pilot closes on a line [m]."""


@dataclass(frozen=True)
class Approach:
    """Where to and how: see `precipice.phases.pilot` for the meaning of each number."""

    target: np.ndarray
    bearing: float
    centre: np.ndarray
    base_glide: float
    final_glide: float
    lead: float
    straight_in: bool = False

    def seen(self, place: np.ndarray) -> tuple[float, float]:
        """Return how far beyond the target and how far right of it a place is, along final [m]."""
        away = place - self.target
        return float(away @ towards(self.bearing)), float(away @ right_of(self.bearing))


class Canopy:
    """The flight under the open canopy."""

    def __init__(self, air: Surroundings, rules: Any, luck: dict[str, float]):
        """Store what the flight needs.

        Args:
            air: Surroundings.
            rules: The scenario's plan: side of the pattern, what is done off plan.
            luck: Uniform numbers that decide on malfunctions.
        """
        self.air, self.v, self.luck = air, air.v, luck
        self.rig, self.pattern = section(air.v, "rig"), section(air.v, "plan.pattern")
        self.mass = air.v["performer.mass"]
        self.side = 1.0 if rules.pattern.side == "right" else -1.0
        off = rules.off_plan
        self.wall_turn = {"turn-away": 1.0, "brake": 0.5, "nothing": 0.0}[off.towards_wall]
        self.wall_brakes = 0.85 if off.towards_wall == "brake" else self.rig.brake_setting
        self.twist_factor = 1.0 if off.twisted == "kick-out" else 2.0
        self.into_wind = rules.pattern.final == "into-wind"
        self.use_alternate = off.short_of_landing == "nearest-alternate"
        self.forced = 0.0
        over = "rig.malfunction.line_over"
        if luck["line_over"] < self.v[f"{over}.chance"]:
            left = luck["line_over"] < 0.5 * self.v[f"{over}.chance"]
            self.forced = (-1.0 if left else 1.0) * self.v[f"{over}.value"]
        self.power = {name: self._power(name) for name in ("lift", "drag")}

    # ---------------------------------------- coefficients

    def _power(self, name: str) -> float:
        full, half, deep = (getattr(self.rig, f"{name}_{setting}") for setting in ("full", "half", "deep"))
        # full + a b^n through the values at brakes 0.5 and 0.75.
        return math.log((deep - full) / (half - full), 1.5)

    def coefficients(self, brakes: float) -> tuple[float, float]:
        """Return lift and drag coefficient at a brake setting."""
        b = 2.0 * min(max(brakes, 1e-6), 0.95)
        r = self.rig
        lift = r.lift_full + (r.lift_half - r.lift_full) * b ** self.power["lift"]
        return lift, r.drag_full + (r.drag_half - r.drag_full) * b ** self.power["drag"]

    def glide(self, brakes: float, up: float) -> tuple[float, float]:
        """Return level speed and sink rate of steady straight flight [m/s]."""
        lift, drag = self.coefficients(brakes)
        total = math.hypot(lift, drag)
        square = 2.0 * self.mass * GRAVITY / (self.air.density(up) * self.rig.canopy_area * total**3)
        return math.sqrt(square) * lift, math.sqrt(square) * drag

    # ---------------------------------------- the pilot

    def choose(self, place: np.ndarray) -> Approach:
        """Return the approach to the landing area, or to the alternate with most glide to spare."""
        forward, sink = self.glide(0.1, place[2])
        spare = []
        for east, north, up, radius in self.air.areas:
            way = np.array([east - place[0], north - place[1]])
            far = length(way)
            helped = float(way @ self.air.free[:2]) / (far + 1.0)
            spare.append((place[2] - up) * (forward + helped) / sink - far if radius > 0.0 else -1e6)
        if spare[0] > 0.0 or not self.use_alternate:
            return self.approach(0, self.final())
        return self.approach(int(np.argmax(spare)), self.final())

    def final(self) -> float:
        """Return the bearing of final [rad]: the planned one, or against a wind that is not light."""
        east, north = -self.air.free[:2]
        if self.into_wind and math.hypot(east, north) > self.pattern.light_wind:
            return math.atan2(east, north)
        return self.pattern.final_bearing

    def approach(self, area: int, bearing: float) -> Approach:
        """Return the pattern at an area (0 is the landing area) with a final bearing [rad]."""
        self.area, pattern = area, self.pattern
        target = np.array(self.air.areas[area][:3])
        forward, sink = self.glide(pattern.final_brakes, target[2])
        on_base = self.glide(0.25, target[2])
        helped = float(self.air.free @ towards(bearing))
        away = self.side * (pattern.offset - pattern.hold_radius)
        radius = forward * math.hypot(forward, sink) / (GRAVITY * math.tan(0.5 * self.rig.bank_limit))
        return Approach(
            target=target,
            bearing=bearing,
            centre=target + 20.0 * towards(bearing) + away * right_of(bearing),
            base_glide=on_base[0] / on_base[1],
            final_glide=max(forward + helped, 1.0) / sink,
            lead=radius + forward * self.rig.bank_lag,
        )

    def after_hold(self, plan: Approach, place: np.ndarray) -> Approach:
        """Return the approach from where the circle is left: straight in from far out."""
        if length((place - plan.centre)[:2]) <= self.pattern.hold_radius + 2.0 * CLOSING:
            return plan
        way = plan.target - place
        return replace(self.approach(self.area, math.atan2(way[0], way[1])), straight_in=True)

    def circling(self, plan: Approach, place: np.ndarray) -> float:
        """Return the course to and around the holding circle [rad]."""
        away, radius = place - plan.centre, self.pattern.hold_radius
        inward = math.atan(2.0 * (length(away[:2]) / radius - 1.0))
        return math.atan2(away[0], away[1]) + self.side * (0.5 * math.pi + inward)

    def course(self, leg: str, plan: Approach, place: np.ndarray) -> float:
        """Return the course over the ground that the pilot wants [rad]."""
        _, aside = plan.seen(place)
        if leg in ("settle", "turn", "hold"):
            return self.circling(plan, place)
        if leg == "downwind":
            return plan.bearing + math.pi + math.atan((aside - self.side * self.pattern.offset) / CLOSING)
        if leg == "base":
            return plan.bearing - self.side * 0.5 * math.pi
        return plan.bearing - math.atan(aside / CLOSING)

    def brakes(self, leg: str, plan: Approach, place: np.ndarray) -> float:
        """Return the brakes that the pilot wants."""
        if leg == "final":
            ahead, _ = plan.seen(place)
            path = self.pattern.flare_height - ahead / plan.final_glide
            return self.pattern.final_brakes + 0.3 * math.tanh((place[2] - plan.target[2] - path) / 6.0)
        fixed = {"settle": self.rig.brake_setting, "turn": self.wall_brakes, "hold": 0.1}
        return (fixed | {"downwind": 0.15, "base": 0.25, "flare": 1.0})[leg]

    def steering(self, leg: str, plan: Approach, y: np.ndarray, mean: np.ndarray) -> tuple[float, int]:
        """Return the turn input that the pilot wants, and which way round the turn goes."""
        course = self.course(leg, plan, y[:3])
        drift = float(mean @ right_of(course)) / length(y[3:6] - mean)
        heading = course - math.asin(min(max(drift, -0.8), 0.8))
        limit = self.wall_turn if leg == "turn" else LIMITS[leg]
        turns = round((heading - y[6]) / math.tau)
        wanted = limit * math.tanh(1.2 * wrapped(heading - y[6]) / max(limit, 0.05))
        if self.forced != 0.0:
            return self.forced, 0
        return (0.0 if leg == "settle" else wanted), turns

    # ---------------------------------------- motion

    def force(self, y: np.ndarray, felt: Felt, settled: float) -> np.ndarray:
        """Return the force of the air on canopy, lines and performer [N]."""
        rig = self.rig
        lift, drag = self.coefficients(y[8] + 0.3 * abs(y[9]))
        lift, drag = settled * lift, (1.0 - settled) * rig.opening_drag_coefficient + settled * drag
        ahead, right = felt.velocity / felt.speed, right_of(y[6])
        above = cross(right, ahead)
        above = above / length(above)
        beside = cross(ahead, above)
        coefficients = lift * math.cos(y[7]) * above + lift * math.sin(y[7]) * beside
        coefficients = coefficients - drag * ahead - rig.sideslip_drag * float(ahead @ right) * right
        return 0.5 * felt.density * felt.speed**2 * rig.canopy_area * coefficients

    def _ends(self, leg: str, plan: Approach, control: float, limit: float) -> dict[str, Any]:
        air, pattern, reach = self.air, self.pattern, self.rig.line_length

        def high(y: np.ndarray) -> float:
            return y[2] - plan.target[2]

        def needed(t: float, y: np.ndarray) -> float:
            ahead, aside = plan.seen(y[:3])
            on_final = max(-ahead, 0.0) + 1.6 * plan.lead
            return high(y) - pattern.flare_height - abs(aside) / plan.base_glide - on_final / plan.final_glide

        def facing(t: float, y: np.ndarray) -> float:
            off = abs(wrapped(self.circling(plan, y[:3]) - y[6]))
            return min(off - math.pi / 6.0, limit - t)

        def strike(t: float, y: np.ndarray) -> float:
            up = math.cos(y[7]) * UP + math.sin(y[7]) * right_of(y[6])
            return air.distance(y[:3] + reach * up) - self.rig.canopy_radius

        own = {
            "settle": lambda t, y: control - t,
            "turn": facing,
            "hold": lambda t, y: high(y) - pattern.height,
            "downwind": (lambda t, y: -1.0) if plan.straight_in else needed,
            "base": (lambda t, y: -1.0)
            if plan.straight_in
            else lambda t, y: abs(plan.seen(y[:3])[1]) - plan.lead,
            "final": lambda t, y: high(y) - pattern.flare_height,
            "flare": lambda t, y: 1e4,
        }
        touch = self.v["performer.foot_offset"]
        return {"leg": own[leg], "ground": lambda t, y: air.distance(y[:3]) - touch, "canopy strike": strike}

    def fly(self, leg: str, t: float, y: np.ndarray, plan: Approach, opened: float, control: float) -> Leg:
        """Fly one leg; state: place, velocity, heading, bank, brakes, turn input, way in gusts."""
        rig, air = self.rig, self.air
        lag = 0.25 if leg in ("settle", "turn", "flare") else 0.6

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt, run = air.felt_in_gusts(y[:3], y[3:6], y[10:])
            gain = self.force(y, felt, ease((t - opened) / rig.settle_time)) / self.mass
            turn, _ = self.steering(leg, plan, y, felt.mean)
            hands = [
                rig.toggle_rate * math.tanh((wanted - now) / (lag * rig.toggle_rate))
                for wanted, now in ((self.brakes(leg, plan, y[:3]), y[8]), (turn, y[9]))
            ]
            turning = GRAVITY * math.tan(y[7]) / max(felt.speed, 3.0)
            leaning = (rig.bank_limit * y[9] - y[7]) / rig.bank_lag
            return np.array([*y[3:6], gain[0], gain[1], gain[2] - GRAVITY, turning, leaning, *hands, *run])

        def regime(t: float, y: np.ndarray) -> Any:
            felt, _ = air.felt_in_gusts(y[:3], y[3:6], y[10:])
            _, round_ = self.steering(leg, plan, y, felt.mean)
            pulled = y[8] + 0.3 * abs(y[9])
            branches = y[9] > 0.0, pulled > 0.95, pulled > 1e-6, felt.speed > 3.0
            return round_, branches, t > opened + rig.settle_time, air.gust_cell(y[:3], y[10:])

        limit = control + (12.0 if self.wall_turn > 0.0 else 0.0)
        return solve(rate, t, y, self._ends(leg, plan, control, limit), regime)

    def opening(self, at_throw: Any) -> float:
        """Return the heading of the open canopy [rad] from what the throw fixed."""
        face = self.v["site.cliff.face_azimuth"]
        off = wrapped(at_throw.heading - face)
        return wrapped(face) + self.rig.heading_from_body * off + self.rig.heading_error

    def control_delay(self, at_throw: Any) -> float:
        """Return the time from open to control: reaction, and a twist if there is one [s]."""
        twist = "rig.malfunction.line_twist"
        chance = self.v[f"{twist}.chance"] + self.v[f"{twist}_per_yaw_rate"] * abs(at_throw.yaw_rate)
        twisted = self.luck["line_twist"] < chance
        late = self.twist_factor * self.v[f"{twist}.value"] if twisted else 0.0
        return self.v["performer.reaction_time"] + late
