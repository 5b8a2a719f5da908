"""Processing, its end, and the way of the result to the citizen."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.dossier_status import Act, Status
from app.domain.people import Person
from app.domain.personal_id import guess_id_kind
from app.domain.vietnamese import clean_text, fold
from app.errors import RuleError
from app.protocol.parts import Identifier
from app.protocol.payloads import Completed, Returned
from app.services.demo import acts
from app.services.demo.acts import Step
from app.services.intake.received_event import party
from app.services.intake.stored_filing import StoredFiling, read_filing
from app.services.intake.visit import RETURN_METHODS
from app.services.life.doing import Doing
from app.services.life.result_paper import result_of
from app.services.post.custody import require_at_the_counter
from app.text import t

_LONGEST_NAME = 300
_LONGEST_BILL = 40


def start(doing: Doing) -> Step:
    """Hand over to processing (2 → 4)."""
    return acts.start(doing.standing, doing.at)


def complete(doing: Doing) -> Step:
    """Processing is done (→ 9), with number, signer and file of the result, or where else it is held."""
    kept = result_of(doing)
    detail: dict[str, object] = {}
    changes: dict[str, object] = {"ended_at": doing.at}
    if kept is not None:
        changes |= kept.foreign
        row = kept.row[1]
        detail = {
            "result_no": row["number"],
            "signer": row["signer"],
            "book": row["book"],
            "elsewhere": row["elsewhere"],
            "file": row["sha256"] is not None,
        }
    note = clean_text(doing.order.reason)
    if note:
        detail["note"] = note
    return Step(
        Act.COMPLETE,
        "dossier.completed",
        Completed(
            [] if kept is None else [kept.wire], note=_told(note, {} if kept is None else kept.foreign)
        ),
        changes,
        {name: value for name, value in detail.items() if value},
        approved_by=doing.approver,
        inserts=[] if kept is None else [kept.row],
    )


def hand_over(doing: Doing) -> Step:
    """Give the result, or the papers of a dossier that was withdrawn or stopped, to the citizen (→ 10).

    Who takes it is the submitter, else the owner, unless the order names another; another must show a
    paper with a number and say what he is to them. A number shown by submitter or owner must be theirs
    (DOMAIN §3, return at the counter). What is with the post goes out only as delivered by it, said by the
    order itself. Raises ``RuleError`` "recipient-mismatch", "recipient-relation", "recipient-id",
    "recipient-long", "return-method", "bill-long", "with-the-post".
    """
    if doing.order.recipient.method != "post":
        require_at_the_counter(doing.connection, doing.standing.id)
    filing = read_filing(doing.connection, doing.desk, doing.standing.id)
    name, identifier, relation = _recipient(doing, filing)
    bill = _bill(doing)
    method = _method(doing, filing, bill)
    detail = {
        "method": method,
        "recipient": name,
        "relation": relation,
        "identity_shown": bool(clean_text(doing.order.recipient.id_value)),
        "bill": bill,
        "papers_back": doing.standing.status in (Status.WITHDRAWN, Status.STOPPED),
    }
    return Step(
        Act.RETURN,
        "dossier.returned",
        Returned(
            method=method,
            recipient_name=name,
            recipient_identifier=identifier,
            postal_code=bill or None,
        ),
        {"returned_at": doing.at},
        {key: value for key, value in detail.items() if value},
    )


def withdraw(doing: Doing) -> Step:
    """The citizen takes the dossier back (→ 7)."""
    reason = clean_text(doing.order.reason) or t("Công dân yêu cầu rút hồ sơ")
    return acts.withdraw(reason)(doing.standing, doing.at)


def stop(doing: Doing) -> Step:
    """Processing is stopped (→ 8; form 05)."""
    return acts.stop(doing.order.reason, doing.approver)(doing.standing, doing.at)


def _told(note: str, foreign: Mapping[str, object]) -> str | None:
    """The note on the wire; a result held elsewhere is said there, for the contract has no member for it."""
    words = [note] if note else []
    if foreign:
        held = t("Kết quả ở hệ thống khác: {system}").format(system=foreign["foreign_system"])
        number = foreign["foreign_no"]
        words.append(t("{held}, số {number}").format(held=held, number=number) if number else held)
    return "; ".join(words) or None


def _recipient(doing: Doing, filing: StoredFiling) -> tuple[str, Identifier | None, str]:
    given = doing.order.recipient
    name, shown = clean_text(given.name), _plain_number(given.id_value)
    if len(name) > _LONGEST_NAME:
        raise RuleError(
            "recipient-long",
            t("Tên người nhận dài quá 300 ký tự."),
            t("Gõ họ tên như trên giấy tờ."),
            field="recipient",
        )
    person = _of_dossier(filing, name)
    if person is not None:
        known = party(person).identifiers
        if shown and known and shown not in (_plain_number(person.id_value), _plain_number(person.old_id)):
            raise RuleError(
                "recipient-mismatch",
                t("Số giấy tờ vừa xem không phải của người nộp hoặc chủ hồ sơ."),
                t("So lại giấy tờ. Người khác nhận thay: ghi tên, số giấy tờ và quan hệ của người đó."),
                field="recipient_id",
            )
        return person.name, known[0] if known else _identifier(shown), clean_text(given.relation)
    relation = clean_text(given.relation)
    if given.method == "post":
        return name, None, relation  # the addressee; the post has looked at the paper at the door
    if not relation:
        raise RuleError(
            "recipient-relation",
            t("Người nhận không phải người nộp hay chủ hồ sơ."),
            t("Ghi quan hệ hoặc giấy ủy quyền của người nhận."),
            field="relation",
        )
    if not shown:
        raise RuleError(
            "recipient-id",
            t("Người nhận thay cần xuất trình giấy tờ có số."),
            t("Ghi số giấy tờ của người nhận."),
            field="recipient_id",
        )
    return name, _identifier(shown), relation


def _of_dossier(filing: StoredFiling, name: str) -> Person | None:
    """The submitter or owner of that name; without a name whoever handed in."""
    people = [person for person in (filing.submitter, filing.owner) if person is not None]
    if not name:
        return people[0]
    return next((person for person in people if fold(person.name) == fold(name)), None)


def _identifier(number: str) -> Identifier | None:
    if not number:
        return None
    kind = guess_id_kind(number)
    return Identifier("other" if kind is None else kind.value, number[:_LONGEST_BILL])


def _plain_number(number: str | None) -> str:
    return "".join(sign for sign in clean_text(number or "").upper() if sign.isalnum())


def _bill(doing: Doing) -> str:
    bill = clean_text(doing.order.recipient.bill_code)
    if len(bill) > _LONGEST_BILL:
        raise RuleError(
            "bill-long",
            t("Mã bưu gửi dài quá 40 ký tự."),
            t("Quét lại mã vạch trên phiếu gửi của bưu điện."),
            field="bill",
        )
    return bill


def _method(doing: Doing, filing: StoredFiling, bill: str) -> str:
    method = doing.order.recipient.method or ("post" if bill else str(filing.row["return_method"]))
    if method not in RETURN_METHODS:
        raise RuleError(
            "return-method",
            t("Chưa chọn cách trả kết quả."),
            t("Chọn tại quầy, bưu chính hoặc điện tử."),
            field="method",
        )
    return method
