"""Why a draft cannot be changed or published."""

from collections.abc import Iterable

from bpmn.errors import Conflict, Forbidden, Invalid, Unknown
from bpmn.wording import Sentence, say


class FileUnknown(Unknown):
    def __init__(self, name: str) -> None:
        super().__init__(say("There is no file “%(name)s”.", name=name))


class NoDraft(Conflict):
    def __init__(self) -> None:
        super().__init__(say("There is no draft. It may have been published or discarded."))


class UnfitFile(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "“%(name)s” cannot be taken: names consist of letters, digits, “_” and “-” "
                "and end in .bpmn, .dmn or .form.",
                name=name,
            )
        )


class FileTooLarge(Invalid):
    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            say("“%(name)s” is larger than %(most)s MB.", name=name, most=most // 1_000_000)
        )


class FileUnreadable(Invalid):
    def __init__(self, name: str, problem: Sentence) -> None:
        super().__init__(say("“%(name)s”: %(problem)s", name=name, problem=problem))


class SavedMeanwhile(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "Somebody else has saved “%(name)s” in the meantime. "
                "Open it again before you go on; your version is still in this page.",
                name=name,
            )
        )


class DraftHasErrors(Conflict):
    def __init__(self, count: int) -> None:
        super().__init__(
            say("The check has found %(count)s errors. They have to be mended first.", count=count)
        )


class DraftOutdated(Conflict):
    def __init__(self) -> None:
        super().__init__(
            say(
                "Somebody has published in the meantime. Carry the draft over to the new state first."
            )
        )


class ChangedOnBothSides(Conflict):
    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            say(
                "These files were changed in the draft and published meanwhile: %(names)s. "
                "Keep your copy, restore them in the draft, and enter your changes again.",
                names=", ".join(sorted(names)),
            )
        )


class NotSubmitted(Conflict):
    def __init__(self) -> None:
        super().__init__(
            say("The draft has not been handed in for approval, or has changed since.")
        )


class OwnDraft(Forbidden):
    def __init__(self) -> None:
        super().__init__(say("You worked on this draft. Somebody else has to approve it."))
