"""A procedure in the counter's words: papers in groups, term, fee, source. What the province has not
supplied is said to be missing, never shown as nought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.catalogue import (
    Channel,
    ComponentKind,
    ComponentRule,
    Detail,
    FeeRule,
    Mandatory,
    ProcedureVersion,
    TimeLimit,
    TimeUnit,
)
from app.domain.deadline_words import hour_words
from app.text import t

_UNITS = {
    TimeUnit.HOUR: t("giờ"),
    TimeUnit.WORKING_HOUR: t("giờ làm việc"),
    TimeUnit.DAY: t("ngày"),
    TimeUnit.WORKING_DAY: t("ngày làm việc"),
    TimeUnit.MONTH: t("tháng"),
}
_CHANNELS = {
    Channel.COUNTER: t("Tại quầy"),
    Channel.ONLINE: t("Trực tuyến"),
    Channel.POST: t("Bưu chính"),
}
_PER = {"page": t("mỗi trang"), "copy": t("mỗi bản"), "job": t("mỗi việc")}
_CONFIDENCE = {
    "verified": t("Đã đối chiếu với nguồn công bố."),
    "known": t("Theo nguồn công bố, chưa đối chiếu từng mục."),
    "unsure": t("Có chỗ chưa chắc: hỏi lại tỉnh trước khi hẹn công dân."),
}
_EVERYWHERE = "toàn quốc"


@dataclass(frozen=True)
class PaperRow:
    """One paper: legal name, when or why it is asked for, and how it is handed in."""

    name: str
    why: str
    kind: str


@dataclass(frozen=True)
class PaperGroup:
    """Papers asked for in the same way."""

    title: str
    rows: tuple[PaperRow, ...]


def paper_groups(version: ProcedureVersion) -> tuple[PaperGroup, ...]:
    """Required ones, each one-of group, those of a condition, those only shown; empty groups left out."""
    handed_in = [rule for rule in version.components if rule.kind is ComponentKind.SUBMIT]
    shown = [rule for rule in version.components if rule.kind is ComponentKind.PRESENT]
    groups = [_group(t("Bắt buộc nộp"), _of(handed_in, Mandatory.YES))]
    one_of = _of(handed_in, Mandatory.ONE_OF)
    for name in dict.fromkeys(rule.group for rule in one_of):
        groups.append(_group(t("Nộp một trong các giấy sau"), [r for r in one_of if r.group == name]))
    groups.append(_group(t("Chỉ nộp khi có trường hợp này"), _of(handed_in, Mandatory.CONDITIONAL)))
    groups.append(_group(t("Có thì nộp, không bắt buộc"), _of(handed_in, Mandatory.NO)))
    groups.append(_group(t("Xuất trình để đối chiếu, không nộp"), shown))
    return tuple(group for group in groups if group.rows)


def term_words(limit: TimeLimit) -> str:
    """The legal term as an officer says it, with the hour from which it runs a day later."""
    if limit.unit is TimeUnit.SAME_DAY:
        if limit.late_cutoff is None:
            return t("Trong ngày làm việc")
        return t("Trong ngày làm việc. Nhận từ {hour} thì trả vào ngày làm việc tiếp theo.").format(
            hour=hour_words(limit.late_cutoff)
        )
    if limit.amount is None or limit.unit is None:
        return t("Chưa có thời hạn trong danh mục. Khi tiếp nhận, gõ ngày hẹn và lý do.")
    return f"{limit.amount} {_UNITS[limit.unit]}"


def term_lines(version: ProcedureVersion) -> tuple[str, ...]:
    """Every term of the procedure: by channel where it differs, then its notes and longer cases."""
    limits = version.time_limits or (TimeLimit(None, None),)
    lines = [
        f"{_CHANNELS[limit.channel]}: {term_words(limit)}" if limit.channel else term_words(limit)
        for limit in limits
    ]
    lines += [_capital(words) for words in version.extended_terms]
    return tuple(dict.fromkeys([*lines, *(_capital(limit.note) for limit in limits if limit.note)]))


def fee_lines(version: ProcedureVersion) -> tuple[tuple[str, str], ...]:
    """Name and amount of each fee; an amount the province has not supplied is said to be unknown."""
    if not version.fees:
        unknown = version.detail is Detail.INDEX
        return ((t("Phí, lệ phí"), t("chưa có trong danh mục") if unknown else t("không thu")),)
    return tuple((_fee_name(fee), _amount(fee)) for fee in version.fees)


def fee_notes(version: ProcedureVersion) -> tuple[str, ...]:
    """How the fees are reckoned and who is exempt."""
    notes: list[str] = []
    for fee in version.fees:
        notes += [fee.rule] if fee.rule else []
        left = [who for who in fee.exemptions if who.casefold() not in fee.rule.casefold()]
        notes += [t("Miễn: {who}").format(who=", ".join(left))] if left else []
    return tuple(dict.fromkeys(notes))


def source_lines(version: ProcedureVersion) -> tuple[str, ...]:
    """Who published it and how sure the catalogue is of its weakest part."""
    if version.detail is Detail.INDEX:
        everywhere = version.source == _EVERYWHERE
        who = t("Công bố dùng chung toàn quốc.") if everywhere else _published(version.source)
        return (who, t("Máy chưa có chi tiết: giấy tờ và ngày hẹn do cán bộ ghi tay khi tiếp nhận."))
    confidence = _CONFIDENCE.get(version.confidence, "")
    return tuple(line for line in (confidence, version.source) if line)


def replaced_words(version: ProcedureVersion) -> str:
    """The codes this one took over, for papers that still bear them; empty for none."""
    if not version.replaces:
        return ""
    return t("thay mã {codes}").format(codes=", ".join(version.replaces))


def _published(source: str) -> str:
    return t("Do {who} công bố.").format(who=source) if source else t("Chưa rõ nơi công bố.")


def _of(rules: Iterable[ComponentRule], mandatory: Mandatory) -> list[ComponentRule]:
    return [rule for rule in rules if rule.mandatory is mandatory]


def _group(title: str, rules: Iterable[ComponentRule]) -> PaperGroup:
    return PaperGroup(title, tuple(PaperRow(rule.name, _why(rule), _kind(rule)) for rule in rules))


def _why(rule: ComponentRule) -> str:
    parts = []
    if rule.condition:
        conditional = rule.mandatory is Mandatory.CONDITIONAL and not _says_when(rule.condition)
        parts.append(t("Khi {when}").format(when=rule.condition) if conditional else _capital(rule.condition))
    if rule.reuse_source:
        if rule.kind is ComponentKind.PRESENT:
            words = t("Tra được từ {source} thì không phải xuất trình")
        else:
            words = t("Tra được từ {source} thì không phải nộp")
        parts.append(words.format(source=rule.reuse_source))
    return ". ".join(parts)


def _says_when(condition: str) -> bool:
    return condition.casefold().startswith(("khi", "nếu", "chỉ", "trường hợp", "đối với"))


def _kind(rule: ComponentRule) -> str:
    if rule.kind is ComponentKind.PRESENT:
        return t("Xuất trình")
    counts = ((t("{n} bản chính"), rule.originals), (t("{n} bản sao"), rule.copies))
    return " · ".join(words.format(n=count) for words, count in counts if count)


def _fee_name(fee: FeeRule) -> str:
    per = _PER.get(fee.per, "")
    channel = _CHANNELS[fee.channel].lower() if fee.channel else ""
    return ", ".join(part for part in (fee.name, per, channel) if part)


def _amount(fee: FeeRule) -> str:
    if fee.amount_vnd is None:
        return t("chưa có mức thu của tỉnh")
    return f"{fee.amount_vnd:,} đ".replace(",", ".")


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
