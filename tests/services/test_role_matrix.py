"""Who may do what (I23): every service an officer calls, for every role, against a table written by hand.

Written from the contract ("canbo: reception and processing; lanhdao: also every act of canbo, reopen and
overrides alone; quantri: administrator") and from RELIABILITY I23, not from the code. A service that takes
an officer and stands in no table turns the first test red: whoever adds it says who may.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import app.services
from app.clock import FixedClock
from app.domain.certification import Kind
from app.domain.dossier_status import Act
from app.domain.roles import Officer, Permission, Role
from app.errors import AppError
from app.models.database import Store
from app.protocol.ids import new_id
from app.services.certify.batch import CopyJob
from app.services.demo import acts
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder
from app.services.money.tariff import TariffEntry
from app.services.people import access
from tests.support.desk import HUONG, MONDAY, birth, make_desk, officer

LETTERS = {
    "U": Role.AUDITOR,
    "A": Role.ADMINISTRATOR,
    "R": Role.RECEPTION,
    "P": Role.PROCESSING,
    "L": Role.LEADER,
}
"""Refused ones come first for most services, so that what is asked about is still as it was."""

COUNTER, READ, LEADER, ADMIN, OFFICE = "RPL", "URPL", "L", "A", "AL"
AUDIT, SYNC = "UAL", "ARPL"

TABLE: dict[str, dict[str, str]] = {
    "people.access": {COUNTER: "", ADMIN: "add_officer"},
    "help.account_help": {
        COUNTER: "open_case give_consent step_case list_cases show_case find_open_case withdraw_consent "
        "retention_sweep"
    },
    "demo.acts": {COUNTER: "perform perform_reading perform_within approver_of"},
    "people.approvals": {
        COUNTER: "ask_approval",
        READ: "waiting_approvals approvals_of",
        LEADER: "approve decline",
    },
    "audit.verify": {READ: "note_read note_copied note_listed"},
    "audit.log": {AUDIT: "open_log read_log"},
    "money.cash_day": {READ: "cash_day", COUNTER: "count_cash cash_sheet make_cash_sheet make_fee_note"},
    "certify.batch": {COUNTER: "certify certify_batch"},
    "certify.day_book": {COUNTER: "day_books pages_holding make_day_book"},
    "certify.papers": {COUNTER: "copy_sheet make_copy_sheet make_stamps"},
    "certify.signers": {COUNTER: "signers"},
    "certify.stamps": {COUNTER: "stamps", ADMIN: "set_wording"},
    "certify.usual": {COUNTER: "usual_papers"},
    "people.delegation": {
        LEADER: "leader_behind delegate end_delegation",
        READ: "list_delegations",
        OFFICE: "set_signer_title",
    },
    "demo.filling": {COUNTER: "fill"},
    "finding.dossier_view": {READ: "show_dossier"},
    "drafts": {COUNTER: "save_draft open_drafts load_draft drop_draft"},
    "eforms.packages": {ADMIN: "import_eform"},
    "eforms.declarations": {
        READ: "offered_eforms export_eform",
        COUNTER: "open_eform prefill_eform preview_eform blank_eform fill_eform",
    },
    "from_province.elsewhere": {READ: "dossiers_elsewhere"},
    "papers.evidence": {COUNTER: "evidence print_evidence"},
    "money.fee_account": {ADMIN: "configure_account forget_account"},
    "field.session": {
        COUNTER: "open_session close_session session_list_pdf session_list",
        READ: "current_session list_sessions session_dossiers",
    },
    "finding.grid": {READ: "open_result page counts totals"},
    "intake.group_intake": {COUNTER: "receive_group group_sheet print_group_sheet intake_from"},
    "intake.guidance": {
        COUNTER: "give_guidance withdraw_guidance guidance_content print_guidance",
        READ: "guidance_count",
    },
    "hand_over.lists": {COUNTER: "hand_over_to take_over_from list_content print_list", READ: "lists"},
    "help.card": {COUNTER: "card_pdf make_card"},
    "overview.leader_view": {LEADER: "leader_view"},
    "life": {COUNTER: "do_act do_act_within"},
    "life.custody_acts": {COUNTER: "note_arrival"},
    "life.offered": {READ: "offered_acts"},
    "office_settings": {
        OFFICE: "require_office allow_extensions edit_day set_backup_place",
        ADMIN: "rename_desk set_closing_time",
    },
    "people.officers": {
        OFFICE: "list_accounts reset_password",
        ADMIN: "change_role deactivate_officer reactivate_officer end_second_step",
    },
    "papers.forms": {COUNTER: "make_paper offered_forms"},
    "money.payments": {
        COUNTER: "take_payment cancel_receipt",
        READ: "receipt_of receipts_of_day receipts_of_dossier debts",
    },
    "post.parcels": {COUNTER: "prepare hand_to_post delivered came_back"},
    "post.incoming": {COUNTER: "receive_by_post note_arrival"},
    "post.items": {READ: "post_items"},
    "post.labels": {COUNTER: "envelope_label print_labels"},
    "from_province.notices": {SYNC: "unseen_notices mark_seen"},
    "from_province.proposals": {
        COUNTER: "open_proposals keep_ours accept_theirs slip_after_accepting",
    },
    "queue.numbers": {
        OFFICE: "switch_queue",
        COUNTER: "draw call_next call_again absent served left call_back",
        READ: "queue_state",
    },
    "queue.paper": {COUNTER: "queue_slip ticket_pdf"},
    "intake.reception": {COUNTER: "receive_dossier receive_within receive_with take_in"},
    "register.book": {COUNTER: "register_pages print_register"},
    "from_province.giving_up": {COUNTER: "give_up"},
    "from_province.resubmission": {COUNTER: "read_returned resubmit"},
    "returning.paper": {COUNTER: "return_receipt print_receipt"},
    "returning.view": {COUNTER: "read_return"},
    "returning.results": {COUNTER: "look_up of_person hand_over", READ: "waiting_results"},
    "intake.same_visit": {COUNTER: "receive_beside print_visit_sheet"},
    "finding.search": {READ: "find earlier_visits open_same"},
    "setup": {ADMIN: "set_agency_code"},
    "safety.key_change": {ADMIN: "change_key new_sheet"},
    "safety.recovery_sheet": {ADMIN: "recovery_sheet"},
    "papers.slip_correction": {COUNTER: "correct_slip correct_dossier replacing_slip"},
    "papers.slip_preview": {COUNTER: "preview_pdf"},
    "papers.slips": {COUNTER: "receipt_slip make_slip kept_paper note_printed preview_slip"},
    "money.tariff": {OFFICE: "enter_tariff", "UARPL": "tariff_lines"},
    "overview.today": {READ: "today"},
    "privacy.answer": {COUNTER: "print_answer"},
    "privacy.breach": {OFFICE: "breach_sheet"},
    "privacy.consent_book": {READ: "consent_book", COUNTER: "print_consent_book look_at_consent"},
    "privacy.person": {COUNTER: "person_export"},
    "privacy.requests": {
        COUNTER: "record_request correct_on_request end_restriction",
        READ: "list_requests show_request",
        LEADER: "decide_request",
    },
    "privacy.retention": {OFFICE: "retention_table run_retention"},
    "privacy.terms": {OFFICE: "set_term unset_term"},
    "papers.waiting_prints": {COUNTER: "waiting_papers need_no_paper"},
}

LEADERS_ALONE = {Act.REOPEN}
"""Acts that only a leader, or who signs for one that day, may do."""

EVERYBODY = {
    "people.access.must_change_password": "about the officer's own password",
    "people.access.change_password": "the officer's own password",
    "people.access.confirm_password": "the officer's own password",
    "people.second_step.own_second_step": "the officer's own account",
    "people.second_step.begin_second_step": "the officer's own account; nothing is kept",
    "people.second_step.confirm_second_step": "the officer's own account, with the password",
    "people.second_step.end_own_second_step": "the officer's own account, with the password",
    "people.approvals.take_back": "only who asked, whatever the role",
    "audit.verify.verify_audit": "tells a number and whether the chain holds, no entry",
    "people.delegation.may_lead": "answers whether, and refuses nobody",
    "safety.automatic.run_automatic_backup": "a copy is encrypted and opens by the recovery words alone",
    "safety.backup.make_backup": "the same",
    "support.pack.make_pack": "no citizen is in it; whoever needs help may ask for it",
}
"""Services without a role, and why."""

WITHIN = {
    "audit.verify.note_seen": "read_returned asks",
    "certify.ending.end_line": "certify_batch; each act asks again",
    "certify.signers.note_in_book": "certify_batch",
    "drafts.forget_draft": "the act whose draft it was; only the officer's own",
    "eforms.declarations.save_eform_draft": "save_draft asks",
    "hand_over.lists.open_list": "hand_over_to, hand_to_post",
    "life.offered.offered_within": "offered_acts",
    "intake.overrides.settle_missing": "take_in; leader_behind asks for the leader",
    "papers.slips.keep_paper": "the service that drew the paper",
}
"""Parts of another service's transaction: who has asked for the role before."""


