"""A browser that keeps its connection and knows just enough to complete a task."""

import http.client
import json
import re
import zlib
from base64 import urlsafe_b64decode
from collections import deque
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

_TOKEN = re.compile(r'name="_?csrf[-_]token" (?:content|value)="([^"]+)"')
_SHOWN = re.compile(r'name="_shown" value="([^"]*)"')
_TASK = re.compile(r"/tasks/([0-9a-f-]{36})")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """Signs in once; every completion is sent with the same session and its CSRF token."""

    def __init__(self, server: dict[str, Any]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server["port"], timeout=20)
        self._cookie = ""
        self._answers = server["answers"]
        self.open: deque[str] = deque(server["tasks"])
        self.completed = 0
        token = self._token("/login")
        told = {"name": server["login"], "password": server["password"], "_csrf_token": token}
        status, _ = self._ask("POST", "/login", told)
        assert status == 302, f"signing in was answered {status}"
        self._csrf = self._token("/tasks")
        self._signed_in = self._cookie
        self._shown = self._found(_SHOWN, f"/tasks/{self.open[0]}")

    def complete(self) -> str:
        """Send a filled form; returns the task that the answer offers next."""
        task = self.open.popleft()
        own = {"_csrf_token": self._csrf, "_command": uuid4().hex, "_shown": self._shown}
        told = {**self._answers, **own}
        status, _ = self._ask("POST", f"/tasks/{task}", told)
        assert status == 302, f"completing a task was answered {status}"
        (following,) = _TASK.findall(_opened(self._cookie))[:1]
        self._cookie = self._signed_in
        self.open.append(following)
        self.completed += 1
        return following

    def complete_and_see(self) -> None:
        """Send a filled form and look at the next task's page."""
        status, page = self._ask("GET", f"/tasks/{self.complete()}")
        assert status == 200, f"the next page was answered {status}"
        assert "Meldung" in page

    def bare(self) -> None:
        status, _ = self._ask("POST", "/bare/complete", {**self._answers})
        assert status == 200, f"the bare endpoint answered {status}"

    def server_cpu(self) -> float:
        _, answer = self._ask("GET", "/bare/cpu")
        return float(json.loads(answer)["seconds"])

    def _token(self, path: str) -> str:
        return self._found(_TOKEN, path)

    def _found(self, wanted: re.Pattern[str], path: str) -> str:
        _, page = self._ask("GET", path)
        found = wanted.search(page)
        assert found, f"nothing like {wanted.pattern} on {path}"
        return found[1]

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self._cookie, **(_FORM if form else {})}
        self._connection.request(method, path, urlencode(form) if form else None, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            self._cookie = cookie.partition(";")[0]
        return response.status, response.read().decode()


def _opened(cookie: str) -> str:
    """Read the text of a signed session cookie."""
    value = cookie.partition("=")[2]
    packed = value.startswith(".")
    body = value.lstrip(".").partition(".")[0]
    content = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return (zlib.decompress(content) if packed else content).decode()
