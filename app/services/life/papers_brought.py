"""Papers that come after the first visit: with an acceptance, or in answer to a supplement request."""

from __future__ import annotations

from app.domain.catalogue import ComponentKind, ComponentRule
from app.domain.vietnamese import clean_text
from app.protocol.ids import new_id
from app.services.intake.received_parts import PaperLine
from app.services.intake.stored_filing import StoredFiling
from app.services.life.doing import Doing

_LONGEST_NAME = 500


def papers_brought(doing: Doing, filing: StoredFiling) -> tuple[PaperLine, ...]:
    """The order's items as papers of the dossier. An item that names a paper of the procedure, by id or by
    name, is that paper; what is on file already, or known to nobody, is a further one."""
    there = {line.code for line in filing.papers}
    lines: list[PaperLine] = []
    for item in doing.order.items:
        words = clean_text(item)
        if not words:
            continue
        rule = _rule(filing, words)
        position = len(filing.papers) + len(lines) + 1
        code = rule.id if rule is not None and rule.id not in there else f"extra-{position}"
        there.add(code)
        lines.append(_line(rule, words, code, position))
    return tuple(lines)


def rows_of(doing: Doing, papers: tuple[PaperLine, ...]) -> list[dict[str, object]]:
    """The rows of these papers."""
    return [{"dossier_id": doing.standing.id, **line.as_row()} for line in papers]


def _rule(filing: StoredFiling, words: str) -> ComponentRule | None:
    named = (rule for rule in filing.version.components if words in (rule.id, rule.name, rule.short_name))
    return next(named, None)


def _line(rule: ComponentRule | None, words: str, code: str, position: int) -> PaperLine:
    return PaperLine(
        id=new_id(),
        position=position,
        code=code,
        national_code="" if rule is None else rule.national_code,
        name=(words if rule is None else rule.name)[:_LONGEST_NAME],
        mandatory="no" if rule is None else rule.mandatory.value,
        presented_only=rule is not None and rule.kind is ComponentKind.PRESENT,
        copy_kind="original",
        quantity=1,
    )
