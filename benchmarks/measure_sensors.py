"""What real receivers and motion sensors do wrong: noise, lag, gaps. The numbers of `training/sensor.py`.

Reads the logs beside the checkout, in `../shared/data/logs`, in place, and prints medians over files; only
these numbers are in the program. Run: `python -m benchmarks.measure_sensors`.

- White noise: second differences over the square root of 6, median absolute deviation, so that neither a
  manoeuvre nor a jump of the receiver's solution counts.
- Wander: how far the height walks away from the integral of the velocity, over 10 s.
- Lag: shift of the Doppler velocity against the slope of the height, from 3 s before to 12 s after a
  labelled exit, with the least squares left.
- Quiet: where the vector sum of the turn rate is least, for bias and noise of a motion sensor.
"""

import csv
import datetime as dt
from pathlib import Path

import numpy as np

LOGS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "logs"
FEWEST = 500
SETTLED = 60.0
"""Seconds after which a receiver's first, poor solutions are over."""
MAD = 1.4826


def robust(values: np.ndarray) -> float:
    """Return a standard deviation that a few wild values do not touch."""
    return MAD * float(np.median(np.abs(values - np.median(values))))


def seconds(text: str) -> float:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def gnss(path: Path) -> dict[str, np.ndarray] | None:
    """Return columns of a FlySight file, None for other files."""
    names, rows = None, []
    for line in path.read_text(errors="replace").splitlines():
        parts = line.split(",")
        if line.startswith("$COL,GNSS"):
            names = parts[2:]
        elif line.startswith("time,lat"):
            names = parts
        elif names and (line.startswith("$GNSS") or line[:2] == "20"):
            found = parts[1:] if line.startswith("$") else parts
            try:
                rows.append([seconds(found[0]), *map(float, found[1 : names.index("numSV")])])
            except ValueError:
                continue
    if len(rows) < FEWEST or names is None:
        return None
    table = np.array(rows)
    return dict(zip(names[: table.shape[1]], table.T, strict=True))


def of_receiver(log: dict[str, np.ndarray]) -> dict[str, float]:
    """Return what one receiver's log shows."""
    t, up, down = log["time"], log["hMSL"], log["velD"]
    step = np.diff(t)
    nominal = float(np.median(step))
    gaps = step[step > 1.5 * nominal]
    keep = t > t[0] + SETTLED
    fine = {name: log[name][keep] for name in ("velN", "velE", "velD", "hMSL", "hAcc", "vAcc", "sAcc")}
    if not np.any(keep):
        return {}
    second = {name: np.diff(fine[name], 2) / 6.0**0.5 for name in ("velN", "velE", "velD", "hMSL")}
    wander = (up + np.concatenate([[0.0], np.cumsum(0.5 * step * (down[1:] + down[:-1]))]))[keep]
    rows = round(10.0 / nominal)
    return {
        "rate, 1/s": 1.0 / nominal,
        "gaps an hour": len(gaps) / (t[-1] - t[0]) * 3600.0,
        "rows in a gap": float(np.median(gaps)) / nominal if len(gaps) else np.nan,
        "velocity, white, level, m/s": robust(np.concatenate([second["velN"], second["velE"]])),
        "velocity, white, down, m/s": robust(second["velD"]),
        "height, white, m": robust(second["hMSL"]),
        "height, wander in 10 s, m": robust(wander[rows:] - wander[:-rows]) if len(wander) > rows else np.nan,
        "hAcc, m": float(np.median(fine["hAcc"])),
        "vAcc, m": float(np.median(fine["vAcc"])),
        "sAcc, m/s": float(np.median(fine["sAcc"])),
    }


def lag(log: dict[str, np.ndarray], exit_: float) -> float:
    """Return by how much the Doppler velocity comes late after an exit [s]."""
    t = log["time"] - log["time"][0]
    inside = (t > exit_ - 3.0) & (t < exit_ + 12.0)
    if np.sum(inside) < 40:
        return np.nan
    at, up = t[inside], log["hMSL"][inside]
    shifts = np.arange(-0.6, 2.41, 0.05)
    left = []
    for shift in shifts:
        down = np.interp(at + shift, t, log["velD"])
        fall = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(at) * (down[1:] + down[:-1]))])
        left.append(np.std(up + fall))
    return float(shifts[int(np.argmin(left))])


