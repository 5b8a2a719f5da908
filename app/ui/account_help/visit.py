"""One citizen at the desk of account help, as it stands on screen. Nothing of it is stored before saving:
without consent nobody's name may be kept, not even in a draft (DOMAIN §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.clock import VIETNAM
from app.domain.account_help import EXITS, ConsentPurpose, HelpState, Obstacle, next_states
from app.domain.people import IdKind, Person, Sex
from app.services.help.account_help import Case

ALREADY_DONE = "Đã xong trước lần gặp này."


@dataclass(frozen=True)
class Visit:
    """``case``: what the desk keeps, if anything; ``ticked``: consents just given and when;
    ``done_once``: saved or counted in this visit, so that saving again only prints again."""

    person: Person | None
    case: Case | None = None
    phone: str = ""
    ticked: Mapping[ConsentPurpose, datetime] = field(default_factory=dict)
    outcome: HelpState = HelpState.REGISTERED
    obstacles: frozenset[Obstacle] = frozenset()
    note: str = ""
    next_visit: date | None = None
    warnings: tuple[str, ...] = ()
    opened_at: datetime | None = None
    saved_at: datetime | None = None

    @property
    def kept_state(self) -> HelpState:
        """Where the case stands in the store."""
        return self.case.state if self.case else HelpState.REGISTERED

    @property
    def case_id(self) -> str | None:
        """The kept case."""
        return self.case.id if self.case else None

    @property
    def name(self) -> str:
        """Who it is, as far as known."""
        return (self.person.name if self.person else "") or (self.case.name if self.case else "") or ""

    @property
    def kept_phone(self) -> str:
        """The telephone the desk may keep."""
        return (self.case.phone if self.case else "") or ""

    @property
    def tracked(self) -> bool:
        """Whether progress is kept, or will be once saved."""
        return ConsentPurpose.TRACKING in self.ticked or self.has(ConsentPurpose.TRACKING)

    @property
    def keeps_something(self) -> bool:
        """Whether any consent holds or has just been given."""
        return bool(self.ticked) or any(self.has(purpose) for purpose in ConsentPurpose)

    def has(self, purpose: ConsentPurpose) -> bool:
        """Whether a stored consent to the purpose holds."""
        return self.case is not None and self.case.has(purpose)


def begin(person: Person | None, case: Case | None, now: datetime, warnings: tuple[str, ...] = ()) -> Visit:
    """A citizen who has just come: a kept case goes on where it stood."""
    kept_phone = (case.phone or "") if case else ""
    return Visit(
        person=person,
        case=case,
        phone=kept_phone or (person.phone if person and person.phone else ""),
        outcome=case.state if case else HelpState.REGISTERED,
        obstacles=frozenset(case.obstacles) if case else frozenset(),
        next_visit=_still_ahead(case.next_visit if case else None, now),
        warnings=warnings,
        opened_at=now,
    )


def person_of(case: Case) -> Person | None:
    """The citizen of a kept case, ``None`` where no identity is kept."""
    if case.name is None:
        return None
    return Person(
        name=case.name,
        id_kind=IdKind.PERSONAL_NUMBER if case.personal_id else IdKind.NONE,
        id_value=case.personal_id,
        birth_date=case.birth_date,
        sex=Sex(case.sex) if case.sex else None,
    )


def is_same_citizen(visit: Visit, person: Person) -> bool:
    """Whether a card scanned is of the citizen already in front."""
    known = visit.person
    return known is not None and (known.id_value, known.name) == (person.id_value, person.name)


def after_saving(visit: Visit, case: Case, now: datetime) -> Visit:
    """What is on screen agrees with what is kept."""
    return replace(visit, case=case, ticked={}, note="", saved_at=now)


def is_unsaved(visit: Visit) -> bool:
    """Whether saving would write anything."""
    if visit.ticked or visit.note.strip():
        return True
    if visit.saved_at is None:
        return True
    kept = visit.case
    if kept is None or kept.id is None:
        return False
    shown = (visit.outcome, visit.obstacles, visit.next_visit)
    return kept.tracked and shown != (kept.state, frozenset(kept.obstacles), kept.next_visit)


def is_touched(visit: Visit) -> bool:
    """Whether leaving would lose something the officer did."""
    if visit.opened_at is None:
        return is_unsaved(visit)
    fresh = begin(visit.person, visit.case, visit.opened_at)
    members = ("phone", "outcome", "obstacles", "note", "next_visit")
    changed = any(getattr(visit, name) != getattr(fresh, name) for name in members)
    return is_unsaved(visit) and bool(visit.ticked or changed or visit.case is None)


def shown_case(visit: Visit, now: datetime) -> Case:
    """The case as the take-home card is to show it, kept or not."""
    base = visit.case or Case(id=None, state=visit.outcome, opened_at=now, changed_at=now)
    chosen = tuple(each for each in Obstacle if each in visit.obstacles)
    return replace(base, state=visit.outcome, obstacles=chosen, next_visit=visit.next_visit)


def reachable(state: HelpState) -> tuple[HelpState, ...]:
    """Where a citizen may be found to stand today: itself, every state lawfully behind it, the exits."""
    seen, wave = {state}, [state]
    while wave:
        found = {after for each in wave for after in next_states(each)} - seen
        seen |= found
        wave = [each for each in found if each not in EXITS]
    return tuple(each for each in HelpState if each in seen)


def steps_to(old: HelpState, new: HelpState) -> tuple[HelpState, ...]:
    """The lawful steps from one state to another, shortest first; the state itself for a visit without
    progress. Empty where there is no way."""
    if old is new:
        return (new,)
    ways: list[tuple[HelpState, ...]] = [(old,)]
    seen = {old}
    while ways:
        way = ways.pop(0)
        for after in next_states(way[-1]):
            if after is new:
                return (*way[1:], after)
            if after not in seen and after not in EXITS:
                seen.add(after)
                ways.append((*way, after))
    return ()


def _still_ahead(day: date | None, now: datetime) -> date | None:
    return day if day is not None and day >= now.astimezone(VIETNAM).date() else None
