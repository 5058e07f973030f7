"""Peers live in environments of their own, made from requirements/peers/*.lock."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def peer_python(name: str, folder: str) -> str | None:
    """Return a peer's interpreter, or None, saying why, where its environment cannot be made."""
    uv = Path(sys.executable).with_name("uv")
    home = Path(folder) / name
    python = str(home / "bin" / "python")
    lock = str(ROOT / "requirements" / "peers" / f"{name}.lock")
    steps = (
        [str(uv), "venv", "--quiet", "--python", sys.executable, str(home)],
        [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", lock],
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            why = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            print(f"{name} cannot be installed here, so nothing is compared: {why[-1] if why else error}")
            return None
    return python
