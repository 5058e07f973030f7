"""How often calibration's 95 % intervals hold the truth: mean, spread by jump, spread by day, next jump.

Seasons of numbers with known mean and spreads, some of few days, some measured badly; the share of seasons
whose interval holds the truth should be 0.95 (100 seasons: 0.90 to 0.98 is what luck allows 19 times in 20).

    python -m benchmarks.check_calibration              # 100 seasons of each design: seconds
    python -m benchmarks.check_calibration --logs 100       # ramp jumps flown, recorded, read: an hour
    python -m benchmarks.check_calibration --skydives 100   # skydives
    python -m benchmarks.check_calibration --tracking 100   # trackers; --wingsuit, --base, --wind likewise
    python -m benchmarks.check_calibration --skydives 100 --from 9000   # others, never seen before
"""

import sys

import numpy as np

from precipice.training.hierarchy import learn

DESIGNS = {
    "12 days of 20 jumps": (12, 20, 0.5, 0.2, 0.05),
    "6 days of 8 jumps, measured badly": (6, 8, 0.5, 0.3, 0.5),
    "30 days of 4 jumps": (30, 4, 1.0, 1.0, 0.1),
    "4 days of 5 jumps, days alike": (4, 5, 1.0, 0.05, 0.1),
}
"""Days, jumps a day, spread by jump, spread by day, error of measurement."""
MEAN = 18.0


def season(design, seed):
    """Return values, errors, days of one season, and a jump that was not in it."""
    days, jumps, by_jump, by_day, error = design
    generator = np.random.default_rng([seed, days])
    day = np.repeat(np.arange(days), jumps)
    true = (
        MEAN + by_day * generator.standard_normal(days)[day] + by_jump * generator.standard_normal(len(day))
    )
    measured = true + error * generator.standard_normal(len(day))
    new = MEAN + by_day * generator.standard_normal() + by_jump * generator.standard_normal()
    return measured, np.full(len(day), error), day, new


def coverage(design, seasons):
    """Return the share of seasons whose intervals hold mean, spread by jump, spread by day, the next jump."""
    held = np.zeros(4)
    for seed in range(seasons):
        values, errors, days, new = season(design, seed)
        found = learn(values, errors, days)
        inside = [
            found.mean.interval.low <= MEAN <= found.mean.interval.high,
            found.jump.interval.low <= design[2] <= found.jump.interval.high,
            found.day.interval.low <= design[3] <= found.day.interval.high,
            abs(new - found.mean.middle) <= 1.96 * found.scale,
        ]
        held += inside
    return held / seasons


def main():
    seasons = 100
    print(f"{seasons} seasons of each design; share whose 95 % interval holds the truth")
    print(f"{'':36} mean   by jump  by day  next jump")
    for name, design in DESIGNS.items():
        print(f"{name:36} " + "   ".join(f"{x:.2f}" for x in coverage(design, seasons)))
    if len(sys.argv) > 1:
        from benchmarks import seasons_of_flight, seasons_through_logs

        if "--from" in sys.argv:
            seasons_through_logs.FIRST = int(sys.argv[sys.argv.index("--from") + 1])
        for option, (flown, truth) in (seasons_through_logs.DESIGNS | seasons_of_flight.DESIGNS).items():
            if option in sys.argv:
                seasons_through_logs.through_logs(int(sys.argv[sys.argv.index(option) + 1]), flown, truth)


if __name__ == "__main__":
    main()
