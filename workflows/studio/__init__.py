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
from workflows.studio.trying import DecisionTrial, Examined, FormTrial, examine
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
    "DecisionTrial",
    "DeploymentRow",
    "DraftView",
    "Examined",
    "FileKind",
    "FileOpened",
    "FileRow",
    "FormTrial",
    "Studio",
    "check_draft",
    "check_file",
    "discard_draft",
    "examine",
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
