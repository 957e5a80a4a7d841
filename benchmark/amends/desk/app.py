"""The application behind the guard: how people come in, the files of the pages, and routes of what they do.

The only users of starlette are here and in the modules of routes; it loads when a desk is opened.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from amends.desk.doors import LASTS, Doors
from amends.desk.guard import OUTSIDE
from amends.desk.people import Person
from amends.errors import UsageError
from amends.jsonl import parse
from amends.records import Json

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_PAGES = Path(__file__).resolve().parent / "pages"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
_LONGEST_CODE = 200
MARK = "desk-person"
"""Header of every answer to a person, and of what their page sends from then on: see ``Doors.mark``."""


class Refused(Exception):
    """A request that the desk does not follow, in words for whoever sits before the page."""

    def __init__(self, status: int, words: str, **more: Any) -> None:
        """Say why.

        Args:
            status: of HTTP.
            words: shown on the page.
            more: what the page needs beside them.
        """
        super().__init__(words)
        self.status = status
        self.body: Json = {"error": words, **more}


@dataclass(frozen=True, slots=True)
class Task:
    """What people do at a desk: one page and what it asks for."""

    page: str
    """File below pages/ that the address / shows."""
    calls: Mapping[tuple[str, str], Callable[[Person, Mapping[str, str], Json], Json]]
    """(method, path below /api) to what answers: the person, the path's parts, the body (empty for GET)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How people come in."""

    doors: Doors
    cookie: str
    """The cookie's name."""
    secure: bool
    """Whether the cookie travels over TLS alone."""
    entered: Callable[[Person], None]
    """Told when a link was used."""


_ANOTHER = (
    "Somebody else came in with this browser since this page was opened. Open a new link of your own in it; "
    "people who share a computer use a browser each."
)


def missing_extra() -> UsageError:
    """What to say where starlette or uvicorn is not installed."""
    return UsageError("a desk needs the extra desk: pip install 'amends[desk]'.")


def text_field(body: Json, name: str, most: int) -> str:
    """A text of a body.

    Raises:
        Refused: it is missing, no text, or longer than ``most`` characters.
    """
    value = body.get(name)
    if not isinstance(value, str):
        raise Refused(400, f"{name} is missing or is no text")
    if len(value) > most:
        raise Refused(413, f"{len(value):,} characters are too many: at most {most:,}")
    return value


def number_field(body: Json, name: str, most: float) -> float:
    """A number of a body, 0 to ``most``.

    Raises:
        Refused: it is missing, no number, or out of range.
    """
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused(400, f"{name} is missing or is no number")
    if not 0 <= value <= most:
        raise Refused(400, f"{name} must be from 0 to {most:g}")
    return value


def only_fields(body: Json, *names: str) -> None:
    """Refuse fields that nobody asked for.

    Raises:
        Refused: there is one.
    """
    if set(body) - set(names):
        raise Refused(400, f"Only the fields {', '.join(names)}")


def cookies(scope: Mapping[str, Any], name: str) -> list[str]:
    """Every value that a request's head holds under a cookie's name."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == b"cookie"]
    pairs = [part.strip().partition("=") for line in lines for part in line.split(";")]
    return [value for key, _, value in pairs if key == name]


def _json(body: Json, status: int = 200) -> Response:
    from starlette.responses import Response

    return Response(orjson.dumps(body), status, media_type="application/json")


async def _body(request: Request) -> Json:
    try:
        body = parse(await request.body())
    except ValueError:
        raise Refused(400, "The body is no JSON, or holds half a character") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body must be a JSON object")
    return body


def _file(name: str, status: int = 200) -> Callable[[Request], Awaitable[Response]]:
    """A page or one of its files, read once."""
    from starlette.responses import Response

    path = _PAGES / name
    data, kind = path.read_bytes(), _TYPES[path.suffix]

    async def endpoint(request: Request) -> Response:
        return Response(data, status, media_type=kind)

    return endpoint


def application(entry: Entry, task: Task) -> Starlette:
    """Build the application; a ``Guard`` must stand before it.

    Args:
        entry: how people come in.
        task: what they do then.

    Raises:
        UsageError: the extra ``desk`` is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError:
        raise missing_extra() from None
    page, outside = _file(task.page), _file("outside.html", 401)

    async def home(request: Request) -> Response:
        known = entry.doors.who(cookies(request.scope, entry.cookie))
        return await (page if known else outside)(request)

    async def nowhere(request: Request, error: Exception) -> Response:
        return _json({"error": "Nothing is here."}, getattr(error, "status_code", 404))

    files = sorted(path.name for path in _PAGES.iterdir() if path.suffix in (".css", ".js"))
    made = Starlette(
        routes=[
            Route("/", home, methods=["GET"]),
            Route("/enter", _file("enter.html"), methods=["GET"]),
            Route("/api/enter", _entering(entry), methods=["POST"]),
            *[Route(f"/static/{name}", _file(name), methods=["GET"]) for name in files],
            *[Route(f"/api{path}", _calling(entry, call), methods=[method])
              for (method, path), call in task.calls.items()],
        ],
        exception_handlers={Refused: _refused, OSError: _unsaved, 404: nowhere, 405: nowhere},
    )  # fmt: skip
    made.router.redirect_slashes = False  # an address is right or it is nothing
    return made


def _entering(entry: Entry) -> Callable[[Request], Awaitable[Response]]:
    async def enter(request: Request) -> Response:
        body = await _body(request)
        only_fields(body, "code")
        came = entry.doors.enter(text_field(body, "code", _LONGEST_CODE))
        if came is None:
            raise Refused(403, "This link was used already, or is of an earlier start; ask for a new one")
        person, secret = came
        answer = _json({"saved": True})
        answer.set_cookie(
            entry.cookie, secret, max_age=LASTS, path="/", secure=entry.secure, httponly=True, samesite="strict"
        )
        with contextlib.suppress(OSError):  # a terminal that is gone keeps nobody out
            entry.entered(person)
        return answer

    return enter


def _calling(
    entry: Entry, call: Callable[[Person, Mapping[str, str], Json], Json]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        person = entry.doors.who(cookies(request.scope, entry.cookie))
        if person is None:
            raise Refused(401, OUTSIDE)
        mark = entry.doors.mark(person)
        if request.headers.get(MARK, mark) != mark:
            raise Refused(401, _ANOTHER)
        body = await _body(request) if request.method == "POST" else {}
        # at once and in turn: two requests of one person never mix
        answer = _json(call(person, request.path_params, body))
        answer.headers[MARK] = mark
        return answer

    return endpoint


async def _refused(request: Request, error: Refused) -> Response:
    return _json(error.body, error.status)


async def _unsaved(request: Request, error: OSError) -> Response:
    """A full disk or missing rights: the page must not say that anything was saved."""
    return _json({"error": f"NOT saved: {error.strerror or 'the disk refused it'}"}, 507)
