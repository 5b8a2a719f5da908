"""The operator's page as HTML: every value escaped, no script, no picture, no font from elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from app.province.national import operator_section
from app.province.overview import PAGE, DeskLine, RefusedLine, Storage, Totals
from app.text import t

_LATE = timedelta(days=1)
_VERY_LATE = timedelta(days=3)

STYLE: Final = """
:root { color-scheme: light; --ink: #1d2733; --soft: #5a6675; --line: #d8dee6; --ground: #f5f7fa;
  --good: #1b6e3c; --warn: #8a5a00; --bad: #a3231f; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; align-items: baseline; gap: 1rem; padding: .9rem 1.5rem; background: #fff;
  border-bottom: 1px solid var(--line); }
header h1 { margin: 0; font-size: 1.25rem; }
header p { margin: 0; color: var(--soft); flex: 1; }
main { max-width: 82rem; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; }
section { background: #fff; border: 1px solid var(--line); border-radius: 8px; margin-bottom: 1.25rem;
  padding: 1rem 1.25rem; overflow-x: auto; }
h2 { margin: 0 0 .75rem; font-size: 1.05rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); } .figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
dl { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; }
td small { color: var(--soft); display: block; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); font-weight: 600; }
form.find { display: flex; gap: .5rem; margin-bottom: .75rem; }
input { font: inherit; padding: .45rem .6rem; border: 1px solid #9aa6b4; border-radius: 6px;
  min-width: 16rem; }
