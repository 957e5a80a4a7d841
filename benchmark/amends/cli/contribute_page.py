"""``contribute --page``: the questions on a local page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amends.cli.desks import ended_by_ctrl_c, serve
from amends.contribute.examine import examined
from amends.contribute.session import Session
from amends.desk.contributing import Contributing
from amends.desk.people import ALONE
from amends.desk.server import PORT, Desk, Place


def serve_page(session: Session, wanted: Sequence[str], port: int | None, browser: bool) -> None:
    """Serve until Ctrl+C.

    Args:
        session: the file at hand.
        wanted: what the dataset has little of.
        port: None for the desk's own.
        browser: open the page.

    Raises:
        UsageError: the extra ``desk`` is missing, or the port is taken.
    """
    file: Path = session.file
    task = Contributing(session, wanted, lambda items: examined(items, session.base).problems).task()
    place = Place(port=PORT if port is None else port)
    sessions = file.with_name(f".{file.name}.sessions.json")
    desk = Desk(place, [ALONE], task, sessions)
    try:
        with ended_by_ctrl_c():
            serve(desk, place, [ALONE], browser)
    finally:
        sessions.unlink(missing_ok=True)
