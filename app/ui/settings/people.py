"""Cán bộ: who may sign in, in which role; a one-time password is shown once and never again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.roles import Permission, Role
from app.services.people.access import NewOfficer, add_officer
from app.services.people.officers import (
    Account,
    change_role,
    deactivate_officer,
    end_second_step,
    list_accounts,
    reactivate_officer,
    reset_password,
)
from app.text import t
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Choice,
    ChoiceField,
    Fact,
    Field,
    Kind,
    Label,
    RowItem,
    RowList,
    Tone,
    Type,
    near,
    ready,
    stopped,
)

ROLE_WORDS = {
    Role.RECEPTION: t("Tiếp nhận"),
    Role.PROCESSING: t("Xử lý"),
    Role.LEADER: t("Lãnh đạo"),
    Role.ADMINISTRATOR: t("Quản trị"),
    Role.AUDITOR: t("Kiểm tra"),
}


class PeopleSection(Section):
    """The list at left; at right who is picked, or somebody new."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.manages = self.by.may(Permission.MANAGE_OFFICERS)
        self._accounts: tuple[Account, ...] = ()
        self._build_list()
        self._build_secret()
        self._build_picked()
        self._build_new()
        self.add(self.secret, self.picked, self.adding)
        self.secret.hide()
        self.adding.hide()
        self.fields = {"login": self.login, "name": self.name, "role": self.new_role}

    def _build_list(self) -> None:
        self.card = Card(t("Cán bộ của quầy"))
        self.list = RowList(name=t("Cán bộ của quầy"), lines=True)
        self.list.picked.connect(self._pick)
        self.card.full.addWidget(self.list, 1)
        self.new = Button(t("Thêm cán bộ"), Kind.LINK, icon="person-plus")
        self.new.clicked.connect(self.start_new)
        self.card.add_act(self.new)
        self.new.setVisible(self.manages)
        self.add_list(self.card)

    def _build_secret(self) -> None:
        self.secret = Card(t("Mật khẩu dùng một lần"))
        self.whose = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.password = Label("", Type.TITLE, semibold=True)
        self.password.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        told = Label(
            t("Chỉ hiện một lần. Đọc cho đúng người ghi lại; người ấy đặt mật khẩu riêng khi đăng nhập."),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.noted = Button(t("Đã ghi xong"), Kind.PRIMARY, icon="check", cap="Enter")
        self.noted.clicked.connect(self._noted)
        for part in (self.whose, self.password, told, self.noted):
            self.secret.body.addWidget(part)

    def _build_picked(self) -> None:
        self.picked = Card(t("Tài khoản"))
        self.who, self.signs = Fact(t("Họ tên"), semibold=True), Fact(t("Tên đăng nhập"))
        self.role = ChoiceField(t("Vai trò"))
        self.role.set_choices(_roles())
        self.keep = Button(t("Lưu vai trò"), Kind.PRIMARY, icon="save", cap="Ctrl+S")
        self.reset = Button(t("Cấp lại mật khẩu"), icon="key")
        self.one_step = Button(t("Tắt bước hai (mất điện thoại)"), icon="shield-check")
        self.leave = Button(t("Cho nghỉ, khóa tài khoản"), icon="lock")
        self.back = Button(t("Mở lại tài khoản"), icon="person-plus")
        self.own = Label(
            t("Đây là tài khoản của bạn. Đổi mật khẩu ở mục Mật khẩu của tôi."),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        shown: tuple[QWidget, ...] = (self.who, self.signs, self.role, self.keep, self.reset)
        for part in (*shown, self.one_step, self.leave, self.back, self.own):
            self.picked.body.addWidget(part)
        self.role.entered.connect(self.save)
        self.keep.clicked.connect(self.save)
        self.reset.clicked.connect(lambda: self._give(reset_password))
        self.back.clicked.connect(lambda: self._give(reactivate_officer))
        self.one_step.clicked.connect(self._take_step_off)
        self.leave.clicked.connect(self._retire)

    def _build_new(self) -> None:
        self.adding = Card(t("Thêm cán bộ"))
        self.name = Field(t("Họ tên"), placeholder=t("như trong quyết định"))
        self.login = Field(t("Tên đăng nhập"), placeholder=t("không dấu, ví dụ: yen.lt"))
        self.new_role = ChoiceField(t("Vai trò"))
        self.new_role.set_choices(_roles())
        self.hire = Button(t("Thêm và cấp mật khẩu"), Kind.PRIMARY, icon="person-plus", cap="Ctrl+S")
        self.stop = Button(t("Thôi, quay lại"), Kind.LINK)
        for part in (self.name, self.login, self.new_role, self.hire, self.stop):
            self.adding.body.addWidget(part)
        self.name.entered.connect(lambda: self.login.setFocus(Qt.FocusReason.TabFocusReason))
        self.login.entered.connect(lambda: self.new_role.setFocus(Qt.FocusReason.TabFocusReason))
        self.new_role.entered.connect(self.save)
        self.hire.clicked.connect(self.save)
        self.stop.clicked.connect(self.stop_new)

    def load(self) -> None:
        """The list; who is picked stays picked."""
        desk, by = self.desk, self.by
        self.ask(lambda: list_accounts(desk, by), self._show)

    def save(self) -> None:
        """Ctrl+S: somebody new, or the role of who is picked."""
        if not self.adding.isHidden():
            self._create()
        elif self.manages and self.secret.isHidden():
            account, key = self._current(), self.role.value()
            if account is not None and key and account.active and not self._is_me(account):
                desk, by = self.desk, self.by
                self.work(
                    lambda: change_role(desk, by, account.officer.id, Role(key)),
                    lambda done: self._told(
                        t("{name} nay có vai trò {role}.").format(
                            name=done.officer.name, role=ROLE_WORDS[done.officer.role]
                        ),
                        t("Vai trò mới có từ lần đăng nhập sau."),
                    ),
                )

    def first(self) -> QWidget:
        """The list."""
        return self.list

    def start_new(self) -> None:
        """An empty form."""
        self.forget()
        self.news.hide()
        self.clear_errors()
        self.name.clear()
        self.login.clear()
        self.new_role.set_value(Role.RECEPTION.value)
        self.picked.hide()
        self.adding.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_new(self) -> None:
        """Back to who is picked."""
        self.adding.hide()
        self._show_current()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """The one-time password leaves the screen."""
        self.password.setText("")
        self.secret.hide()
        self._show_current()

    def _noted(self) -> None:
        self.forget()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _create(self) -> None:
        desk, by = self.desk, self.by
        name, login, role = self.name.text(), self.login.text(), Role(self.new_role.value() or "reception")
        self.work(lambda: add_officer(desk, by, login, name, role), self._given)

    def _give(self, call: Callable[..., NewOfficer]) -> None:
        account, desk, by = self._current(), self.desk, self.by
        if account is not None:
            self.work(lambda: call(desk, by, account.officer.id), self._given)

    def _take_step_off(self) -> None:
        account, desk, by = self._current(), self.desk, self.by
        if account is not None:
            self.work(
                lambda: end_second_step(desk, by, account.officer.id),
                lambda _: self._told(
                    t("{name} nay đăng nhập bằng mật khẩu.").format(name=account.officer.name),
                    t("Có điện thoại mới thì tự bật lại ở mục Mật khẩu của tôi."),
                ),
            )

    def _retire(self) -> None:
        account, desk, by = self._current(), self.desk, self.by
        if account is not None:
            self.work(
                lambda: deactivate_officer(desk, by, account.officer.id),
                lambda done: self._told(
                    t("{name} không đăng nhập được nữa.").format(name=done.officer.name),
                    t("Hồ sơ và nhật ký vẫn giữ tên; mở lại tài khoản lúc nào cũng được."),
                ),
            )

    def _given(self, given: NewOfficer) -> None:
        self.adding.hide()
        self.picked.hide()
        self.whose.setText(
            t("Của {name}, tên đăng nhập {login}").format(name=given.officer.name, login=given.officer.login)
        )
        self.password.setText(given.one_time_password)
        self.secret.show()
        self.noted.setFocus(Qt.FocusReason.OtherFocusReason)
        self.load()

    def _told(self, title: str, body: str) -> None:
        self.said(title, body)
        self.load()

    def _show(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = accounts
        kept = self.list.current_key()
        self.list.set_items([_row(each) for each in accounts])
        keys = [each.officer.id for each in accounts]
        self.list.set_current(kept if kept in keys else self.by.id)
        if self.secret.isHidden() and self.adding.isHidden():
            self._show_current()

    def _pick(self, _key: str) -> None:
        self.news.hide()
        self.adding.hide()
        self.password.setText("")
        self.secret.hide()
        self._show_current()

    def _show_current(self) -> None:
        account = self._current()
        self.picked.setVisible(account is not None and self.adding.isHidden() and self.secret.isHidden())
        if account is None:
            return
        mine, officer = self._is_me(account), account.officer
        self.who.set_value(officer.name)
        self.signs.set_value(officer.login)
        self.role.set_value(officer.role.value)
        decides = self.manages and not mine
        self.role.setVisible(decides and account.active)
        self.keep.setVisible(decides and account.active)
        self.reset.setVisible(account.active and not mine)
        self.one_step.setVisible(decides and account.active and account.second_step)
        self.leave.setVisible(decides and account.active)
        self.back.setVisible(decides and not account.active)
        self.own.setVisible(mine)

    def _current(self) -> Account | None:
        key = self.list.current_key()
        return next((each for each in self._accounts if each.officer.id == key), None)

    def _is_me(self, account: Account) -> bool:
        return account.officer.id == self.by.id


def _roles() -> list[Choice]:
    return [Choice(role.value, words) for role, words in ROLE_WORDS.items()]


def _row(account: Account) -> RowItem:
    officer = account.officer
    if not account.active:
        state = stopped(t("Đã nghỉ"))
    elif account.must_change:
        state = near(t("Mật khẩu một lần"))
    else:
        state = ready(t("Đang làm việc"))
    return RowItem(
        officer.id,
        officer.name,
        f"{officer.login} · {ROLE_WORDS[officer.role]}",
        state=state,
    )
