"""Sao lưu: how old the newest copy is, where copies go, and one more now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.roles import Permission
from app.errors import AppError
from app.services.desk import Desk
from app.services.office_settings import backup_place, set_backup_place
from app.services.safety.automatic import BackupAge, backup_age, run_automatic_backup
from app.services.safety.backup import BackupMade
from app.text import t
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import Button, Card, Fact, Field, Kind, Label, NoticeKind, Tone, Type


@dataclass(frozen=True)
class _Now:
    age: BackupAge
    place: str
    now: datetime


class BackupSection(Section):
    """Everybody may copy (a copy is encrypted); where copies go is the office's to say."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._decides = self.by.may(Permission.CONFIGURE) or self.by.may(Permission.OVERRIDE)
        self.copying = Card(t("Bản sao mới nhất"))
        self.age = Fact(t("Đã sao lưu và đọc lại được"), semibold=True)
        self.where = Fact(t("Nơi để bản sao"))
        told = Label(
            t(
                "Chương trình tự sao lưu mỗi ngày và khi đóng. Bản sao được mã hóa; khi máy hỏng, mở bằng "
                "tờ từ khôi phục theo bản hướng dẫn sao lưu đi kèm chương trình (docs/backup.md)."
            ),
            Type.LABEL,
            tone=Tone.SECONDARY,
            wrap=True,
        )
        self.now = Button(t("Sao lưu ngay"), Kind.PRIMARY, icon="save")
        for part in (self.age, self.where, told, self.now):
            self.copying.body.addWidget(part)
        self.placing = Card(t("Nơi để bản sao"))
        self.folder = Field(
            t("Thư mục trên ổ khác hoặc USB"),
            placeholder=t("để trống: cạnh dữ liệu của quầy"),
            hint=t("Để cạnh dữ liệu thì máy hỏng là mất cả hai. Nên chọn ổ khác hoặc USB."),
        )
        self.keep = Button(t("Lưu nơi để"), icon="folder", cap="Ctrl+S")
        self.placing.body.addWidget(self.folder)
        self.placing.body.addWidget(self.keep)
        self.add(self.copying, self.placing)
        self.placing.setVisible(self._decides)
        self.fields = {"folder": self.folder, "file": self.folder}
        self._copying = False
        self.now.clicked.connect(self.copy_now)
        self.folder.edited.connect(lambda _text: self.folder.set_error(None))
        self.folder.entered.connect(self.save)
        self.keep.clicked.connect(self.save)

    def load(self) -> None:
        """Age and place."""
        desk = self.desk
        self.ask(lambda: _read(desk), self._show)

    def save(self) -> None:
        """Keeps the place."""
        if not self._decides:
            return
        desk, by, folder = self.desk, self.by, self.folder.text()
        self.work(lambda: set_backup_place(desk, by, folder), self._kept)

    def copy_now(self) -> None:
        """Beside everything else: a copy of a big desk takes a while."""
        if self._copying:
            return
        self._copying = True
        self.now.setEnabled(False)
        self.tell(NoticeKind.INFO, t("Đang sao lưu…"), t("Cứ làm việc khác; xong sẽ báo ở đây."))
        desk, by = self.desk, self.by
        self.context.background.aside(
            lambda: run_automatic_backup(desk, by), self._copied, self._not_copied, owner=self
        )

    def first(self) -> QWidget:
        """The copy."""
        return self.now

    def _copied(self, made: BackupMade) -> None:
        self._copying = False
        self.now.setEnabled(True)
        self.said(
            t("Đã sao lưu {count} hồ sơ và đọc lại được.").format(count=made.dossiers),
            t("Tệp {name}").format(name=made.file.name),
        )
        self.load()

    def _not_copied(self, error: AppError) -> None:
        self._copying = False
        self.now.setEnabled(True)
        self.tell(NoticeKind.WARN, error.title, error.next_step)

    def _kept(self, place: str) -> None:
        self.said(
            t("Bản sao từ nay để ở {place}.").format(place=place)
            if place
            else t("Bản sao từ nay để cạnh dữ liệu của quầy."),
            t("Bấm Sao lưu ngay để có bản đầu tiên ở đó."),
        )
        self.load()

    def _show(self, now: _Now) -> None:
        at = now.age.at
        if at is None:
            self.age.set_value(t("Chưa có bản sao nào"), Tone.RED)
        else:
            days = (now.now.astimezone(VIETNAM).date() - at.astimezone(VIETNAM).date()).days
            shown = at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
            when = t("hôm nay") if not days else t("{days} ngày trước").format(days=days)
            self.age.set_value(f"{shown} ({when})", Tone.RED if days > 1 else Tone.TEXT)
        self.where.set_value(now.place or t("cạnh dữ liệu của quầy"))
        self.folder.set_text(now.place)


def _read(desk: Desk) -> _Now:
    return _Now(backup_age(desk), backup_place(desk), desk.clock.now())
