"""Settings of an installation: environment variables `HANDSCHLAG_*`, or a TOML file.

The environment wins over the file named by `HANDSCHLAG_SETTINGS`; what is given nowhere has the
default below. Secrets are never settings: they lie in files of mode 0600, and a setting names the
file. `describe()` lists every setting for the documentation.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlsplit

from bpmn.errors import Invalid
from bpmn.wording import Sentence, say
from notifications.channels.email import Tls

PREFIX = "HANDSCHLAG_"


class SettingRefused(Invalid):
    """A setting is unknown or its value cannot be used."""

    def __init__(self, name: str, reason: Sentence) -> None:
        super().__init__(say("Setting %(name)s: %(reason)s", name=name, reason=reason))
        self.name = name


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One line of the documentation."""

    name: str
    variable: str
    type: str
    default: str
    doc: str


@dataclass(frozen=True)
class Settings:
    """What differs between installations."""

    data_dir: Annotated[
        Path, "Folder below which everything of an embedded installation lives."
    ] = Path("handschlag-data")
    database_url: Annotated[
        str, "SQLAlchemy URL of SQLite or PostgreSQL. Empty: SQLite below the data folder."
    ] = ""
    host: Annotated[str, "Address the web server listens on."] = "127.0.0.1"
    port: Annotated[int, "Port the web server listens on."] = 8080
    base_url: Annotated[
        str, "Where people reach the system; links in mails start so. Empty: host and port."
    ] = ""
    demo: Annotated[bool, "Fictional demo data, mailbox page and movable clock."] = False
    language: Annotated[str, "Language of pages without a choice: de or en."] = "de"
    smtp_host: Annotated[str, "Mail relay. Empty: mails are kept and shown, none is sent."] = ""
    smtp_port: Annotated[int, "Port of the mail relay."] = 25
    smtp_tls: Annotated[Tls, "Encryption to the mail relay: none, starttls or implicit."] = Tls.NONE
    smtp_user: Annotated[str, "User name at the mail relay. Empty: no login."] = ""
    smtp_password_file: Annotated[Path | None, "File with the password for the relay."] = None
    smtp_sender: Annotated[str, "Sender of all mails."] = "handschlag@localhost"
    smtp_timeout: Annotated[float, "Seconds to wait for each answer of the relay, up to 5."] = 5.0
    key_file: Annotated[
        Path | None,
        "File with the key-encryption key (32 bytes). Empty: keys/case-keys below the data "
        "folder, made at the first start. Back it up apart from the database.",
    ] = None
    web_secret_file: Annotated[
        Path | None,
        "File with the secret that signs form tokens. Empty: keys/web below the data folder, "
        "made at the first start.",
    ] = None

    history_days: Annotated[
        int, "Days that the history of an ended process is kept where no rule says otherwise."
    ] = 365

    @classmethod
    def load(cls, environ: Mapping[str, str], **chosen: Any) -> "Settings":
        """Read the settings of this process; `chosen` (from the command line) wins over all.

        A folder that was filled as a demo stays one unless told otherwise.
        Raises `SettingRefused` for unknown names, unusable values and an unreadable file.
        """
        given: dict[str, Any] = {}
        if path := environ.get(f"{PREFIX}SETTINGS"):
            given.update(_from_file(Path(path)))
        given.update(_from_environment(environ))
        types = get_type_hints(cls)
        values = {name: _typed(types.get(name), name, raw) for name, raw in given.items()}
        values |= {name: value for name, value in chosen.items() if value is not None}
        settings = cls(**values)
        if "demo" not in values and settings.demo_logins_path.is_file():
            settings = replace(settings, demo=True)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse values that would only fail later."""
        if self.language not in {"de", "en"}:
            raise SettingRefused("language", say("must be de or en."))
        if not 0 <= self.port <= 65535 or not 0 < self.smtp_port <= 65535:
            raise SettingRefused("port", say("must lie between 1 and 65535."))
        if not 0 < self.smtp_timeout <= 5:
            raise SettingRefused("smtp_timeout", say("must lie between 0 and 5 seconds."))
        if not 1 <= self.history_days <= 36_500:
            raise SettingRefused("history_days", say("must lie between 1 and 36,500."))
        if urlsplit(self.database).scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
            raise SettingRefused(
                "database_url", say("must start with sqlite:/// or postgresql://.")
            )
        if urlsplit(self.link_base).scheme not in {"http", "https"}:
            raise SettingRefused("base_url", say("must start with http:// or https://."))

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'handschlag.db'}"

    @property
    def link_base(self) -> str:
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def key_path(self) -> Path:
        return self.key_file or self.data_dir / "keys" / "case-keys"

    @property
    def web_secret_path(self) -> Path:
        return self.web_secret_file or self.data_dir / "keys" / "web"

    @property
    def demo_logins_path(self) -> Path:
        return self.data_dir / "demo-logins.json"

    @property
    def https(self) -> bool:
        return self.link_base.startswith("https://")


def describe() -> Iterator[SettingInfo]:
    """List every setting, for the documentation and `--help`."""
    defaults = {each.name: each.default for each in fields(Settings)}
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        kind, doc = get_args(hint)
        default = "" if defaults[name] in {None, ""} else str(defaults[name])
        yield SettingInfo(name, PREFIX + name.upper(), _TYPE_NAMES[kind], default, doc)


_OF_OTHERS = frozenset({"SETTINGS", "CHROMIUM", "NO_BROWSER"})
"""Variables that name the settings file, or speak to the tools of the developers."""


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    names = (name.removeprefix(PREFIX) for name in environ if name.startswith(PREFIX))
    return {
        name.lower(): environ[PREFIX + name]
        for name in names
        if name not in _OF_OTHERS and not name.startswith("TEST_")
    }


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingRefused("settings", say("%(why)s", why=str(error))) from error


def _typed(kind: Any, name: str, raw: Any) -> Any:
    if kind is None:
        raise SettingRefused(name, say("there is no such setting."))
    try:
        return _READERS[kind](raw)
    except (ValueError, TypeError):
        raise SettingRefused(name, say("%(value)s cannot be used.", value=repr(raw))) from None


_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})


def _truth(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word not in _YES and word not in _NO:
        raise ValueError(word)
    return word in _YES


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw.strip()


def _maybe_path(raw: Any) -> Path | None:
    return Path(_text(raw)) if raw else None


_READERS: Mapping[Any, Callable[[Any], Any]] = {
    Path: lambda raw: Path(_text(raw)),
    str: _text,
    int: int,
    float: float,
    bool: _truth,
    Tls: Tls,
    Path | None: _maybe_path,
}

_TYPE_NAMES: Mapping[Any, str] = {
    Path: "path",
    str: "text",
    int: "number",
    float: "number",
    bool: "yes or no",
    Tls: "choice",
    Path | None: "path",
}
