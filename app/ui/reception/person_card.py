"""Who stands at the counter, in short: name, number, home, earlier visits, what to compare with the card."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.unit_address import AddressMatch
from app.services.finding.search import Visits
from app.text import t
from app.ui.reception.form import Form
from app.ui.reception.words import (
    ID_KINDS,
    grouped_id,
    person_line,
    together_words,
    visits_link,
    visits_words,
)
from app.ui.widgets import (
    Button,
    Card,
    Fact,
    Kind,
    Label,
    NoticeKind,
    NoticeLine,
    State,
    StateBadge,
    Tone,
    Type,
    done,
    near,
    px,
)


class PersonCard(Card):
    """``edit_asked(field)`` opens the page of fields at one of them; ``visits_asked()`` shows the earlier
    dossiers; ``copy_asked()`` begins this one from the last of them."""

    edit_asked = Signal(str)
    visits_asked = Signal()
    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._narrow = False
        self._form: Form | None = None
        self._visits: Visits | None = None
        self._match: AddressMatch | None = None
        self._name = Label("", Type.TITLE, semibold=True)
        self._line = Label("", tone=Tone.SECONDARY, elide=True)
        self._edit = Button(t("Sửa"), Kind.LINK)
        self._proxy = Button(t("Nộp thay cho người khác…"), Kind.LINK)
        self._badge = StateBadge(done(""))
        self._number = Fact(t("Số định danh"))
        self._home = Fact(t("Nơi cư trú"), elide=True)
        self._owner = Fact(t("Chủ hồ sơ"))
        self._second = Fact(t("Cùng chủ hồ sơ"))
        self._seen = NoticeLine("", icon="back-arrow")
        self.copy = Button(t("Chép từ hồ sơ trước"), Kind.LINK)
        self.copy.setToolTip(t("Người và thủ tục của hồ sơ gần nhất, không chép giấy tờ (Ctrl+T)"))
        line = self._seen.layout()
        if line is not None:
            line.addWidget(self.copy)
        self._doubt = NoticeLine("", kind=NoticeKind.WARN)
        self._facts = QWidget()
        self._build()
        self._wire()

    def set_narrow(self, narrow: bool) -> None:
        """One line only."""
        self._narrow = narrow
        self._redraw()

    def show_form(self, form: Form) -> None:
        """Show the person of the form."""
        self._form = form
        self._redraw()

    def show_known(self, visits: Visits | None, match: AddressMatch | None) -> None:
        """What the desk knows of the person and of the address."""
        self._visits, self._match = visits, match
        self._redraw()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(px(12))
        top.addWidget(self._name)
        top.addWidget(self._line, 1)
        top.addWidget(self._edit)
        top.addWidget(self._badge)
        row = QHBoxLayout(self._facts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(32))
        row.addWidget(self._number)
        row.addWidget(self._home, 1)
        row.addWidget(self._owner)
        row.addWidget(self._second)
        row.addWidget(self._proxy, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(top)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._seen)
        self.body.addWidget(self._doubt)

    def _wire(self) -> None:
        self._edit.clicked.connect(lambda: self.edit_asked.emit("person.name"))
        self._proxy.clicked.connect(lambda: self.edit_asked.emit("proxy"))
        self._seen.link.clicked.connect(self.visits_asked)
        self.copy.clicked.connect(self.copy_asked)
        self._doubt.link.clicked.connect(self._on_doubt)

    def _redraw(self) -> None:
        form = self._form
        if form is None:
            return
        person = form.person
        self._name.setText(person.name or t("Chưa có họ tên"))
        self._line.setText(person_line(person, with_id=self._narrow))
        self._badge.set_state(self._state(form))
        self._number.set_label(ID_KINDS[person.id_kind])
        self._number.set_value(grouped_id(person.id_value))
        self._home.set_value(person.address)
        self._owner.setVisible(form.proxy)
        self._owner.set_value(_owner_words(form))
        self._second.setVisible(form.couple)
        self._second.set_value(form.second.name or t("chưa có tên"))
        self._proxy.set_text(t("Sửa") if form.proxy else t("Nộp thay cho người khác…"))
        self._facts.setVisible(not self._narrow)
        self._show_lines(form)

    def _state(self, form: Form) -> State:
        if form.warnings:
            return near(t("So lại với thẻ"))
        if self._narrow and form.together:
            return done(together_words(form)[0])
        if self._narrow and self._visits is not None:
            return done(visits_words(self._visits)[0])
        if form.read_at:
            return done(t("Đọc từ thẻ căn cước {time}").format(time=form.read_at))
        return done(t("Nhập tay"))

    def _show_lines(self, form: Form) -> None:
        doubt = self._doubt_words(form)
        self._doubt.setVisible(bool(doubt) and not self._narrow)
        if doubt:
            self._doubt.set_words(*doubt)
        seen = self._visits is not None and not doubt and not self._narrow
        self._seen.setVisible(seen)
        known = self._visits is not None and self._visits.last is not None
        self.copy.setVisible(known and not form.procedure and not form.together)
        if form.together:
            self._seen.set_words(*together_words(form))
            self._seen.setVisible(not doubt and not self._narrow)
        elif self._visits is not None:
            strong, words = visits_words(self._visits)
            self._seen.set_words(strong, words, visits_link(self._visits))

    def _doubt_words(self, form: Form) -> tuple[str, str, str] | None:
        if form.warnings:
            more = len(form.warnings) - 1
            strong = t("So lại với thẻ") + (t(" ({count} chỗ)").format(count=more + 1) if more else "")
            return strong, form.warnings[0][1], t("Xem và sửa")
        match = self._match
        if match is not None and match.doubtful and not form.person.commune:
            return t("Hỏi nơi cư trú"), match.sentence, t("Chọn xã")
        return None

    def _on_doubt(self) -> None:
        form = self._form
        if form is not None and form.warnings:
            field = form.warnings[0][0]
            names = {"personal_id": "id_value", "old_id": "id_value", "issue_date": "id_value"}
            self.edit_asked.emit("person." + names.get(field, field))
        else:
            self.edit_asked.emit("person.commune")


def _owner_words(form: Form) -> str:
    words = form.owner.name or t("chưa có tên")
    return f"{words} ({form.relation})" if form.relation else words
