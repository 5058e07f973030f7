"""From a log to its jumps."""

from precipice.training.jump import Jump, Segmentation
from precipice.training.log import TrainingLog
from precipice.training.motion import Motion, build_motion
from precipice.training.ramp_jump import find_ramp_jumps
from precipice.training.skydive import find_skydives
from precipice.training.smooth import Smoothed, smooth


def segment(log: TrainingLog, smoothed: Smoothed | None = None) -> Segmentation:
    """Return the jumps of a log, each event with its standard deviation.

    Args:
        log: Of any format.
        smoothed: Its track, where somebody has it already.

    Returns:
        No jumps for logs of the ground, of a climb, of a canopy alone or of what is not understood.
    """
    problems = [str(problem) for problem in log.problems]
    motion = build_motion(log, smoothed or smooth(log)) if len(log.time) >= 5 else None
    if motion is None:
        return Segmentation("none", (), (*problems, "too few rows with a height: nothing to segment"))
    jumps, missing = find_skydives(log, motion)
    thrown, hidden = find_ramp_jumps(log, motion, _spans(jumps, motion))
    jumps += thrown
    jumps.sort(key=lambda jump: min(moment.time for moment in jump.events.values()))
    whole = tuple(jump for jump in jumps if jump.kind != "canopy")
    canopies = tuple(jump for jump in jumps if jump.kind == "canopy")
    kind = next((jump.kind for jump in whole + canopies), "none")
    return Segmentation(kind, whole, (*problems, *missing, *hidden), canopies)


def _spans(jumps: list[Jump], motion: Motion) -> list[tuple[float, float]]:
    """Return the time of each parachute jump, from its first event to its last or to the log's end."""
    spans = []
    for jump in jumps:
        times = [moment.time for moment in jump.events.values()]
        early = min(times) if "exit" in jump.events else float(motion.time[0])
        late = jump.events["landing"].time if "landing" in jump.events else float(motion.time[-1])
        spans.append((early - 2.0, late + 2.0))
    return spans
