"""The rules a form may ask for, each a function from answers to a sentence or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.eform.conditions import holds
from app.domain.eform.form import Answer, Check, CheckKind, EForm, Field, FieldType, Level
from app.domain.eform.issues import Issue
from app.domain.eform.partial_days import span, years_later
from app.domain.people import Sex
from app.domain.personal_id import check_personal_id
from app.domain.typed_date import format_date
from app.domain.unit_address import present_of
from app.domain.units import UnitIndex
from app.domain.vietnamese import fold
from app.text import t

FIRST_DAY = date(1900, 1, 1)
_SEXES = {"Nam": Sex.MALE, "Nữ": Sex.FEMALE}


@dataclass(frozen=True)
class Surroundings:
    """What the rules measure against. ``day``: the day of reception; ``unit_code``: this commune."""

    day: date
    units: UnitIndex
    unit_code: str


@dataclass(frozen=True)
class Case:
    """One rule about to be tried. ``field`` is ``None`` for a rule of the whole form."""

    form: EForm
    answers: Mapping[str, Answer]
    around: Surroundings
    field: Field | None
    check: Check

    @property
    def answer(self) -> Answer | None:
        """The answer of the rule's own field."""
        return self.answers.get(self.field.id) if self.field else None

    def label(self, field_id: str) -> str:
        """What another field is called, as it stands inside a sentence."""
        found = self.form.field(field_id)
        label = found.label if found else field_id
        return label[:1].lower() + label[1:]

    def issue(self, text: str, next_step: str = "") -> Issue:
        """The sentence; the form's own words go before ours."""
        own = self.check.text
        return Issue(
            self.field.id if self.field else (self.check.others or ("",))[0],
            self.check.level,
            f"eform-{self.check.kind.value.replace('_', '-')}",
            own or text,
            "" if own else next_step,
        )


def try_check(case: Case) -> Issue | None:
    """The sentence of one rule, where it has something to say."""
    if not holds(case.check.when, case.answers):
        return None
    return _CHECKS[case.check.kind](case)


def _past(case: Case) -> Issue | None:
    found = span(case.answer)
    if found is None:
        return None
    if found[0] > case.around.day:
        return case.issue(t("Ngày này còn chưa tới."), t("So lại với giấy tờ rồi gõ lại."))
    if found[1] < FIRST_DAY:
        return case.issue(t("Năm này trước năm 1900."), t("So lại với giấy tờ rồi gõ lại."))
    return None


def _not_before(case: Case) -> Issue | None:
    own, other = span(case.answer), span(case.answers.get(case.check.others[0]))
    if own is None or other is None or own[1] >= other[0]:
        return None
    label = case.label(case.check.others[0])
    return case.issue(t("Ngày này đứng trước {label}.").format(label=label), t("Xem lại hai ngày."))


def _years_before(case: Case) -> Issue | None:
    own, other = span(case.answer), span(case.answers.get(case.check.others[0]))
    if own is None or other is None or years_later(own[0], case.check.number) <= other[1]:
        return None
    words = t("Sinh trước {label} chưa đủ {years} năm.")
    return case.issue(
        words.format(label=case.label(case.check.others[0]), years=case.check.number),
        t("So lại với giấy tờ."),
    )


def _at_least(case: Case) -> Issue | None:
    if not isinstance(case.answer, int) or isinstance(case.answer, bool):
        return None
    if case.answer >= case.check.number:
        return None
    return case.issue(t("Số nhỏ nhất ở đây là {least}.").format(least=case.check.number), t("Gõ lại số."))


def _shape(case: Case) -> Issue | None:
    answer, shape = case.answer, case.check.shape
    if not isinstance(answer, str):
        return None
    fits = len(answer) == len(shape) and all(
        (got.isascii() and got.isalnum()) if wanted == "#" else got.upper() == wanted
        for got, wanted in zip(answer, shape, strict=True)
    )
    if fits:
        return None
    example = shape.replace("#", "X")
    return case.issue(t("Số này thường có dạng {example}.").format(example=example), t("So lại với giấy."))


def _pid(case: Case) -> Issue | None:
    """What the digits contradict: the paper's number, date of birth, sex (PID12: told, never refused)."""
    if not (isinstance(case.answer, str) and re.fullmatch(r"[0-9]{12}", case.answer)):
        return None
    check = case.check
    born, sex, paper = (case.answers.get(other) for other in (check.birth, check.sex, check.document))
    days = span(born)
    whole = days[0] if days and days[0] == days[1] else None
    if isinstance(paper, Mapping) and paper.get("kind") == "can_cuoc" and paper.get("number") != case.answer:
        return case.issue(t("Số định danh khác số trên giấy tờ tùy thân đã khai."), t("So lại với thẻ."))
    told = check_personal_id(case.answer, _SEXES.get(str(sex)), whole)
    return case.issue(told[0].text) if told else None


def _same_as_any(case: Case) -> Issue | None:
    others = [fold(str(case.answers[other])) for other in case.check.others if case.answers.get(other)]
    if not isinstance(case.answer, str) or not others or fold(case.answer) in others:
        return None
    labels = t(" hoặc ").join(case.label(other) for other in case.check.others)
    return case.issue(t("Khác với {labels} của cha, mẹ.").format(labels=labels), t("Hỏi lại công dân."))


def _family_name_of(case: Case) -> Issue | None:
    others = [str(case.answers[other]) for other in case.check.others if case.answers.get(other)]
    if not isinstance(case.answer, str) or not others:
        return None
    if fold(case.answer.split(" ")[0]) in [fold(other.split(" ")[0]) for other in others]:
        return None
    return case.issue(t("Họ này không theo họ cha, mẹ đã khai."), t("Hỏi lại, đúng ý thì vẫn giữ được."))


