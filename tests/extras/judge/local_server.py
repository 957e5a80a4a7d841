"""A local server that speaks the chat-completions protocol, and says what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

KEY = "sk-hush-hush-0123456789"


class Model:
    """What stands behind the endpoint."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/v1")
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.says: Callable[[dict[str, Any], int], Response | str | None] = lambda body, n: None
        self._lock = threading.Lock()
        server.expect_request("/v1/chat/completions", method="POST").respond_with_handler(self._handle)

    def _handle(self, request: Request) -> Response:
        body = json.loads(request.get_data())
        with self._lock:
            number = len(self.asked)
            self.asked.append(body)
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
        found = self.says(body, number)
        return found if isinstance(found, Response) else completion(found)


def completion(content: Any, finish: str = "stop", usage: bool = True, **message: Any) -> Response:
    """A chat completion as OpenAI sends it."""
    body: dict[str, Any] = {
        "id": "c-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m-2026-11-01",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content} | message}
        ],
    }
    if usage:
        body["usage"] = {"prompt_tokens": 4000, "completion_tokens": 200, "total_tokens": 4200}
    return Response(json.dumps(body), 200, content_type="application/json")


def error(status: int, message: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """An error as OpenAI sends it."""
    body = {"error": {"message": message, "type": "e", "param": None, "code": None} | more}
    return Response(json.dumps(body), status, headers, content_type="application/json")
