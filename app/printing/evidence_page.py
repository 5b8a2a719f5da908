"""Trang bằng chứng (A4): when a dossier's acts were done here and when the province came to know of them.

No circular prescribes it; it is set like the counter's other own papers after NĐ 30/2020. The digests stand
whole, so that the province can hold them against its own store; a QR code carries the last one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from reportlab.platypus import Flowable, Paragraph

from app.clock import VIETNAM
from app.domain.deadline_words import due_words
from app.domain.evidence import DueChange, Evidence, EvidenceEvent, LineGap, Pause
from app.printing.codes import draw_qr, qr_quiet
from app.printing.document import draw_page, finish, new_canvas
from app.printing.flow import Together
from app.printing.form_lines import line, spaced
from app.printing.official_page import Head, Signatures, draw_marks, local_day, title_blocks
from app.printing.paper import A4, A4_STYLE, MM
from app.printing.plain_form import SIGN_HINT, PlainForm, set_pages
from app.printing.table import RuledTable
from app.printing.table_cells import Cells
from app.printing.typeset import paragraph, style
from app.text import t

_STYLES = (replace(A4_STYLE, body=12, table=10, note=10, gap=1.4, top=18 * MM, bottom=16 * MM),)
_COLUMNS = ((13, "Số thứ tự"), (33, "Việc"), (33, "Làm lúc, ghi vào máy lúc"), (33, "Gửi tỉnh"),
            (33, "Tỉnh trả lời"), (18, "Dấu việc"))  # fmt: skip
_SEAL_COLUMNS = ((13, "Số thứ tự"), (75, "Dấu việc (SHA-256)"), (75, "Dấu chuỗi đến việc này"))
_SEAL_SIZE = 8.5
_SHORT = 8
"""Digits of a digest in the table of acts; the whole stands below."""


def draw_evidence_page(paper: Evidence) -> bytes:
    """The page as PDF, as many sheets as the acts take; the same content always gives the same bytes.

    Raises ``StorageError`` ``no-paper-font``.
    """
    title = t("Trang bằng chứng xử lý hồ sơ")
    running = t("{title}, {number}").format(title=title, number=paper.number)
    form, pages = set_pages(lambda each: _blocks(each, paper, title), _STYLES, running)
    canvas = new_canvas(A4, title, form.family.regular, paper.made_at)
    for page_no, page in enumerate(pages, start=1):
        draw_page(canvas, page)
        draw_marks(canvas, form.page, form.family, page_no=page_no, copy_no=paper.copy_no, demo=paper.demo)
        canvas.showPage()
    return finish(canvas)


def seal_text(paper: Evidence) -> str:
    """What the QR code holds of the last act: epoch, number, digest, chain; empty without acts."""
    if not paper.events:
        return ""
    last = paper.events[-1]
    return f"{paper.streams[last.stream - 1]} {last.seq} {last.digest} {last.chain}"


def _blocks(form: PlainForm, paper: Evidence, title: str) -> list[Flowable]:
    day = local_day(paper.made_at)
    return [
        Head(paper.head, t("Số: ............"), day, form.family, form.page),
        *title_blocks(title, form.family, form.page),
        *spaced(_subject(form, paper), form.page.body * 0.5),
        _heading(form, t("1. Ở quầy và ở tỉnh")),
        *_compared(form, paper),
        _heading(form, t("2. Thời hạn")),
        *_term(form, paper),
        *_acts(form, paper),
        *_line_gaps(form, paper),
        *_seals(form, paper),
        _end(form, paper),
    ]


def _subject(form: PlainForm, paper: Evidence) -> list[Flowable]:
    lines = [line(form, t("Số hồ sơ"), paper.number, bold=True)]
    if paper.provisional_number and paper.provisional_number != paper.number:
        lines.append(line(form, t("Số biên nhận tạm"), paper.provisional_number))
    return [
        *lines,
        line(form, t("Chủ hồ sơ"), paper.owner_name),
        line(form, t("Nội dung giải quyết"), paper.request),
        line(
            form, t("Nơi lập, máy lập"), ", ".join(part for part in (paper.office, paper.desk_name) if part)
        ),
    ]


def _compared(form: PlainForm, paper: Evidence) -> list[Flowable]:
    """The two moments that are held against each other, then the clock they were taken from."""
    lines: list[Flowable] = [line(form, t("Tiếp nhận"), _done(paper.received_at, paper.recorded_at))]
    if paper.begin_event is not None:
        lines.append(line(form, t("Tỉnh trả lời về việc tiếp nhận"), _told(paper.begin_event)))
    end = paper.end_event
    if paper.ended_at is None:
        lines.append(line(form, t("Kết thúc xử lý"), t("chưa, tính đến lúc lập trang này")))
    else:
        recorded = end.recorded_at if end is not None else None
        lines.append(line(form, t("Kết thúc xử lý"), _done(paper.ended_at, recorded), bold=True))
        lines.append(line(form, t("Tỉnh trả lời về việc kết thúc"), _told(end), bold=True))
    if paper.late_words:
        lines.append(line(form, t("So với hẹn trả, theo giờ ở quầy"), paper.late_words, bold=True))
    if paper.known_late:
        lines.append(form.text(_late_line_words(paper), bold=True, gap=form.page.gap))
    clock = t("Đồng hồ máy khi kết thúc") if end is not None else t("Đồng hồ máy")
    lines.append(line(form, clock, _clock_words(paper)))
    return lines


def _told(each: EvidenceEvent | None) -> str:
    if each is None or each.answered_at is None:
        return t("chưa có trả lời")
    return f"{_stamp(each.answered_at)}, {_cut(each.answer)[0]}"


def _late_line_words(paper: Evidence) -> str:
    end = paper.end_event
    if end is not None and end.answered_at is not None:
        return t(
            "Quầy kết thúc xử lý không muộn hơn hẹn trả; trả lời của tỉnh về việc này đến sau hẹn trả. "
            "Các lần máy đã thử gửi ghi ở mục 3 và 4."
        )
    return t(
        "Quầy kết thúc xử lý không muộn hơn hẹn trả; đến lúc lập trang này, sau hẹn trả, tỉnh chưa trả lời "
        "về việc này. Các lần máy đã thử gửi ghi ở mục 3 và 4."
    )


def _term(form: PlainForm, paper: Evidence) -> list[Flowable]:
    due = due_words(paper.due_at) if paper.due_at else t("hồ sơ này không có ngày hẹn trả")
    lines: list[Flowable] = [line(form, t("Hẹn trả đang có hiệu lực"), due, bold=True)]
    if paper.due_reason:
        lines.append(line(form, t("Cách tính"), paper.due_reason))
    for change in paper.due_changes:
        lines.append(line(form, t("Đổi ngày hẹn"), _change_words(change)))
    for pause in paper.pauses:
        lines.append(line(form, t("Tạm dừng tính hạn"), _pause_words(pause)))
    if not paper.pauses:
        lines.append(line(form, t("Tạm dừng tính hạn"), t("không")))
    return lines


def _acts(form: PlainForm, paper: Evidence) -> list[Flowable]:
    heading = _heading(form, t("3. Các việc máy đã ghi và gửi"))
    if not paper.events:
        return [heading, form.text(t("Chưa có việc nào của hồ sơ này để gửi tỉnh."))]
    cells, widths = Cells(form.family, form.page), _widths(form, _COLUMNS)
    rows = [_act_row(cells, paper, each) for each in paper.events]
    head = [cells.head(t(name)) for _, name in _COLUMNS]
    return [Together([heading, RuledTable(head, rows, widths, gap=form.page.body * 0.4)])]


def _act_row(cells: Cells, paper: Evidence, each: EvidenceEvent) -> list[Paragraph]:
    sent = [t("{n} lần").format(n=each.tries), t("lần cuối:"), *_two(each.last_try_at)]
    answer = [*_cut(each.answer), *_two(each.answered_at)] if each.answer else [t("chưa trả lời")]
    return [
        cells.words(_place(paper, each), "center"),
        cells.lines([part for part in (each.words, each.by) if part]),
        cells.lines([*_two(each.occurred_at), *_two(each.recorded_at)]),
        cells.lines(sent if each.tries and each.last_try_at else [t("chưa gửi lần nào")]),
        cells.lines(answer),
        cells.words(each.digest[:_SHORT], "center"),
    ]


def _line_gaps(form: PlainForm, paper: Evidence) -> list[Flowable]:
    heading = _heading(form, t("4. Những lúc máy thử mà không nối được với tỉnh"))
    lines = [form.text(_gap_words(gap), gap=form.page.gap) for gap in paper.gaps]
    if paper.rounds_since is None:
        lines.append(form.text(t("Máy chưa ghi lần thử nào.")))
    elif paper.rounds_since > paper.recorded_at:
        since = t("Máy chỉ còn ghi các lần thử từ {at}; trước đó không rõ.")
        lines.append(form.text(since.format(at=_stamp(paper.rounds_since)), gap=form.page.gap))
    elif not lines:
        lines.append(form.text(t("Không có lần nào được ghi.")))
    return [Together([heading, *lines])] if len(lines) < 4 else [heading, *lines]


def _seals(form: PlainForm, paper: Evidence) -> list[Flowable]:
    if not paper.events:
        return []
    small = replace(form.page, table=_SEAL_SIZE)
    cells, widths = Cells(form.family, small), _widths(form, _SEAL_COLUMNS)
    rows = [
        [
            cells.words(_place(paper, each), "center"),
            cells.lines(_hex(each.digest)),
            cells.lines(_hex(each.chain)),
        ]
        for each in paper.events
    ]
    words = t(
        "Dấu việc tính từ toàn bộ nội dung của việc; dấu chuỗi nối việc ấy với mọi việc trước nó. Tỉnh giữ "
        "cùng dấu chuỗi ở cùng số thứ tự là giữ đúng các việc này. Mã vuông ghi dấu của việc cuối."
    )
    lead = form.text(words)
    streams = [
        line(form, t("Dãy việc {n}").format(n=n) if len(paper.streams) > 1 else t("Dãy việc"), name)
        for n, name in enumerate(paper.streams, start=1)
    ]
    heading = _heading(form, t("5. Dấu để tỉnh đối chiếu"))
    head = [cells.head(t(name)) for _, name in _SEAL_COLUMNS]
    table = RuledTable(head, rows, widths, gap=form.page.body * 0.4)
    return [Together([heading, lead, *streams, table])]


def _end(form: PlainForm, paper: Evidence) -> Flowable:
    note = t("Giờ ở quầy theo đồng hồ của máy; giờ tỉnh trả lời do tỉnh ghi. Lập lúc {at}.")
    parts: list[Flowable] = [form.text(note.format(at=_stamp(paper.made_at)), gap=form.page.body * 0.5)]
    if paper.events:
        parts.append(_Seal(seal_text(paper), form.page.code))
    signers = [
        (t("Người lập"), SIGN_HINT, paper.officer_name),
        (t("Lãnh đạo đơn vị"), t("(Ký, ghi rõ họ tên, đóng dấu)"), ""),
    ]
    parts.append(Signatures(signers, form.family, form.page))
    return Together(parts)


class _Seal(Flowable):
    """The QR code of the last act, on the left."""

    def __init__(self, text: str, side: float) -> None:
        super().__init__()
        self._text, self._side = text, side
        self._quiet = qr_quiet(text, side)
        self.spaceBefore = self._quiet

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        """Size in points, with the white below."""
        self.width, self.height = aW, self._side + self._quiet
        return self.width, self.height

    def draw(self) -> None:
        """From the left margin."""
        draw_qr(self.canv, self._text, 0, self._quiet, self._side)


def _heading(form: PlainForm, words: str) -> Paragraph:
    how = style(form.family.bold, form.page.body, form.page.leading, "left", form.page.body * 0.7)
    return paragraph(words, form.family, how)


def _widths(form: PlainForm, columns: tuple[tuple[int, str], ...]) -> list[float]:
    whole = sum(share for share, _ in columns)
    return [share * form.page.inner_width / whole for share, _ in columns]


def _place(paper: Evidence, each: EvidenceEvent) -> str:
    return f"{each.stream}.{each.seq}" if len(paper.streams) > 1 else str(each.seq)


def _hex(digits: str) -> list[str]:
    """Four groups of sixteen, two to a line, so that they can be read aloud."""
    groups = [digits[place : place + 16] for place in range(0, len(digits), 16)]
    return [" ".join(groups[place : place + 2]) for place in range(0, len(groups), 2)]


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}"


def _two(moment: datetime | None) -> list[str]:
    return [] if moment is None else [_stamp(moment)]


def _cut(words: str) -> list[str]:
    """A reason of the province may be long: its beginning stands here, the whole is on screen."""
    return [words if len(words) <= 120 else words[:119].rstrip() + "…"]


def _done(at: datetime, recorded: datetime | None) -> str:
    if recorded is None or abs(recorded - at) < timedelta(seconds=1):
        return _stamp(at)
    return t("{at} (ghi vào máy {recorded})").format(at=_stamp(at), recorded=_stamp(recorded))


def _clock_words(paper: Evidence) -> str:
    told = paper.end_event or (paper.events[0] if paper.events else None)
    if told is None or told.offset_ms is None or told.measured_at is None:
        return t("chưa đo được với đồng hồ tỉnh")
    seconds = f"{abs(told.offset_ms) / 1000:.1f}".replace(".", ",")
    if abs(told.offset_ms) < 50:
        words = t("khớp với đồng hồ tỉnh")
    elif told.offset_ms > 0:
        words = t("chậm hơn đồng hồ tỉnh {seconds} giây").format(seconds=seconds)
    else:
        words = t("nhanh hơn đồng hồ tỉnh {seconds} giây").format(seconds=seconds)
    return t("{words}, đo lúc {at}").format(words=words, at=_stamp(told.measured_at))


def _change_words(change: DueChange) -> str:
    before = due_words(change.before) if change.before else t("chưa có")
    after = due_words(change.after) if change.after else t("không rõ")
    words = t("{act} lúc {at}: từ {before} thành {after}")
    return words.format(act=change.words, at=_stamp(change.at), before=before, after=after)


def _pause_words(pause: Pause) -> str:
    until = _stamp(pause.until) if pause.until else t("nay vẫn dừng")
    return t("{why}: từ {since} đến {until}").format(why=pause.words, since=_stamp(pause.since), until=until)


def _gap_words(gap: LineGap) -> str:
    since, reached = _stamp(gap.since), t("lần nối được kế tiếp {at}")
    until = reached.format(at=_stamp(gap.until)) if gap.until else t("đến nay chưa nối được")
    words = t("- Từ {since}: thử {n} lần không được; {until}. Máy ghi: {words}")
    return words.format(since=since, n=gap.tries, until=until, words=gap.words)
