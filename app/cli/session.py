"""What one command works with: the desk, who acts, when. Desks stay open for the whole of a batch."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.links import Links
from app.cli.moments import parse_moment
from app.errors import RuleError, UsageError
from app.text import t

if TYPE_CHECKING:
    from app.domain.roles import Officer
    from app.services.desk import Desk

DEMO_LOGIN = "canbo"
PASSWORD = "MOTCUA_PASSWORD"
NEW_PASSWORD = "MOTCUA_NEW_PASSWORD"
CODE = "MOTCUA_CODE"
"""The code of an officer's second step."""


@dataclass
class Shelf:
    """Desks opened and officers signed in so far, by folder; closed at the end of the program."""

    open_desk: Callable[[Path], Desk]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _desks: dict[Path, Desk] = field(default_factory=dict)
    _officers: dict[tuple[Path, str], Officer] = field(default_factory=dict)

    def desk(self, folder: Path) -> Desk:
        """The desk of a folder, opened when first asked for."""
        if folder not in self._desks:
            self._desks[folder] = self.open_desk(folder)
        return self._desks[folder]

    def officer(self, folder: Path, login: str | None) -> Officer:
        """Who acts at the desk of a folder.

        Without a login a demo desk works as ``canbo``, who alone needs no password there. Raises
        ``UsageError`` "officer-missing", ``RuleError`` "password-missing", "wrong-login",
        "password-once" (the one-time password must be changed first).
        """
        desk = self.desk(folder)
        if login is None:
            login = DEMO_LOGIN if desk.profile.demo else ""
        if (folder, login) not in self._officers:
            self._officers[folder, login] = self._enter(desk, login)
        return self._officers[folder, login]

    def forget(self, folder: Path) -> None:
        """Close one desk; it is read anew when next asked for."""
        desk = self._desks.pop(folder, None)
        if desk is not None:
            desk.close()

    def close(self) -> None:
        """Close every desk."""
        for folder in list(self._desks):
            self.forget(folder)

    def _enter(self, desk: Desk, login: str) -> Officer:
        if not login:
            raise UsageError(
                "officer-missing",
                t("Chưa biết cán bộ nào đang làm."),
                t("Thêm --as và tên đăng nhập, đặt mật khẩu vào biến MOTCUA_PASSWORD."),
                field="as",
            )
        from app.services.people.access import officer_by_login, sign_in

        password = self.environ.get(PASSWORD)
        if password:
            code = self.environ.get(CODE, "")
            return self._own_password(desk, sign_in(desk, login, password, code), password)
        if desk.profile.demo and login == DEMO_LOGIN:
            return officer_by_login(desk, login)
        raise RuleError(
            "password-missing",
            t("Chưa có mật khẩu của cán bộ này."),
            t("Đặt mật khẩu vào biến MOTCUA_PASSWORD rồi chạy lại."),
            field="password",
        )

    def _own_password(self, desk: Desk, officer: Officer, password: str) -> Officer:
        """The officer, once the one-time password is no longer his."""
        from app.services.people.access import change_password, must_change_password

        if not must_change_password(desk, officer):
            return officer
        new = self.environ.get(NEW_PASSWORD)
        if not new:
            raise RuleError(
                "password-once",
                t("Mật khẩu này chỉ dùng một lần, cần đổi ở lần vào đầu tiên."),
                t("Đặt mật khẩu mới vào biến MOTCUA_NEW_PASSWORD rồi chạy lại, hoặc mở cửa sổ để đổi."),
                field="new_password",
            )
        change_password(desk, officer, password, new)
        return officer


@dataclass(frozen=True)
class Session:
    """One command. ``batch``: inside a batch, where stdin holds the commands themselves."""

    links: Links
    shelf: Shelf
    args: argparse.Namespace
    batch: bool = False

    @property
    def folder(self) -> Path:
        """The desk's folder."""
        folder: Path = self.args.data
        return folder

    @property
    def desk(self) -> Desk:
        """The desk, open."""
        return self.shelf.desk(self.folder)

    @property
    def officer(self) -> Officer:
        """Who acts."""
        return self.shelf.officer(self.folder, self.args.login)

    def act_time(self) -> datetime | None:
        """``--at``, or ``None`` for now."""
        text: str | None = self.args.at
        return None if text is None else self.moment(text, "at")

    def moment(self, text: str, name: str) -> datetime:
        """A time as typed, read by the desk's own opening hours."""
        return parse_moment(text, name, self.desk.reference.calendar)

    def text(self, given: str) -> str:
        """The text itself, or for ``-`` one line of stdin, so that no citizen stands in a process list."""
        if given != "-" or self.batch:
            return given
        line = sys.stdin.buffer.readline()
        return line.decode("utf-8", "surrogateescape").rstrip("\r\n")
