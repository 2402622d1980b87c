"""A new reader follows a firing timer through five modules, as `docs/how-to/scale.md` tells."""

import inspect
import re
import threading
from datetime import timedelta
from pathlib import Path

from engine.shift import Shift
from tests.engine.stages import REMIND, StageRun

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "scale.md"
PLUMBING = "engine.collisions"
"""Does a transaction again that met another; it knows nothing of jobs."""


def test_a_timer_fires_through_the_modules_that_the_page_names(desk, monkeypatch):
    desk.publish(remind=REMIND)
    desk.start("remind")
    desk.pass_time(days=3)
    stop, passed = threading.Event(), []
    fire = StageRun.fire

    def look_back(run, token):
        frames = inspect.stack()[1:]
        passed.extend(frame.frame.f_globals["__name__"] for frame in reversed(frames))
        stop.set()
        fire(run, token)

    monkeypatch.setattr(StageRun, "fire", look_back)
    thread = threading.Thread(target=Shift(desk.worker()).run_forever, args=(stop,))
    thread.start()
    thread.join(timedelta(seconds=20).total_seconds())

    told = re.findall(r"^\d\. `([\w/]+)\.py`", PAGE.read_text("utf-8"), re.MULTILINE)
    rooms = [name for name in dict.fromkeys(passed) if name.startswith("engine.")]
    assert [name for name in rooms if name != PLUMBING] == [
        module.replace("/", ".") for module in told[:-1]
    ]
    assert told[-1] == "bpmn/spiff/run"
    assert len(told) == 5
