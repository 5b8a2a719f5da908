"""A form file read strictly: every member known, every reference met, the line named where it is not."""

from __future__ import annotations

import re
from datetime import date

from app.domain.eform.form import (
    Check,
    CheckKind,
    Condition,
    EForm,
    Field,
    FieldType,
    FillFrom,
    Level,
    Section,
)
from app.domain.eform.located import At, parse_located
from app.domain.eform.prefill import SOURCES
from app.text import t

FORMAT = "motcua-eform/1"
MAX_FIELDS = 200
MAX_SECTIONS = 30
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,2}")
_PROCEDURE = re.compile(r"[0-9]{1,2}\.[0-9]{6}")
_HOW = ("copy", "date_words", "document_pid")
_REFERENCES = ("field", "others", "birth", "sex", "document")
_COMPARES = frozenset(
    {
        *(CheckKind.NOT_BEFORE, CheckKind.YEARS_BEFORE, CheckKind.SAME_AS_ANY, CheckKind.FAMILY_NAME_OF),
        *(CheckKind.ANY_FILLED, CheckKind.WITHIN_DAYS, CheckKind.YOUNGER, CheckKind.ANY_IN_UNIT),
        CheckKind.COPY_FEE,
    }
)
"""Rules that need other fields to speak of."""
_SPEAKS = frozenset({CheckKind.YOUNGER, CheckKind.ANY_IN_UNIT, CheckKind.NOTE})
"""Rules that say only what the form gives them to say."""
_PARTS = ("kind", "number", "place", "date", "text", "old", "result", "source", "at")


def read_form(content: bytes) -> EForm:
    """The form of a file. Raises ``RuleError`` "eform-malformed" naming the line; ``field`` the member."""
    root = parse_located(content)
    root.only(
        "format",
        "id",
        "version",
        "title",
        "legal",
        "confidence",
        "procedures",
        "effective_from",
        "effective_to",
        "sections",
        "rules",
    )
    if root.member("format").text() != FORMAT:
        root.member("format").refuse(t("mục “format” cần là {format}").format(format=FORMAT))
    form = EForm(
        id=_id(root.member("id")),
        version=_fits(root.member("version"), _VERSION, t("phiên bản cần như 1 hoặc 2.1")),
        title=root.member("title").text(),
        legal=root.member("legal").text(),
        confidence=root.member("confidence").text(""),
        procedures=tuple(
            _fits(item, _PROCEDURE, t("mã thủ tục cần như 1.001193"))
            for item in root.member("procedures").items()
        ),
        effective_from=root.member("effective_from").day(),
        effective_to=_last_day(root),
        sections=tuple(_section(item) for item in root.member("sections").items()),
        rules=tuple(_check(item) for item in root.member("rules").items()),
    )
    _whole(form, root)
    return form


def _last_day(root: At) -> date | None:
    last = root.member("effective_to")
    if last.value is None:
        return None
    if last.day() < root.member("effective_from").day():
        last.refuse(t("ngày hết hiệu lực trước ngày có hiệu lực"))
    return last.day()


def _section(node: At) -> Section:
    node.only("id", "title", "fields")
    fields = tuple(_field(item) for item in node.member("fields").items())
    return Section(_id(node.member("id")), node.member("title").text(""), fields)


def _field(node: At) -> Field:
    node.only(
        *("id", "label", "type", "required", "options", "open_list", "guide", "default", "prefill"),
        *("fill_from", "show_if", "require_if", "checks", "upper", "same_line", "paper_label"),
    )
    kind = node.member("type").choice(FieldType)
    options = node.member("options").texts()
    if kind is FieldType.CHOICE and not options and node.member("open_list").value is None:
        node.refuse(t("mục chọn cần “options” hoặc “open_list”"))
    return Field(
        id=_id(node.member("id")),
        label=node.member("label").text(),
        type=kind,
        required=node.member("required").flag(),
        options=options,
        open_list=node.member("open_list").text(""),
        guide=node.member("guide").text(""),
        default=_default(node.member("default")),
        prefill=_source(node.member("prefill")),
        fill_from=tuple(_fill_from(item) for item in node.member("fill_from").items()),
        show_if=_condition_or_none(node.member("show_if")),
        require_if=_condition_or_none(node.member("require_if")),
        checks=tuple(_check(item) for item in node.member("checks").items()),
        upper=node.member("upper").flag(),
        same_line=node.member("same_line").flag(),
        paper_label=node.member("paper_label").text(""),
    )


def _default(node: At) -> str | bool | None:
    if node.value is None or isinstance(node.value, bool):
        return node.value
    return node.text()


def _source(node: At) -> str:
    found = node.text("")
    if found and found not in SOURCES:
        node.refuse(t("mục “prefill” chỉ nhận: {known}").format(known=", ".join(sorted(SOURCES))))
    return found


