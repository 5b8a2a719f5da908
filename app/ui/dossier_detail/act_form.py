"""The small form of an act, in the place of the acts: what it means, its fields, do it or leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget

from app.errors import AppError
from app.text import t
from app.ui.dossier_detail.act_specs import (
    AMOUNT,
    DUE,
    FILE,
    ITEMS,
    REASON,
    RESULT,
    SIGNER,
    UNIT,
    ActSpec,
)
from app.ui.dossier_detail.amount import parse_amount, show_amount
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    DateField,
    Field,
    FieldFrame,
    Kind,
    Label,
    Notice,
    NoticeKind,
    ParsedField,
    SearchField,
    TextArea,
    Tone,
    Type,
    px,
)

_OTHER_NAMES = {"for_unit": UNIT, "agency": UNIT, "unit": UNIT, "items": ITEMS}
_TYPING_PAUSE_MS = 120
_KINDS_OF_FILE = t("Giấy tờ (*.pdf *.jpg *.jpeg *.png *.tif *.tiff)")


class ActForm(Card):
    """``asked()``: do it; ``left()``: back, keep what was typed; ``typed()`` at each change;
    ``unit_sought(str)`` wants ``offer_units``."""

    asked = Signal()
    left = Signal()
    typed = Signal()
    unit_sought = Signal(str)

    def __init__(self, parse_day: Callable[[str], date]) -> None:
        super().__init__("")
        self._shown: tuple[str, ...] = ()
        self._narrow = False
        self._intro = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self._who = Label("", Type.BODY, semibold=True, wrap=True)
        self.notice = Notice(NoticeKind.WARN, "")
        self.warning = Notice(NoticeKind.WARN, "")
        self.still = self.warning.add_act("")
        self.leave = self.warning.add_act(t("Để lại"), kind=Kind.TINTED)
        self.items = TextArea("", lines=3)
        self.due = DateField("", parse_day)
        self.amount = ParsedField[int]("", parse_amount, show_amount, unit=t("đ"))
        self.unit = SearchField("", self._seek, pause_ms=_TYPING_PAUSE_MS)
        self.result = Field("")
        self.signer = Field("")
        self.file = Field("")
        self.choose = Button(t("Chọn tệp…"), Kind.LINK, leading=True)
        self.reason = TextArea("", lines=2)
        self.do = Button("", Kind.PRIMARY, cap="Ctrl+Enter", leading=True)
        self.back = Button(t("Để lại"), cap="Esc", leading=True)
        self._fields: dict[str, TextArea | Field | SearchField] = {
            ITEMS: self.items,
            DUE: self.due,
            AMOUNT: self.amount,
            UNIT: self.unit,
            RESULT: self.result,
            SIGNER: self.signer,
            FILE: self.file,
            REASON: self.reason,
        }
        for part in (self.warning, self._who, self._intro, self.notice, *self._fields.values()):
            self.body.addWidget(part)
        self.body.insertWidget(self.body.indexOf(self.file) + 1, self.choose)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.addWidget(self.do)
        self._buttons.addWidget(self.back)
        self.body.addLayout(self._buttons)
        self.restyle()
        self._wire()

    def ask(self, title: str, who: str, spec: ActSpec, values: Mapping[str, str], warning: str) -> None:
        """Opens for an act. A ``warning`` must be answered before the fields are shown."""
        self.set_title(title)
        self._who.setText(who)
        self._intro.setText(spec.intro)
        self.do.set_text(spec.do)
        self.still.set_text(t("Vẫn yêu cầu"))
        self.warning.set_notice(NoticeKind.WARN, warning)
        self.notice.hide()
        self._shown = tuple(spec.labels)
        hints, examples = dict(spec.hints), dict(spec.placeholders)
        for name, field in self._fields.items():
            field.set_label(spec.labels.get(name, ""))
            field.set_hint(hints.get(name, ""))
            _set_placeholder(field, examples.get(name, ""))
            self._fill(field, values.get(name, ""))
        self.show_fields(not warning)

    def show_fields(self, shown: bool) -> None:
        """The fields, or the warning alone."""
        self.warning.setVisible(not shown)
        for part, there in (
            (self._who, bool(self._who.text())),
            (self._intro, self._shows_intro()),
            (self.do, True),
            (self.back, True),
        ):
            part.setVisible(shown and there)
        for name, field in self._fields.items():
            field.setVisible(shown and name in self._shown)
        self.choose.setVisible(shown and FILE in self._shown)

    def set_narrow(self, narrow: bool) -> None:
        """A narrow window drops the explanation and sets the buttons side by side."""
        self._narrow = narrow
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.LeftToRight if narrow else direction.TopToBottom)
        self._intro.setVisible(self._shows_intro() and self.warning.isHidden())

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        super().restyle()
        if hasattr(self, "_buttons"):
            self._buttons.setSpacing(px(8))

    def first(self) -> QWidget:
        """Where typing goes."""
        if self.warning.isVisibleTo(self):
            return self.leave
        wrong = [name for name in self._shown if self._fields[name].error()]
        names = wrong or [name for name in self._shown if not self._text(name).strip()] or list(self._shown)
        return self._fields[names[0]] if names else self.do

    def take_focus(self) -> None:
        """Into the first empty field; what is proposed there is typed over."""
        first = self.first()
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, TextArea):
            first.area.moveCursor(QTextCursor.MoveOperation.End)
        elif isinstance(first, Field):
            first.line.selectAll()

    def values(self) -> dict[str, str]:
        """What is typed, by field; a chosen unit by its code."""
        return {name: self._text(name) for name in self._shown}

    def unit_code(self) -> str:
        """The unit taken from the list, else the text (an agency code)."""
        return self.unit.value() or self.unit.text().strip()

    def read(self) -> bool:
        """Whether date and amount can be read; a wrong one says so and takes the focus."""
        for name in self._shown:
            field = self._fields[name]
            if isinstance(field, ParsedField) and not field.read():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True

    def clear_errors(self) -> None:
        """Before another try."""
        self.notice.hide()
        for field in self._fields.values():
            field.set_error(None)

    def say(self, error: AppError) -> None:
        """Beside its field where it has one, else above them."""
        name = _OTHER_NAMES.get(error.field or "", error.field or "")
        if name in self._shown:
            self._fields[name].set_error(f"{error.title} {error.next_step}".strip())
            self._fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tell(error.title, error.next_step)
            self.take_focus()

    def tell(self, title: str, body: str = "") -> None:
        """A sentence above the fields."""
        self.notice.set_notice(NoticeKind.WARN, title, body)
        self.notice.show()

    def set_busy(self, busy: bool) -> None:
        """While the act is on its way nothing can be pressed again."""
        for button in (self.do, self.still):
            button.setEnabled(not busy)

    def offer_units(self, choices: Sequence[Choice]) -> None:
        """Units found for what is typed."""
        self.unit.offer(choices)

    def chosen_unit(self) -> Choice | None:
        """The unit taken, to be shown again with ``set_unit_choice``."""
        code = self.unit.value()
        return Choice(code, self.unit.text()) if code else None

    def set_unit_choice(self, choice: Choice | None) -> None:
        """Shows a unit as taken."""
        if choice is not None:
            self.unit.set_choice(choice)

    def _shows_intro(self) -> bool:
        return bool(self._intro.text()) and (not self._narrow or not self._shown)

    def _seek(self, text: str) -> None:
        self.unit_sought.emit(text)

    def _text(self, name: str) -> str:
        return self._fields[name].text()

    def _fill(self, field: FieldFrame, text: str) -> None:
        if isinstance(field, SearchField):
            field.clear()
            field.line.setText(text)
        elif isinstance(field, TextArea | Field):
            field.blockSignals(True)
            field.set_text(text)
            field.blockSignals(False)
        field.set_error(None)

    def _wire(self) -> None:
        self.do.clicked.connect(self.asked)
        self.back.clicked.connect(self.left)
        self.leave.clicked.connect(self.left)
        self.still.clicked.connect(self._go_on)
        for name, field in self._fields.items():
            field.edited.connect(lambda _text: self.typed.emit())
            if not isinstance(field, TextArea):
                field.entered.connect(lambda of=name: self._after(of))
        self.unit.chosen.connect(lambda _key: self._after(UNIT))
        for area in (self.items, self.reason):
            area.edited.connect(lambda _text, of=area: of.set_error(None))
            area.entered.connect(self.asked)
        for plain in (self.result, self.signer, self.file):
            plain.edited.connect(lambda _text, of=plain: of.set_error(None))
        self.choose.clicked.connect(self._choose_file)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.asked)

    def _choose_file(self) -> None:
        """The system's own chooser; leaving it changes nothing."""
        path, _ = QFileDialog.getOpenFileName(self, t("Chọn tệp kết quả"), self.file.text(), _KINDS_OF_FILE)
        if path:
            self.file.set_text(path)
            self.file.set_error(None)
            self.typed.emit()
        self.file.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        self.show_fields(True)
        self.take_focus()

    def _after(self, name: str) -> None:
        """Enter goes on: to the next field, from the last to the button."""
        place = self._shown.index(name) + 1 if name in self._shown else len(self._shown)
        following: QWidget = self._fields[self._shown[place]] if place < len(self._shown) else self.do
        following.setFocus(Qt.FocusReason.TabFocusReason)


def _set_placeholder(field: FieldFrame, text: str) -> None:
    if isinstance(field, TextArea):
        field.area.setPlaceholderText(text)
    elif isinstance(field, SearchField) or (isinstance(field, Field) and not isinstance(field, DateField)):
        field.line.setPlaceholderText(text)
