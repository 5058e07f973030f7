"""How a log's numbers depend on a scenario's fields, learned from logs whose fields are known.

Runs of the rehearsed scenario are flown with the fields spread wide, recorded by devices like those of the
real logs, and read by the same code. A linear fit then says which number moves with which field, by how
much, and how far a jump's number may be off for all other reasons: sensors, reading, gusts. So whatever
the reading of a log does to a number, it does to both, and cancels.

Source: calibration against simulated observations, Gourieroux, Monfort and Renault 1993; inverse of a linear
regression with several responses, Brown 1982, J. R. Statist. Soc. B 44:287.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.scenario.change import change_quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.spread import Lognormal, Normal
from precipice.simulation.run import Run
from precipice.training.fall import FLYING
from precipice.training.ground import come_to_rest, fly_level, ride_back, run_off, stand
from precipice.training.informed import INFORMED, Field, Informed, Number
from precipice.training.log import Inertial, TrainingLog
from precipice.training.sensor import MotionSensor, Receiver, receive, sense
from precipice.training.synthesize import SHAKING
from precipice.training.true_motion import RATE, TrueMotion, flown_motion, join

TRIALS = 128
"""Runs that are flown, recorded and read."""
FEWEST = 30
"""Of them that must be found again in their logs."""
DOUBT = 0.1
"""Relative standard deviation of a jump's own error as the trials tell it: 100 of them tell a deviation to
7 %, and jumps are not read all alike."""
SHOWN = 0.5
"""Share of the trials that must show a number; without, it is left out."""
BELIEF = 10.0
"""Standard deviation that a field may be off the trials' centre, in those of the trials."""
DARK = 4.0
"""A field is not shown by a jump whose error is larger than this times what trials spread it by."""
STRAY = 8.0
"""Deviations beyond which a trial went another way, as a malfunction does; nearer ones are noise."""

Fly = Callable[[Scenario, int], Run]
"""A drawn run of a scenario by its number."""


