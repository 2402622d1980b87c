"""The process studio: the shared draft of diagrams, decisions and forms, its check, publishing."""

from workflows.studio.drafts import (
    check_draft,
    check_file,
    discard_draft,
    offer_choices,
    open_file,
    open_studio,
    publish_draft,
    rebase_draft,
    remove_file,
    restore_file,
    save_file,
    submit_draft,
)
from workflows.studio.views import (
    Checked,
    DeploymentRow,
    DraftView,
    FileKind,
    FileOpened,
    FileRow,
    Studio,
)

__all__ = [
    "Checked",
    "DeploymentRow",
    "DraftView",
    "FileKind",
    "FileOpened",
    "FileRow",
    "Studio",
    "check_draft",
    "check_file",
    "discard_draft",
    "offer_choices",
    "open_file",
    "open_studio",
    "publish_draft",
    "rebase_draft",
    "remove_file",
    "restore_file",
    "save_file",
    "submit_draft",
]
