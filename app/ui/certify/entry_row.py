"""The row being typed: paper by popup, pages, copies, the fee at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.certification import Kind
from app.domain.usual_papers import UsualPaper, find_papers
from app.text import t
from app.ui.certify.form import Entry
from app.ui.widgets import Card, Choice, Field, Label, SearchField, Tone, Type, px

_AS_TYPED = "as-typed"


class EntryRow(Card):
    """``changed()`` at each key; ``finished()`` for Enter in the last box; ``up_asked()`` for an arrow up
    into the list; ``undo_asked()`` for Ctrl+Z where the box has
    nothing of its own to undo."""

    changed = Signal()
    finished = Signal()
    up_asked = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._built = False
        super().__init__(parent=parent)
        self._papers: tuple[UsualPaper, ...] = ()
        self._kind = Kind.COPY
        self._line_id = ""
        self.paper = SearchField(t("Tên giấy tờ"), self._find, placeholder=t("ks, cc, bằng đại học…"))
        self.pages = Field(t("Số trang"), placeholder="1")
        self.copies = Field(t("Số bản"), placeholder="1")
        self._fee_label = Label(t("Phí"), Type.LABEL, semibold=True)
        self._fee = Label("", Type.SECTION, semibold=True, right=True)
        self._build()
        self._wire()
        self._built = True
        self.restyle()

    def _build(self) -> None:
        fee = QVBoxLayout()
        fee.setSpacing(px(4))
        fee.addWidget(self._fee_label)
        fee.addWidget(self._fee)
        fee.addStretch(1)
        self._row = QHBoxLayout()
        self._row.addWidget(self.paper, 1, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.pages, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self.copies, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(fee)
        self.body.addLayout(self._row)

    def _wire(self) -> None:
        self.paper.chosen.connect(self._on_chosen)
        self.paper.edited.connect(self._on_typed)
        self.paper.entered.connect(self._after_paper)
        self.pages.edited.connect(self._on_count)
        self.copies.edited.connect(self._on_count)
        self.pages.entered.connect(lambda: self._go(self.copies))
        self.copies.entered.connect(self.finished)
        for field in (self.paper, self.pages, self.copies):
            field.line.installEventFilter(self)

    def offer(self, papers: Sequence[UsualPaper]) -> None:
        """The names to choose from."""
        self._papers = tuple(papers)

    def entry(self) -> Entry:
        """What is typed."""
        return Entry(self.paper.text(), self.pages.text(), self.copies.text(), self._kind, self._line_id)

    def show_entry(self, entry: Entry) -> None:
        """Shows a row to be typed on."""
        self._line_id = entry.line_id
        self.paper.set_choice(Choice("", entry.paper) if entry.paper else None)
        self.pages.set_text(entry.pages)
        self.copies.set_text(entry.copies)
        self._set_kind(entry.kind)

    def show_fee(self, words: str) -> None:
        """What the row costs as it stands."""
        self._fee.setText(words)
        self._fee.setAccessibleName(t("Phí: {words}").format(words=words))

    def show_error(self, field: str | None, sentence: str) -> None:
        """Says beside the box what is wrong and goes there; the rest stays as typed."""
        box = self.box_at(field or "")
        box.set_error(sentence)
        box.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_errors(self) -> None:
        """Takes every red sentence away."""
        for field in (self.paper, self.pages, self.copies):
            field.set_error(None)

    def start(self) -> None:
        """To the first box."""
        self.paper.setFocus(Qt.FocusReason.OtherFocusReason)
        self.paper.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> str:
        """The box that is typed in, for the draft."""
        names = {"pages": self.pages, "copies": self.copies}
        return next((name for name, field in names.items() if field.line.hasFocus()), "paper")

    def box_at(self, place: str) -> Field | SearchField:
        """The box of that name."""
        return {"pages": self.pages, "copies": self.copies}.get(place, self.paper)

    def go(self, place: str) -> None:
        """Back to the box of a draft."""
        self._go(self.box_at(place))

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if not self._built:
            return
        self._row.setSpacing(px(12))
        self.pages.setFixedWidth(px(96))
        self.copies.setFixedWidth(px(96))
        self._fee.setFixedWidth(px(140))
        self._fee.setMinimumHeight(px(36))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take(watched, event)
        return False

    def _take(self, watched: QObject, event: QKeyEvent) -> bool:
        line = next((f.line for f in (self.paper, self.pages, self.copies) if f.line is watched), None)
        if line is None:
            return False
        if event.key() == Qt.Key.Key_Up and not self.paper.popup().isVisible():
            self.up_asked.emit()
            return True
        if event.matches(QKeySequence.StandardKey.Undo) and not line.isUndoAvailable():
            self.undo_asked.emit()
            return True
        return False

    def _find(self, text: str) -> list[Choice]:
        found = find_papers(self._papers, text)
        choices = [
            Choice(str(place), paper.name, t("chữ ký") if paper.kind is Kind.SIGNATURE else "")
            for place, paper in enumerate(found)
        ]
        typed = " ".join(text.split())
        if all(paper.name != typed for paper in found):
            choices.append(Choice(_AS_TYPED, typed, t("ghi như đã gõ")))
        return choices

    def _on_chosen(self, _key: str) -> None:
        name = self.paper.text()
        kind = next((paper.kind for paper in self._papers if paper.name == name), Kind.COPY)
        self.paper.set_choice(Choice("", name))
        self._set_kind(kind)
        self._after_paper()

    def _on_typed(self, _text: str) -> None:
        self._set_kind(Kind.COPY)
        self.changed.emit()

    def _on_count(self, _text: str) -> None:
        self.pages.set_error(None)
        self.copies.set_error(None)
        self.changed.emit()

    def _set_kind(self, kind: Kind) -> None:
        self._kind = kind
        signature = kind is Kind.SIGNATURE
        if signature:
            self.pages.clear()
        self.pages.setEnabled(not signature)
        self.copies.set_label(t("Số giấy") if signature else t("Số bản"))
        self.paper.set_unit(t("chữ ký") if signature else "")
        self.changed.emit()

    def _after_paper(self) -> None:
        if self.paper.text().strip():
            self._go(self.copies if self._kind is Kind.SIGNATURE else self.pages)

    def _go(self, field: Field | SearchField) -> None:
        field.line.setFocus(Qt.FocusReason.TabFocusReason)
        field.line.selectAll()
        if field is not self.paper:
            self.paper.line.setCursorPosition(0)  # a long name shows its beginning


class RowHint(Label):
    """The keys of the lane, under the row."""

    def __init__(self) -> None:
        words = t("Enter: ô tiếp, hết ô thì thêm dòng · ↑ sửa dòng trước · Ctrl+Z hoàn tác · F9 vào sổ và in")
        super().__init__(words, Type.LABEL, tone=Tone.SECONDARY, elide=True)
