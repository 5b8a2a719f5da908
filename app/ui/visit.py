"""The main job through the windows by key events, and what became of it, read back from where it lies.

A card under the scanner becomes a stored dossier, a printed slip, an account-help case and a synchronised
province. Every line told is compared with the store, the kept paper or the province's answer first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.account_help import STATE_LABELS, ConsentPurpose, HelpState
from app.domain.citizen_qr import parse_citizen_qr
from app.domain.deadline import due_words
from app.domain.roles import Officer
from app.errors import CircumstanceError
from app.services.finding.dossier_detail import DossierDetail
from app.services.finding.dossier_view import show_dossier
from app.services.finding.search import earlier_visits
from app.services.help.account_help import Case, find_open_case
from app.services.papers.slips import kept_paper
from app.services.people.access import officer_by_login
from app.text import t
from app.ui.account_help.screen import AccountHelpScreen
from app.ui.hands import Hands
from app.ui.main_window import MainWindow
from app.ui.ports import Runtime, SyncStatus
from app.ui.screen import Destination
from app.ui.widgets import theme

CARD = "008198000000||Ma Thị Hường|14081998|Nữ|Thôn Nà Mẫu, xã Nà Hang, tỉnh Tuyên Quang|12092025"
"""A made-up citizen."""
PROCEDURE, PHONE = "1.001193", "0900000123"
_LOGIN = "canbo"
_AWAY = 300
_MOST_TABS = 60
_PREVIEW_MS = 600


@dataclass(frozen=True)
class Accepted:
    """A dossier accepted by keys: what the store holds, and how many keys it took after the scan."""

    dossier: DossierDetail
    keys: int


class Counter:
    """An officer at the window, who only presses keys (and once the rail with the pointer)."""

    def __init__(self, window: MainWindow, officer: Officer) -> None:
        self.window = window
        self.officer = officer
        self.hands = Hands(window, window.background.is_idle)
        self._desk = window.runtime.desk

    def receive(
        self,
        card: str,
        alias: str,
        phone: str,
        *,
        times: int = 1,
        filled: Callable[[], None] = lambda: None,
    ) -> Accepted:
        """Scan, procedure, papers, telephone (empty: the known one), F9 ``times`` over; ``filled`` is
        called before F9."""
        number = parse_citizen_qr(card, self._desk.clock.now().date()).personal_id
        before = self._visits(number)
        self.hands.scan(card)
        keys = self.hands.pressed
        self.hands.type(alias)
        self.hands.press(Qt.Key.Key_Return)
        self.hands.press(Qt.Key.Key_Return)
        self.hands.type(phone)
        self.hands.press(Qt.Key.Key_Return)
        filled()
        for _ in range(times):
            self.hands.press(Qt.Key.Key_F9)
        keys = self.hands.pressed - keys
        self.hands.wait(lambda: self._visits(number) > before, t("Hồ sơ chưa được lưu."))
        self.hands.settle()
        last = earlier_visits(self._desk, self.officer, number).last
        assert last is not None
        made = partial(show_dossier, self._desk, self.officer, last.id)
        self.hands.wait(lambda: bool(made(audited=False).prints), t("Chưa có giấy hẹn."))
        self.hands.settle()
        return Accepted(made(), keys)

    def help_account(self, card: str, phone: str) -> Case:
        """Through the screen Hỗ trợ tài khoản: scan, today's outcome, consent, Ctrl+Enter."""
        number = parse_citizen_qr(card, self._desk.clock.now().date()).personal_id
        self.open_place("account_help")
        self.hands.scan(card)
        screen = self.window.screen_shown
        assert isinstance(screen, AccountHelpScreen)
        page = screen.view.visit
        if page.person.phone.isVisibleTo(page):
            self._tab_to(page.person.phone.line)
            self.hands.type(phone)
        self._tab_to(page.next.outcome)
        self.hands.press(Qt.Key.Key_Down)
        for purpose in (ConsentPurpose.TRACKING, ConsentPurpose.REMINDER):
            self._tab_to(page.consent.rows[purpose].box)
            self.hands.press(Qt.Key.Key_Space)
        self.hands.press(Qt.Key.Key_Return, ctrl=True)
        self.hands.settle()
        case = find_open_case(self._desk, self.officer, number)
        if case is None:
            raise _untrue(t("Lượt hỗ trợ chưa được lưu."))
        return case

    def send_now(self) -> SyncStatus:
        """F5, and the line's word once all is sent and both sides fit."""
        sync = self.window.runtime.sync
        assert sync is not None
        pressed = self._desk.clock.now()
        self.hands.press(Qt.Key.Key_F5)
        self.hands.wait(lambda: _is_settled(sync.status(), pressed), t("Chưa đồng bộ xong với tỉnh."), 90)
        self.hands.settle()
        return sync.status()

    def open_place(self, name: str, argument: object = None) -> None:
        """A place of the rail."""
        self.window.go_to(Destination(name, argument))
        self.hands.settle()

    def _visits(self, number: str) -> int:
        return earlier_visits(self._desk, self.officer, number).count

    def _tab_to(self, target: QWidget) -> None:
        for _ in range(_MOST_TABS):
            here = QApplication.focusWidget()
            if here is not None and (here is target or target.isAncestorOf(here)):
                return
            self.hands.press(Qt.Key.Key_Tab)
        raise _untrue(t("Không tới được ô cần gõ bằng phím Tab."))


