"""A browser without a screen: signs in, keeps the cookie, sends the page's own CSRF token."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "ein-langes-passwort"
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Visitor:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", name=login, password=password)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, data={"_csrf_token": self.token(), **fields})

    def token(self) -> str:
        found = _TOKEN.search(self.get("/safety").text)
        assert found
        return unescape(found[1])

    def sign_out(self) -> TestResponse:
        return self.post("/logout")


def hidden_fields(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in _FIELD.findall(page)}
