"""What the page may ask for, one function an address."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from precipice.errors import InputError, PrecipiceError, ScenarioError
from precipice.web.desk import SEED_MOST, Desk
from precipice.web.ensemble import MOST
from precipice.web.guard import Guard

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
RUNS_MOST = 1_000_000
"""Runs of an assessment that the page may ask for; the command line flies more."""
JOBS_MOST = 10**9

Answer = Callable[[Request], Awaitable[Response]]


def build_app(desk: Desk, port: int) -> ASGIApp:
    """Return the application that answers the page.

    Args:
        desk: What it shows.
        port: At which it answers, for the check of Host and Origin.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        warming = asyncio.create_task(run_in_threadpool(_warm_up, desk))
        yield
        await warming
        await run_in_threadpool(desk.stop_ensemble)
        await desk.jobs.close()

    app = Starlette(routes=_routes(desk), lifespan=lifespan, exception_handlers={Exception: _bug})
    return Guard(app, port, desk.token)


def _warm_up(desk: Desk) -> None:
    # What went wrong is said to the browser, which asks for the same.
    with contextlib.suppress(PrecipiceError):
        desk.warm_up()


def _routes(desk: Desk) -> list[Route]:
    look = Look(desk)
    get = {
        "/": look.page,
        "/static/{name:path}": look.static,
        "/files/{name:path}": look.opened_file,
        "/api/state": look.state,
        "/api/fields": look.fields,
        "/api/site": look.site,
        "/api/flight": look.flight,
        "/api/ensemble": look.ensemble,
        "/api/results/{number}": look.result,
    }
    act = Act(desk)
    post = {
        "edit": act.edit,
        "discard": act.discard,
        "save": act.save,
        "ensemble": act.fly_many,
        "ensemble/stop": act.stop_flying,
        "assess": act.assess,
        "compare": act.compare,
        "cancel": act.cancel,
    }
    return [
        *(Route(path, _told(answer), methods=["GET"]) for path, answer in get.items()),
        *(Route(f"/api/{name}", _told(_posted(desk, do)), methods=["POST"]) for name, do in post.items()),
    ]


