"""Why something cannot be told."""

from bpmn.errors import Invalid, Unavailable, Unknown
from bpmn.wording import say


class TemplateRefused(Invalid):
    """There is no such template, or a fact was given that no letter may carry."""

    def __init__(self, template: str, fact: str = "") -> None:
        super().__init__(say("No letter “%(letter)s” with “%(fact)s”.", letter=template, fact=fact))


class MailServerAway(Unavailable):
    """The mail server is away or asks to come back later; the delivery is tried again."""

    def __init__(self, said: str) -> None:
        super().__init__(say("The mail server did not take the mail: %(said)s", said=said))


class NoticeUnknown(Unknown):
    def __init__(self) -> None:
        super().__init__(say("There is no such notice."))
