"""Chuyển bằng USB: what waits goes to the province by hand, its receipt comes back the same way."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QStandardPaths, QStorageInfo, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.clock import VIETNAM
from app.errors import AppError
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.ports import BundlesMade, ReceiptRead
from app.ui.screen import Context
from app.ui.sync_status.courier_card import CourierCard
from app.ui.sync_status.view import SyncView
from app.ui.widgets import NoticeKind

T = TypeVar("T")

_BOTH = frozenset({DOSSIERS, OUTBOX})
_STICKS = ("/media/", "/run/media/", "/mnt/")


class Courier(QObject):
    """The officer's two acts. ``failed(AppError)``: to be told in the page. ``choose_folder`` and
    ``choose_file`` ask where the stick is; an empty answer means the officer thought better of it."""

    failed = Signal(object)

    def __init__(self, context: Context, view: SyncView, card: CourierCard, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._view, self._card = context, view, card
        self.choose_folder: Callable[[], str] = lambda: QFileDialog.getExistingDirectory(
            parent, t("Chọn USB hoặc thư mục để chép gói"), stick()
        )
        self.choose_file: Callable[[], str] = lambda: QFileDialog.getOpenFileName(
            parent, t("Chọn biên nhận của tỉnh"), stick(), t("Gói (*.bundle);;Mọi tệp (*)")
        )[0]
        card.export.clicked.connect(self.export)
        card.receive.clicked.connect(self.receive)

    def export(self) -> None:
        """Chép ra USB."""
        chosen, desk = self.choose_folder(), self._context.runtime.desk
        port = self._context.runtime.sync
        if not chosen or port is None:
            return
        target = Path(chosen) / bundle_name(desk.profile.unit_code, desk.profile.desk_no, desk.clock.now())
        officer = self._context.officer.id

        def made(bundles: BundlesMade) -> None:
            self._card.set_busy(False)
            self._view.tell(NoticeKind.OK, exported_words(bundles), _CARRY if bundles.files else "")

        self._run(lambda: port.export_bundle(target, officer), made)

    def receive(self) -> None:
        """Nhận biên nhận."""
        chosen, port = self.choose_file(), self._context.runtime.sync
        if not chosen or port is None:
            return

        def taken(receipt: ReceiptRead) -> None:
            self._card.set_busy(False)
            self._view.tell(NoticeKind.OK, received_words(receipt), _CHECK)

        self._run(lambda: port.take_receipt(Path(chosen)), taken)

    def _run(self, call: Callable[[], T], done: Callable[[T], None]) -> None:
        def refused(error: AppError) -> None:
            self._card.set_busy(False)
            self.failed.emit(error)

        self._card.set_busy(True)
        self._view.head.say(t("Đang đọc ghi USB, đừng rút…"))
        self._context.background.run(call, done, refused, owner=self, changes=_BOTH)


_CARRY = t("Rút USB an toàn rồi đưa cho cổng của tỉnh. Việc vẫn tính là chờ gửi tới khi có biên nhận.")
_CHECK = t("Việc tỉnh trả về, nếu có, nằm đầu hộp gửi đi.")


def exported_words(made: BundlesMade) -> str:
    """What lies on the stick now."""
    if not made.files:
        return t("Không có gì phải chép: tỉnh đã có đủ.")
    if len(made.files) == 1:
        return t("Đã chép {n} việc ra USB, tệp {name}.").format(n=made.events, name=made.files[0].name)
    return t("Đã chép {n} việc ra USB, {files} tệp từ {first} đến {last}; đưa đủ cả {files} tệp.").format(
        n=made.events, files=len(made.files), first=made.files[0].name, last=made.files[-1].name
    )


def received_words(taken: ReceiptRead) -> str:
    """What the receipt brought."""
    words = [t("Tỉnh đã xem {n} việc").format(n=taken.events)]
    if taken.files:
        words.append(t("nhận {n} bản quét").format(n=taken.files))
    if taken.changes:
        words.append(t("báo {n} thay đổi").format(n=taken.changes))
    return t("Đã nhận biên nhận: {words}.").format(words=", ".join(words))


def bundle_name(unit_code: str, desk_no: int, now: datetime) -> str:
    """Commune, desk and minute; no word about any citizen (I25)."""
    return f"motcua-{unit_code}-quay{desk_no}-{now.astimezone(VIETNAM):%Y%m%d-%H%M%S}.bundle"


def stick() -> str:
    """Where a stick is plugged in, else the officer's own documents."""
    for volume in QStorageInfo.mountedVolumes():
        if _is_stick(volume) and volume.isReady() and not volume.isReadOnly():
            return volume.rootPath()
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _is_stick(volume: QStorageInfo) -> bool:
    root = volume.rootPath()
    if os.name == "nt":
        return not volume.isRoot() and not root.upper().startswith("C:")
    return root.startswith(_STICKS)
