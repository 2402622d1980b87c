"""The process picture: what it shows, that its maker's mark stays visible, that it fails in words."""

from tests.browser import axe


def test_the_picture_says_where_the_process_is(page, workbench):
    page.goto(workbench.url("/viewer"))
    page.wait_for_selector("[data-bpmn-viewer][data-state=ready]")

    assert page.locator(".hs-here").inner_text() == "Sie sind hier"
    assert "hs-active" in page.locator("g[data-element-id=Task_triage].djs-shape").get_attribute(
        "class"
    )
    assert "hs-passed" in page.locator("g[data-element-id=Start_report].djs-shape").get_attribute(
        "class"
    )
    assert (
        page.get_by_role("img", name="Der Ablauf wartet bei: Triage").bounding_box()["height"] > 300
    )


def test_a_process_that_waits_inside_a_closed_part_is_shown_there_and_on_the_page_above(
    page, workbench
):
    page.goto(workbench.url("/viewer-inside"))
    page.wait_for_selector("[data-bpmn-viewer][data-state=ready]")

    assert page.locator("g[data-element-id=Task_follow_up].hs-active").is_visible()
    assert page.locator(".hs-here").is_visible()
    page.get_by_text("Konflikt in der Nachbarschaft").first.click()
    page.locator("g[data-element-id=Sub_follow_up].hs-active").wait_for()


def test_the_mark_of_bpmn_io_is_visible_and_on_top(page, workbench):
    for path in ("/viewer", "/studio"):
        page.goto(workbench.url(path))
        page.wait_for_selector("[data-state=ready]")
        mark = page.locator(".bjs-powered-by")
        mark.scroll_into_view_if_needed()

        box = mark.bounding_box()
        on_top = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.closest('.bjs-powered-by') !== null",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )

        assert box["width"] > 40
        assert on_top


def test_a_picture_that_cannot_be_read_is_said_in_words(page, workbench):
    page.route("**/sample.bpmn", lambda route: route.fulfill(status=200, body="<not-bpmn/>"))
    page.goto(workbench.url("/viewer"))

    assert page.get_by_role("alert").inner_text() == "Das Ablaufbild kann nicht angezeigt werden."


def test_the_viewer_breaks_no_accessibility_rule(page, workbench):
    page.goto(workbench.url("/viewer"))
    page.wait_for_selector("[data-bpmn-viewer][data-state=ready]")

    assert axe.findings(page, without=(".bjs-powered-by",)) == []
