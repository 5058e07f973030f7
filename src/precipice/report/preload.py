"""What the files of a run need, imported beside a flight."""

from contextlib import suppress
from importlib import import_module
from threading import Thread

_FLIGHT = ("precipice.simulation.simulate",)
_FILES = ("matplotlib.figure", "matplotlib.backends.backend_agg", "netCDF4")


def start_preload() -> Thread:
    """Return a thread that imports what files need while a flight's programs are loaded and run.

    Loading and flying leave the interpreter free. Two threads that import one package at a time can
    each see it half made, so what the flight needs is imported first, here; join the thread before
    anything else imports what it does.
    """
    for name in _FLIGHT:
        import_module(name)
    # No daemon: a process that ends inside the import of an extension can crash.
    thread = Thread(target=_preload, name="preload")
    thread.start()
    return thread


def _preload() -> None:
    # Whoever imports it next is told what is wrong with it.
    with suppress(ImportError):
        for name in _FILES:
            import_module(name)
