"""Lines of the register (form 07, "Sổ theo dõi hồ sơ"; DOMAIN §2)."""

from __future__ import annotations

from app.domain.dossier_number import register_no
from app.domain.dossier_status import Act, Status
from app.domain.people import Address
from app.domain.slips import RegisterLine
from app.services.papers import slips
from app.services.papers.facts import Story
from app.services.papers.slip_words import return_words
from app.text import t

_ENDS = {Act.REFUSE: Status.REFUSED, Act.WITHDRAW: Status.WITHDRAWN, Act.STOP: Status.STOPPED}
"""Ends without a result; the book says so in its last column."""


def register_line(story: Story) -> RegisterLine:
    """The dossier's line of form 07."""
    row, owner = story.row, story.people["owner"]
    returned = story.latest(Act.RETURN)
    address = slips.address_words(Address(**row["return_address"])) if row["return_address"] else ""
    return RegisterLine(
        line_no=register_no(row["register_no"]),
        number=row["number"] or row["provisional_number"],
        procedure=row["procedure_name"],
        sets=row["copies"],
        name=owner["full_name"],
        address=slips.address_words(Address(**owner["address"])),
        phone=slips.phone_words(owner["phone"]),
        agency=row["handling_unit_name"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        returned_at=row["returned_at"],
        return_words=return_words(row["return_method"], address),
        signed=str(returned.payload.get("recipient_name") or "") if returned else "",
        note=_register_note(story),
    )


def _register_note(story: Story) -> str:
    """What a reader of the book must know: extension, supplement rounds, an end without a result."""
    notes = []
    if story.row["supplement_rounds"]:
        notes.append(t("Bổ sung: {count} lần").format(count=story.row["supplement_rounds"]))
    if story.latest(Act.EXTEND):
        notes.append(t("Đã hẹn lại"))
    last = [Act(past.act) for past in story.acts if past.act in (*_ENDS, Act.REOPEN, Act.COMPLETE)][-1:]
    notes += [_ENDS[act].label for act in last if act in _ENDS]
    returned = story.latest(Act.RETURN)
    if returned is not None and returned.detail.get("papers_back"):
        notes.append(t("Đã trả lại giấy tờ, không có kết quả"))
    return "; ".join(notes)
