"""The official forms of a dossier, 01–07 (DOMAIN §2): each from what is stored, kept and counted like a slip.

Forms 02–05 state an act and exist only after it; 06 and 07 are there from the first moment. The numbers
are those of TT 03/2025/TT-VPCP whichever set is printed.
"""

from __future__ import annotations

from datetime import date

from app.domain.dossier_status import Act
from app.domain.roles import Officer, Permission
from app.errors import RuleError
from app.printing.form_texts import form_set_for
from app.services.desk import Desk
from app.services.finding.dossier_view import find_dossier_id
from app.services.papers import slips
from app.services.papers.content import PaperTask, paper_content
from app.services.papers.facts import PastAct, Story, read_story
from app.services.papers.slips import MadePaper
from app.text import t

ACTS = {"02": Act.REQUEST_SUPPLEMENT, "03": Act.REFUSE, "04": Act.EXTEND, "05": Act.STOP}
"""The act each of these forms states."""

FORMS = ("01", *ACTS, "06", "07")
"""Every form, numbered as in TT 03/2025."""

ACT_WORDS = {
    "02": "yêu cầu bổ sung, hoàn thiện hồ sơ",
    "03": "từ chối tiếp nhận",
    "04": "xin lỗi và gia hạn",
    "05": "dừng giải quyết",
}
"""What these acts are called to the officer."""


def make_paper(desk: Desk, by: Officer, number: str, form: str, *, at_date: date | None = None) -> MadePaper:
    """Draw one form of a dossier, keep the PDF, note the printing ("In lại lần n" from the second on).

    ``number``: official, provisional or id; ``at_date``: print in the form set of that day instead of the
    one the dossier was received under. Forms 02–05 state the latest act of their kind, and each such act
    counts its own copies. Raises ``NotFoundError`` "no-dossier", ``RuleError`` "unknown-form",
    "act-not-done" (02–05 before their act).
    """
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    form_set = None if at_date is None else form_set_for(at_date)
    if form == slips.FORM:
        return slips.make_slip(desk, by, dossier_id, form_set=form_set)
    from app.printing.forms import official_form

    draw = official_form(form).draw
    with desk.store.read() as connection:
        story = read_story(connection, desk, dossier_id)
        act = act_of(story, form)
        subject_id = dossier_id if act is None else f"{dossier_id}/{act.id}"
        copy_no = slips.next_copy(connection, subject_id, form)
        used_set = form_set or str(story.row["form_set"])
        content = paper_content(PaperTask(connection, desk, form, used_set, story, copy_no, act))
    return slips.keep_paper(
        desk,
        by,
        dossier_id=dossier_id,
        subject_id=subject_id,
        form=form,
        form_set=used_set,
        pdf=draw(content),
        copy_no=copy_no,
    )


def offered_forms(desk: Desk, by: Officer, number: str) -> tuple[str, ...]:
    """Forms that can be printed of a dossier now. Raises ``NotFoundError`` "no-dossier"."""
    by.require(Permission.PRINT)
    dossier_id = find_dossier_id(desk, number)
    with desk.store.read() as connection:
        story = read_story(connection, desk, dossier_id)
    return tuple(form for form in FORMS if form not in ACTS or story.latest(ACTS[form]) is not None)


def act_of(story: Story, form: str) -> PastAct | None:
    """The latest act the form states, ``None`` for 06 and 07. Raises ``RuleError`` "act-not-done"."""
    if form not in ACTS:
        return None
    act = story.latest(ACTS[form])
    if act is None:
        raise RuleError(
            "act-not-done",
            t("Hồ sơ này chưa có việc “{act}” nên chưa có mẫu {form}.").format(
                act=t(ACT_WORDS[form]), form=form
            ),
            t("Làm việc đó trước rồi in."),
            field="form",
        )
    return act
