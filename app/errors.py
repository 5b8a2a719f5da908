"""The error family: every failure an officer can meet has a code, a title and a next step.

``RuleError`` belongs beside a field, ``CircumstanceError`` (storage, keys, line) in a banner with a
way to try again. Anything else that escapes is a defect and goes to the crash report. Titles and next
steps are Vietnamese sentences for the officer and never hold citizen data.
"""

from __future__ import annotations

from collections.abc import Sequence


class AppError(Exception):
    """A failure told to a person.

    ``code`` is stable and machine readable; ``title`` says what happened, ``next_step`` what to do;
    ``field`` names the input concerned (screen and command line use the same names);
    ``missing`` lists the components a refused acceptance lacks (catalogue IDs, a one-of group as ``a|b``).
    """

    exit_code = 1

    def __init__(
        self,
        code: str,
        title: str,
        next_step: str = "",
        *,
        field: str | None = None,
        missing: Sequence[str] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.next_step = next_step
        self.field = field
        self.missing = tuple(missing)

    def as_dict(self) -> dict[str, object]:
        """The failure as the command line prints it."""
        body: dict[str, object] = {
            "code": self.code,
            "title": self.title,
            "next_step": self.next_step,
            "field": self.field,
        }
        if self.missing:
            body["missing"] = list(self.missing)
        return body


class UsageError(AppError):
    """The command was called wrongly."""

    exit_code = 2


class RuleError(AppError):
    """A rule of the counter refuses the act; nothing was changed."""

    exit_code = 3


class NotFoundError(RuleError):
    """No such dossier, procedure, officer or case."""

    exit_code = 4


class CircumstanceError(AppError):
    """The surroundings refuse: try again later or mend them; nothing was lost."""

    exit_code = 5


class StorageError(CircumstanceError):
    """Disk, database, encrypted file or key."""


class LineError(CircumstanceError):
    """The line or the province."""

    exit_code = 6
