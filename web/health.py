"""What machines ask: alive, ready, how busy."""

import shutil
from http import HTTPStatus

import orjson
from flask import Blueprint, Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bpmn.errors import Unavailable
from engine import clock, fault_queries, work_queries
from engine.clock_watch import ClockWatch
from engine.models import Lane
from notifications import queries as letters
from web import current
from web.permissions import public

blueprint = Blueprint("health", __name__)
ENOUGH_DISK = 200 * 1024 * 1024
WORKER_ENDED = "The worker of this process has ended: no timer fires, no mail is sent. Start the process again."
_watch = ClockWatch()


@blueprint.get("/health/live")
@public
def live() -> Response:
    return _told({"status": "ok"}, HTTPStatus.OK)


@blueprint.get("/health/ready")
@public
def ready() -> Response:
    found = current.application()
    serving = not found.stopping.is_set()
    checks = {"serving": serving, "database": _database_answers(), "disk": _disk_has_room()}
    if (lives := found.worker_lives) is not None:
        checks["worker"] = lives
    fine = all(checks.values())
    status = HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE
    told = {"status": "ok" if fine else "not ready", "checks": checks}
    if lives is False:
        told["problem"] = WORKER_ENDED
    if (jump := _watch.jump) is not None:
        told["warning"] = f"the clock jumped by {jump.total_seconds():.0f} s"
    return _told(told, status)


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    registry = CollectorRegistry()
    with current.application().transactions.reading() as reading:
        _measure(registry, reading)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)


def _measure(registry: CollectorRegistry, reading: Session) -> None:
    lag = Gauge(
        "handschlag_work_lag_seconds",
        "How long the oldest work that is due has waited",
        ["lane"],
        registry=registry,
    )
    for lane in Lane:
        due = work_queries.next_due(reading, lane)
        late = (clock.now() - due).total_seconds() if due else 0
        lag.labels(lane.value).set(max(late, 0))
    faults = Gauge("handschlag_open_faults", "Faults that wait for somebody", registry=registry)
    faults.set(fault_queries.count_open(reading))
    waiting = Gauge("handschlag_letters_waiting", "Letters not sent yet", registry=registry)
    waiting.set(letters.waiting(reading))
    lost = Gauge(
        "handschlag_letters_undeliverable", "Letters that nobody will deliver", registry=registry
    )
    lost.set(letters.undeliverable(reading))


def _told(body: object, status: HTTPStatus) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def _database_answers() -> bool:
    try:
        with current.application().transactions.reading() as reading:
            reading.execute(text("SELECT 1"))
    except Unavailable:
        return False
    return True


def _disk_has_room() -> bool:
    folder = current.application().settings.data_dir
    return not folder.is_dir() or shutil.disk_usage(folder).free >= ENOUGH_DISK
