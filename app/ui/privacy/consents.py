"""Sổ đồng ý: who was read which wording, when, by whom, and what was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.account_help import ConsentPurpose, consent_words
from app.domain.phone import display_phone
from app.domain.roles import Permission
from app.domain.typed_date import format_date, parse_typed_date
from app.services.papers.slips import MadePaper
from app.services.privacy.consent_book import (
    ConsentEntry,
    ConsentQuery,
    ConsentState,
    consent_book,
    look_at_consent,
    print_consent_book,
)
from app.services.privacy.words import PURPOSES
from app.text import t
from app.ui.privacy.facts import WrappedFact
from app.ui.privacy.printing import print_made
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    DateField,
    Field,
    Kind,
    Label,
    RowItem,
    RowList,
    State,
    Tone,
    Type,
    ready,
    stopped,
)

_ANY = "any"


class ConsentsSection(Section):
    """The book at left; filters and the entry picked at right. Numbers stay masked until asked for."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._entries: dict[str, ConsentEntry] = {}
        self.card = Card(t("Sổ ghi sự đồng ý"))
        self.list = RowList(name=t("Sổ ghi sự đồng ý"), lines=True)
        self.none = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.card.body.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        self.card.full.addWidget(self.list, 1)
        self.add_list(self.card)
        self._build_filters()
        self._build_picked()
        self.add(self.picked, self.filters)
        self.fields = {"first": self.first_day, "last": self.last_day}
        self.list.picked.connect(self._pick)
        for choice in (self.purpose, self.state):
            choice.changed.connect(lambda _key: self.load())
        self.text.entered.connect(self.load)
        for day in (self.first_day, self.last_day):
            day.entered.connect(self.load)
        self.full.clicked.connect(self.look)
        self.paper.clicked.connect(self.print_book)

    def _build_filters(self) -> None:
        self.filters = Card(t("Tìm trong sổ"))
        self.purpose = ChoiceField(t("Đồng ý cho việc gì"))
        self.purpose.set_choices(
            [Choice(_ANY, t("Mọi việc")), *(Choice(key.value, words) for key, words in PURPOSES.items())]
        )
        self.purpose.set_value(_ANY)
        self.state = ChoiceField(t("Tình trạng"))
        self.state.set_choices(
            [Choice(_ANY, t("Mọi tình trạng")), *(Choice(each.value, each.label) for each in ConsentState)]
        )
        self.state.set_value(_ANY)
        self.text = Field(t("Công dân"), placeholder=t("tên hoặc số, rồi Enter"))
        self.first_day = DateField(t("Từ ngày"), self._parse, placeholder=t("ví dụ 23112026"))
        self.last_day = DateField(t("Đến ngày"), self._parse, placeholder=t("để trống: đến nay"))
        self.paper = Button(t("In sổ"), icon="printer", cap="Ctrl+S")
        for part in (self.purpose, self.state, self.text, self.first_day, self.last_day, self.paper):
            self.filters.body.addWidget(part)
        self.paper.setEnabled(self.by.may(Permission.PRINT))

    def _build_picked(self) -> None:
        self.picked = Card(t("Lần đồng ý"))
        self.who = WrappedFact(t("Công dân"), semibold=True)
        self.numbers = WrappedFact(t("Số định danh, điện thoại"))
        self.when = WrappedFact(t("Đồng ý lúc, cán bộ đọc"))
        self.until = WrappedFact(t("Giữ đến"))
        self.wording = Label("", Type.LABEL, tone=Tone.SECONDARY, wrap=True)
        self.full = Button(t("Xem số đầy đủ"), Kind.LINK, icon="card")
        for part in (self.who, self.numbers, self.when, self.until, self.wording, self.full):
            self.picked.body.addWidget(part)
        self.picked.hide()

    def load(self) -> None:
        """The entries that fit."""
        self.clear_errors()
        if not all([self.first_day.read(), self.last_day.read()]):
            return
        desk, by, query = self.desk, self.by, self._query()
        self.ask(lambda: consent_book(desk, by, query), self._show)

    def save(self) -> None:
        """The book on paper."""
        self.print_book()

    def first(self) -> QWidget:
        """The list."""
        return self.list

    def forget(self) -> None:
        """Full numbers leave the screen."""
        self._pick(self.list.current_key() or "")

    def look(self) -> None:
        """Both numbers in full; this is a reading of the record."""
        entry = self._entries.get(self.list.current_key() or "")
        if entry is None:
            return
        desk, by, which = self.desk, self.by, entry.id
        self.work(lambda: look_at_consent(desk, by, which), self._looked)

    def print_book(self) -> None:
        """What is listed."""
        desk, by, query = self.desk, self.by, self._query()
        self.work(lambda: print_consent_book(desk, by, query), self._print)

    def _print(self, made: MadePaper) -> None:
        print_made(self, made, t("Sổ đồng ý"))

    def _query(self) -> ConsentQuery:
        purpose, state = self.purpose.value(), self.state.value()
        return ConsentQuery(
            purpose=None if purpose in (None, _ANY) else ConsentPurpose(purpose),
            state=None if state in (None, _ANY) else ConsentState(state),
            first_day=self.first_day.value(),
            last_day=self.last_day.value(),
            text=self.text.text(),
        )

    def _show(self, entries: Sequence[ConsentEntry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        kept = self.list.current_key()
        self.list.set_items([_row(entry) for entry in entries])
        self.list.setVisible(bool(entries))
        self.none.setVisible(not entries)
        self.none.setText(t("Không có lần đồng ý nào như vậy."))
        self.card.set_hint(t("{count} lần").format(count=len(entries)))
        chosen = kept if kept in self._entries else next(iter(self._entries), "")
        self.list.set_current(chosen or None)
        self._pick(chosen)

    def _pick(self, key: str) -> None:
        entry = self._entries.get(key)
        self.picked.setVisible(entry is not None)
        if entry is None:
            return
        self.who.set_value(entry.name or t("đã xóa tên"))
        masked = " · ".join(each for each in (entry.masked_id, entry.masked_phone) if each)
        self.numbers.set_value(masked or t("không giữ"))
        self.when.set_value(f"{_moment(entry.given_at)} · {entry.officer}")
        ended = "" if entry.withdrawn_at is None else t(" · rút {at}").format(at=_moment(entry.withdrawn_at))
        self.until.set_value(format_date(entry.keep_until) + ended)
        words = consent_words(entry.wording, entry.months)[1]
        self.wording.setText(
            t("Lời đọc bản {version}: {words}").format(version=entry.wording_version, words=words)
        )
        self.full.setVisible(bool(masked) and self.by.may(Permission.HELP_ACCOUNT))
        self._inner.settle_soon()

    def _looked(self, numbers: tuple[str, str]) -> None:
        identity, phone = numbers
        shown = " · ".join(each for each in (identity, display_phone(phone) if phone else "") if each)
        self.numbers.set_value(shown or t("không giữ"))
        self.full.hide()

    def _parse(self, text: str) -> date:
        return parse_typed_date(text, self.desk.clock.now().astimezone(VIETNAM).date())


def _row(entry: ConsentEntry) -> RowItem:
    title = entry.name or t("Đã xóa tên")
    detail = f"{PURPOSES[entry.purpose]} · {_moment(entry.given_at)}"
    return RowItem(entry.id, title, detail, state=_state(entry.state))


def _state(state: ConsentState) -> State:
    return ready(state.label) if state is ConsentState.LIVE else stopped(state.label)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
