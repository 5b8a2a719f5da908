"""The worksheet for the day a PC is stolen or data got out: what was here, whose, how it was locked, whom to
tell by when. Counts only; what the program cannot know stays dotted for a hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, distinct, func, select

from app import keys
from app.clock import VIETNAM, from_wire
from app.domain.plain_paper import PaperPart, PlainPaper
from app.domain.privacy import Terms
from app.domain.roles import Officer
from app.domain.vietnamese import require_text
from app.errors import RuleError, StorageError
from app.models import counter_tables, tables
from app.services.desk import Desk, with_fresh_profile
from app.services.office_settings import require_office
from app.services.papers import slips
from app.services.papers.slips import MadePaper
from app.services.privacy.terms import terms_within
from app.services.safety.automatic import BackupAge, backup_age
from app.text import t

FORM = "PSC"
"""How printings of the worksheet are counted and named."""
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Held:
    """What the desk holds, in counts. ``people``: different identity numbers; ``sensitive``: declarations,
    which may tell ethnicity."""

    dossiers: int
    people: int
    nameless: int
    phones: int
    help_cases: int
    drafts: int
    eforms: int
    files: int
    waiting: int
    first: datetime | None
    last: datetime | None
    last_sync: datetime | None


def held_by(connection: Connection) -> Held:
    """Counted in the store."""
    p, d = tables.party.c, tables.dossier.c

    def many(source: FromClause, *wanted: ColumnElement[bool]) -> int:
        return int(connection.execute(select(func.count()).select_from(source).where(*wanted)).scalar_one())

    spans = connection.execute(select(func.min(d.received_at), func.max(d.received_at))).one()
    people = connection.execute(select(func.count(distinct(p.id_value)))).scalar_one()
    phones = connection.execute(select(func.count(distinct(p.phone)))).scalar_one()
    done = tables.sync_mark.c
    mark = connection.execute(select(done.value).where(done.key == "complete")).scalar_one_or_none()
    return Held(
        dossiers=many(tables.dossier),
        people=int(people),
        nameless=many(tables.party, p.id_value.is_(None)),
        phones=int(phones),
        help_cases=many(tables.help_case, tables.help_case.c.full_name.is_not(None)),
        drafts=many(tables.draft),
        eforms=many(counter_tables.eform),
        files=many(tables.stored_file, tables.stored_file.c.purpose != slips.ERASED),
        waiting=many(tables.event, tables.event.c.verdict.is_(None)),
        first=spans[0],
        last=spans[1],
        last_sync=_mark_time(mark),
    )


def breach_sheet(desk: Desk, by: Officer, found_at: datetime | None = None, words: str = "") -> MadePaper:
    """Draw the worksheet, keep the PDF, note the printing.

    ``found_at``: when it was found out, ``None`` for not yet known; ``words``: what happened. Raises
    ``RuleError`` "not-permitted", "breach-future" (field ``found``).
    """
    require_office(by)
    from app.printing.plain_paper import draw_plain_paper

    now = desk.clock.now()
    if found_at is not None and found_at > now:
        raise RuleError(
            "breach-future", t("Thời điểm phát hiện chưa tới."), t("Gõ lại ngày giờ."), field="found"
        )
    told = require_text(words, "words")[:LONGEST_WORDS]
    age = backup_age(desk)
    with desk.store.read() as connection:
        desk = with_fresh_profile(connection, desk)
        subject = f"breach:{now.astimezone(VIETNAM).date().isoformat()}"
        copy_no = slips.next_copy(connection, subject, FORM)
        parts = (
            _what(desk, found_at, told),
            _held(held_by(connection)),
            _locked(desk),
            _copies(held_by(connection), age),
            _whom(terms_within(connection, desk), found_at),
            _done(),
        )
        paper = PlainPaper(
            head=slips.slip_head(connection, desk, ""),
            title=t("Phiếu ghi sự cố dữ liệu cá nhân"),
            made_at=now,
            parts=parts,
            signers=((t("Người lập"), by.name), (t("Lãnh đạo"), "")),
            copy_no=copy_no,
            demo=desk.profile.demo,
        )
    return slips.keep_paper(
        desk,
        by,
        dossier_id=None,
        subject_id=subject,
        form=FORM,
        form_set="",
        pdf=draw_plain_paper(paper),
        copy_no=copy_no,
        record_kind="breach_sheet",
    )


def _what(desk: Desk, found_at: datetime | None, words: str) -> PaperPart:
    profile = desk.profile
    return PaperPart(
        title=t("1. Sự cố"),
        lines=(
            (t("Máy, quầy"), f"{profile.name}, {profile.unit_name}"),
            (t("Phát hiện lúc"), _moment(found_at)),
            (t("Người phát hiện"), ""),
            (t("Việc đã xảy ra"), words),
        ),
    )


def _held(held: Held) -> PaperPart:
    span = f"{_day(held.first)} – {_day(held.last)}" if held.first else t("chưa có hồ sơ")
    return PaperPart(
        title=t("2. Trên máy này có dữ liệu của ai"),
        lines=(
            (t("Hồ sơ"), t("{count} hồ sơ, nhận từ {span}").format(count=held.dossiers, span=span)),
            (
                t("Người có số giấy tờ"),
                t("{people} người; thêm {nameless} lượt ghi không có số").format(
                    people=held.people, nameless=held.nameless
                ),
            ),
            (t("Số điện thoại"), str(held.phones)),
            (t("Lượt hỗ trợ tài khoản còn tên"), str(held.help_cases)),
            (t("Bản nháp"), str(held.drafts)),
            (t("Tờ khai (có thể có dân tộc)"), str(held.eforms)),
            (t("Tệp giấy tờ, bản in"), str(held.files)),
        ),
    )


def _locked(desk: Desk) -> PaperPart:
    return PaperPart(
        title=t("3. Dữ liệu có bị đọc được không"),
        lines=(
            (t("Kho và tệp"), t("luôn mã hóa khi nằm trên ổ đĩa")),
            (t("Chìa khóa của kho"), _key_words(desk)),
            (t("Ổ đĩa có mã hóa cả máy không"), ""),
            (t("Lúc mất, máy đang mở hay đã khóa"), ""),
            (t("Mật khẩu, tờ khôi phục có mất theo không"), ""),
            (t("Giấy đã in, tệp đã xuất ra ngoài"), ""),
        ),
    )


def _copies(held: Held, age: BackupAge) -> PaperPart:
    never = t("chưa lần nào")
    return PaperPart(
        title=t("4. Còn gì ở nơi khác"),
        lines=(
            (t("Đồng bộ đủ lần cuối"), _moment(held.last_sync) or never),
            (t("Việc chưa gửi tỉnh"), str(held.waiting)),
            (t("Sao lưu đọc lại được lần cuối"), _moment(age.at) or never),
        ),
    )


def _whom(terms: Terms, found_at: datetime | None) -> PaperPart:
    breach = terms.breach
    until = _moment(found_at + timedelta(hours=breach.hours)) if found_at is not None else ""
    unsure = "" if breach.checked else t(" Hỏi bộ phận pháp chế trước khi dựa vào hạn này.")
    return PaperPart(
        title=t("5. Báo cho ai"),
        words=(
            t("Hạn {hours} giờ kể từ khi phát hiện. Căn cứ: {basis}.").format(
                hours=breach.hours, basis=breach.basis
            )
            + unsure,
        ),
        lines=(
            (t("Báo chậm nhất lúc"), until),
            (t("Cơ quan chuyên trách bảo vệ dữ liệu cá nhân"), ""),
            (t("UBND xã, báo lúc, người nhận"), ""),
            (t("Tỉnh (khóa quyền gửi của máy này), báo lúc"), ""),
            (t("Công dân liên quan, báo lúc, bằng cách nào"), ""),
        ),
    )


def _done() -> PaperPart:
    return PaperPart(
        title=t("6. Việc đã làm và người làm"),
        lines=tuple((t("Việc {number}").format(number=number), "") for number in range(1, 4)),
    )


def _key_words(desk: Desk) -> str:
    try:
        kind = str(keys.read_desk_file(desk.folder)["key"]["mode"])
    except (StorageError, KeyError, TypeError):
        return ""
    words = {"keyring": t("trong kho khóa của hệ điều hành"), "passphrase": t("dưới một cụm mật khẩu")}
    return words.get(kind, "")


def _mark_time(mark: object) -> datetime | None:
    try:
        return from_wire(str(mark))
    except ValueError:
        return None


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if moment is not None else ""


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}" if moment is not None else ""
