"""Where the browser finds the bundle."""

import json

from web.assets import Bundle, Entry


def test_an_entry_names_what_its_page_loads(tmp_path):
    manifest = {
        "app": {"script": "assets/app-1.js", "styles": ["assets/app-2.css"], "preloads": []}
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    entry = Bundle(tmp_path).entry("app")

    assert entry == Entry("dist/assets/app-1.js", ("dist/assets/app-2.css",), ())


def test_without_a_bundle_pages_name_nothing(tmp_path):
    assert Bundle(tmp_path).entry("app") == Entry()