button { font: inherit; padding: .45rem 1rem; border: 1px solid #1f5f9e; border-radius: 6px; color: #fff;
  background: #1f5f9e; cursor: pointer; }
input:focus, button:focus, a:focus { outline: 3px solid #9cc3ea; outline-offset: 1px; }
td.words { white-space: normal; min-width: 22rem; }
.empty { color: var(--soft); margin: 0; }
.door { max-width: 30rem; margin: 12vh auto 0; }
.door input { width: 100%; margin: .35rem 0 1rem; }
"""


@dataclass(frozen=True)
class Page:
    """What one look shows. ``unit`` is what the officer searched for."""

    now: datetime
    server_id: str
    totals: Totals
    storage: Storage
    desks: Sequence[DeskLine]
    refused: Sequence[RefusedLine]
    unit: str = ""
    national: operator_section.Look | None = None


def overview(page: Page) -> str:
    """The whole page."""
    head = (
        f"<header><h1>{_t('Cổng tiếp nhận của tỉnh')}</h1>"
        f"<p>{escape(page.server_id)} · {_moment(page.now)}</p>"
        f'<form method="post" action="/operator/logout"><button>{_t("Thoát")}</button></form></header>'
    )
    body = _totals(page) + _desks(page) + _refused(page)
    body += operator_section.section(page.national) + _storage(page.storage)
    return _document(t("Cổng tiếp nhận của tỉnh"), f"{head}<main>{body}</main>")


def door(trouble: str = "") -> str:
    """The sign-in page; ``trouble`` says why the last try did not open it."""
    told = f'<p class="bad" role="alert">{escape(trouble)}</p>' if trouble else ""
    form = (
        f'<main class="door"><section><h1>{_t("Cổng tiếp nhận của tỉnh")}</h1>{told}'
        f'<form method="post" action="/operator/login"><label for="token">{_t("Mã vào trang")}</label>'
        f'<input id="token" name="token" type="password" autocomplete="off" required autofocus>'
        f"<button>{_t('Vào')}</button></form>"
        f'<p class="empty">{_t("Mã do lệnh “motcua gateway operator-token” trên máy chủ in ra.")}</p>'
        "</section></main>"
    )
    return _document(t("Vào trang điều hành"), form)


def plain(title: str, words: str) -> str:
    """A page that only says something."""
    return _document(
        title,
        f'<main class="door"><section><h1>{escape(title)}</h1><p>{escape(words)}</p></section></main>',
    )


def _totals(page: Page) -> str:
    figures = (
        (t("quầy đang hoạt động"), f"{_count(page.totals.active)} / {_count(page.totals.desks)}"),
        (t("hồ sơ"), _count(page.totals.dossiers)),
        (t("bản ghi đã nhận"), _count(page.totals.events)),
        (t("bản ghi đang chờ"), _count(page.totals.waiting)),
        (t("bản ghi bị trả lại, chưa sửa"), _count(page.totals.refused)),
    )
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in figures)
    return f'<section aria-label="{_t("Tổng quan")}"><dl class="figures">{items}</dl></section>'


def _desks(page: Page) -> str:
    find = (
        f'<form class="find" method="get" action="/operator">'
        f'<label hidden for="unit">{_t("Mã đơn vị")}</label>'
        f'<input id="unit" name="unit" maxlength="40" value="{escape(page.unit)}" '
        f'placeholder="{_t("Mã đơn vị, ví dụ H60.14")}"><button>{_t("Tìm")}</button></form>'
    )
    titles = (
        (t("Quầy"), ""),
        (t("Đơn vị"), ""),
        (t("Tình trạng"), ""),
        (t("Gửi lần cuối"), ""),
        (t("Đọc lần cuối"), ""),
        (t("Đã gửi"), "number"),
        (t("Chưa đọc"), "number"),
        (t("Đang chờ"), "number"),
        (t("Bị trả lại"), "number"),
    )
    rows = [_desk_row(page.now, desk) for desk in page.desks]
    more = ""
    if len(page.desks) == PAGE:
        after = escape(page.desks[-1].desk_id)
        more = f'<p><a href="/operator?unit={escape(page.unit)}&amp;after={after}">{_t("Trang sau")}</a></p>'
    words = t("Chưa có quầy nào ở đây. Cấp mã ghi danh bằng lệnh “motcua gateway enrolment-code”.")
    return _section(t("Quầy"), find + _table(titles, rows, words) + more)


def _desk_row(now: datetime, desk: DeskLine) -> str:
    state, kind = _STATES.get(desk.state, (desk.state, "warn"))
    return (
        f"<tr><td>{escape(desk.desk_id)}<small>{escape(desk.name)}</small></td>"
        f"<td>{escape(desk.unit_code)}<small>{escape(desk.unit_name)}</small></td>"
        f'<td class="{kind}">{escape(t(state))}</td>'
        f"{_seen(now, desk.last_sent_at)}{_seen(now, desk.last_read_at)}"
        f"{_number(desk.events)}{_number(desk.unread)}{_number(desk.waiting)}"
        f"{_number(desk.refused, 'bad' if desk.refused else '')}</tr>"
    )


_STATES = {
    "active": ("đang hoạt động", "good"),
    "suspended": ("tạm ngừng", "warn"),
    "revoked": ("đã thu hồi", "bad"),
}


def _refused(page: Page) -> str:
    names = (t("Nhận lúc"), t("Quầy"), t("Loại bản ghi"), t("Lý do"), t("Mã bản ghi"))
    titles = [(name, "") for name in names]
    rows = [
        f"<tr><td>{_moment(each.received_at)}</td><td>{escape(each.desk_id)}</td><td>{escape(each.type)}</td>"
        f"<td>{escape(each.title)}<small>{escape(each.code)}</small></td><td>{escape(each.event_id)}</td></tr>"
        for each in page.refused
    ]
    words = t("Không có bản ghi nào bị trả lại mà chưa được sửa.")
    return _section(t("Bản ghi bị trả lại, mới nhất trước"), _table(titles, rows, words))


def _storage(storage: Storage) -> str:
    figures = (
        (t("cơ sở dữ liệu"), _bytes(storage.database_bytes)),
        (t("tệp đính kèm"), _bytes(storage.file_bytes)),
        (t("số tệp"), _count(storage.file_count)),
        (t("đĩa còn trống"), _bytes(storage.free_bytes)),
    )
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in figures)
    return _section(t("Lưu trữ"), f'<dl class="figures">{items}</dl>')


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/operator/style.css">'
        f"</head><body>{body}</body></html>"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def _table(titles: Iterable[tuple[str, str]], rows: Sequence[str], words: str) -> str:
    if not rows:
        return f'<p class="empty">{escape(words)}</p>'
    head = "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _seen(now: datetime, moment: datetime | None) -> str:
    if moment is None:
        return f'<td class="warn">{_t("chưa lần nào")}</td>'
    age = now - moment
    kind = "bad" if age > _VERY_LATE else "warn" if age > _LATE else ""
    return f'<td class="{kind}">{_moment(moment)}<small>{escape(_age(age))}</small></td>'


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return t("vừa xong")
    if minutes < 60:
        return t("{count} phút trước").format(count=minutes)
    if minutes < 48 * 60:
        return t("{count} giờ trước").format(count=minutes // 60)
    return t("{count} ngày trước").format(count=minutes // 1440)


def _number(value: int, kind: str = "") -> str:
    return f'<td class="number {kind}">{_count(value)}</td>'


def _count(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _bytes(value: int) -> str:
    size, unit = float(value), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.1f} {unit}".replace(".", ",") if unit != "B" else f"{value} B"


def _moment(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"


def _t(words: str) -> str:
    return escape(t(words))
