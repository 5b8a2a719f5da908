"""Which field has the focus, by its name in drafts and refusals, and how to get there."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from app.ui.reception.intake_page import IntakePage, focus

_PERSON = ("person.", "owner.", "second.", "proxy", "couple", "relation", "authority_")
_SECOND = "other1_"
"""What refusals call the second owner."""
_NAMES = {
    "reason": "due_reason",
    "personal_id": "id_value",
    "component": "papers",
    "old_id": "id_value",
    "override": "override_note",
    "authority": "authority_kind",
}


class Places:
    """The fields of the page. The name of the list carries its row: ``papers/giay_chung_sinh``."""

    def __init__(self, page: IntakePage) -> None:
        self._page = page
        self._fields = page.fields()
        self._last = ""

    def forget(self) -> None:
        """Another form: no field of it was entered yet."""
        self._last = ""

    def here(self) -> str:
        """The field with the focus, else the last one that had it."""
        now = QApplication.focusWidget()
        if now is None:
            return self._last
        for name, widget in self._fields.items():
            if widget is now or widget.isAncestorOf(now) or widget.focusProxy() is now:
                row = self._row(name)
                self._last = f"{name}/{row}" if row else name
        return self._last

    def _row(self, name: str) -> str:
        if name == "papers":
            return self._page.papers.checks.current_id() or ""
        return self._page.panel.paper if name.startswith("paper_") else ""

    def widget(self, name: str) -> QWidget | None:
        """The field of that name."""
        return self._fields.get(name.partition("/")[0])

    def go(self, name: str) -> bool:
        """Put the focus there, on the page of the person or of the papers; whether there is such a field."""
        field, _, row = name.partition("/")
        widget = self._fields.get(field)
        if widget is None:
            return False
        self._page.show_person_page(field.startswith(_PERSON))
        focus(widget)
        checks = self._page.papers.checks
        if row and row in [item.id for item in checks.items()]:
            checks.set_current(row)
        return True

    def refused(self, field: str, *, proxy: bool) -> str:
        """The field on screen that a refusal names; empty where there is none."""
        name = _NAMES.get(field, field)
        if name in self._fields:
            return name
        if name.startswith(_SECOND):
            bare = name.removeprefix(_SECOND)
            return f"second.{_NAMES.get(bare, bare)}"
        bare = name.removeprefix("submitter_")
        whose = "owner" if proxy and bare == name else "person"
        if bare == "phone":
            return "phone"
        named = f"{whose}.{_NAMES.get(bare, bare)}"
        return named if named in self._fields else ""

    def clear_errors(self) -> None:
        """Take every red sentence away."""
        for widget in self._fields.values():
            set_error = getattr(widget, "set_error", None)
            if set_error is not None:
                set_error(None)

    def show_error(self, name: str, sentence: str) -> bool:
        """Say what is wrong below the field and go there; whether the field can say it."""
        set_error = getattr(self._fields.get(name), "set_error", None)
        if not self.go(name) or set_error is None:
            return False
        set_error(sentence)
        return True

    def let_go(self) -> None:
        """What is in the field now belongs to the form now open, not to the one that comes."""
        now = QApplication.focusWidget()
        if now is not None and self._page.isAncestorOf(now):
            now.clearFocus()
