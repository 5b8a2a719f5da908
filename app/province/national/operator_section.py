"""The portal's part of the operator's page, as HTML: every value escaped, no citizen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from app.province.national.overview import HeldLine, RetryLine, Standing
from app.text import t


@dataclass(frozen=True)
class Look:
    """What one look at the portal's work shows."""

    standing: Standing
    held: Sequence[HeldLine]
    retrying: Sequence[RetryLine]


def section(look: Look | None) -> str:
    """The section; without a look the portal has never been connected."""
    title = f"<h2>{_t('Cổng Dịch vụ công quốc gia')}</h2>"
    if look is None:
        words = _t("Chưa nối. Khai tệp cấu hình và chạy cổng với “--national”.")
        return f'<section id="national">{title}<p class="empty">{words}</p></section>'
    return f'<section id="national">{title}{_figures(look.standing)}{_held(look)}{_retrying(look)}</section>'


def _figures(standing: Standing) -> str:
    last = t("chưa lần nào") if standing.last_success is None else _moment(standing.last_success)
    figures = [
        (t("đang chờ gửi"), str(standing.waiting)),
        (t("bị giữ lại"), str(standing.held)),
        (t("đang thử lại"), str(standing.retrying)),
        (t("đã gửi đủ"), str(standing.done)),
        (t("lần gửi được gần nhất"), last),
    ]
    if standing.paused_until is not None:
        figures.append((t("tạm nghỉ đến"), _moment(standing.paused_until)))
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in figures)
    return f'<dl class="figures">{items}</dl>'


def _held(look: Look) -> str:
    if not look.held:
        return f'<p class="empty">{_t("Không có hồ sơ nào bị giữ lại.")}</p>'
    rows = "".join(
        f"<tr><td>{escape(line.code)}<small>{escape(line.unit_code)}</small></td>"
        f"<td>{'' if line.since is None else _moment(line.since)}</td>"
        f'<td class="words">{"<br>".join(escape(reason.words()) for reason in line.reasons)}</td></tr>'
        for line in look.held
    )
    return _table((t("Hồ sơ bị giữ lại"), t("Từ lúc"), t("Vì sao")), rows)


def _retrying(look: Look) -> str:
    if not look.retrying:
        return ""
    rows = "".join(
        f"<tr><td>{escape(line.code)}<small>{escape(line.unit_code)}</small></td>"
        f"<td>{escape(trouble_words(line.trouble))}<small>{escape(line.trouble)}</small></td>"
        f'<td class="number">{line.tries}</td><td>{_moment(line.next_try)}</td></tr>'
        for line in look.retrying
    )
    return _table((t("Hồ sơ đang thử lại"), t("Lần trước"), t("Số lần"), t("Thử lại lúc")), rows)


def trouble_words(trouble: str) -> str:
    """The kind of a failure in words."""
    kind = trouble.partition("-")[0]
    words = {
        "token": t("không vào được trục kết nối của tỉnh"),
        "unreachable": t("không nối được tới trục kết nối"),
        "certificate": t("chứng thư của trục kết nối không tin được"),
        "cut": t("mất câu trả lời giữa chừng"),
        "http": t("trục kết nối báo đang trục trặc"),
        "unreadable": t("câu trả lời không đọc được"),
        "too": t("câu trả lời quá dài hoặc quá chậm"),
        "refused": t("Cổng quốc gia không nhận"),
        "lookup": t("tra cứu hồ sơ không thành"),
        "defect": t("lỗi của chương trình; hồ sơ ở tỉnh vẫn nguyên"),
    }
    return words.get(kind, t("chưa thành"))


def _table(titles: Sequence[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"


def _t(words: str) -> str:
    return escape(t(words))
