"""Bảng kê giao nhận: dossiers scanned one after the other, given to another unit or taken from one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.roles import Officer
from app.errors import AppError, NotFoundError
from app.services import drafts
from app.services.desk import Desk
from app.services.drafts import Draft, new_draft_id
from app.services.finding.search import Hit, find
from app.services.hand_over.lists import (
    OUT,
    ListMade,
    ListOrder,
    ListRow,
    hand_over_to,
    lists,
    print_list,
    take_over_from,
)
from app.services.papers.slips import note_printed
from app.text import t
from app.ui.background import DOSSIERS, OUTBOX
from app.ui.dossiers.dates import local_day
from app.ui.returning.lists_page import ListsPage
from app.ui.returning.loading import Drawn, drawn
from app.ui.screen import Context, Destination, KeyAct, Screen
from app.ui.widgets import ActionBar, Button, Choice, Kind, NoticeKind, RowItem, Size

SCREEN = "handover"
_MOST_UNITS = 8


@dataclass(frozen=True)
class _Start:
    before: tuple[ListRow, ...]
    draft: Draft | None
    year: int


@dataclass(frozen=True)
class _Made:
    made: ListMade
    paper: Drawn | None


class ListsScreen(Screen):
    """F9 makes and prints the list; Enter adds a dossier; Delete takes one out; Esc goes back."""

    name = SCREEN
    title = t("Giao nhận với đơn vị khác")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._rows: dict[str, RowItem] = {}
        self._draft_id = new_draft_id()
        self._busy = False
        self.bar = ActionBar()
        self.back = self.bar.add_button(Button(t("Trả kết quả"), cap="Esc", size=Size.BIG))
        self.make = self.bar.add_button(
            Button(t("Lập và in bảng kê"), Kind.PRIMARY, icon="printer", cap="F9", size=Size.BIG)
        )
        self.page = ListsPage(self, self.bar, self._find_units)
        page = self.page
        page.add.entered.connect(self.add)
        page.way.changed.connect(lambda _way: self._way_changed())
        page.unit.chosen.connect(lambda _code: self._keep())
        page.unit.edited.connect(lambda _text: page.unit.set_error(None))
        page.add.edited.connect(lambda _text: page.add.set_error(None))
        page.note.left.connect(lambda _text: self._keep())
        page.table.opened.connect(lambda _row: self.reprint())
        self.back.clicked.connect(self.leave)
        self.make.clicked.connect(self.make_list)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), page.rows)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.take_out)
        self.bar.set_idle(t("Hồ sơ nào quy định chưa cho chuyển sẽ được nêu tên, các hồ sơ khác vẫn đi."))

    def shown(self, argument: object) -> None:
        """Lists made before, and the one left half made."""
        self._load()

    def reload(self, kinds: frozenset[str]) -> None:
        """Another list may have been made."""
        if DOSSIERS in kinds:
            self._load()

    def keys(self) -> tuple[KeyAct, ...]:
        """F9 makes the list, Esc goes back."""
        return (
            KeyAct("F9", self.make_list, t("Lập và in bảng kê")),
            KeyAct("Esc", self.leave, t("Về Trả kết quả, giữ phần đã gõ")),
        )

    def first_focus(self) -> QWidget | None:
        """The unit first, then the scanner's field."""
        return self.page.add.line if self.page.unit_code() else self.page.unit.line

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer column."""
        self.page.set_narrow(narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def leave(self) -> None:
        """Back; what stands on the list is kept."""
        self._keep()
        self.go.emit(Destination("returning"))

    def add(self) -> None:
        """Enter, by hand or by the scanner: one more dossier."""
        text, desk, by = self.page.add.text().strip(), self.context.runtime.desk, self.context.officer
        if text:
            incoming = self.page.way.value() != OUT
            self.context.background.run(
                lambda: _look_up(desk, by, text, incoming=incoming), self._added, self.page.say, owner=self
            )

    def take_out(self) -> None:
        """Delete: the dossier is left out of the list."""
        key = self.page.rows.current_key()
        if key is not None and self._rows.pop(key, None) is not None:
            self._show_rows()
            self._keep()

    def make_list(self) -> None:
        """F9: each dossier moves by its own act, then the paper; a second press does nothing."""
        if self._busy:
            return
        page, desk, by = self.page, self.context.runtime.desk, self.context.officer
        page.clear_errors()
        order = ListOrder(page.unit_code(), tuple(self._rows), page.note.text())
        call = hand_over_to if page.way.value() == OUT else take_over_from

        def work() -> _Made:
            made = call(desk, by, order)
            list_id = made.id
            return _Made(made, drawn(lambda: print_list(desk, by, list_id)) if list_id is not None else None)

        self._set_busy(True)
        self.context.background.run(
            work, self._made, self._refused, owner=self, changes=frozenset({DOSSIERS, OUTBOX})
        )

    def reprint(self) -> None:
        """The list of the table, once more on paper."""
        keys, desk, by = self.page.table.selected_keys(), self.context.runtime.desk, self.context.officer
        if keys:
            self.context.background.run(
                lambda: print_list(desk, by, str(keys[0])), self._print, self.page.say, owner=self
            )

    def _load(self) -> None:
        desk, by = self.context.runtime.desk, self.context.officer

        def work() -> _Start:
            kept = drafts.open_drafts(desk, by, SCREEN)
            return _Start(lists(desk, by), kept[0] if kept else None, local_day(desk.clock.now()).year)

        self.context.background.run(work, self._show, self.page.say, owner=self, latest=SCREEN)

    def _show(self, start: _Start) -> None:
        self.page.show_before(start.before, start.year)
        if start.draft is not None and not self._rows:
            body = start.draft.body
            self._draft_id = start.draft.id
            self._rows = {each[0]: RowItem(*each) for each in body.get("rows", ())}
            self.page.way.set_value(str(body.get("way") or OUT))
            self.page.note.set_text(str(body.get("note") or ""))
            self.page.set_unit(str(body.get("unit") or ""), str(body.get("unit_name") or ""))
            self.page.show_way()
            self._show_rows()

    def _added(self, row: RowItem) -> None:
        self.page.add.clear()
        self.page.add.set_error(None)
        self.page.news.hide()
        self._rows.setdefault(row.key, row)
        self._show_rows()
        self.page.rows.set_current(row.key)
        self.page.add.line.setFocus()
        self._keep()

    def _show_rows(self) -> None:
        self.page.show_rows(list(self._rows.values()))

    def _way_changed(self) -> None:
        self.page.show_way()
        self._keep()

    def _made(self, done: _Made) -> None:
        self._set_busy(False)
        made, page = done.made, self.page
        left = {each.number for each in made.left}
        self._rows = {key: row for key, row in self._rows.items() if key in left}
        self._show_rows()
        if made.id is None:
            page.tell(
                NoticeKind.WARN,
                t("Chưa lập bảng kê: không hồ sơ nào đi được."),
                t("Các hồ sơ giữ nguyên."),
                made.left,
            )
            return
        title = t("Bảng kê {no}: {count} hồ sơ, {unit}.").format(
            no=made.no, count=len(made.taken), unit=made.other_name
        )
        body = (
            t("Hồ sơ nêu trên giữ nguyên, còn trong danh sách.") if made.left else t("Ký hai bên rồi giao.")
        )
        page.tell(NoticeKind.WARN if made.left else NoticeKind.OK, title, body, made.left)
        self._keep()
        if done.paper is not None:
            self._print(done.paper)
        page.add.line.setFocus()
        self.context.background.hurry()

    def _refused(self, error: AppError) -> None:
        self._set_busy(False)
        self.page.say(error)
        if error.field == "unit":
            self.page.unit.line.setFocus()
        elif error.field == "number":
            self.page.add.line.setFocus()

    def _print(self, paper: Drawn) -> None:
        desk, by, background = self.context.runtime.desk, self.context.officer, self.context.background

        if isinstance(paper, AppError):
            words = f"{paper.title} {paper.next_step}"
            self.page.tell(NoticeKind.WARN, t("Bảng kê đã lập, chưa in được."), words)
            return
        job_id = paper.job_id

        def note(queue: str, *, ok: bool) -> None:
            background.run(lambda: note_printed(desk, by, job_id, queue, ok=ok), owner=self)

        def failed(error: AppError) -> None:
            note("", ok=False)
            self.page.tell(NoticeKind.WARN, t("Bảng kê đã lập, chưa in được."), error.next_step)

        name = t("Bảng kê giao nhận")
        self.context.printer.print_pdf(paper.pdf, name, lambda queue: note(queue, ok=True), failed)

    def _keep(self) -> None:
        """The list so far, in the store; an empty one is forgotten."""
        desk, by, draft_id, page = (
            self.context.runtime.desk,
            self.context.officer,
            self._draft_id,
            self.page,
        )
        body = {
            "rows": [[row.key, row.title, row.detail, row.right] for row in self._rows.values()],
            "way": page.way.value(),
            "unit": page.unit_code(),
            "unit_name": page.unit.text(),
            "note": page.note.text(),
        }
        if self._rows:
            self.context.background.run(
                lambda: drafts.save_draft(desk, by, draft_id, SCREEN, "add", body), owner=self
            )
        else:
            self._draft_id = new_draft_id()
            self.context.background.run(lambda: drafts.drop_draft(desk, by, draft_id), owner=self)

    def _find_units(self, text: str) -> None:
        reference, home = self.context.runtime.desk.reference, self.context.runtime.desk.profile.unit_code

        def work() -> list[Choice]:
            province = reference.units.get(home)
            hits = reference.units.find(
                text, 2 * _MOST_UNITS, home=province.province_code if province else ""
            )
            found = {hit.unit.code: hit.unit for hit in hits if hit.unit.code != home}
            return [Choice(unit.code, unit.name, unit.province_name) for unit in found.values()][:_MOST_UNITS]

        self.context.background.run(work, self.page.unit.offer, owner=self, latest="units")

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.make.setEnabled(not busy)


def _look_up(desk: Desk, by: Officer, text: str, *, incoming: bool) -> RowItem:
    """The dossier of a code, a number or a name; of a list coming in, a number this PC does not know yet
    is taken as it stands on the paper."""
    found = find(desk, by, text, limit=2)
    if len(found.results) == 1 or (found.results and _is(found.results[0], text)):
        hit = found.results[0]
        return RowItem(hit.number, hit.name, f"{hit.procedure_name} · {hit.number}", hit.status.label)
    if found.results:
        raise NotFoundError(
            "several",
            t("{count} hồ sơ cùng khớp.").format(count=found.count),
            t("Quét mã trên giấy hẹn, hoặc gõ đủ số hồ sơ."),
            field="number",
        )
    if incoming:
        return RowItem(text, text, t("Chưa có trên máy này"), t("chờ đồng bộ"))
    raise NotFoundError(
        "no-dossier",
        t("Không tìm thấy hồ sơ này."),
        t("Quét lại mã trên giấy hẹn, hoặc gõ lại số."),
        field="number",
    )


def _is(hit: Hit, text: str) -> bool:
    return hit.number.casefold() == text.strip().casefold()