class Reading(NamedTuple):
    """How numbers of a log depend on fields.

    Attributes:
        fields: Whose values are found.
        numbers: From which.
        centre: Of the fields, in the trials, on their scale, `(k,)`.
        base: Of the numbers there, on theirs, `(q,)`.
        slope: Change of the numbers with the fields, `(q, k)`.
        noise: Covariance of the numbers for all other reasons from jump to jump, `(q, q)`.
        common: Covariance of the numbers for reasons that all jumps share: constants that nobody has
            measured, and the trials being finite, `(q, q)`.
        low: Smallest value of each field in the trials, on its scale, `(k,)`.
        high: Largest, `(k,)`.
        flies: Whether the body flies in the fall, so that its lift counts; None where there is no fall.
        wind_share: Error of the wind under the canopy, over the one that reading states; 1 where no trial
            tells.
    """

    fields: tuple[Field, ...]
    numbers: tuple[Number, ...]
    centre: np.ndarray
    base: np.ndarray
    slope: np.ndarray
    noise: np.ndarray
    common: np.ndarray
    low: np.ndarray
    high: np.ndarray
    flies: bool | None = None
    wind_share: float = 1.0

    def invert(
        self, measured: np.ndarray, unseen: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return a jump's fields, their standard deviations, and those that all jumps share, each `(k,)`.

        A field that this jump does not show is NaN.

        Args:
            measured: Numbers on their scale, NaN for what a log does not show, `(q,)`.
            unseen: Standard deviation that all jumps share and no trial shows, `(q,)`; none when None.
        """
        there, missing = np.isfinite(measured), np.full(len(self.centre), np.nan)
        if not there.any():
            return missing, missing, missing
        gain, covariance, dark = self._gain(there)
        value = self.centre + gain @ (measured - self.base)[there]
        whole = self.common if unseen is None else self.common + np.diag(unseen**2)
        shared = np.sqrt(np.diag(gain @ whole[np.ix_(there, there)] @ gain.T))
        error = np.sqrt(np.diag(covariance))
        value, error, shared = (np.where(dark, np.nan, found) for found in (value, error, shared))
        return value, error, shared

    def moved_by(self, measured: np.ndarray, off: np.ndarray) -> np.ndarray:
        """Return by how much numbers that are off move a jump's fields, standard deviations, `(k,)`.

        Args:
            measured: Numbers on their scale, NaN for what a log does not show, `(q,)`.
            off: Standard deviation of each, independent, `(q,)`.
        """
        there = np.isfinite(measured)
        if not there.any():
            return np.full(len(self.centre), np.nan)
        gain, _, dark = self._gain(there)
        return np.where(dark, np.nan, np.sqrt((gain**2) @ off[there] ** 2))

    def _gain(self, there: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return fields by numbers `(k, q)`, the fields' covariance `(k, k)`, and which are dark `(k,)`."""
        slope, weight = self.slope[there], np.linalg.inv(self.noise[np.ix_(there, there)])
        trial = np.array([field.trial for field in self.fields])
        # So little is believed beforehand that it moves nothing which the jump shows; of what it does not
        # show as much as the trials had, or it would spoil the others.
        precision = slope.T @ weight @ slope
        dark = _deviations(precision, BELIEF * trial) > DARK * trial
        covariance = np.linalg.inv(precision + np.diag(np.where(dark, 1.0, BELIEF) ** -2.0 / trial**2))
        return covariance @ slope.T @ weight, covariance, dark


def _deviations(precision: np.ndarray, believed: np.ndarray) -> np.ndarray:
    return np.sqrt(np.diag(np.linalg.inv(precision + np.diag(believed**-2.0))))


def learn_reading(
    scenario: Scenario,
    informed: Informed,
    fly: Fly,
    devices: tuple[Receiver, MotionSensor | None],
    told: Callable[[int, int], None] | None = None,
) -> Reading:
    """Return how a log's numbers depend on a scenario's fields.

    Args:
        scenario: What was rehearsed: a ramp-jump, a skydive or a base-jump.
        informed: Fields and numbers that it has.
        fly: Drawn runs.
        devices: Like those of the logs.
        told: Told how many trials are done.

    Raises:
        InputError: When too few trials are found again in their logs.
    """
    trial = _spread_wide(scenario, informed)
    values: list[Mapping[str, float]] = []
    numbers: list[list[float]] = []
    glides: list[float] = []
    pulls: list[float] = []
    for run in range(TRIALS):
        flown = fly(trial, run)
        found = read_back(trial, flown, devices, run)
        if found is not None:
            values.append(flown.values)
            told_numbers = (found.get(number.name, (np.nan, 0.0))[0] for number in informed.numbers)
            pairs = zip(told_numbers, informed.numbers, strict=True)
            numbers.append([scaled(value, number.logarithm) for value, number in pairs])
            glides.append(found.get("fall_glide", (np.nan, 0.0))[0])
            pulls += _wind_pulls(trial, flown, found)
        if told:
            told(run + 1, TRIALS)
    table = np.array(numbers).reshape(len(numbers), len(informed.numbers))
    shown = np.mean(np.isfinite(table), axis=0) >= SHOWN if len(table) else np.zeros(0, bool)
    whole = np.asarray(np.isfinite(table[:, shown]).all(axis=1)) if shown.any() else np.zeros(0, bool)
    if np.sum(whole) < FEWEST:
        raise InputError(
            f"{scenario.file} must fly jumps that a log shows whole, but only {np.sum(whole)} of {TRIALS} "
            "are: check that it is the scenario that was rehearsed"
        )
    kept = [row for row, there in zip(values, whole, strict=True) if there]
    shared = _shared(trial, informed)
    constants = {path for path in shared if _varies(trial, path, "constant")}
    informed = informed._replace(
        numbers=tuple(number for number, is_shown in zip(informed.numbers, shown, strict=True) if is_shown)
    )
    reading = _fit(
        informed,
        kept,
        table[whole][:, shown],
        sorted(shared, key=lambda path: path not in constants),
        len(constants),
    )
    seen = np.array(glides)[np.isfinite(glides)]
    return reading._replace(
        flies=bool(np.median(seen) > FLYING) if len(seen) else None,
        wind_share=float(np.sqrt(np.mean(np.square(pulls)))) if len(pulls) >= 2 * FEWEST else 1.0,
    )


def _wind_pulls(scenario: Scenario, run: Run, found: Mapping[str, tuple[float, float]]) -> list[float]:
    """Return both errors of the wind under the canopy over their stated deviations; none where not shown."""
    if "wind_east" not in found or scenario.wind is None or scenario.wind.profile != "constant":
        return []
    speed, direction = run.values["wind.speed"], run.values["wind.direction"]
    blows = (-speed * float(np.sin(direction)), -speed * float(np.cos(direction)))
    told = (found["wind_east"], found["wind_north"])
    return [(value - true) / deviation for (value, deviation), true in zip(told, blows, strict=True)]


def scaled(value: float, logarithm: bool) -> float:
    """Return a number on the scale on which it is compared."""
    if not logarithm:
        return value
    return float(np.log(value)) if value > 0.0 else float("nan")


def _spread_wide(scenario: Scenario, informed: Informed) -> Scenario:
    for field in informed.fields:
        spread = (
            Lognormal.model_construct(shape="lognormal", sigma=field.trial, varies="jump")
            if field.logarithm
            else Normal.model_construct(shape="normal", sd=field.trial, varies="jump")
        )
        scenario = change_quantity(
            scenario, field.path, lambda old, spread=spread: old.model_copy(update={"spread": (spread,)})
        )
    return scenario


def _shared(scenario: Scenario, informed: Informed) -> list[str]:
    """Return the fields, other than those looked for, that are the same in all jumps or all of a day."""
    wanted = {field.path for field in informed.fields}
    uncertain = scenario.uncertain()
    return [
        path
        for path, quantity in uncertain.items()
        if path not in wanted and any(spread.varies != "jump" for spread in quantity.spread)
    ]


def _varies(scenario: Scenario, path: str, how: str) -> bool:
    return any(spread.varies == how for spread in scenario.quantities()[path].spread)


def read_back(
    scenario: Scenario, run: Run, devices: tuple[Receiver, MotionSensor | None], seed: int
) -> dict[str, tuple[float, float]] | None:
    """Return the numbers that reading finds in a run's log; None where it finds no jump.

    Args:
        scenario: Of the run.
        run: Flown.
        devices: That record it.
        seed: Of their noise.
    """
    from precipice.training.measure import measure
    from precipice.training.segment import segment
    from precipice.training.smooth import smooth

    log = record(scenario, run, devices, seed)
    if log is None:
        return None
    kinds = {item.kind: item.jump for item in INFORMED}
    smoothed = smooth(log)
    jumps = [jump for jump in segment(log, smoothed).jumps if jump.kind == kinds[scenario.kind]]
    return measure(log, smoothed, jumps[0])[0] if len(jumps) == 1 else None


def record(
    scenario: Scenario, run: Run, devices: tuple[Receiver, MotionSensor | None], seed: int
) -> TrainingLog | None:
    """Return a run's log as devices would write it, with half a minute around it; None without a jump."""
    landed = run.event("touchdown")
    left = run.event("takeoff" if scenario.kind == "ramp-jump" else "exit")
    if landed is None or left is None or not run.resolved:
        return None
    flown = flown_motion(run.performer, landed.t)
    generator = np.random.default_rng([seed, 19930101])
    if scenario.kind == "ramp-jump":
        still = stand(flown.position[0], flown.attitude[0], 3000 / RATE)
        values = scenario.values()
        slope = values.get("landing_surface.slope", 0.0)
        back = ride_back(flown, flown.position[0], values["run_up.azimuth"], slope, 1.0)
        out = TrueMotion(back.position[:3000], back.velocity[:3000], back.attitude[:3000])
        motion, exit_time = join([still, flown, out]), None
        shaking = np.full(len(motion.position), SHAKING)
        shaking[:3000] = 0.0
        shaking[3000 + int(left.t * RATE) : 3000 + len(flown.position)] = 0.2 * SHAKING
    else:
        before = run_off(flown, 40.0) if scenario.kind == "base-jump" else fly_level(flown.velocity[0], 40.0)
        motion = join([before, flown, come_to_rest(flown, 25.0)])
        exit_time = len(before.position) / RATE
        shaking = np.zeros(len(motion.position))
    return _log_of(motion, run, devices, generator, exit_time, shaking)


def _log_of(
    motion: TrueMotion,
    run: Run,
    devices: tuple[Receiver, MotionSensor | None],
    generator: np.random.Generator,
    exit_time: float | None,
    shaking: np.ndarray,
) -> TrainingLog:
    fixes = receive(motion, devices[0], generator, exit_time)
    inertial = None
    if devices[1] is not None:
        samples = sense(motion, devices[1], generator, shaking)
        inertial = Inertial(samples.time, samples.force, samples.rate)
    return TrainingLog(
        source="counterpart",
        format="counterpart",
        start=None,
        origin=(0.8, 0.1, run.lip_altitude),
        time=fixes.time,
        line=np.arange(len(fixes.time)),
        position=fixes.position,
        velocity=fixes.velocity,
        horizontal_accuracy=np.asarray(fixes.stated[:, 0]),
        vertical_accuracy=np.asarray(fixes.stated[:, 1]),
        speed_accuracy=np.asarray(fixes.stated[:, 2]),
        inertial=inertial,
        problems=(),
    )


def _fit(
    informed: Informed,
    values: Sequence[Mapping[str, float]],
    numbers: np.ndarray,
    shared: list[str],
    constants: int,
) -> Reading:
    """Return the reading that trials show; of the shared fields the first ones are constants.

    What differs from day to day shows in the spread between days by itself: only constants add to what all
    jumps share.
    """
    fields = np.array([[scaled(row[f.path], f.logarithm) for f in informed.fields] for row in values])
    other = np.array([[row[path] for path in shared] for row in values]).reshape(len(values), len(shared))
    other = (other - np.mean(other, axis=0)) / np.maximum(np.std(other, axis=0), 1e-12)
    centre = np.mean(fields, axis=0)
    # Trials lie further apart than jumps: what bends over their width is no noise of a jump.
    bent = (fields - centre) ** 2
    bent -= np.mean(bent, axis=0)
    left = np.column_stack([np.ones(len(fields)), fields - centre, other, bent])
    kept = np.ones(len(left), bool)
    moves = np.array(
        [[number.moves_with(field.path) for field in informed.fields] for number in informed.numbers]
    )
    columns = np.column_stack([np.ones((len(moves), 1)), moves, np.ones((len(moves), other.shape[1])), moves])
    for _ in range(3):
        solution = _solve(left[kept], numbers[kept], columns.astype(bool))
        kept = _stays(numbers - left @ solution, kept)
    solution = _solve(left[kept], numbers[kept], columns.astype(bool))
    miss = numbers - left @ solution
    size = left.shape[1]
    noise = miss[kept].T @ miss[kept] / max(int(np.sum(kept)) - size, 1)
    noise += np.diag(np.maximum(np.diag(noise) * 1e-6, 1e-14))
    count = len(informed.fields)
    moved = solution[1 + count : 1 + count + constants]
    common = moved.T @ moved + noise * size / np.sum(kept)
    return Reading(
        informed.fields,
        informed.numbers,
        centre,
        solution[0],
        solution[1 : 1 + count].T,
        noise,
        common,
        np.min(fields, axis=0),
        np.max(fields, axis=0),
    )


def _solve(left: np.ndarray, numbers: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return least-squares coefficients, `(p, q)`, zero where a number has no such column, `(q, p)`."""
    solution = np.zeros((left.shape[1], numbers.shape[1]))
    for k, used in enumerate(columns):
        solution[used, k], *_ = np.linalg.lstsq(left[:, used], numbers[:, k], rcond=None)
    return solution


def _stays(miss: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return which trials are not strays, `(n,)`."""
    middle = np.median(miss[kept], axis=0)
    scale = 1.4826 * np.median(np.abs(miss[kept] - middle), axis=0) + 1e-12
    return np.all(np.abs(miss - middle) < STRAY * scale, axis=1)


def devices_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Receiver, MotionSensor | None]:
    """Return devices like those that wrote logs: their median rates.

    Args:
        rows: Jumps of a logbook.
    """
    rate = float(np.median([row["rate"] or 5.0 for row in rows]))
    inertial = [row["inertial_rate"] for row in rows if row["inertial_rate"]]
    receiver = Receiver(rate=float(np.clip(rate, 1.0, 50.0)))
    if len(inertial) < 0.5 * len(rows):
        return receiver, None
    return receiver, MotionSensor(rate=float(np.clip(np.median(inertial), 10.0, 200.0)))