@dataclass(frozen=True)
class Service:
    """One function and the roles that the table gives it."""

    name: str
    call: Callable[..., Any]
    roles: str


def _found() -> dict[str, Callable[..., Any]]:
    """Every public function of the services that takes an officer."""
    found = {}
    for module in pkgutil.walk_packages(app.services.__path__, "app.services."):
        code = importlib.import_module(module.name)
        for name, value in vars(code).items():
            ours = inspect.isfunction(value) and value.__module__ == module.name
            if ours and not name.startswith("_") and _officers(value):
                found[f"{module.name.removeprefix('app.services.')}.{name}"] = value
    return found


def _officers(call: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(call).parameters.values()
    return [each.name for each in parameters if "Officer" in str(each.annotation).split(" | ")]


def _table() -> dict[str, str]:
    return {
        f"{module}.{name}": roles
        for module, rows in TABLE.items()
        for roles, names in rows.items()
        for name in names.split()
    }


FOUND, WRITTEN = _found(), _table()
SERVICES = [Service(name, FOUND[name], roles) for name, roles in WRITTEN.items() if name in FOUND]


@dataclass(frozen=True)
class House:
    """A desk with one officer of each role and one dossier."""

    desk: Desk
    by: dict[str, Officer]
    number: str
    dossier_id: str
    folder: Path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("roles")
    desk = make_desk(folder, FixedClock(MONDAY), shared_reference=False)
    boss = officer(desk, "quantri")
    by = {"R": officer(desk), "L": officer(desk, "lanhdao"), "A": boss}
    for letter, login in (("P", "xuly"), ("U", "kiemtra")):
        by[letter] = access.add_officer(desk, boss, login, "Nông Văn Bình", LETTERS[letter]).officer
    received = receive_dossier(desk, by["R"], birth())
    yield House(desk, by, received.number, received.id, folder)
    desk.close()


def test_every_service_that_takes_an_officer_stands_in_a_table() -> None:
    told = {*WRITTEN, *EVERYBODY, *WITHIN}
    assert set(FOUND) - told == set(), "say who may call it"
    assert len(WRITTEN) + len(EVERYBODY) + len(WITHIN) == len(told), "a service stands in two tables"
    assert told - set(FOUND) == set(), "it is no more"


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
def test_a_role_is_let_in_or_refused_as_the_table_says(house: House, service: Service) -> None:
    let_in = "".join(letter for letter in LETTERS if not _is_refused(house, service.call, letter))
    wanted = "".join(letter for letter in LETTERS if letter in service.roles)
    assert let_in == wanted


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_what_has_no_role_refuses_nobody_for_it(house: House, name: str) -> None:
    assert not any(_is_refused(house, FOUND[name], letter) for letter in LETTERS)


@pytest.mark.parametrize("act", list(Act))
def test_acts_are_for_the_counter_and_some_for_the_leader_alone(house: House, act: Act) -> None:
    allowed = LEADER if act in LEADERS_ALONE else COUNTER
    with house.desk.store.read() as connection:
        for letter in LETTERS:
            if letter in allowed:
                acts.approver_of(connection, house.by[letter], act, MONDAY)
                continue
            with pytest.raises(AppError) as refused:
                acts.approver_of(connection, house.by[letter], act, MONDAY)
            assert refused.value.code == "not-permitted"


def _is_refused(house: House, call: Callable[..., Any], letter: str) -> bool:
    """Whether the role is refused as such; any other refusal, or an order that makes no sense, is past it."""
    parameters = inspect.signature(call).parameters
    given = {
        name: _value(house, letter, name, str(each.annotation))
        for name, each in parameters.items()
        if each.default is inspect.Parameter.empty or "Officer" in str(each.annotation)
    }
    try:
        if given.get("connection", "") is None:
            _within(house.desk.store, call, given)
        else:
            call(**given)
    except AppError as error:
        return error.code == "not-permitted"
    except (TypeError, AttributeError, IndexError, RuntimeError, ValueError):
        return False
    return False


def _within(store: Store, call: Callable[..., Any], given: dict[str, Any]) -> None:
    with store.write() as connection:
        call(**{**given, "connection": connection})
        raise IndexError  # nothing of it is kept


def _value(house: House, letter: str, name: str, kind: str) -> Any:
    """Something of the kind asked for; what a role is judged by is real."""
    by_name = {
        "number": house.number,
        "dossier_id": house.dossier_id,
        "dossier_ids": (house.dossier_id,),
        "target": house.folder / "thu.mcbackup",
    }
    by_kind: dict[str, Any] = {
        "Desk": house.desk,
        "Officer": house.by[letter],
        "Connection": None,
        "bool": False,
        "int": 1,
        "date": MONDAY.date(),
        "datetime": MONDAY,
        "Intake": birth(),
        "Role": Role.RECEPTION,
        "Permission": Permission.OVERRIDE,
        "Act": Act.START,
        "ActOrder": ActOrder(Act.START),
        "Plan": acts.start,
        "Callable[[Connection, Standing, datetime], Step]": lambda _, *rest: acts.start(*rest),
        "CopyJob": CopyJob(new_id(), HUONG, "Giấy khai sinh", 1, 1),
        "Kind": Kind.COPY,
        "Path": house.folder / "thu.json",
        "Person": HUONG,
        "bytes": b"%PDF-1.4",
        "TariffEntry": TariffEntry("1.001193", "LP", 1, "NQ thử", MONDAY.date()),
    }
    if name in by_name:
        return by_name[name]
    plain = kind.removesuffix(" | None")
    if plain in by_kind:
        return by_kind[plain]
    if plain == "str":
        return new_id()
    if plain.startswith(("Mapping", "dict")):
        return {}
    return () if plain.startswith(("Sequence", "tuple", "Collection")) else None