class Look:
    """What may be looked at."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._static = {
            f"/static/{path.relative_to(STATIC).as_posix()}": path for path in STATIC.rglob("*.*")
        }

    async def page(self, _: Request) -> Response:
        """Answer with the page."""
        return FileResponse(STATIC / "index.html", media_type=TYPES[".html"])

    async def static(self, request: Request) -> Response:
        """Answer with a part of the page, from a closed list: no path is ever joined to a folder."""
        path = self._static.get(request.url.path)
        if path is None or path.suffix not in TYPES:
            return _refuse(404, "there is no such file")
        return FileResponse(path, media_type=TYPES[path.suffix])

    async def opened_file(self, request: Request) -> Response:
        """Answer with a file of the opened run folder, to be kept."""
        path = await run_in_threadpool(self._desk.opened.file, request.path_params["name"])
        if path is None:
            return _refuse(404, "the opened folder has no such file that the page may show")
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    async def state(self, _: Request) -> Response:
        """Answer with what changes all the time."""
        return JSONResponse(self._desk.state())

    async def fields(self, _: Request) -> Response:
        """Answer with the fields that may be edited."""
        return JSONResponse(await run_in_threadpool(self._desk.fields))

    async def site(self, _: Request) -> Response:
        """Answer with what stands still."""
        return _raw(await run_in_threadpool(self._desk.site))

    async def flight(self, request: Request) -> Response:
        """Answer with one run."""
        asked = request.query_params
        run = None if asked.get("run", "nominal") == "nominal" else _whole(asked["run"], "run", SEED_MOST)
        seed = _whole(asked.get("seed", "0"), "seed", SEED_MOST)
        return _raw(await run_in_threadpool(self._desk.flight, run, seed))

    async def ensemble(self, request: Request) -> Response:
        """Answer with many thin tracks, from one on."""
        first = _whole(request.query_params.get("first", "0"), "first", MOST)
        found = self._desk.ensemble(first)
        return _refuse(404, "nobody asked for many runs yet") if found is None else _raw(found)

    async def result(self, request: Request) -> Response:
        """Answer with what a job found."""
        job = self._desk.jobs.find(_whole(request.path_params["number"], "number", JOBS_MOST))
        if job is None or job.result is None:
            return _refuse(404, "there is no such result")
        return JSONResponse({**job.brief(), "result": job.result})


Asked = dict[str, Any]


class Act:
    """What may be posted; every answer is the new state."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def edit(self, asked: Asked) -> None:
        """Change a field of the draft."""
        path, written = asked.get("path"), asked.get("text")
        if not isinstance(path, str) or not (written is None or isinstance(written, str)):
            raise InputError(
                "an edit must have a path and a text, but has something else: load the page again"
            )
        await run_in_threadpool(self._desk.draft.edit, path, written)

    async def discard(self, _: Asked) -> None:
        """Read the file again."""
        await run_in_threadpool(self._desk.draft.read_again)

    async def save(self, _: Asked) -> None:
        """Write the file."""
        await run_in_threadpool(self._desk.draft.save)

    async def fly_many(self, asked: Asked) -> None:
        """Begin to fly many runs."""
        runs = _whole(asked.get("runs"), "runs", MOST, 1)
        seed = _whole(asked.get("seed"), "seed", SEED_MOST)
        await run_in_threadpool(self._desk.start_ensemble, seed, runs)

    async def stop_flying(self, _: Asked) -> None:
        """Fly no more of them."""
        await run_in_threadpool(self._desk.stop_ensemble)

    async def assess(self, asked: Asked) -> None:
        """Begin an assessment, or put it in the queue."""
        await self._start("assess", asked, 1)

    async def compare(self, asked: Asked) -> None:
        """Begin a comparison with the last assessment's scenario, or put it in the queue."""
        await self._start("compare", asked, 2)

    async def _start(self, do: str, asked: Asked, least: int) -> None:
        runs = _whole(asked.get("runs"), "runs", RUNS_MOST, least)
        seed = _whole(asked.get("seed"), "seed", SEED_MOST)
        self._desk.jobs.refuse_more()
        self._desk.jobs.add(*await run_in_threadpool(self._desk.ask, do, runs, seed))

    async def cancel(self, asked: Asked) -> None:
        """End a job."""
        job = self._desk.jobs.find(_whole(asked.get("number"), "number", JOBS_MOST))
        if job is None:
            raise InputError("the job must be there to be cancelled, but is not: load the page again")
        self._desk.jobs.cancel(job)


def _posted(desk: Desk, act: Callable[[Asked], Awaitable[None]]) -> Answer:
    async def answer(request: Request) -> Response:
        try:
            asked = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict):
            raise InputError("a post must be a JSON object, but is something else: load the page again")
        await act(asked)
        return JSONResponse(desk.state())

    return answer


def _told(answer: Answer) -> Answer:
    """Return an answer that says what was refused in a sentence."""

    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except ScenarioError as error:
            return _refuse(422, str(error))
        except InputError as error:
            return _refuse(400, str(error))
        except PrecipiceError as error:
            return _refuse(500, str(error))

    return told


async def _bug(_: Request, error: Exception) -> Response:
    return _refuse(500, f"precipice made a mistake ({type(error).__name__}): see where it was started")


def _refuse(code: int, words: str) -> Response:
    return JSONResponse({"error": words}, code)


def _raw(content: bytes) -> Response:
    return Response(content, media_type="application/octet-stream")


def _whole(value: Any, name: str, most: int, least: int = 0) -> int:
    """Return a whole number that a browser sent, as a number or its digits."""
    digits = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 18
    number = int(value) if digits else value
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise InputError(
            f"{name} must be a whole number from {least} to {most}, but is not: write such a number"
        )
    return number
