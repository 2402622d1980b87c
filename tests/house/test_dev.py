"""The one command: it explains itself, and says in a sentence what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_HERE = "raise SystemExit('not here')"


@pytest.fixture
def bare(tmp_path):
    """A checkout with nothing set up, on a machine whose Python lacks venv and pip."""
    for name in ("dev.py", "pyproject.toml", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    for module in ("venv", "pip"):
        (lacking / f"{module}.py").write_text(NOT_HERE)
    return tmp_path


def call(directory, *arguments, **environment):
    return subprocess.run(
        [sys.executable, str(directory / "dev.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env={**os.environ, **environment},
    )


def test_without_a_verb_it_explains_itself(bare):
    answer = call(bare)

    assert answer.returncode == 0
    assert all(
        f"\n  {verb} " in answer.stdout for verb in ("run", "test", "check", "bench", "soak")
    )


def test_an_unknown_verb_is_wrong_use(bare):
    assert call(bare, "serve").returncode == 2


def test_a_machine_without_installers_gets_one_sentence_how_to_get_them(bare):
    answer = call(bare, "check", PATH="/nowhere", PYTHONPATH=str(bare / "lacking"))

    assert answer.returncode == 1
    assert "apt install python3-venv python3-pip" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr
