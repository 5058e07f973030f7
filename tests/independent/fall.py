"""Alone in the air: freefall, deployment, inflation."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.independent.body import drag_area, inertia_of, performer_rates, unsteadiness
from tests.independent.solve import Leg, solve
from tests.independent.surroundings import GRAVITY, UP, Felt, Surroundings, length, section


class Fall:
    """The performer's fall from mutual clearance to the open canopy."""

    def __init__(self, air: Surroundings, luck: dict[str, float], motorcycle: Leg | None):
        """Store what the fall needs.

        Args:
            air: Surroundings.
            luck: Uniform numbers that decide on malfunctions.
            motorcycle: Its way, to tell a certain contact; None if the bodies never came clear.
        """
        self.air, self.motorcycle = air, motorcycle
        self.p, self.rig, self.plan = (section(air.v, name) for name in ("performer", "rig", "plan"))
        self.reach = self.p.radius + air.v["motorcycle.radius"]
        self.luck = luck

    def _goes_wrong(self, name: str) -> bool:
        return self.luck[name] < self.air.v[f"rig.malfunction.{name}.chance"]

    def _hazards(self) -> dict[str, Any]:
        found: dict[str, Any] = {"strike": lambda t, y: self.air.distance(y[:3]) - self.p.radius}
        if self.motorcycle is not None:
            way = self.motorcycle
            # Once on the ground it no longer counts.
            found["re-contact"] = lambda t, y: (
                length(y[:3] - way.at(t)[:3]) - 0.5 * self.reach if t <= way.t else 1e3
            )
        return found

    # ---------------------------------------- freefall

    def freefall(
        self, t: float, y: np.ndarray, opened: float, exit_time: float, throw: float, wait: bool
    ) -> Leg:
        """Fall until the throw; state: place, velocity, direction cosines, angular momentum, way in gusts.

        Args:
            t: Start [s].
            y: `(20,)`.
            opened: When the body began to open from its posture on the motorcycle [s].
            exit_time: From when lift grows [s].
            throw: Latest end [s].
            wait: Whether the leg only waits for a steady body.
        """
        p, air = self.p, self.air

        def posture(t: float) -> float:
            return -math.expm1((opened - t) / p.posture_lag)

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt, run = air.felt_in_gusts(y[:3], y[3:6], y[18:])
            lifting = -math.expm1(-(((t - exit_time) / p.lift_delay) ** 2))
            own = performer_rates(p, air.outward, y[:18], felt, posture(t), lifting, free=True)
            return np.concatenate([own, run])

        def steady(t: float, y: np.ndarray) -> float:
            felt, _ = air.felt_in_gusts(y[:3], y[3:6], y[18:])
            spin = y[15:18] / inertia_of(p, posture(t))
            return unsteadiness(y[6:15].reshape(3, 3), spin, felt) - 1.0

        ends = {"throw": lambda t, y: throw - t, **self._hazards()}
        if self.below_hard_deck:
            ends["hard deck"] = lambda t, y: air.height_above(y[:3]) - self.plan.hard_deck
        if wait:
            ends["stable"] = steady
        return solve(rate, t, y, ends, lambda t, y: air.gust_cell(y[:3], y[18:]))

    below_hard_deck = True
    """Whether the plan throws at once below the hard deck."""

    def at_throw(self, t: float, y: np.ndarray, opened: float) -> SimpleNamespace:
        """Return what the throw fixes: drag `area` [m^2], `yaw_rate` [rad/s], `heading` of the head [rad]."""
        shape = -math.expm1((opened - t) / self.p.posture_lag)
        axes = y[6:15].reshape(3, 3)
        felt, _ = self.air.felt_in_gusts(y[:3], y[3:6], y[18:])
        head = axes[:, 2]
        level = head + 1e-6 * self.air.outward
        return SimpleNamespace(
            area=drag_area(self.p, shape, head, felt),
            yaw_rate=y[15] / inertia_of(self.p, shape)[0],
            heading=math.atan2(level[0], level[1]),
        )

    # ---------------------------------------- deployment

    def _pulled(self, felt: Felt, area: float) -> np.ndarray:
        """Return the acceleration of the performer under gravity and a drag area [m/s^2]."""
        return -0.5 * felt.density * area * felt.speed / self.p.mass * felt.velocity - GRAVITY * UP

    def speed(self, y: np.ndarray) -> float:
        """Return the speed through the air, gusts included [m/s]; state as in `extract`."""
        return self.air.felt_in_gusts(y[:3], y[3:6], y[6:8])[0].speed

    def in_hand(self, t: float, y: np.ndarray, area: float) -> Leg:
        """Carry the pilot chute to clean air; state: place, velocity, way in gusts."""
        late = self.air.v["rig.malfunction.hesitation.value"] if self._goes_wrong("hesitation") else 0.0
        end = t + self.rig.throw_time + late

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt, run = self.air.felt_in_gusts(y[:3], y[3:6], y[6:8])
            return np.concatenate([y[3:6], self._pulled(felt, area), run])

        ends = {"end": lambda t, y: end - t, **self._hazards()}
        return solve(rate, t, y, ends, lambda t, y: self.air.gust_cell(y[:3], y[6:8]))

    def extract(self, t: float, y: np.ndarray, area: float, lines: bool) -> Leg:
        """Pay out the bridle, then the `lines`; state: place, velocity, way in gusts, paid out, its speed.

        What is paid out falls behind along the performer's path: its drag brakes it, gravity's part along
        that path and the lines' stows pull it along.
        """
        rig, start = self.rig, t
        moved = rig.pilot_chute_mass + (rig.pack_mass if lines else 0.0)
        held = rig.stow_force if lines else 0.0
        full = rig.pilot_chute_drag_coefficient * math.pi * (0.5 * rig.pilot_chute_diameter) ** 2

        def filled(t: float) -> float:
            return 1.0 if lines else min(max((t - start) / rig.pilot_chute_fill_time, 0.02), 1.0)

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt, run = self.air.felt_in_gusts(y[:3], y[3:6], y[6:8])
            pull = 0.5 * felt.density * full * filled(t) * y[9] * abs(y[9])
            paid = np.array([felt.speed - y[9], (held - pull) / moved]) / rig.extraction_factor
            paid[1] -= GRAVITY * felt.velocity[2] / felt.speed
            return np.concatenate([y[3:6], self._pulled(felt, area), run, paid])

        def regime(t: float, y: np.ndarray) -> Any:
            share = (t - start) / rig.pilot_chute_fill_time
            return share > 0.02, share > 1.0, y[9] > 0.0, self.air.gust_cell(y[:3], y[6:8])

        out = rig.line_length if lines else rig.bridle_length
        return solve(rate, t, y, {"end": lambda t, y: out - y[8], **self._hazards()}, regime)

    def pick_up(self, y: np.ndarray) -> np.ndarray:
        """Return the state after the bridle jerks the pack along: one momentum, one speed."""
        small, pack = self.rig.pilot_chute_mass, self.rig.pack_mass
        common = (small * y[9] + pack * self.speed(y)) / (small + pack)
        return np.array([*y[:8], 0.0, common])

    # ---------------------------------------- inflation

    def inflate(self, t: float, y: np.ndarray, area: float) -> tuple[Leg, float]:
        """Return the leg to the open canopy and its peak load [g]; state: place, velocity, way in gusts."""
        rig, start = self.rig, t
        fill = rig.fill_constant * math.sqrt(rig.canopy_area) / max(self.speed(y), 1.0)
        open_area = rig.opening_drag_coefficient * rig.canopy_area

        def grown(t: float) -> float:
            share = min(max((t - start) / fill, 1e-6), 1.0)
            return area + (open_area - area) * share**rig.fill_exponent

        def rate(t: float, y: np.ndarray) -> np.ndarray:
            felt, run = self.air.felt_in_gusts(y[:3], y[3:6], y[6:8])
            return np.concatenate([y[3:6], self._pulled(felt, grown(t)), run])

        def load(t: float, y: np.ndarray) -> float:
            return length(rate(t, y)[3:6] + GRAVITY * UP) / GRAVITY

        def regime(t: float, y: np.ndarray) -> Any:
            return (t - start) / fill > 1e-6, self.air.gust_cell(y[:3], y[6:8])

        ends = {"open": lambda t, y: start + fill - t, **self._hazards()}
        leg = solve(rate, t, y, ends, regime, keep=True)
        times = np.linspace(start, leg.t, 4001)
        return leg, max(load(s, leg.at(s)) for s in times)
