"""Yêu cầu của công dân: taken down at the counter, answered by a leader, carried out from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.clock import VIETNAM
from app.domain.citizen_qr import looks_like_card, parse_citizen_qr
from app.domain.privacy import RequestKind
from app.domain.roles import Permission
from app.domain.typed_date import format_date
from app.errors import RuleError
from app.services.papers.slips import MadePaper
from app.services.people.delegation import may_lead
from app.services.privacy.answer import print_answer
from app.services.privacy.person import PersonExport, person_export
from app.services.privacy.requests import (
    Bearing,
    Request,
    RequestLine,
    RequestOrder,
    correct_on_request,
    decide_request,
    end_restriction,
    list_requests,
    record_request,
    show_request,
)
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.privacy.printing import AskFile, ask_file, print_made, write_chosen
from app.ui.privacy.request_cards import AnswerCard, CorrectCard, NewCard, PickedCard
from app.ui.screen import Context
from app.ui.settings.section import Section
from app.ui.widgets import (
    Button,
    Card,
    Kind,
    Label,
    RowItem,
    RowList,
    State,
    Tone,
    Type,
    done,
    late,
    near,
    under_way,
)


@dataclass(frozen=True)
class _Loaded:
    lines: tuple[RequestLine, ...]
    leads: bool


class RequestsSection(Section):
    """The requests at left; at right a new one, or the one picked with what may be done of it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: dict[str, RequestLine] = {}
        self._bearing: Bearing | None = None
        self._leads = False
        self.ask_target: AskFile = self._ask
        self._build_list()
        self.adding = NewCard()
        self.picked = PickedCard()
        self.correcting = CorrectCard()
        self.answering = AnswerCard()
        self.add(self.picked, self.correcting, self.answering, self.adding)
        self._wire()
        self._show_parts()

    def _build_list(self) -> None:
        self.card = Card(t("Yêu cầu về dữ liệu cá nhân"))
        self.list = RowList(name=t("Yêu cầu về dữ liệu cá nhân"), lines=True)
        self.none = Label("", Type.TABLE, tone=Tone.SECONDARY, wrap=True)
        self.new = Button(t("Ghi yêu cầu mới"), Kind.LINK, icon="document")
        self.new.setVisible(self.by.may(Permission.RECEIVE))
        self.card.add_act(self.new)
        self.card.body.addWidget(self.none, 0, Qt.AlignmentFlag.AlignTop)
        self.card.full.addWidget(self.list, 1)
        self.add_list(self.card)

    def _wire(self) -> None:
        adding, answering, correcting = self.adding, self.answering, self.correcting
        self.fields = {**adding.fields, **answering.fields, **correcting.fields}
        self.new.clicked.connect(self.start_new)
        self.list.picked.connect(self._pick)
        adding.keep.clicked.connect(self.save)
        answering.keep.clicked.connect(self.answer)
        correcting.keep.clicked.connect(self.correct)
        self.picked.export.clicked.connect(self.export)
        self.picked.paper.clicked.connect(self.print_answer)
        self.picked.end.clicked.connect(self.end)

    def load(self) -> None:
        """The requests, the open ones first."""
        desk, by = self.desk, self.by
        leads = by.may(Permission.OVERRIDE)

        def read() -> _Loaded:
            return _Loaded(list_requests(desk, by), leads or may_lead(desk, by))

        self.ask(read, self._show)

    def save(self) -> None:
        """Ctrl+S keeps what is being written: a new request, else the answer."""
        if self.adding.isVisible():
            self._record()
        elif self.answering.isVisible():
            self.answer()

    def first(self) -> QWidget:
        """The list, or the form where there is nothing yet."""
        return self.list if self._lines else self.adding.first()

    def forget(self) -> None:
        """Who the request is about leaves the screen."""
        self._bearing = None
        self.adding.clear()
        self.picked.clear()
        self._show_parts()

    def take_card(self, text: str) -> bool:
        """A card scanned here is the citizen who asks."""
        if not (looks_like_card(text) and self.by.may(Permission.RECEIVE)):
            return False
        try:
            card = parse_citizen_qr(text, self._today())
        except RuleError as error:
            self.refuse(error)
            return True
        self.start_new()
        self.adding.fill(card.name, card.personal_id, card.address)
        self.adding.words.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def start_new(self) -> None:
        """An empty form."""
        self._bearing = None
        self.list.set_current(None)
        self.adding.clear()
        self._show_parts(new=True)
        self.adding.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self) -> None:
        """The leader's word; an erasure is done with it."""
        bearing = self._bearing
        if bearing is None:
            return
        desk, by, which = self.desk, self.by, bearing.request.id
        decision, reason, basis = (
            self.answering.decision(),
            self.answering.reason.text(),
            self.answering.basis.text(),
        )
        self.work(
            lambda: decide_request(desk, by, which, decision, reason, basis), self._answered, changes=_BOTH
        )

    def correct(self) -> None:
        """One value of one dossier, as the citizen asks."""
        bearing = self._bearing
        if bearing is None:
            return
        desk, by, which = self.desk, self.by, bearing.request.id
        number, changes = self.correcting.order()
        self.work(
            lambda: correct_on_request(desk, by, which, number, changes), self._corrected, changes=_BOTH
        )

    def export(self) -> None:
        """All that is held of the person, into a file the officer names."""
        bearing = self._bearing
        target = self.ask_target() if bearing is not None else ""
        if bearing is None or not target:
            return
        desk, by, identity = self.desk, self.by, bearing.request.identity

        def make() -> tuple[PersonExport, str]:
            made = person_export(desk, by, identity)
            return made, write_chosen(target, made.pdf)

        self.work(make, self._exported)

    def print_answer(self) -> None:
        """The paper for the citizen."""
        bearing = self._bearing
        if bearing is not None:
            desk, by, which = self.desk, self.by, bearing.request.id
            self.work(lambda: print_answer(desk, by, which), self._drawn)

    def end(self) -> None:
        """The citizen takes a restriction back."""
        bearing = self._bearing
        if bearing is not None:
            desk, by, which = self.desk, self.by, bearing.request.id
            self.work(lambda: end_restriction(desk, by, which), self._ended)

    # ---- inside

    def _record(self) -> None:
        desk, by, adding = self.desk, self.by, self.adding
        order = RequestOrder(
            kind=adding.kind(),
            name=adding.name.text(),
            identity=adding.identity.text(),
            words=adding.words.text(),
            phone=adding.phone.text(),
            address=adding.address.text(),
        )
        self.work(lambda: record_request(desk, by, order), self._recorded)

    def _recorded(self, request: Request) -> None:
        until = (
            t("Phản hồi chậm nhất {day}.").format(day=format_date(request.reply_due))
            if request.reply_due
            else t("Chưa đặt hạn phản hồi.")
        )
        self.said(t("Đã ghi yêu cầu số {number}.").format(number=request.number), until)
        self._reopen(request.id)

    def _answered(self, request: Request) -> None:
        assert request.decision is not None
        words = t("Đã trả lời yêu cầu số {number}: {decision}.").format(
            number=request.number, decision=request.decision.label.lower()
        )
        self.said(words, t("In phiếu trả lời đưa công dân."))
        self._reopen(request.id)

    def _corrected(self, fields: tuple[object, ...]) -> None:
        self.said(t("Đã sửa hồ sơ."), t("In giấy hẹn thay thế trong hồ sơ, rồi lãnh đạo trả lời yêu cầu."))
        self.correcting.clear()
        if self._bearing is not None:
            self._reopen(self._bearing.request.id)

    def _exported(self, made: tuple[PersonExport, str]) -> None:
        self.said(
            t("Đã xuất {dossiers} hồ sơ, {cases} lượt hỗ trợ ra {name}.").format(
                dossiers=made[0].dossiers, cases=made[0].help_cases, name=made[1]
            ),
            t("Tệp này đọc được, không mã hóa: giao cho công dân rồi xóa khỏi máy."),
        )

    def _drawn(self, made: MadePaper) -> None:
        print_made(self, made, t("Phiếu trả lời"))

    def _ended(self, request: Request) -> None:
        self.said(t("Đã thôi hạn chế theo yêu cầu số {number}.").format(number=request.number))
        self._reopen(request.id)

    def _reopen(self, request_id: str) -> None:
        self.adding.clear()
        self._wanted = request_id
        self.load()

    _wanted = ""

    def _show(self, loaded: _Loaded) -> None:
        self._lines = {line.id: line for line in loaded.lines}
        self._leads = loaded.leads
        today = self._today()
        self.list.set_items([_row(line, today) for line in loaded.lines])
        self.list.setVisible(bool(loaded.lines))
        self.none.setVisible(not loaded.lines)
        self.none.setText(t("Chưa có yêu cầu nào. Công dân đưa thẻ thì quét ngay ở đây."))
        waiting = sum(line.decision is None for line in loaded.lines)
        self.card.set_hint(t("{count} chờ trả lời").format(count=waiting) if waiting else "")
        wanted, self._wanted = self._wanted, ""
        if wanted in self._lines:
            self.list.set_current(wanted)
            self._pick(wanted)
        elif self._bearing is None:
            self.list.set_current(None)
            self._show_parts(new=not loaded.lines and self.by.may(Permission.RECEIVE))

    def _pick(self, key: str) -> None:
        desk, by = self.desk, self.by
        if key in self._lines:
            self.context.background.run(
                lambda: show_request(desk, by, key),
                self._show_bearing,
                self.refuse,
                owner=self,
                latest="privacy-request",
            )

    def _show_bearing(self, bearing: Bearing) -> None:
        self._bearing = bearing
        self.picked.show_bearing(bearing)
        self.correcting.offer(bearing)
        self.answering.offer(bearing)
        self._show_parts()

    def _show_parts(self, *, new: bool = False) -> None:
        bearing = self._bearing
        self.adding.setVisible(new)
        self.picked.setVisible(bearing is not None)
        open_one = bearing is not None and bearing.request.open
        correction = open_one and bearing is not None and bearing.request.kind is RequestKind.CORRECTION
        acts = self.by.may(Permission.RECEIVE)
        self.correcting.setVisible(correction and acts and bool(bearing and bearing.numbers))
        self.answering.setVisible(open_one and self._leads)
        if bearing is not None:
            self.picked.offer(bearing, acts=acts, prints=self.by.may(Permission.PRINT))
        self._inner.settle_soon()

    def _ask(self) -> str:
        return ask_file(self, t("Lưu dữ liệu của công dân"), "du-lieu-cong-dan.pdf", t("Tệp PDF (*.pdf)"))

    def _today(self) -> date:
        return self.desk.clock.now().astimezone(VIETNAM).date()


_BOTH = frozenset({DOSSIERS, OUTBOX})


def _row(line: RequestLine, today: date) -> RowItem:
    title = " · ".join(each for each in (line.name or t("đã xóa tên"), line.masked) if each)
    detail = f"{line.number} · {line.kind.label} · {line.received_at.astimezone(VIETNAM):%d/%m/%Y}"
    return RowItem(line.id, title, detail, state=_state(line, today))


def _state(line: RequestLine, today: date) -> State:
    if line.decision is not None:
        return done(line.decision.label)
    last = line.reply_due
    if last is None:
        return under_way(t("Chờ trả lời"))
    if last < today:
        return late(t("Quá hạn phản hồi"))
    words = t("Phản hồi trước {day}").format(day=f"{last:%d/%m}")
    return near(words) if (last - today).days <= 1 else under_way(words)
