"""What a person typed into a form that cannot be taken now, so that it is not lost."""

from flask import request

NEVER_SHOWN = frozenset({"_csrf_token", "password", "_resume"})


def kept_entries() -> list[tuple[str, str]]:
    """Return the entries of this request that a page may carry on; no secrets among them."""
    return [
        (key, text)
        for key, text in request.form.items(multi=True)
        if key not in NEVER_SHOWN and not key.startswith("_kept.")
    ]


def typed_texts() -> list[str]:
    """Return what a person has written in words, to be read and copied."""
    return [text for key, text in kept_entries() if text.strip() and " " in text and key[0] != "_"]
