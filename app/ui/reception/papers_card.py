"""The procedure, found by everyday words, and its papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.catalogue import Detail, ProcedureVersion
from app.text import t
from app.ui.reception.form import Form
from app.ui.reception.paper_rows import check_items, free_items
from app.ui.widgets import (
    Button,
    Card,
    CheckList,
    Choice,
    Field,
    Kind,
    Label,
    SearchField,
    StateBadge,
    Tone,
    Type,
    near,
)


class PapersCard(Card):
    """``chosen(code)`` a procedure; ``toggled(id, ticked)`` a paper; ``added(name)`` a paper written by
    hand; ``accepted()`` Enter on the list; ``other_asked()`` the paper of the row is there otherwise."""

    chosen = Signal(str)
    toggled = Signal(str, bool)
    added = Signal(str)
    accepted = Signal()
    other_asked = Signal()
    entered = Signal()

    def __init__(self, find: Callable[[str], Sequence[Choice] | None], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._free = False
        self._narrow = False
        self._shown: tuple[str, bool] = ("", False)
        self.procedure = SearchField(
            t("Thủ tục"), find, icon="book", placeholder=t("Gõ tên thường gọi, ví dụ ks, kết hôn")
        )
        self._papers_title = Label(t("Thành phần hồ sơ"), Type.SECTION, semibold=True)
        self._papers_hint = Label("", Type.LABEL, tone=Tone.SECONDARY)
        self.other = Button(t("Giấy đã có…"), Kind.LINK)
        self.other.setToolTip(t("Giấy ở dòng này đã có trong kho, hoặc có giấy thay thế (Ctrl+K)"))
        self._index = StateBadge(near(t("Chưa có chi tiết")))
        self.free = Field("", placeholder=t("Tên giấy tờ, Enter để thêm"), icon="plus")
        self.checks = CheckList(name=t("Thành phần hồ sơ"))
        self._papers_head = QWidget()
        self._build()
        self._wire()
        self.show_none()

    def set_narrow(self, narrow: bool) -> None:
        """No labels, low rows."""
        self._narrow = narrow
        self.procedure.set_label("" if narrow else t("Thủ tục"))
        self.checks.set_compact(narrow)
        self._show_head()

    def show_none(self) -> None:
        """No procedure is chosen."""
        self._shown = ("", False)
        self.procedure.clear()
        self.checks.set_items([])
        self.checks.setVisible(False)
        self._free = False
        self.free.setVisible(False)
        self._papers_hint.setText("")
        self._show_head()

    def show_procedure(self, version: ProcedureVersion, form: Form, lacking: Sequence[str] = ()) -> None:
        """The procedure with its papers as the form has them."""
        self._free = version.detail is Detail.INDEX or not version.components
        self.procedure.set_choice(
            Choice(version.code, version.short_name, f"{version.code} · {version.field}")
        )
        self.procedure.line.setCursorPosition(0)
        self.free.setVisible(self._free)
        items = free_items(form) if self._free else check_items(version, form, lacking)
        kept = self.checks.current_id()
        self.checks.set_items(items)
        if kept in [item.id for item in items]:
            self.checks.set_current(str(kept))
        self.checks.setVisible(bool(items))
        self._papers_hint.setText("" if self._free else t("Gõ số để đánh dấu"))
        self.other.setVisible(not self._free)
        self._show_head()

    def papers(self) -> QWidget:
        """Where typing goes after the procedure."""
        return self.free if self._free else self.checks

    def _show_head(self) -> None:
        chosen = self.procedure.value() is not None
        self._papers_head.setVisible(chosen and not self._narrow)
        self._index.setVisible(self._free)

    def _build(self) -> None:
        row = QHBoxLayout(self._papers_head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._papers_title)
        row.addWidget(self._index)
        row.addStretch(1)
        row.addWidget(self._papers_hint)
        row.addWidget(self.other)
        self.body.addWidget(self.procedure)
        self.body.addWidget(self._papers_head)
        self.body.addWidget(self.free)
        self.body.addStretch(0)
        self.full.addWidget(self.checks)

    def _wire(self) -> None:
        self.procedure.chosen.connect(self.chosen)
        self.procedure.entered.connect(self.entered)
        self.checks.toggled.connect(self.toggled)
        self.checks.accepted.connect(self.accepted)
        self.checks.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.checks.customContextMenuRequested.connect(self._on_menu)
        self.other.clicked.connect(self.other_asked)
        self.free.entered.connect(self._on_free)

    def _on_menu(self, place: QPoint) -> None:
        index = self.checks.indexAt(place)
        if index.isValid():
            self.checks.setCurrentIndex(index)
            self.other_asked.emit()

    def _on_free(self) -> None:
        name = self.free.text().strip()
        if name:
            self.free.set_text("")
            self.added.emit(name)
            self.free.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.accepted.emit()