def flysight_imu(path: Path) -> np.ndarray:
    """Return rows of t [s], turn rate [rad/s], specific force [m/s^2], temperature [degC]."""
    rows = [line.split(",")[1:] for line in path.read_text().splitlines() if line.startswith("$IMU,")]
    table = np.array([[float(x) for x in row] for row in rows if len(row) == 8])
    table[:, 1:4] = np.deg2rad(table[:, 1:4])
    table[:, 4:7] *= 9.80665
    return table


def dropkick_imu(path: Path) -> np.ndarray:
    rows = []
    for line in path.read_text(errors="replace").splitlines():
        parts = line.split(",")
        if parts[0] == "$PIMU" and len(parts) == 8:
            v = [float(x) for x in parts[1:]]
            rows.append([v[0] / 1000.0, *v[4:7], *v[1:4], np.nan])
    return np.array(rows)


def of_imu(table: np.ndarray) -> dict[str, float]:
    """Return what one motion sensor's log shows."""
    t, turn, force = table[:, 0], table[:, 1:4], table[:, 4:7]
    step = np.diff(t)
    nominal = float(np.median(step))
    width = max(round(2.0 / nominal), 8)
    blocks = [slice(k, k + width) for k in range(0, len(t) - width, width)]
    quiet = sorted(blocks, key=lambda b: float(np.sum(np.std(turn[b], axis=0))))[: max(len(blocks) // 20, 1)]
    white = {
        "turn": np.concatenate([np.diff(turn[b], 2, axis=0).ravel() for b in quiet]) / 6.0**0.5,
        "force": np.concatenate([np.diff(force[b], 2, axis=0).ravel() for b in quiet]) / 6.0**0.5,
    }
    mean = np.array([np.mean(turn[b], axis=0) for b in quiet])
    weight = np.array([np.linalg.norm(np.mean(force[b], axis=0)) for b in quiet])
    return {
        "rate, 1/s": 1.0 / nominal,
        "clock, sd of a step over the step": float(np.std(step[step < 1.5 * nominal])) / nominal,
        "share of steps with rows missing": float(np.mean(step > 1.5 * nominal)),
        "rows missing in a gap": float(np.median(step[step > 1.5 * nominal]) / nominal - 1.0)
        if np.any(step > 1.5 * nominal)
        else np.nan,
        "turn rate, white, rad/s": robust(white["turn"]),
        "turn rate, bias, rad/s": float(np.sqrt(np.mean(np.median(mean, axis=0) ** 2))),
        "force, white, m/s^2": robust(white["force"]),
        "force, bias against standard gravity, m/s^2": float(np.median(weight)) - 9.80665,
        "largest force, m/s^2": float(np.max(np.abs(force))),
        "rows at the largest force": float(
            np.max(np.sum(np.abs(force) >= np.max(np.abs(force), axis=0), axis=0))
        ),
        "largest turn rate, rad/s": float(np.max(np.abs(turn))),
        "temperature, change in a minute, K": 60.0 * abs(float(table[-1, 7] - table[0, 7])) / (t[-1] - t[0]),
    }


def tell(title: str, found: list[dict[str, float]]) -> None:
    print(f"\n{title}: {len(found)} logs; median (5-95 %)")
    for name in found[0]:
        values = np.array([row[name] for row in found])
        values = values[np.isfinite(values)]
        if len(values):
            low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
            print(f"  {name:46} {middle:10.4g}  ({low:.4g} - {high:.4g}), {len(values)} logs")


def main() -> None:
    receivers = {path: log for path in sorted(LOGS.rglob("*.[cC][sS][vV]")) if (log := gnss(path))}
    tell("GNSS receivers", [row for log in receivers.values() if (row := of_receiver(log))])
    with (LOGS / "labels.csv").open() as stream:
        labels = {row["file"]: row for row in csv.DictReader(stream)}
    lags = []
    for path, log in receivers.items():
        row = labels.get(str(path.relative_to(LOGS)))
        if row and row["t_exit_s"] and row["confidence"] == "high":
            lags.append({"Doppler late by, s": lag(log, float(row["t_exit_s"]))})
    tell("Doppler after an exit", lags)
    sensors = [flysight_imu(path) for path in sorted(LOGS.glob("flysight2csv/*_SENSOR.CSV"))]
    tell("FlySight 2 motion sensors", [of_imu(table) for table in sensors if len(table) > 200])
    tell("Motion sensor at 40 Hz (dropkick)", [of_imu(dropkick_imu(LOGS / "dropkick" / "TESTLOG-01.TXT"))])


if __name__ == "__main__":
    main()
