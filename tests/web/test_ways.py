"""The way back leads nowhere but into this site."""

import pytest

from web.pages.ways import own_path


@pytest.mark.parametrize(
    "candidate",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: a=b",
    ],
)
def test_a_foreign_address_is_no_way_back(candidate):
    assert own_path(candidate, "/here") == "/here"


def test_a_list_with_its_place_is_a_way_back():
    assert own_path("/tasks/?shelf=group#task-1", "/") == "/tasks/?shelf=group#task-1"
