"""Why somebody does not come in, or cannot be entered."""

from bpmn.errors import Conflict, Forbidden, Invalid, Unavailable, Unknown
from bpmn.wording import say


class LoginRefused(Forbidden):
    """Login and password do not fit, or the account is disabled: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(say("E-mail address or password is wrong."))


class LoginThrottled(Unavailable):
    def __init__(self, seconds: int) -> None:
        super().__init__(
            say(
                "Too many attempts. Please try again in %(minutes)s min.", minutes=-(-seconds // 60)
            )
        )
        self.seconds = seconds


class SessionEnded(Forbidden):
    """There is no such session, or it was idle or open for too long."""

    def __init__(self) -> None:
        super().__init__(say("You have been signed out. Please sign in again."))


class TokenRefused(Forbidden):
    def __init__(self) -> None:
        super().__init__(say("This token is not valid."))


class PersonUnknown(Unknown):
    def __init__(self) -> None:
        super().__init__(say("There is no such person."))


class LoginTaken(Conflict):
    def __init__(self, login: str) -> None:
        super().__init__(say("%(login)s already has an account.", login=login))


class PasswordTooWeak(Invalid):
    def __init__(self, at_least: int) -> None:
        sentence = say("The password needs at least %(n)s characters.", n=at_least)
        super().__init__(sentence, {"password": [sentence]})


class LoginMalformed(Invalid):
    def __init__(self) -> None:
        sentence = say("Please enter a valid e-mail address.")
        super().__init__(sentence, {"login": [sentence]})


class AbsenceRefused(Invalid):
    def __init__(self) -> None:
        sentence = say("The absence must not end before it starts.")
        super().__init__(sentence, {"last_day": [sentence]})


class SkillRefused(Invalid):
    def __init__(self, tag: str) -> None:
        sentence = say("%(tag)s: levels go from 0 to 3.", tag=tag)
        super().__init__(sentence, {"languages": [sentence]})
