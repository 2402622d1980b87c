"""How a question is shown, read from the settings of its kind."""

from collections.abc import Callable, Mapping

from bpmn.forms.form import FieldKind, Looks
from bpmn.forms.settings import Settings
from bpmn.wording import say

MOST_ROWS = 50
MOST_ROWS_AT_FIRST = 20
FILE_KINDS = ("pdf", "jpg", "png")
_ACCEPTED: Mapping[str, tuple[str, ...]] = {
    ".pdf": ("pdf",),
    ".jpg": ("jpg",),
    ".jpeg": ("jpg",),
    ".png": ("png",),
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg",),
    "image/png": ("png",),
    "image/*": ("jpg", "png"),
}
"""What a file field may list in `accept`; of which kind a file is, its content decides."""


def looks_of(settings: Settings, kind: FieldKind) -> Looks:
    read = _BY_KIND.get(kind)
    return read(settings) if read else Looks()


def _adorned(settings: Settings) -> Looks:
    settings.only("serializeToString", False)
    appearance = settings.within("appearance", {"prefixAdorner", "suffixAdorner"})
    return Looks(prefix=appearance.words("prefixAdorner"), suffix=appearance.words("suffixAdorner"))


def _dated(settings: Settings) -> Looks:
    settings.words("dateLabel")
    settings.words("timeLabel")
    settings.flag("use24h")
    minutes = settings.whole("timeInterval", 1, 60)
    subtype = settings.raw.get("subtype")
    settings.only("timeSerializingFormat", *_FORMATS.get(str(subtype), ()))
    return Looks(minutes=minutes if subtype in ("time", "datetime") else None)


_FORMATS = {"time": ("no_timezone",), "datetime": ("utc_offset",)}
"""A time of day is the same wherever it is read; an instant keeps its offset."""


def _rows(settings: Settings) -> Looks:
    settings.only("isRepeating", True)
    settings.only("disableCollapse", True)
    settings.only("allowAddRemove", True, False)
    rows = settings.whole("defaultRepetitions", 0, MOST_ROWS_AT_FIRST)
    return Looks(
        rows=1 if rows is None else rows,
        fixed_rows=settings.raw.get("allowAddRemove") is False,
        outlined=settings.flag("showOutline"),
        aligned=aligned(settings),
    )


def aligned(settings: Settings) -> str:
    settings.only("verticalAlignment", "start", "center", "end")
    return str(settings.raw.get("verticalAlignment") or "start")


def _chosen(settings: Settings) -> Looks:
    settings.flag("searchable")
    return Looks()


def _files(settings: Settings) -> Looks:
    wanted: set[str] = set()
    for kind in filter(None, map(str.strip, settings.words("accept").lower().split(","))):
        wanted.update(_ACCEPTED.get(kind, ()))
        if kind not in _ACCEPTED:
            settings.complain(
                say(
                    "“%(component)s”: files of the kind “%(kind)s” are not taken. "
                    "Possible are PDF, JPEG and PNG.",
                    component=settings.id,
                    kind=kind,
                )
            )
    return Looks(
        several_files=settings.flag("multiple"),
        file_kinds=tuple(kind for kind in FILE_KINDS if kind in wanted or not wanted),
    )


_BY_KIND: Mapping[FieldKind, Callable[[Settings], Looks]] = {
    FieldKind.TEXT: _adorned,
    FieldKind.NUMBER: _adorned,
    FieldKind.DATE: _dated,
    FieldKind.TIME: _dated,
    FieldKind.DATE_TIME: _dated,
    FieldKind.SELECT: _chosen,
    FieldKind.ROWS: _rows,
    FieldKind.FILES: _files,
}