def perform_visit(runtime: Runtime, out: Path) -> list[str]:
    """Perform one visit by keys on an enrolled demo desk whose province answers.

    Leaves ``slip.pdf`` (the kept paper) and ``screens/*.png`` in ``out``; gives ten true lines. Raises
    ``CircumstanceError`` "visit-untrue" or "window-waits" where something did not happen.
    """
    from app.ui.start import application
    from app.ui.theme import set_up_look
    from app.ui.widgets import Mode

    set_up_look(application(off_screen=True), mode=Mode.LIGHT)
    officer = officer_by_login(runtime.desk, _LOGIN)
    window = MainWindow(runtime)
    window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    window.move(_AWAY, _AWAY)  # so that the pointer rests on nothing
    window.show()
    try:
        return _Visit(Counter(window, officer), out).perform()
    finally:
        window.close()
        window.deleteLater()
        QApplication.processEvents()


class _Visit:
    def __init__(self, counter: Counter, out: Path) -> None:
        self._counter, self._out = counter, out
        self._desk, self._officer = counter.window.runtime.desk, counter.officer
        self._pictures: list[Path] = []
        (out / "screens").mkdir(parents=True, exist_ok=True)

    def perform(self) -> list[str]:
        """The visit, then the ten lines."""
        counter = self._counter
        counter.window.work_as(self._officer)
        counter.hands.settle()
        self._picture("01-san-sang")
        before = earlier_visits(self._desk, self._officer, _personal_id()).count
        accepted = self._receive()
        slip = self._slip(accepted.dossier)
        case = counter.help_account(CARD, PHONE)
        self._picture("04-ho-tro-tai-khoan")
        status = counter.send_now()
        counter.open_place("sync")
        self._picture("05-dong-bo")
        dossier = show_dossier(self._desk, self._officer, accepted.dossier.id)
        self._look_around(dossier)
        stored = earlier_visits(self._desk, self._officer, _personal_id()).count - before
        return [
            *self._reception_lines(accepted, dossier, stored),
            *self._paper_lines(dossier, slip),
            *self._province_lines(dossier, case, status),
            t("10. Chụp {n} màn hình vào out/screens.").format(n=self._checked_pictures()),
        ]

    def _receive(self) -> Accepted:
        """As ``Counter.receive``, with a picture before and after F9; F9 is pressed twice."""
        accepted = self._counter.receive(CARD, "ks", PHONE, times=2, filled=self._before_f9)
        self._counter.hands.live(200)
        self._picture("03-da-tiep-nhan")
        return accepted

    def _before_f9(self) -> None:
        self._counter.hands.live(_PREVIEW_MS)
        self._picture("02-tiep-nhan")

    def _reception_lines(self, accepted: Accepted, dossier: DossierDetail, stored: int) -> list[str]:
        owner = dossier.owner
        card = parse_citizen_qr(CARD, self._desk.clock.now().date())
        _require(owner.name == card.name and owner.id_value == card.personal_id, "người trên thẻ")
        _require(dossier.procedure_code == PROCEDURE, "thủ tục")
        given = [each for each in dossier.components if each.quantity > 0]
        _require(given and dossier.status == 2, "thành phần hồ sơ")
        _require(owner.phone == PHONE, "điện thoại")
        _require(stored == 1, "một hồ sơ duy nhất")
        _require(dossier.due_at is not None, "ngày hẹn")
        assert dossier.due_at is not None
        label = t("số biên nhận tạm") if dossier.provisional else t("mã hồ sơ")
        return [
            t("1. Quét thẻ căn cước (người không có thật): {name}, sinh {born:%d/%m/%Y}.").format(
                name=owner.name, born=card.birth_date
            ),
            t("2. Gõ “ks”, Enter: {name} ({code}), {n} giấy tờ đã nhận, không thiếu.").format(
                name=dossier.procedure_name, code=dossier.procedure_code, n=len(given)
            ),
            t("3. Bấm F9 hai lần, cả lượt {keys} phím: lưu đúng một hồ sơ, {label} {number}.").format(
                keys=accepted.keys, label=label, number=dossier.number
            ),
            t("4. Hẹn trả {due}. {why}").format(due=due_words(dossier.due_at), why=dossier.due_reason),
        ]

    def _paper_lines(self, dossier: DossierDetail, slip: Path) -> list[str]:
        paper = next(each for each in dossier.prints if each.form == "01")
        held = slip.read_bytes()
        _require(held.startswith(b"%PDF") and held == self._kept(paper.job_id), "giấy hẹn đã giữ")
        _require(paper.state in ("printed", "failed", "kept"), "trạng thái bản in")
        queue = t("in ở máy “{queue}”").format(queue=paper.printer)
        became = queue if paper.state == "printed" else t("chưa có máy in nên giữ lại, Ctrl+P in được")
        return [
            t("5. Giấy tiếp nhận và hẹn trả (mẫu 01): out/slip.pdf, {kb} KB; {became}.").format(
                kb=max(1, len(held) // 1024), became=became
            )
        ]

    def _province_lines(self, dossier: DossierDetail, case: Case, status: SyncStatus) -> list[str]:
        sync = self._counter.window.runtime.sync
        assert sync is not None
        taken = [line for line in sync.outbox() if line.state == "accepted"]
        _require(case.state is HelpState.ELIGIBLE and case.tracked, "lượt hỗ trợ tài khoản")
        _require(case.phone == PHONE and case.has(ConsentPurpose.REMINDER), "điện thoại để nhắc")
        _require(not case.has(ConsentPurpose.CONTACT), "chỉ lưu điều đã đồng ý")
        _require(dossier.sync == "accepted", "tỉnh đã nhận hồ sơ")
        _require(any(line.dossier_id == dossier.id for line in taken), "câu trả lời của tỉnh về hồ sơ")
        _require(any(line.dossier_id is None for line in taken), "câu trả lời của tỉnh về hỗ trợ tài khoản")
        _require(status.waiting == status.rejected == status.deferred == 0, "hộp gửi đi đã hết")
        assert status.last_complete_at is not None
        return [
            t("6. Mở lượt hỗ trợ tài khoản: {state}, còn {n} bước.").format(
                state=STATE_LABELS[case.state].lower(), n=6 - case.steps_done
            ),
            t("7. Công dân đồng ý lưu tiến trình và nhắc qua điện thoại; ngoài ra không lưu gì."),
            t("8. F5: tỉnh ({gateway}) đã nhận hồ sơ và lượt hỗ trợ này, không trả về việc nào.").format(
                gateway=status.gateway
            ),
            t("9. Hai bên đã đối chiếu khớp nhau lúc {at:%H:%M:%S}, không còn việc nào chờ gửi.").format(
                at=status.last_complete_at
            ),
        ]

    def _look_around(self, dossier: DossierDetail) -> None:
        for name, place, argument in (
            ("06-chi-tiet-ho-so", "dossier", dossier.id),
            ("07-hom-nay", "today", None),
            ("08-luoi-ho-so", "dossiers", None),
            ("09-thu-tuc", "procedures", "khai sinh"),
        ):
            self._counter.open_place(place, argument)
            self._picture(name)

    def _slip(self, dossier: DossierDetail) -> Path:
        _require(dossier.prints, "giấy hẹn")
        path = self._out / "slip.pdf"
        path.write_bytes(self._kept(dossier.prints[0].job_id))
        return path

    def _kept(self, job_id: int) -> bytes:
        return kept_paper(self._desk, self._officer, job_id)

    def _picture(self, name: str) -> None:
        window, path = self._counter.window, self._out / "screens" / f"{name}.png"
        self._counter.hands.settle()
        image = QImage(window.size(), QImage.Format.Format_RGB32)
        image.fill(theme().tokens.window)
        window.render(image, QPoint())
        _require(image.save(str(path)), "ảnh màn hình")
        self._pictures.append(path)

    def _checked_pictures(self) -> int:
        whole = [path for path in self._pictures if not QImage(str(path)).isNull()]
        _require(len(whole) == len(self._pictures), "ảnh màn hình")
        return len(whole)


def _personal_id() -> str:
    return CARD.partition("|")[0]


def _is_settled(status: SyncStatus, since: datetime) -> bool:
    complete = status.last_complete_at
    return complete is not None and complete >= since and status.waiting == 0


def _require(true: object, what: str) -> None:
    if not true:
        raise _untrue(t("Chưa đúng sau lượt khách: {what}.").format(what=what))


def _untrue(what: str) -> CircumstanceError:
    return CircumstanceError("visit-untrue", what, t("Xem nhật ký rồi chạy lại."))
