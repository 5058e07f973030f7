"""Compiling in a process of its own: LLVM holds one lock for a whole process."""

import subprocess
import sys

from precipice.simulation.native.kernel import compile_text


def compile_apart(text: str) -> bytes:
    """Return the machine code of a module, compiled in another process, or here if none can be started.

    Args:
        text: In LLVM's text form, with one function, `stage`.
    """
    command = [sys.executable, "-c", f"from {__name__} import main; main()"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return compile_text(text)
    return done.stdout


def main() -> None:
    """Read a module from standard input and write its machine code to standard output."""
    sys.stdout.buffer.write(compile_text(sys.stdin.buffer.read().decode()))
