"""A job in a process of its own, so that it can be ended: one JSON line in, JSON lines out.

The line says what to do: `{"do": "assess" or "compare", "name", "text", "other", "runs", "seed", "workers"}`.
Lines out: `{"what", "done", "runs", "rate", "left"}`, at last `{"result"}` or `{"error"}`.
"""

import json
import os
import sys
import threading
from typing import Any, TextIO

from precipice.campaign.campaign import Progress
from precipice.errors import PrecipiceError


def main() -> None:
    """Do the job that standard input describes, and end when whoever asked is gone."""
    # Only lines of the job may reach whoever asked: what a library writes goes to the other stream.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _tell(out, {"result": do(asked, out)})
    except PrecipiceError as error:
        _tell(out, {"error": str(error)})
    out.flush()
    os._exit(0)


def do(asked: dict[str, Any], out: TextIO) -> dict[str, Any]:
    """Return an assessment or a comparison as plain data.

    Args:
        asked: From the page's server; see the top of this file.
        out: Where to say how far it is.
    """
    from precipice.risk.assess import assess
    from precipice.risk.assessment import assessment_json
    from precipice.risk.compare import compare, comparison_json
    from precipice.scenario.load import parse_scenario

    def told(what: str, progress: Progress) -> None:
        left = progress.left if progress.rate else None
        line = {
            "what": what,
            "done": progress.done,
            "runs": progress.runs,
            "rate": progress.rate,
            "left": left,
        }
        _tell(out, line)

    def say(line: str) -> None:
        _tell(out, {"what": line, "done": 0, "runs": 0, "rate": 0.0, "left": None})

    scenario = parse_scenario(asked["text"], asked["name"])
    runs, seed, workers = asked["runs"], asked["seed"], asked["workers"]
    if asked["do"] == "compare":
        other = parse_scenario(asked["other"], asked["name"])
        return comparison_json(compare(other, scenario, runs, seed, workers=workers, say=say, told=told))
    return assessment_json(assess(scenario, runs, seed, workers=workers, say=say, told=told))


def _tell(out: TextIO, line: dict[str, Any]) -> None:
    out.write(json.dumps(line, allow_nan=False) + "\n")
    out.flush()


def _end_with_parent() -> None:
    """End this process and its workers when the pipe from the server closes."""
    sys.stdin.read()
    if hasattr(os, "killpg"):
        import signal

        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
