"""A new reader follows a firing timer through five modules, as `docs/how-to/scale.md` tells."""

import inspect
import re
import threading
from datetime import timedelta
from pathlib import Path

from bpmn.spiff.run import ProcessRun
from engine.shift import Shift
from tests.bpmn.spiff.drawing import after, catch, end, flows, person, start
from tests.engine.house import House

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "scale.md"
PLUMBING = "engine.collisions"
"""Does a transaction again that met another; it knows nothing of jobs."""


def test_a_timer_fires_through_the_modules_that_the_page_names(database, traveller, monkeypatch):
    house = House(database, {})
    house.start(start(), catch("t", after("P3D")), person("a"), end(), flows("s>t>a>e"))
    traveller.shift(timedelta(days=3))
    stop, passed = threading.Event(), []
    fire = ProcessRun.fire

    def look_back(run, token):
        frames = inspect.stack()[1:]
        passed.extend(frame.frame.f_globals["__name__"] for frame in reversed(frames))
        passed.append(fire.__module__)
        stop.set()
        return fire(run, token)

    monkeypatch.setattr(ProcessRun, "fire", look_back)
    thread = threading.Thread(target=Shift(house.worker).run_forever, args=(stop,))
    thread.start()
    thread.join(timedelta(seconds=20).total_seconds())

    told = re.findall(r"^\d\. `([\w/]+)\.py`", PAGE.read_text("utf-8"), re.MULTILINE)
    rooms = [name for name in dict.fromkeys(passed) if name.startswith(("engine.", "bpmn."))]
    assert [name for name in rooms if name != PLUMBING] == [name.replace("/", ".") for name in told]
    assert len(told) == 5
    assert house.waits == ["a"]