def _age(case: Case) -> Issue | None:
    """Full years on the day of reception (Luật Hôn nhân và gia đình 2014, điều 8)."""
    born = span(case.answer)
    if born is None or years_later(born[0], case.check.number) <= case.around.day:
        return None
    whole = years_later(born[0], case.check.number)
    words = t("Chưa đủ {years} tuổi, đến {day} mới đủ.")
    return case.issue(
        words.format(years=case.check.number, day=format_date(whole)), t("So lại ngày sinh với giấy tờ.")
    )


def _any_filled(case: Case) -> Issue | None:
    if any(case.answers.get(other) for other in case.check.others):
        return None
    labels = t(" hoặc ").join(case.label(other) for other in case.check.others)
    return case.issue(t("Cần khai {labels}.").format(labels=labels))


def _within_days(case: Case) -> Issue | None:
    days = span(case.answers.get(case.check.others[0]))
    if days is None or days[0] != days[1] or days[0] > case.around.day:
        return None
    late = (case.around.day - days[0]).days > case.check.number
    text = case.check.late_text if late else case.check.text
    code = "eform-late" if late else "eform-on-time"
    return Issue(case.check.others[0], case.check.level, code, text) if text else None


def _younger(case: Case) -> Issue | None:
    born = span(case.answers.get(case.check.others[0]))
    if born is None or years_later(born[0], case.check.number) <= case.around.day:
        return None
    return case.issue("")


def _any_in_unit(case: Case) -> Issue | None:
    """Told only where every address is certainly elsewhere."""
    for other in case.check.others:
        address = case.answers.get(other)
        text = address.get("text", "") if isinstance(address, Mapping) else ""
        place = present_of(case.around.units, text).unit
        if place is None or place.code == case.around.unit_code:
            return None
    return case.issue("")


def _copy_fee(case: Case) -> Issue | None:
    count = case.answers.get(case.check.others[0])
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return None
    price = case.check.number
    words = t("Phí bản sao: {count} bản × {price} đ = {total} đ.")
    text = words.format(count=count, price=_grouped(price), total=_grouped(count * price))
    return Issue(case.check.others[0], case.check.level, "eform-copy-fee", text)


def _note(case: Case) -> Issue | None:
    return case.issue("")


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


_CHECKS: Mapping[CheckKind, Callable[[Case], Issue | None]] = {
    CheckKind.PAST: _past,
    CheckKind.NOT_BEFORE: _not_before,
    CheckKind.YEARS_BEFORE: _years_before,
    CheckKind.AT_LEAST: _at_least,
    CheckKind.SHAPE: _shape,
    CheckKind.PID: _pid,
    CheckKind.SAME_AS_ANY: _same_as_any,
    CheckKind.FAMILY_NAME_OF: _family_name_of,
    CheckKind.AGE: _age,
    CheckKind.ANY_FILLED: _any_filled,
    CheckKind.WITHIN_DAYS: _within_days,
    CheckKind.YOUNGER: _younger,
    CheckKind.ANY_IN_UNIT: _any_in_unit,
    CheckKind.COPY_FEE: _copy_fee,
    CheckKind.NOTE: _note,
}


def by_type(field: Field, answer: Answer, around: Surroundings) -> Issue | None:
    """What the type alone makes worth a second look: never a refusal."""
    if field.type is FieldType.PERSON_NAME and isinstance(answer, str) and " " not in answer:
        text = t("Tên chỉ có một từ.")
        return Issue(field.id, Level.WARN, "eform-name-one-word", text, t("Đúng như giấy tờ thì cứ giữ."))
    if field.type is FieldType.ID_DOCUMENT and isinstance(answer, Mapping):
        return _document(field, answer)
    if field.type in (FieldType.ADDRESS, FieldType.ADDRESS_2LEVEL) and isinstance(answer, Mapping):
        return _address(field, answer, around)
    if field.type is FieldType.LOOKUP_RESULT and isinstance(answer, Mapping):
        return _lookup(field, answer)
    return None


def _lookup(field: Field, answer: Mapping[str, str]) -> Issue | None:
    if answer.get("source") and answer.get("at"):
        return None
    text = t("Kết quả tra cứu chưa ghi nguồn và thời điểm.")
    return Issue(field.id, Level.WARN, "eform-lookup-source", text, t("Ghi thêm để hồ sơ đủ căn cứ."))


def _document(field: Field, answer: Mapping[str, str]) -> Issue | None:
    if answer.get("kind") == "cmnd":
        text = t("CMND 9 số hết giá trị từ sau ngày 31/12/2024, chỉ dùng để tra cứu.")
        return Issue(field.id, Level.WARN, "eform-cmnd", text, t("Hỏi thêm thẻ căn cước."))
    if not (answer.get("place") and answer.get("date")):
        text = t("Giấy tờ tùy thân chưa ghi nơi cấp, ngày cấp.")
        return Issue(field.id, Level.WARN, "eform-document-issue", text, t("Để trống thì công dân ghi tay."))
    return None


def _address(field: Field, answer: Mapping[str, str], around: Surroundings) -> Issue | None:
    match = present_of(around.units, answer.get("text", ""))
    if match.unit is None:
        return Issue(field.id, Level.WARN, "eform-address", match.sentence) if match.sentence else None
    if fold(match.unit.name) not in fold(answer.get("text", "")):
        return Issue(field.id, Level.WARN, "eform-address-old", match.sentence)
    return None
