"""The pictures of the documentation, from real runs: draws them, and writes what they show beside them.

From the checkout's root, a minute on one core:

    python -m benchmarks.pictures

`docs/pictures/real_logs.png` needs recorded logs and has a command of its own:

    python -m benchmarks.real_logs
"""

import sys

from benchmarks.pictures.book import DOCS, PICTURES, draw_picture, put_caption
from benchmarks.pictures.flights import Flights
from benchmarks.pictures.printed import PRINTED, print_picture


def main() -> int:
    """Draw every picture; return an exit code."""
    flights = Flights()
    for name in PICTURES:
        drawn, caption = draw_picture(name, flights)
        path = DOCS / "pictures" / f"{name}.png"
        path.write_bytes(drawn)
        put_caption(name, caption)
        print(f"{path.relative_to(DOCS.parent)}: {path.stat().st_size / 1000:.0f} kB. {caption}")
    for name in PRINTED:
        path = DOCS / "pictures" / f"{name}.png"
        path.write_bytes(print_picture(name))
        print(f"{path.relative_to(DOCS.parent)}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
