"""Lời chứng: the office's own words of attestation, for copies and for signatures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.certification import Kind as Certified
from app.domain.stamp_text import StampLine
from app.errors import RuleError
from app.services.certify.stamps import confirm_note, set_wording
from app.services.desk import Desk
from app.services.office_settings import stamp_wording
from app.text import t
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.settings.wording_text import PLACE_WORDS, as_lines, as_text
from app.ui.widgets import Button, Card, Kind, Label, SegmentedChoice, TextArea, Tone, Type


@dataclass(frozen=True)
class _Words:
    kind: Certified
    lines: tuple[StampLine, ...]
    confirmed: bool


class WordingSection(Section):
    """One text at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.card = Card(t("Lời chứng in khi chứng thực"))
        self.kind = SegmentedChoice(
            [(Certified.COPY.value, t("Bản sao")), (Certified.SIGNATURE.value, t("Chữ ký"))],
            name=t("Lời chứng"),
        )
        self.state = Label("", Type.TABLE, tone=Tone.AMBER, wrap=True)
        self.words = TextArea(
            t("Lời chứng"),
            lines=9,
            hint=t("Mỗi dòng một hàng. Bắt đầu bằng * là chữ đậm; ____ là chỗ ký, đóng dấu."),
        )
        places = t("Chỗ điền: {names}.").format(
            names=", ".join(f"{{{each}}}" for each in PLACE_WORDS.values())
        )
        self.keep = Button(t("Lưu lời chứng"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.shipped = Button(t("Dùng lại lời kèm chương trình"), Kind.LINK)
        for part in (
            self.kind,
            self.state,
            self.words,
            Label(places, Type.LABEL, tone=Tone.SECONDARY, wrap=True),
            self.keep,
            self.shipped,
        ):
            self.card.body.addWidget(part)
        self.add(self.card)
        self.fields = {"wording": self.words}
        self.kind.changed.connect(lambda _key: self.load())
        self.words.edited.connect(lambda _text: self.words.set_error(None))
        self.words.entered.connect(self.save)
        self.keep.clicked.connect(self.save)
        self.shipped.clicked.connect(self.go_back)

    def load(self) -> None:
        """The words now in use."""
        desk, kind = self.desk, Certified(self.kind.value())
        self.ask(lambda: _read(desk, kind), self._show)

    def save(self) -> None:
        """Keeps the text as the office's own."""
        self.clear_errors()
        try:
            lines = as_lines(self.words.text())
        except RuleError as error:
            self.refuse(error)
            return
        if not lines:
            self.wrong(self.words, t("Chưa có lời chứng. Gõ lại, hoặc dùng lời kèm chương trình."))
            return
        self._set(lines, t("Đã lưu lời chứng của cơ quan."))

    def go_back(self) -> None:
        """The shipped words."""
        self._set((), t("Đã dùng lại lời chứng kèm chương trình."))

    def first(self) -> QWidget:
        """Which of the two."""
        return self.kind

    def _set(self, lines: tuple[StampLine, ...], said: str) -> None:
        desk, by, kind = self.desk, self.by, Certified(self.kind.value())
        self.work(lambda: set_wording(desk, by, kind, lines), lambda _none: self._kept(said))

    def _kept(self, said: str) -> None:
        self.said(said, t("Bản in từ lúc này theo lời mới; bản đã in giữ nguyên."))
        self.load()

    def _show(self, shown: _Words) -> None:
        if shown.kind.value != self.kind.value():
            return
        self.words.set_text(as_text(shown.lines))
        self.words.set_error(None)
        self.state.setText("" if shown.confirmed else confirm_note())
        self.state.setVisible(not shown.confirmed)
        self.shipped.setVisible(shown.confirmed)


def _read(desk: Desk, kind: Certified) -> _Words:
    return _Words(kind, *stamp_wording(desk, kind))
