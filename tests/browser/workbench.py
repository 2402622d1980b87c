"""A server for the browser bundle alone: pages with a diagram, answers as the application gives them."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
BUNDLE = ROOT / "web" / "static" / "dist"
SAMPLE = Path(__file__).parent / "sample.bpmn"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CHOICES = {
    "forms": [{"id": "triage", "name": "Triage"}, {"id": "first_contact", "name": "Erstkontakt"}],
    "decisions": [{"id": "route", "name": "Weg"}],
    "processes": [{"id": "closing", "name": "Abschluss"}],
    "groups": [
        {"id": "role_qm", "name": "Quartiersmanagement"},
        {"id": "role_ko", "name": "KIM-Koordination"},
    ],
    "handlers": [{"id": "case.link", "name": "Fälle verbinden"}],
    "variables": [{"name": "glasl_stage", "type": "Number", "info": "Eskalationsstufe, 1 bis 9"}],
}
PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="csrf-token" content="a-token">
{head}</head><body>{body}</body></html>"""
MAIN = """<main class="hs-main hs-main--wide"><h1 class="kern-heading-large">{title}</h1>
{body}</main>"""
PARTS = (Path(__file__).parent / "parts.html").read_text("utf-8")
VIEWER = (
    '<div class="hs-diagram" data-bpmn-viewer data-src="/sample.bpmn" data-active="Task_triage"'
    ' data-passed="Start_report" data-label="Der Ablauf wartet bei: Triage"></div>'
)
STUDIO = (
    '<div data-bpmn-studio data-src="/sample.bpmn" data-check-url="/check" data-save-url="/save"'
    ' data-choices-url="/choices"></div>'
)
DRAFT = (
    '<form class="hs-form" data-draft-url="/draft" method="post" action="/done">'
    '<div class="kern-form-input"><label class="kern-label" for="note">Notiz</label>'
    '<input class="kern-form-input__input" id="note" name="note"></div>'
    '<div class="kern-form-input"><label class="kern-label" for="day">Tag</label>'
    '<input class="kern-form-input__input" id="day" name="day" type="date"></div>'
    '<p class="hs-form__status" data-draft-status role="status"></p>'
    '<button class="kern-btn kern-btn--primary"><span class="kern-label">Fertig</span></button></form>'
)
INSIDE = VIEWER.replace('"Task_triage"', '"Task_follow_up"')
PAGES = {
    "/viewer": ("viewer", VIEWER),
    "/viewer-inside": ("viewer", INSIDE),
    "/studio": ("studio", STUDIO),
    "/draft": ("app", DRAFT),
    "/parts": ("app", PARTS),
}


@dataclass(frozen=True)
class Received:
    """What a page has sent."""

    path: str
    token: str
    body: str


@dataclass
class Workbench:
    """Start it, open `url("/studio")`; `findings` is what the check answers, `received` what came."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    status: int = 200
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"bench": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        self.findings, self.received, self.status = [], [], 200

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def sent_to(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bench: Workbench

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in PAGES:
            self._answer("text/html; charset=utf-8", _page(*PAGES[path]).encode())
        elif path == "/sample.bpmn":
            self._answer("application/xml", SAMPLE.read_bytes())
        elif path == "/choices":
            self._answer("application/json", json.dumps(CHOICES).encode())
        else:
            self._file(BUNDLE / path.removeprefix("/dist/"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        token = self.headers.get("X-CSRFToken", "")
        self.bench.received.append(Received(self.path, token, body))
        accepted = self.bench.status == 200
        answer = self.bench.findings if accepted else {"detail": "Kein Zugriff."}
        self._answer("application/json", json.dumps(answer).encode(), self.bench.status)

    def _file(self, path: Path) -> None:
        kinds = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
        if path.is_file():
            self._answer(kinds.get(path.suffix, "application/octet-stream"), path.read_bytes())
        else:
            self._answer("text/plain", b"", 404)

    def _answer(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _page(entry: str, body: str) -> str:
    manifest = json.loads((BUNDLE / "manifest.json").read_text("utf-8"))
    entries = [manifest["app"], manifest[entry]]
    styles = dict.fromkeys(style for found in entries for style in found["styles"])
    scripts = dict.fromkeys(found["script"] for found in entries)
    head = [f'<link rel="stylesheet" href="/dist/{style}">' for style in styles]
    head += [f'<script type="module" src="/dist/{script}"></script>' for script in scripts]
    title = entry.capitalize()
    filled = body if "<main" in body else MAIN.format(title=title, body=body)
    return PAGE.format(title=title, head="\n".join(head), body=filled)
