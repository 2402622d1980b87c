"""The rooms have common names: nothing else in the environment may claim them."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("room", ["bpmn", "engine", "notifications", "workflows", "web"])
def test_no_other_distribution_brings_a_package_of_this_name(room):
    assert set(packages_distributions().get(room, [])) <= {"handschlag"}
