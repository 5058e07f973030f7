"""One piece that three programs can fly: a body falls 1,500 m through the standard atmosphere.

precipice flies it as a `drop` (both precisions), JSBSim 1.3.3 as a body with one drag force at its usual step
and a finer one, SciPy as two equations written here, at 1e-12 (the reference) and at 1e-6. One core, medians,
compilation and loading left out; the error in fall time and speed against the reference stands in each row.
JSBSim's earth turns and its gravity falls with height; that is its difference from the others.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from benchmarks.peer import peer_python  # noqa: E402
from scipy.integrate import solve_ivp  # noqa: E402

RUNS, REPEATS = 4096, 5
BODY = {"mass": 80.0, "area": 0.45, "height": 1500.0, "ground": 0.0}

PEER = '''
import json, sys, tempfile, time
from pathlib import Path
import jsbsim
MODEL = """<?xml version="1.0"?><fdm_config name="body" version="2.0" release="ALPHA">
<metrics><wingarea unit="M2">{area}</wingarea><wingspan unit="M">1</wingspan><chord unit="M">1</chord>
<location name="AERORP" unit="M"><x>0</x><y>0</y><z>0</z></location></metrics>
<mass_balance><ixx unit="KG*M2">10</ixx><iyy unit="KG*M2">10</iyy><izz unit="KG*M2">10</izz>
<emptywt unit="KG">{mass}</emptywt>
<location name="CG" unit="M"><x>0</x><y>0</y><z>0</z></location></mass_balance>
<ground_reactions/><propulsion/><flight_control name="none"/>
<aerodynamics><axis name="DRAG"><function name="aero/force/drag"><product><property>aero/qbar-psf</property>
<property>metrics/Sw-sqft</property></product></function></axis></aerodynamics></fdm_config>"""
FOOT = 0.3048
def look(fdm):
    return fdm["simulation/sim-time-sec"], fdm["position/h-sl-ft"] * FOOT, fdm["velocities/v-down-fps"] * FOOT
for line in sys.stdin:
    case = json.loads(line)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "aircraft" / "body"
        place.mkdir(parents=True)
        (place / "body.xml").write_text(MODEL.format(**case))
        fdm = jsbsim.FGFDMExec(folder)
        fdm.set_debug_level(0)
        fdm.load_model("body")
        fdm.set_dt(case["step"])
        fdm["ic/h-sl-ft"], fdm["ic/lat-geod-deg"] = case["height"] / FOOT, 45.0
        fdm.run_ic()
        start = time.perf_counter()
        now = look(fdm)
        while now[1] > case["ground"]:
            before = now
            fdm.run()
            now = look(fdm)
        taken = time.perf_counter() - start
        s = (before[1] - case["ground"]) / (before[1] - now[1])
        end = [a + s * (b - a) for a, b in zip(before[::2], now[::2])]
        print("result", json.dumps([taken, *end]), flush=True)
'''


def density(height: float) -> float:
    """Return the standard's density below 11 km [kg/m^3]: US Standard Atmosphere 1976, eqs. 18, 23, 33a."""
    geopotential = 6356766.0 * height / (6356766.0 + height)
    temperature = 288.15 - 0.0065 * geopotential
    return 101325.0 * (temperature / 288.15) ** 5.255877 / (287.05287 * temperature)


def by_scipy(tolerance: float) -> tuple[float, float, float]:
    """Return time taken, fall time and speed [s, s, m/s]."""

    def rates(_: float, state: np.ndarray) -> list[float]:
        pull = 0.5 * density(state[0]) * BODY["area"] * state[1] ** 2 / BODY["mass"]
        return [state[1], pull - 9.80665]

    def ground(_: float, state: np.ndarray) -> float:
        return state[0] - BODY["ground"]

    ground.terminal = True
    start = time.perf_counter()
    end = solve_ivp(
        rates, (0.0, 200.0), [BODY["height"], 0.0], "DOP853", events=ground, rtol=tolerance, atol=tolerance
    )
    return time.perf_counter() - start, end.t[-1], -end.y[1, -1]


def by_precipice() -> dict[str, tuple[float, float, float]]:
    """Return time taken a run, fall time and speed: many runs in float32, one in float64."""
    from precipice.campaign.draws import centre_draw, draw_many
    from precipice.scenario.load import load_scenario
    from precipice.simulation.many import simulate_many
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.arrange_many import arrange_many

    scenario = load_scenario(ROOT / "scenarios" / "high_fall.toml")
    keys = value_keys(scenario)
    numbers = {
        "body.mass": BODY["mass"],
        "body.drag_area": BODY["area"],
        "body.inline_drag_area": BODY["area"],
        "body.lift_fraction": 0.0,
        "body.radius": 0.001,
        "exit.speed": 1e-6,
        "exit.centre_height": 0.0,
        "site.altitude": BODY["height"],
        "site.landing.altitude": BODY["ground"],
        "air.temperature_offset": 0.0,
        "wind.speed": 0.0,
    }
    many = draw_many(scenario, 0, range(RUNS))
    many = replace(many, values={**many.values, **{k: np.full(RUNS, v) for k, v in numbers.items()}})
    one = replace(centre_draw(scenario), values={**centre_draw(scenario).values, **numbers})
    found = {}
    inputs, single = arrange_many(scenario, many), arrange(scenario, one)
    for name, fly, count in (
        ("float32, many", lambda: simulate_many(inputs, keys, scenario.kind), RUNS),
        ("float64, one", lambda: simulate(single, keys, kind=scenario.kind), 1),
    ):
        told = fly()
        taken = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            fly()
            taken.append((time.perf_counter() - start) / count)
        told = {key.removeprefix("numbers."): value for key, value in told.items()}
        fell = np.ravel(told["contact_time"])[0] - np.ravel(told["exit_time"])[0]
        found[name] = statistics.median(taken), float(fell), float(np.ravel(told["contact_sink"])[0])
    return found


def by_peer(python: str, step: float) -> tuple[float, float, float]:
    """Return time taken, fall time and speed of JSBSim."""
    lines = (json.dumps({**BODY, "step": step}) + "\n") * REPEATS
    done = subprocess.run([python, "-c", PEER], input=lines, capture_output=True, text=True, check=True)
    rows = [
        json.loads(line.removeprefix("result"))
        for line in done.stdout.splitlines()
        if line.startswith("result")
    ]
    return statistics.median(row[0] for row in rows), rows[0][1], rows[0][2]


def main() -> None:
    """Measure and print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"python {sys.version.split()[0]}, one core of {os.cpu_count()}, load {os.getloadavg()[0]:.2f}")
    _, fell, speed = by_scipy(1e-12)
    print(f"reference: {fell:.4f} s, {speed:.4f} m/s")
    rows = {f"precipice, {name}": row for name, row in by_precipice().items()}
    tried = [by_scipy(1e-6) for _ in range(REPEATS)]
    rows["SciPy DOP853 at 1e-6"] = (statistics.median(row[0] for row in tried), *tried[0][1:])
    with tempfile.TemporaryDirectory() as folder:
        python = peer_python("jsbsim", folder)
        for step in () if python is None else (1.0 / 120.0, 0.001):
            rows[f"JSBSim, steps of {1000.0 * step:.1f} ms"] = by_peer(python, step)
    least = rows["precipice, float32, many"][0]
    for name, row in rows.items():
        print(
            f"{name:28s} {1e6 * row[0]:12.1f} us a fall  (x {row[0] / least:8.0f})  "
            f"time off {row[1] - fell:+.4f} s, speed off {row[2] - speed:+.4f} m/s"
        )


if __name__ == "__main__":
    main()
