import stat

import pytest

from notifications.channels.email import Tls
from workflows.secret_files import SecretFileRefused, ensure_secret, read_secret
from workflows.settings import SettingRefused, Settings, describe


def test_everything_has_a_default_below_the_data_folder(tmp_path):
    settings = Settings.load({}, data_dir=tmp_path)

    assert settings.database == f"sqlite:///{tmp_path}/handschlag.db"
    assert settings.key_path.is_relative_to(tmp_path)
    assert settings.link_base == "http://127.0.0.1:8080"


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('port = 1\nhost = "10.0.0.1"\nsmtp_tls = "starttls"\ndemo = true\n')
    environ = {"HANDSCHLAG_SETTINGS": str(file), "HANDSCHLAG_PORT": "2", "HANDSCHLAG_DEMO": "no"}

    settings = Settings.load(environ, host="10.0.0.2")

    assert (settings.port, settings.host, settings.demo) == (2, "10.0.0.2", False)
    assert settings.smtp_tls is Tls.STARTTLS


@pytest.mark.parametrize(
    "environ",
    [
        {"HANDSCHLAG_PROT": "80"},
        {"HANDSCHLAG_PORT": "eighty"},
        {"HANDSCHLAG_PORT": "70000"},
        {"HANDSCHLAG_DEMO": "perhaps"},
        {"HANDSCHLAG_LANGUAGE": "fr"},
        {"HANDSCHLAG_SMTP_TLS": "please"},
        {"HANDSCHLAG_BASE_URL": "javascript:1"},
        {"HANDSCHLAG_SETTINGS": "/nowhere/settings.toml"},
    ],
)
def test_a_setting_that_would_fail_later_is_refused_at_once(environ):
    with pytest.raises(SettingRefused):
        Settings.load(environ)


def test_variables_for_the_tools_of_developers_are_none_of_ours():
    environ = {"HANDSCHLAG_NO_BROWSER": "1", "HANDSCHLAG_TEST_PG_DSN": "x", "HANDSCHLAG_PORT": "9"}

    assert Settings.load(environ).port == 9


def test_a_folder_filled_as_a_demo_stays_one_unless_told_otherwise(tmp_path):
    (tmp_path / "demo-logins.json").write_text("[]")

    assert Settings.load({}, data_dir=tmp_path).demo
    assert not Settings.load({}, data_dir=tmp_path, demo=False).demo


def test_every_setting_is_described():
    described = {info.name: info for info in describe()}

    assert set(described) == set(Settings.__dataclass_fields__)
    assert all(info.doc and info.type for info in described.values())


def test_a_secret_is_made_once_and_for_the_owner_alone(tmp_path):
    path = tmp_path / "keys" / "web"

    first, second = ensure_secret(path), read_secret(path)

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["web"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "web"
    ensure_secret(path)
    path.chmod(mode)

    with pytest.raises(SecretFileRefused, match="chmod 600"):
        read_secret(path)


def test_a_secret_that_is_too_short_is_refused(tmp_path):
    path = tmp_path / "web"
    path.write_bytes(b"secret")
    path.chmod(0o600)

    with pytest.raises(SecretFileRefused, match="32"):
        read_secret(path)
