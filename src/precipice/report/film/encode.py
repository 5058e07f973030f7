"""Pictures to a film file, by the ffmpeg that is on PATH."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np

from precipice.errors import InputError

FORMS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""What ffmpeg calls a file, by its ending."""


def find_ffmpeg() -> str:
    """Return the path of ffmpeg.

    Raises:
        InputError: When there is none.
    """
    found = shutil.which("ffmpeg")
    if found is None:
        raise InputError(
            "film must have ffmpeg on PATH, but there is none: install it (apt install ffmpeg, brew install "
            "ffmpeg, winget install ffmpeg), or make single pictures with --still"
        )
    return found


def encode(
    pictures: Iterable[np.ndarray],
    size: tuple[int, int],
    rate: Fraction,
    path: Path,
    kind: str,
    about: dict[str, str],
) -> None:
    """Write pictures as H.264, which every player knows.

    Args:
        pictures: Red, green, blue, 0 to 255, `(rows, columns, 3)` each.
        size: Columns and rows, both even.
        rate: Pictures a second.
        path: Of the file.
        kind: One of `FORMS`' values.
        about: What the file says of itself: title, comment.

    Raises:
        InputError: With what ffmpeg says when it cannot.
    """
    told = [word for name, text in about.items() for word in ("-metadata", f"{name}={text}")]
    command = [
        find_ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-",
        "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-movflags", "+faststart",
        *told, "-f", kind, str(path),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        # In a session of its own: Ctrl-C is for this program, which then ends ffmpeg.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
        assert process.stdin is not None
        try:
            with process.stdin as pipe:
                for picture in pictures:
                    pipe.write(np.ascontiguousarray(picture).data)
            code = process.wait()
        except BrokenPipeError:
            code = process.wait() or 1
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if code:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            reason = lines[-1] if lines else f"exit code {code}"
            raise InputError(
                f"the film must be written by ffmpeg, but it cannot ({reason}): install a full build of "
                "ffmpeg, with libx264, or make single pictures with --still"
            )
