"""Starts the window: look, one instance a desk, sign-in; or only says when it is ready."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from app.errors import AppError
from app.services.people.access import officer_by_login
from app.settings import load_settings
from app.text import t
from app.ui.collecting import spare_imports
from app.ui.lock.door import Door
from app.ui.lock.frame import Frame
from app.ui.main_window import MainWindow, newest_draft
from app.ui.none_guard import keep_none_alive
from app.ui.screen import Destination
from app.ui.theme import set_up_look
from app.ui.widgets import Mode

_MODES = {"light": Mode.LIGHT, "dark": Mode.DARK, "system": None}
_DEMO_LOGIN = "canbo"


def has_screen() -> bool:
    """Whether there is a screen to show a window on."""
    return os.name == "nt" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def application(*, off_screen: bool = False) -> QApplication:
    """The one application object, made once."""
    keep_none_alive()
    if off_screen or not has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(["motcua"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Một Cửa Xã")
    return app


def start(door: Door, *, login: str | None = None, exit_when_ready: bool = False) -> Mapping[str, Any]:
    """Run the window until it is closed; gives what ``ui`` prints (CONTRACT).

    Raises what ``door.open`` raises. A store under a phrase that is not at hand is asked for on the page
    of the full lock, where there is a screen to ask on.
    """
    spare_imports()
    asks = door.needs_phrase() and has_screen() and not exit_when_ready
    runtime = None if asks else door.open()
    app = application()
    settings = runtime.settings if runtime is not None else load_settings(door.data)
    set_up_look(app, mode=_MODES[settings.theme], factor=settings.text_scale / 100)
    if not exit_when_ready and _shown_already(door.data):
        if runtime is not None:
            door.shut(runtime)
        return {"shown": True}
    frame = Frame(door, runtime, copies=not exit_when_ready)
    del runtime  # from here on the frame alone holds the open store, and can let it go
    ready: dict[str, Any] = {}
    server = None if exit_when_ready else _listen(door.data, frame)
    frame.show()
    if frame.work is not None:
        _sign_in(frame.work, login)
    if exit_when_ready:
        QTimer.singleShot(0, lambda: _tell_ready(frame, ready))
    try:
        app.exec()
    finally:
        if server is not None:
            server.close()
        if frame.work is not None:
            (door.shut if exit_when_ready else door.end)(frame.work.runtime)
    return ready


def tell_defect(note: str) -> None:
    """Say in every open window that the program itself failed; ``note``: the name of what was kept of it."""
    for widget in QApplication.topLevelWidgets():
        windows = [widget] if isinstance(widget, MainWindow) else widget.findChildren(MainWindow)
        for window in windows:
            window.defects.tell(note)


def start_failed(error: AppError) -> int:
    """Show why the desk cannot be opened and what to do; the exit code of the failure."""
    from app.ui.sign_in.failed import FailedPage

    app = application()
    set_up_look(app)
    page = FailedPage(error)
    page.show()
    app.exec()
    return error.exit_code


def _sign_in(window: MainWindow, login: str | None) -> None:
    desk = window.runtime.desk
    if desk.profile.demo and login in (None, _DEMO_LOGIN):
        window.work_as(officer_by_login(desk, _DEMO_LOGIN))
        officer = window.officer
        draft = newest_draft(window.runtime, officer) if officer is not None else None
        if draft is not None:
            window.go_to(Destination("reception", {"draft": draft}))
        return
    window.lock()
    window.sign_in.ask(login or "")


def _tell_ready(window: Frame, ready: dict[str, Any]) -> None:
    """Painted and taking keys: the moment an officer could begin."""
    assert window.work is not None
    window.repaint()
    QApplication.processEvents()
    ready["ready_ms"] = window.work.runtime.started_ms()
    window.close()
    QApplication.quit()


def _socket_name(data: Path) -> str:
    digest = hashlib.sha256(str(data.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return f"motcua-{digest[:24]}"


def _shown_already(data: Path) -> bool:
    """Ask a window already open on this desk to come to the front."""
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(data))
    if not socket.waitForConnected(300):
        return False
    socket.write(b"show")
    socket.waitForBytesWritten(300)
    socket.disconnectFromServer()
    return True


def _listen(data: Path, window: Frame) -> QLocalServer:
    name = _socket_name(data)
    QLocalServer.removeServer(name)
    server = QLocalServer(window)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    server.newConnection.connect(lambda: _raise(window, server))
    if not server.listen(name) and window.work is not None:
        window.work.status.set_left(t("Không giữ được chỗ cho một cửa sổ duy nhất trên máy này."))
    return server


def _raise(window: Frame, server: QLocalServer) -> None:
    connection = server.nextPendingConnection()
    if connection is not None:
        connection.close()
    window.showNormal()
    window.raise_()
    window.activateWindow()
