"""What every request must pass, and what every answer says: the page is for this machine's browser alone."""

import asyncio
import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64_000
"""Bytes of a request's body: the largest that the page sends has about 5,000."""
LINGER = 1.0, 4_000_000
"""Seconds and bytes for which a refused body is still taken off the line, and thrown away."""
TOKEN = "x-precipice-session"
"""Header of every post: a page of another origin cannot read the token, nor send the header unasked."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Guard:
    """Refuses requests that do not come from the page itself, before anything reads them.

    A name that somebody lets point to 127.0.0.1 fails at Host; a page of another origin at Origin or
    Sec-Fetch-Site; a program that never read the page at the token.
    """

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self.app = app
        self.token = token
        self.hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
        self.origins = frozenset(f"http://{host}" for host in self.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Closing before accepting makes the server answer 403.
            await send({"type": "websocket.close", "code": 1008})
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(refusal, receive, dressed)
            return
        body = await _read(receive)
        if body is None:
            await _answer(_too_large(), receive, dressed)
            return
        await self.app(scope, _replay(body, receive), dressed)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return _refuse(
                421, "Host must be 127.0.0.1 or localhost with this port: open the address that was printed"
            )
        origins = headers.getlist("origin")
        if any(origin not in self.origins for origin in origins):
            return _refuse(403, "Origin must be this page's own: open the address that was printed")
        site = headers.get("sec-fetch-site", "same-origin")
        opened = scope["path"] == "/" and headers.get("sec-fetch-mode", "navigate") == "navigate"
        if site not in ("same-origin", "none") and not opened:
            return _refuse(403, "only this page may ask for that: open the address that was printed")
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return _refuse(405, "the page only gets and posts")
        return self._refused_post(headers)

    def _refused_post(self, headers: Headers) -> JSONResponse | None:
        # A form cannot send JSON, and nobody else's script may without asking first.
        if headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return _refuse(415, "a post must be application/json")
        if not hmac.compare_digest(headers.get(TOKEN, "").encode(), self.token.encode()):
            return _refuse(403, "the page is older than this server: load it again")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > LARGEST:
            return _too_large()
        return None


def _refuse(code: int, words: str) -> JSONResponse:
    # Nobody reads the request's body: end the connection.
    return JSONResponse({"error": words}, code, {"connection": "close"})


def _too_large() -> JSONResponse:
    return _refuse(413, f"a post must have at most {LARGEST} bytes")


async def _answer(refusal: JSONResponse, receive: Receive, send: Send) -> None:
    """Send a refusal whole, and end it when the sender is through, or has had long enough.

    Closing a connection with bytes unread resets it, and the reset can overtake the answer (RFC 9112, 9.6).
    """
    start: Message = {"type": "http.response.start", "status": refusal.status_code}
    await send({**start, "headers": refusal.raw_headers})
    await send({"type": "http.response.body", "body": refusal.body, "more_body": True})
    seconds, most = LINGER
    try:
        async with asyncio.timeout(seconds):
            more = True
            while more and most > 0:
                message = await receive()
                more = message["type"] == "http.request" and message.get("more_body", False)
                most -= len(message.get("body", b""))
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body of a request, None when it goes on past what it may have."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        more = message.get("more_body", False)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives a body that was read already, and then goes on."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
