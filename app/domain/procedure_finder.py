"""The catalogue as the counter uses it: the version of a day, and search by everyday words.

Search takes what an officer types in three keystrokes: ``ks``, ``khai sinh``, ``giấy độc thân``, a
code with or without dots. Marks do not matter. Order of the matches: rows with full detail before rows
of the index; then how well the words fit; then the everyday rank; then what this desk uses most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.catalogue import Detail, ProcedureVersion
from app.domain.folding import fold_public
from app.domain.vietnamese import fold
from app.errors import NotFoundError, RuleError
from app.text import t

_WORDS = re.compile(r"[0-9a-z.]+")
_UNRANKED = 99

_EXACT_CODE, _EXACT_WORDS, _START_OF_WORDS, _INITIALS, _ALL_WORDS = range(5)


@dataclass(frozen=True)
class _Entry:
    """What search reads of one procedure, folded once."""

    place: int
    codes: frozenset[str]
    phrases: frozenset[str]
    text: str
    initials: str
    rank: int
    indexed: bool

    def fit(self, query: str, words: list[str]) -> int | None:
        """How well the query fits, 0 best; ``None``: not at all."""
        if query.replace(".", "") in self.codes:
            return _EXACT_CODE
        if query in self.phrases:
            return _EXACT_WORDS
        if f" {query}" in self.text:
            return _START_OF_WORDS
        if len(query) > 1 and query in self.initials:
            return _INITIALS
        if all(f" {word}" in self.text for word in words):
            return _ALL_WORDS
        return None


@dataclass(frozen=True)
class Catalogue:
    """All versions this desk knows, of procedures with full detail and of rows of the index.

    Built once and replaced as a whole when the province publishes; the order of ``versions`` breaks the
    last ties of a search.
    """

    versions: tuple[ProcedureVersion, ...]

    @cached_property
    def _by_code(self) -> dict[str, tuple[ProcedureVersion, ...]]:
        groups: dict[str, list[ProcedureVersion]] = {}
        for version in self.versions:
            groups.setdefault(version.code, []).append(version)
        return {code: tuple(sorted(group, key=_age)) for code, group in groups.items()}

    @cached_property
    def _successors(self) -> dict[str, str]:
        pairs = ((old, version.code) for version in self.versions for old in version.replaces)
        return {old: new for old, new in pairs if old not in self._by_code}

    @cached_property
    def _entries(self) -> dict[str, _Entry]:
        return {code: _entry(place, group) for place, (code, group) in enumerate(self._by_code.items())}

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the catalogue's order."""
        return tuple(self._by_code)

    def prepare(self) -> Catalogue:
        """Build the search index now rather than at the first key; the catalogue itself."""
        _ = self._entries, self._successors
        return self

    def current_code(self, code: str) -> str:
        """The code itself, or the one that took it over (2.001023 is now 3.000722).

        Raises ``NotFoundError`` ``procedure-unknown``, field ``procedure``.
        """
        code = code.strip()
        known = code if code in self._by_code else self._successors.get(code)
        if known is None:
            raise NotFoundError(
                "procedure-unknown",
                t("Không có thủ tục nào mang mã này."),
                t("Gõ tên thường gọi để tìm, ví dụ: ks, kết hôn, sao y."),
                field="procedure",
            )
        return known

    def get(self, code: str, version: int) -> ProcedureVersion:
        """Exactly this version, as a dossier kept it. Raises ``NotFoundError``."""
        for candidate in self._by_code[self.current_code(code)]:
            if candidate.version == version:
                return candidate
        raise NotFoundError(
            "procedure-version-unknown",
            t("Máy này chưa có phiên bản thủ tục mà hồ sơ dùng."),
            t("Hồ sơ vẫn nguyên. Đồng bộ với tỉnh để lấy phiên bản đó."),
            field="procedure",
        )

    def version_for(self, code: str, day: date) -> ProcedureVersion:
        """The version in force on the day of reception (DOMAIN §0.4).

        A day before the first known version uses the first. Raises ``NotFoundError`` for an unknown
        code and ``RuleError`` ``procedure-ended`` where the last day to choose it has passed.
        """
        chosen = self._on(self.current_code(code), day)
        if chosen is None:
            raise RuleError(
                "procedure-ended",
                t("Thủ tục này đã hết hiệu lực vào ngày tiếp nhận."),
                t("Tìm thủ tục thay thế theo tên, hoặc hỏi tỉnh về mã mới."),
                field="procedure",
            )
        return chosen

    def _on(self, code: str, day: date | None) -> ProcedureVersion | None:
        group = self._by_code[code]
        if day is None:
            return group[-1]
        begun = [version for version in group if version.effective_from <= day]
        if not begun:
            return group[0]
        lasting = [v for v in begun if v.effective_to is None or day <= v.effective_to]
        return lasting[-1] if lasting else None

    def find(
        self, text: str, *, used: Mapping[str, int] | None = None, limit: int = 20, day: date | None = None
    ) -> list[ProcedureVersion]:
        """Procedures for what was typed, best first; nothing typed gives the everyday ones.

        ``used`` counts this desk's receptions by code. With ``day`` the version of that day is given and
        procedures that had ended are left out; without it the newest version.
        """
        counts = used or {}
        words = _WORDS.findall(fold(text))
        query = " ".join(words)
        if text.strip() and not query:
            return []
        hits = []
        for code, entry in self._entries.items():
            fit = entry.fit(query, words) if query else 0
            if fit is not None:
                far = entry.indexed and fit != _EXACT_CODE
                hits.append((far, fit, entry.rank, -counts.get(code, 0), entry.place, code))
        found = (self._on(hit[-1], day) for hit in sorted(hits))
        return [version for version in found if version is not None][:limit]


def _age(version: ProcedureVersion) -> tuple[date, int]:
    return version.effective_from, version.version


def _entry(place: int, group: tuple[ProcedureVersion, ...]) -> _Entry:
    newest = group[-1]
    aliases = dict.fromkeys(alias for version in group for alias in version.aliases)
    phrases = [_plain(words) for words in (newest.short_name, newest.name, *aliases)]
    codes = (newest.code, *(old for version in group for old in version.replaces))
    return _Entry(
        place=place,
        codes=frozenset(code.replace(".", "") for code in codes),
        phrases=frozenset(phrases),
        text=" " + " | ".join((*phrases, *codes, _plain(newest.field))),
        initials=" ".join("".join(word[0] for word in phrase.split()) for phrase in phrases[:2]),
        rank=newest.everyday_rank or _UNRANKED,
        indexed=newest.detail is Detail.INDEX,
    )


def _plain(words: str) -> str:
    return " ".join(_WORDS.findall(fold_public(words)))


def catalogue_of(*parts: Iterable[ProcedureVersion]) -> Catalogue:
    """One catalogue of several parts: full records, rows of the index, what the province published.

    A row of the index gives way to a full record of the same code.
    """
    versions = [version for part in parts for version in part]
    full = {version.code for version in versions if version.detail is Detail.FULL}
    taken = {old for version in versions for old in version.replaces}
    kept = [v for v in versions if v.detail is Detail.FULL or v.code not in full | taken]
    return Catalogue(tuple(kept))
