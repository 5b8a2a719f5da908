"""Cài đặt: sections at left, by role; what is chosen at right. Ctrl+S keeps, Esc goes back to the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.domain.roles import Officer, Permission
from app.text import t
from app.ui.lock.door import NewWords
from app.ui.privacy.consents import ConsentsSection
from app.ui.privacy.requests import RequestsSection
from app.ui.privacy.support import SupportSection
from app.ui.privacy.terms import TermsSection
from app.ui.screen import Context, KeyAct, Screen
from app.ui.settings.account import AccountSection
from app.ui.settings.counter import CounterSection
from app.ui.settings.days import DaysSection
from app.ui.settings.key import KeySection
from app.ui.settings.password import PasswordSection
from app.ui.settings.people import PeopleSection
from app.ui.settings.rules import RulesSection
from app.ui.settings.safekeeping import BackupSection
from app.ui.settings.section import Section
from app.ui.settings.tariff import TariffSection
from app.ui.settings.wording import WordingSection
from app.ui.widgets import Card, RowItem, RowList, is_narrow, px

_LIST, _LIST_NARROW = 212, 168


@dataclass(frozen=True)
class _Part:
    """One section; ``needs``: any of these permissions opens it, none means everybody."""

    key: str
    title: str
    make: Callable[[Context], Section]
    needs: tuple[Permission, ...] = ()


_OFFICE = (Permission.CONFIGURE, Permission.OVERRIDE)
PARTS = (
    _Part("counter", t("Quầy và máy in"), CounterSection),
    _Part("password", t("Mật khẩu của tôi"), PasswordSection),
    _Part("people", t("Cán bộ"), PeopleSection, (Permission.MANAGE_OFFICERS, Permission.OVERRIDE)),
    _Part("tariff", t("Biểu phí"), TariffSection, _OFFICE),
    _Part("account", t("Tài khoản nhận tiền"), AccountSection, (Permission.CONFIGURE,)),
    _Part("days", t("Ngày làm việc"), DaysSection, _OFFICE),
    _Part("rules", t("Số thứ tự, hẹn lại"), RulesSection, _OFFICE),
    _Part("wording", t("Lời chứng"), WordingSection, (Permission.CONFIGURE,)),
    _Part("backup", t("Sao lưu"), BackupSection),
    _Part("key", t("Khóa, tờ khôi phục"), KeySection, (Permission.CONFIGURE,)),
    _Part("requests", t("Yêu cầu về dữ liệu"), RequestsSection, (Permission.VIEW,)),
    _Part("consents", t("Sổ đồng ý"), ConsentsSection, (Permission.VIEW,)),
    _Part("terms", t("Thời hạn giữ"), TermsSection, _OFFICE),
    _Part("support", t("Hỗ trợ, sự cố"), SupportSection),
)


class SettingsScreen(Screen):
    """``shown`` takes the key of a section, or ``None`` for where it was left."""

    name = "settings"
    title = t("Cài đặt")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._parts = {part.key: part for part in PARTS if _opens(part, context.officer)}
        self._sections: dict[str, Section] = {}
        self.card = Card()
        self.list = RowList(
            [RowItem(part.key, part.title) for part in self._parts.values()], name=t("Mục cài đặt")
        )
        self.card.full.addWidget(self.list, 1)
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.stack = QStackedWidget()
        self._across = QHBoxLayout(self)
        self._across.addWidget(self.card)
        self._across.addWidget(self.stack, 1)
        self.list.picked.connect(self.open)
        self.list.opened.connect(lambda _key: self._enter())
        self.restyle()

    @property
    def section(self) -> Section | None:
        """The section in front."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Section) else None

    def shown(self, argument: object) -> None:
        """Opens the section asked for; what it shows is read anew."""
        told = argument.words if isinstance(argument, NewWords) else ""
        wanted = "key" if told else argument if isinstance(argument, str) else self.list.current_key()
        key = wanted if wanted in self._parts else next(iter(self._parts))
        self.list.set_current(key)
        self.open(key)
        if told and isinstance(self.section, KeySection):
            self.section.show_words(told)

    def hidden(self) -> None:
        """Passwords leave the screen."""
        if self.section is not None:
            self.section.forget()

    def locked(self) -> None:
        """The same behind the lock."""
        self.hidden()

    def take_card(self, text: str) -> bool:
        """Where the section in front is about a citizen, the card is for it."""
        return self.section is not None and self.section.take_card(text)

    def keys(self) -> tuple[KeyAct, ...]:
        """Ctrl+S keeps, Esc goes back to the list of sections."""
        return (
            KeyAct("Ctrl+S", self._save, t("Lưu mục đang mở")),
            KeyAct("Esc", self._back, t("Về danh sách mục")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # outside the window's own keys
            self._back()
            return
        super().keyPressEvent(event)

    def first_focus(self) -> QWidget | None:
        """The sections."""
        return self.list

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer list."""
        self.card.setFixedWidth(px(_LIST_NARROW if narrow else _LIST))
        if self.section is not None:
            self.section.restyle()

    def restyle(self) -> None:
        """Takes the spaces of the look now worn."""
        self._across.setContentsMargins(px(16), px(12), px(16), px(12))
        self._across.setSpacing(px(12))
        self.card.setFixedWidth(px(_LIST_NARROW if is_narrow(self.window().size()) else _LIST))

    def open(self, key: str) -> None:
        """Brings a section to the front."""
        before, section = self.section, self._sections.get(key)
        if section is None:
            section = self._parts[key].make(self.context)
            if isinstance(section, KeySection):
                section.key_change.connect(self.shut_for)
            self._sections[key] = section
            self.stack.addWidget(section)
        if before is not None and before is not section:
            before.forget()
            before.news.hide()
        self.stack.setCurrentWidget(section)
        section.restyle()
        section.load()
        self.subtitle_changed.emit(self._parts[key].title)

    def _enter(self) -> None:
        first = self.section.first() if self.section is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _save(self) -> None:
        if self.section is not None:
            self.section.save()

    def _back(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _opens(part: _Part, officer: Officer) -> bool:
    return not part.needs or any(officer.may(each) for each in part.needs)
