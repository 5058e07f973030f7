"""The server behind `precipice serve`: it answers this machine alone."""

import errno
import socket
from collections.abc import Callable
from pathlib import Path

from precipice.errors import InputError

HOST = "127.0.0.1"
PORT = 8377
"""Where the page is; always the same, so that an open page finds the server again."""
AT_ONCE = 64
"""Requests that are answered at the same time."""


def serve(target: Path | None, port: int, say: Callable[[str], None]) -> None:
    """Answer the page until somebody stops it.

    Args:
        target: Scenario file or run folder; what `precipice new` writes when None.
        port: 0 takes any that is free.
        say: Told the address when it can be opened.

    Raises:
        ScenarioError: With what is wrong with the scenario.
        InputError: When there is nothing to open, or the port is taken.
    """
    from precipice.web.opened import open_target

    opened = open_target(target)
    with listen(port) as listener:
        import uvicorn

        from precipice.web.desk import Desk
        from precipice.web.routes import build_app

        port = listener.getsockname()[1]
        app = build_app(Desk(opened), port)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, ws="none", lifespan="on",
            limit_concurrency=AT_ONCE, timeout_keep_alive=10, timeout_graceful_shutdown=2,
            proxy_headers=False,
        )  # fmt: skip
        say(f"http://{HOST}:{port}/")
        uvicorn.Server(config).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """Return a socket on which this machine alone can be heard.

    Args:
        port: 0 takes any that is free.

    Raises:
        InputError: When it is taken or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # From here on a browser waits instead of being refused.
        listener.listen(AT_ONCE)
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken: is another page open? Otherwise" if taken else f"is not ({error.strerror}):"
        raise InputError(f"--port must be free, but {port} {reason} choose another, or 0 for any") from None
    return listener