def _fill_from(node: At) -> FillFrom:
    node.only("field", "how", "when")
    how = node.member("how").text("copy")
    if how not in _HOW:
        node.member("how").refuse(t("mục “how” chỉ nhận: {known}").format(known=", ".join(_HOW)))
    return FillFrom(_id(node.member("field")), how, _condition_or_none(node.member("when")))


def _condition_or_none(node: At) -> Condition | None:
    return None if node.value is None else _condition(node)


def _condition(node: At) -> Condition:
    if "all" in node.members() or "any" in node.members():
        node.only("all", "any")
        return Condition(
            all_of=tuple(_condition(item) for item in node.member("all").items()),
            any_of=tuple(_condition(item) for item in node.member("any").items()),
        )
    node.only("field", "part", "is", "in", "filled", "from")
    part, since = node.member("part"), node.member("from")
    if part.value is not None and part.text() not in _PARTS:
        part.refuse(t("mục “part” chỉ nhận: {known}").format(known=", ".join(_PARTS)))
    values = tuple(_wanted(item) for item in node.member("in").items())
    if node.member("is").value is not None:
        values = (*values, _wanted(node.member("is")))
    filled = node.member("filled").flag() if node.member("filled").value is not None else None
    if not values and filled is None and since.value is None:
        node.refuse(t("điều kiện cần “is”, “in”, “filled” hoặc “from”"))
    return Condition(
        field=_id(node.member("field")),
        part=part.text(""),
        values=values,
        filled=filled,
        since=None if since.value is None else since.day(),
    )


def _wanted(node: At) -> str | bool:
    return node.value if isinstance(node.value, bool) else node.text()


def _check(node: At) -> Check:
    node.only(
        *("check", "level", "others", "number", "shape", "text", "late_text", "when"),
        *("birth", "sex", "document"),
    )
    number, kind = node.member("number"), node.member("check").choice(CheckKind)
    if kind in _COMPARES and not node.member("others").items():
        node.member("check").refuse(t("quy tắc “{kind}” cần “others”").format(kind=kind.value))
    if kind in _SPEAKS and not node.member("text").text(""):
        node.member("check").refuse(t("quy tắc “{kind}” cần “text”").format(kind=kind.value))
    if kind is CheckKind.SHAPE and not node.member("shape").text(""):
        node.member("check").refuse(t("quy tắc “{kind}” cần “shape”").format(kind=kind.value))
    return Check(
        kind=kind,
        level=node.member("level").choice(Level, Level.REFUSE),
        others=tuple(_id(item) for item in node.member("others").items()),
        number=0 if number.value is None else number.whole(0, 1_000_000),
        shape=node.member("shape").text(""),
        text=node.member("text").text(""),
        late_text=node.member("late_text").text(""),
        when=_condition_or_none(node.member("when")),
        birth=_id_or_none(node.member("birth")),
        sex=_id_or_none(node.member("sex")),
        document=_id_or_none(node.member("document")),
    )


def _id_or_none(node: At) -> str:
    return _id(node) if node.text("") else ""


def _id(node: At) -> str:
    return _fits(node, _ID, t("mã cần chữ thường không dấu, số, gạch dưới"))


def _fits(node: At, pattern: re.Pattern[str], why: str) -> str:
    found = node.text()
    if not pattern.fullmatch(found):
        node.refuse(why)
    return found


def _whole(form: EForm, root: At) -> None:
    """What only the whole form shows: an id given twice, a reference to a field there is none of."""
    sections = root.member("sections")
    if not form.fields:
        sections.refuse(t("mẫu không có mục nào"))
    if len(form.fields) > MAX_FIELDS or len(form.sections) > MAX_SECTIONS:
        sections.refuse(t("mẫu có quá nhiều mục"))
    seen: set[str] = set()
    for section in sections.items():
        for node in section.member("fields").items():
            field_id = node.member("id").text()
            if field_id in seen:
                node.member("id").refuse(t("mã “{id}” đã dùng ở trên").format(id=field_id))
            seen.add(field_id)
    for section in sections.items():
        for node in section.member("fields").items():
            _met(node, seen)
    for node in root.member("rules").items():
        _met(node, seen)


def _met(node: At, known: set[str]) -> None:
    """Every field a rule or condition speaks of is there."""
    for part in _below(node):
        if part.name in _REFERENCES and part.value and part.value not in known:
            part.refuse(t("không có mục nào mã “{id}”").format(id=part.value))


def _below(node: At) -> list[At]:
    if isinstance(node.value, str | int) or node.value is None:
        return [node]
    inner = node.members().values() if not isinstance(node.value, list) else node.items()
    return [found for each in inner for found in _below(each)]
