"""One paper on its way through a queue of the system, until it is printed or a sentence says why not."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QTimer

from app.errors import CircumstanceError
from app.text import t
from app.ui import system_queue
from app.ui.system_queue import Answer, read_job, read_queues

SLOW_S = 15.0
"""After this the officer is told that the paper still waits; the program goes on watching."""
WATCH_S = 600.0
"""After this the paper is taken back out of the queue, so that nobody believes it printed."""
_EAGER_MS, _PATIENT_MS = 400, 4000


class PrintJob:
    """Asks for the queues, sends the PDF, and watches the job; exactly one of ``done`` and ``failed`` is
    called. ``slow`` gets the queue's name once if the paper is still waiting after ``SLOW_S``."""

    def __init__(
        self,
        done: Callable[[str], None],
        failed: Callable[[CircumstanceError], None],
        slow: Callable[[str], None],
    ) -> None:
        self._done, self._failed, self._slow = done, failed, slow
        self._pdf, self._title, self._preferred = b"", "", ""
        self._queue, self._job, self._since = "", "", 0.0
        self._told_slow = False

    def start(self, pdf: bytes, title: str, preferred: str) -> None:
        """``title`` stands in the queue for all to read; ``preferred``: the remembered queue, or empty."""
        self._pdf, self._title, self._preferred = pdf, title, preferred
        _UNDER_WAY.add(self)
        system_queue.run(("lpstat", "-d", "-p", "-a"), self._choose)

    def _choose(self, answer: Answer) -> None:
        queues = read_queues(answer.out)
        self._queue = queues.chosen(self._preferred)
        if answer.code is None:
            self._fail(t("Hệ thống in của máy này chưa trả lời."))
        elif not self._queue and _is_off(answer):
            self._fail(_off(self._preferred))
        elif not self._queue:
            self._fail(no_printer() if not queues.names else t("Chưa chọn máy in cho quầy này."))
        elif self._queue in queues.rejecting:
            self._fail(t("Máy in “{queue}” đang không nhận giấy tờ mới.").format(queue=self._queue))
        elif self._queue in queues.stopped:
            self._fail(t("Máy in “{queue}” đang tạm dừng.").format(queue=self._queue))
        else:
            words = ("lp", "-d", self._queue, "-t", self._title, "-o", "print-scaling=none", "-")
            system_queue.run(words, self._sent, sent=self._pdf)

    def _sent(self, answer: Answer) -> None:
        self._job = read_job(answer.out)
        if self._job:
            self._pdf, self._since = b"", monotonic()
            self._look_soon()
        elif answer.code is None:
            self._fail(t("Máy in “{queue}” chưa trả lời.").format(queue=self._queue))
        elif _is_full(answer):
            self._fail(t("Hàng chờ của máy in “{queue}” đã đầy.").format(queue=self._queue))
        elif _is_off(answer):
            self._fail(_off(self._queue))
        else:
            self._fail(t("Máy in “{queue}” không nhận giấy tờ lúc này.").format(queue=self._queue))

    def _look_soon(self) -> None:
        pause = _EAGER_MS if monotonic() - self._since < SLOW_S else _PATIENT_MS
        QTimer.singleShot(pause, self._look)

    def _look(self) -> None:
        words = ("lpstat", "-p", self._queue, "-W", "not-completed", "-o", self._queue)
        system_queue.run(words, self._looked)

    def _looked(self, answer: Answer) -> None:
        waited = monotonic() - self._since
        if answer.code is None or _is_off(answer):
            self._fail(t("Dịch vụ in của máy này tắt giữa chừng."))
        elif self._queue in read_queues(answer.out).stopped:
            self._take_back(t("Máy in “{queue}” dừng giữa chừng."))
        elif not system_queue.is_listed(self._job, answer.out):
            words = ("lpstat", "-l", "-W", "completed", "-o", self._queue)
            system_queue.run(words, self._ended)
        elif waited > WATCH_S:
            self._take_back(t("Máy in “{queue}” bận quá lâu, bản in đã được rút về."))
        else:
            if waited > SLOW_S and not self._told_slow:
                self._told_slow = True
                self._slow(self._queue)
            self._look_soon()

    def _take_back(self, what: str) -> None:
        """The job leaves the queue, so that printing again never gives two sheets."""
        system_queue.run(("cancel", self._job), lambda _: None)
        self._fail(what.format(queue=self._queue))

    def _ended(self, answer: Answer) -> None:
        if system_queue.was_dropped(self._job, answer.out):
            self._fail(t("Máy in “{queue}” đã bỏ bản in này.").format(queue=self._queue))
        else:
            self._end(lambda: self._done(self._queue))

    def _fail(self, what: str) -> None:
        self._end(lambda: self._failed(kept(what)))

    def _end(self, call: Callable[[], None]) -> None:
        self._pdf = b""
        _UNDER_WAY.discard(self)
        call()


_UNDER_WAY: set[PrintJob] = set()
"""Qt's timers keep nothing alive."""


def kept(what: str) -> CircumstanceError:
    """What happened to the printer, what is safe, what next."""
    return CircumstanceError(
        "printer",
        what,
        t("Hồ sơ đã lưu, bản in đã giữ lại ở “Chờ in”. Bật máy in rồi bấm Ctrl+P để in."),
    )


def no_printer() -> str:
    """No queue is known to this PC."""
    return t("Máy này chưa có máy in.")


def slow_words(queue: str) -> str:
    """The queue is slow; nothing needs to be done."""
    return t("Máy in “{queue}” còn đang bận, giấy tờ vẫn ở hàng chờ và sẽ ra sau.").format(queue=queue)


def _off(queue: str) -> str:
    """The service does not answer; without it nobody knows whether there is a printer at all."""
    if queue:
        return t("Dịch vụ in của máy này đang tắt.")
    return t("Máy này chưa có máy in, hoặc dịch vụ in đang tắt.")


def _is_off(answer: Answer) -> bool:
    said = answer.err.lower()
    return any(words in said for words in ("not running", "refused", "unable to connect", "bad file"))


def _is_full(answer: Answer) -> bool:
    said = answer.err.lower()
    return any(words in said for words in ("quota", "too many", "space", "too large"))
