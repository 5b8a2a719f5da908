"""A declaration being filled: what is shown, what is still missing, what is wrong (pure; DOMAIN §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.eform.checks import Case, Surroundings, by_type, try_check
from app.domain.eform.conditions import holds
from app.domain.eform.form import Answer, Check, CheckKind, EForm, Field, FieldType, FillFrom, Level
from app.domain.eform.issues import Issue
from app.domain.eform.partial_days import date_in_words, span
from app.domain.eform.values import read_answer
from app.errors import RuleError
from app.text import t

_ROUNDS = 3
"""How often derived answers are looked at again: a number from a paper that was itself copied."""


@dataclass(frozen=True)
class Filled:
    """A declaration as it stands. ``answers``: of shown fields only, derived ones included; ``shown``: ids
    in the order of the paper; ``missing``: ids still needed."""

    form: EForm
    answers: Mapping[str, Answer]
    shown: tuple[str, ...]
    missing: tuple[str, ...]
    issues: tuple[Issue, ...]

    @property
    def refusals(self) -> tuple[Issue, ...]:
        """What must be put right before the form can be finished; missing fields apart."""
        return tuple(issue for issue in self.issues if issue.level is Level.REFUSE)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What the officer is told and may leave as it is."""
        return tuple(issue for issue in self.issues if issue.level is not Level.REFUSE)

    def require(self) -> None:
        """Raises ``RuleError`` "eform-missing" (``missing``: field ids) or the first refusal."""
        for issue in self.refusals:
            raise RuleError(issue.code, issue.text, issue.next_step, field=issue.field or None)
        if self.missing:
            labels = [field.label for field in self.form.fields if field.id in self.missing]
            raise RuleError(
                "eform-missing",
                t("Tờ khai còn thiếu {count} mục: {labels}.").format(
                    count=len(labels), labels=_listed(labels)
                ),
                t("Hỏi công dân, điền rồi làm lại; phần đã điền vẫn giữ."),
                field=self.missing[0],
                missing=self.missing,
            )


def fill(form: EForm, raw: Mapping[str, object], around: Surroundings, today: date) -> Filled:
    """The form with these answers, as typed or as kept. Never raises for an answer: what is wrong is an
    issue beside its field."""
    known = {field.id: field for field in form.fields}
    answers: dict[str, Answer] = {}
    issues: list[Issue] = []
    wrong: set[str] = set()
    for field_id, value in raw.items():
        field = known.get(field_id)
        if field is None:
            continue
        try:
            answer = read_answer(field, value, today)
        except RuleError as error:
            wrong.add(field_id)
            issues.append(Issue(field_id, Level.REFUSE, error.code, error.title, error.next_step))
            continue
        if answer is not None:
            answers[field_id] = answer
    _derive(form, answers, wrong, today)
    shown = tuple(field.id for field in form.fields if holds(field.show_if, answers))
    answers = {field_id: answers[field_id] for field_id in shown if field_id in answers}
    issues = [issue for issue in issues if issue.field in shown]
    issues += _issues(form, answers, around, shown)
    missing = tuple(
        field_id for field_id in shown if field_id not in wrong and _lacks(known[field_id], answers)
    )
    return Filled(form, answers, shown, missing, tuple(_in_order(issues, shown)))


def require_known(form: EForm, raw: Mapping[str, object]) -> None:
    """Raises ``RuleError`` "eform-unknown-field" for an answer to a question the form does not ask."""
    for field_id in raw:
        if form.field(field_id) is None:
            raise RuleError(
                "eform-unknown-field",
                t("Mẫu tờ khai này không có mục “{field}”.").format(field=field_id[:60]),
                t("Bỏ mục đó hoặc sửa mã mục rồi làm lại."),
                field=field_id[:60],
            )


def _derive(form: EForm, answers: dict[str, Answer], wrong: set[str], today: date) -> None:
    for _ in range(_ROUNDS):
        before = len(answers)
        for field in form.fields:
            if field.id in answers or field.id in wrong:
                continue
            for source in field.fill_from:
                found = _fitting(field, _derived(source, answers), today)
                if found is not None:
                    answers[field.id] = found
                    break
        if len(answers) == before:
            return


def _fitting(field: Field, found: Answer | None, today: date) -> Answer | None:
    """The answer as this field's type keeps it; nothing where it does not fit."""
    try:
        return read_answer(field, found, today)
    except RuleError:
        return None


def _derived(source: FillFrom, answers: Mapping[str, Answer]) -> Answer | None:
    answer = answers.get(source.field)
    if answer is None or not holds(source.when, answers):
        return None
    if source.how == "date_words":
        days = span(answer)
        return date_in_words(days[0]) if days and days[0] == days[1] else None
    if source.how == "document_pid":
        paper = answer if isinstance(answer, Mapping) else {}
        return paper.get("number") or None if paper.get("kind") == "can_cuoc" else None
    return answer


def _issues(
    form: EForm, answers: Mapping[str, Answer], around: Surroundings, shown: tuple[str, ...]
) -> list[Issue]:
    found: list[Issue | None] = []
    for field in form.fields:
        if field.id in shown and field.id in answers:
            told = [try_check(Case(form, answers, around, field, check)) for check in field.checks]
            found += told or []
            if not any(told):
                found.append(by_type(field, answers[field.id], around))
    for check in form.rules:
        if _concerned(check, shown):
            found.append(try_check(Case(form, answers, around, None, check)))
    return [issue for issue in found if issue is not None]


def _concerned(check: Check, shown: tuple[str, ...]) -> bool:
    return check.kind is CheckKind.NOTE or any(other in shown for other in check.others)


def _lacks(field: Field, answers: Mapping[str, Answer]) -> bool:
    if field.type is FieldType.WET_SIGNATURE:
        return False
    wanted = field.required or (field.require_if is not None and holds(field.require_if, answers))
    answer = answers.get(field.id)
    return wanted and (answer is None or (field.type is FieldType.DECLARATION and answer is not True))


def _in_order(issues: list[Issue], shown: tuple[str, ...]) -> list[Issue]:
    place = {field_id: number for number, field_id in enumerate(shown)}
    return sorted(issues, key=lambda issue: place.get(issue.field, len(shown)))


def _listed(labels: list[str]) -> str:
    most = 4
    more = t(" và {count} mục nữa").format(count=len(labels) - most) if len(labels) > most else ""
    return "; ".join(labels[:most]) + more
