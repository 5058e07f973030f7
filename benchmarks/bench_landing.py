"""Landing design beside skijumpdesign 1.4.0: time in one run, accuracy against an independent integration.

The peer (Moore and Hubbard 2018, MIT) needs older libraries, so it lives in an environment of its own, made
from requirements/peers/skijumpdesign.lock; where that cannot be made, nothing is compared.

Both design the landing for one lip, takeoff speed, slope and fall height. Rounds alternate between the two.
Accuracy: flights by Newton's law over time (DOP853, 1e-12), with drag along the velocity and by component,
onto each design's own points; how far the fall height is from the one asked for, at the worst of 15 places.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "peers" / "skijumpdesign.lock"
ROUNDS = 9
CASES = ((-15.0, 0.0, 40.0, 25.0, 0.5), (-10.0, 0.0, 50.0, 20.0, 1.5), (-15.0, 0.0, 30.0, 10.0, 0.5))
GRAVITY = 9.81
DRAG = 0.85 * 0.34 * 0.821 / (2.0 * 75.0)

PEER = """
import json, logging, sys, time, warnings
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import numpy as np
from skijumpdesign import Skier, make_jump
from skijumpdesign.surfaces import FlatSurface, LandingSurface, LandingTransitionSurface, HorizontalSurface
for line in sys.stdin:
    case = json.loads(line)
    slope, approach, takeoff, landing, transition, flight, outputs = make_jump(*case)
    skier, angle = Skier(), np.deg2rad(case[3])
    start = time.perf_counter()
    speed = outputs["Takeoff Speed"]
    velocity = (speed * np.cos(angle), speed * np.sin(angle))
    parent = FlatSurface(np.deg2rad(case[0]), 100 * case[2])
    flight = skier.fly_to(parent, init_pos=takeoff.end, init_vel=velocity)
    transition = LandingTransitionSurface(parent, flight, case[4], skier.tolerable_landing_acc)
    landing = LandingSurface(skier, takeoff.end, angle, transition.start, case[4], surf=slope)
    taken = time.perf_counter() - start
    lip = [float(x) for x in takeoff.end]
    print(json.dumps({"time": taken, "lip": lip, "speed": float(speed),
                      "x": (landing.x - lip[0]).tolist(), "y": (landing.y - lip[1]).tolist()}), flush=True)
"""


def peer_python(folder: str) -> str | None:
    """Return the peer's interpreter, or None where its environment cannot be made."""
    uv = Path(sys.executable).with_name("uv")
    python = str(Path(folder) / "peer" / "bin" / "python")
    steps = (
        [str(uv), "venv", "--quiet", "--python", sys.executable, str(Path(folder) / "peer")],
        [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", str(LOCK)],
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            why = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            print(
                f"skijumpdesign cannot be installed here, so nothing is compared: {why[-1] if why else error}"
            )
            return None
    return python


def ours(case: tuple[float, ...], lip: list[float], speed: float) -> tuple[float, np.ndarray]:
    """Return the time of our design [s] and its surface in the peer's gravity, `(n, 2)` [m]."""
    from precipice.earth import GRAVITY as STANDARD
    from precipice.planning.ground import Slope
    from precipice.planning.landing_design import LandingCase, design_landing

    # The same speeds under another gravity: lengths scale.
    scale = GRAVITY / STANDARD
    slope = np.deg2rad(case[0])
    ground = Slope((lip[0] * np.tan(slope) - lip[1]) * scale, slope)
    start = time.perf_counter()
    design = design_landing(LandingCase(np.deg2rad(case[3]), speed, case[4] * scale, DRAG / scale, ground))
    return time.perf_counter() - start, design.surface / scale


def fly(speed: float, angle: float, distance: float, *, by_component: bool) -> np.ndarray:
    """Return height and velocity at a level distance, by Newton's law over time."""

    def rates(_: float, state: np.ndarray) -> list[float]:
        velocity = state[2:]
        size = np.abs(velocity) if by_component else np.hypot(*velocity)
        return [*velocity, *(np.array([0.0, -GRAVITY]) - DRAG * size * velocity)]

    def there(_: float, state: np.ndarray) -> float:
        return state[0] - distance

    there.terminal = True  # type: ignore[attr-defined]
    start = [0.0, 0.0, speed * np.cos(angle), speed * np.sin(angle)]
    done = solve_ivp(rates, (0.0, 60.0), start, events=there, method="DOP853", rtol=1e-12, atol=1e-12)
    return done.y[1:, -1]


def worst(surface: np.ndarray, case: tuple[float, ...], *, by_component: bool) -> float:
    """Return the largest deviation of the fall height from the one asked for, 1 m from the lip and on [m]."""
    angle, spline = np.deg2rad(case[3]), CubicSpline(*surface.T)
    found = []
    for x in np.linspace(1.0, 0.98 * surface[-1, 0], 15):
        y = float(spline(x))
        vacuum = x * np.sqrt(GRAVITY / (2.0 * (x * np.tan(angle) - y))) / np.cos(angle)
        speed = brentq(
            lambda v, x=x, y=y: fly(v, angle, x, by_component=by_component)[0] - y, 0.9 * vacuum, 2.0 * vacuum
        )
        _, east, up = fly(speed, angle, x, by_component=by_component)
        slope = np.arctan(spline(x, 1))
        found.append((up * np.cos(slope) - east * np.sin(slope)) ** 2 / (2.0 * GRAVITY) - case[4])
    return float(np.max(np.abs(found)))


def compare(peer: "subprocess.Popen[str]", case: tuple[float, ...]) -> None:
    """Print one row."""
    assert peer.stdin is not None
    assert peer.stdout is not None
    theirs, mine, told, surface = [], [], {}, np.zeros((2, 2))
    for turn in range(ROUNDS + 1):
        peer.stdin.write(json.dumps(case) + "\n")
        peer.stdin.flush()
        told = json.loads(peer.stdout.readline())
        taken, surface = ours(case, told["lip"], told["speed"])
        # The first round compiles here, and warms up there.
        if turn > 0:
            theirs.append(told["time"])
            mine.append(taken)
    published = np.column_stack([told["x"], told["y"]])
    ratio = statistics.median(a / b for a, b in zip(theirs, mine, strict=True))
    middle = [1e3 * statistics.median(times) for times in (mine, theirs)]
    off = [1e3 * worst(design, case, by_component=False) for design in (surface, published)]
    print(
        f"{case!s:34s} ours {middle[0]:5.0f} ms, peer {middle[1]:5.0f} ms, ratio {ratio:5.2f}; "
        f"fall height off, drag along the velocity: ours {off[0]:7.4f} mm, peer {off[1]:7.4f} mm; "
        f"by component: peer {1e3 * worst(published, case, by_component=True):7.4f} mm"
    )


def main() -> None:
    """Compare and print."""
    load = os.getloadavg()[0]
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores, load before {load:.2f}, n={ROUNDS}")
    with tempfile.TemporaryDirectory() as folder:
        python = peer_python(folder)
        if python is None:
            return
        command = [python, "-W", "ignore", "-c", PEER]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
            for case in CASES:
                compare(peer, case)
            assert peer.stdin is not None
            peer.stdin.close()


if __name__ == "__main__":
    main()
