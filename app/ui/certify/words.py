"""Sentences of the lane."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.certification import Kind, volume_of
from app.domain.deadline import due_words
from app.errors import AppError
from app.services.certify import Certified, CopyLine
from app.services.papers.slip_words import money
from app.text import t
from app.ui.certify.work import Taken

KIND_WORDS = {Kind.COPY: t("Bản sao"), Kind.SIGNATURE: t("Chữ ký")}


def fee_words(fee: int | None) -> str:
    """An amount, or that nobody has set one; never nought for what is not known."""
    return t("chưa có mức phí") if fee is None else t("{fee} đ").format(fee=money(fee))


def total_of(fees: Sequence[int | None]) -> int | None:
    """The sum; ``None`` while one is not known."""
    return None if any(fee is None for fee in fees) else sum(fee for fee in fees if fee is not None)


def count_words(lines: Sequence[CopyLine]) -> str:
    """How much is on the list."""
    return t("{lines} dòng, {copies} bản").format(lines=len(lines), copies=sum(line.copies for line in lines))


def numbers_words(lines: Sequence[Certified]) -> str:
    """The numbers given, a span a book: "số 1–20, quyển 02/2026"."""
    spans: dict[str, list[int]] = {}
    for line in lines:
        number, _, book = line.register_no.partition("/")
        spans.setdefault(book, []).append(int(number))
    return "; ".join(_span(book, numbers) for book, numbers in spans.items())


def _span(book: str, numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    which = str(low) if low == high else f"{low}–{high}"
    return t("số {which}, quyển {volume}").format(which=which, volume=volume_of(book).printed)


def done_words(taken: Taken, paid: bool, handed_over: bool) -> tuple[str, str]:
    """What happened, and what it means for the citizen."""
    lines = taken.lines
    total = total_of([line.fee_vnd for line in lines])
    title = t("Đã vào sổ {count} dòng: {numbers}").format(count=len(lines), numbers=numbers_words(lines))
    words = [t("Phí: {fee}").format(fee=fee_words(total))]
    words.append(t("đã thu") if paid and total else t("chưa thu"))
    if handed_over:
        words.append(t("đã trả công dân"))
    elif lines[0].due_at is not None:
        words.append(t("hẹn trả {due}").format(due=due_words(lines[0].due_at)))
    return title, ", ".join(words) + "."


def sentence(error: AppError) -> str:
    """What happened and what to do, on one line."""
    return f"{error.title} {error.next_step}".strip()
