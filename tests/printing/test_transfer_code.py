"""VietQR on form 01: read back from the picture of the paper; nothing where no account is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.clock import FixedClock
from app.domain.slips import TransferCode
from app.domain.vietqr import BankAccount, transfer_payload
from app.errors import RuleError
from app.printing.document import page_count
from app.printing.paper import Paper
from app.printing.receipt_slip import draw_receipt_slip
from app.services.intake.reception import receive_dossier
from app.services.money import payments
from app.services.money.fee_account import configure_account, fee_account, forget_account
from app.services.papers.slips import make_slip, receipt_slip
from tests.printing import reading, samples
from tests.support.desk import MONDAY, birth, make_desk, officer

ACCOUNT = BankAccount("970415", "0011001932418", "UBND xã Nà Hang (số thử)", "Ngân hàng thử")
CODE = TransferCode(
    transfer_payload(ACCOUNT, 16000, "H60.12-261123-1001"),
    16000,
    "H60.12-261123-1001",
    ACCOUNT.account,
    ACCOUNT.name,
    ACCOUNT.bank,
)


def read(pdf):
    return [text for _, text in reading.codes(reading.picture(pdf, 200))]


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, FixedClock(MONDAY))
    yield desk
    desk.close()


@pytest.mark.parametrize("paper", Paper)
def test_the_code_is_read_from_every_paper(paper):
    slip = replace(samples.SLIP, transfer=CODE)
    pdf = draw_receipt_slip(slip, paper=paper)
    assert CODE.payload in read(pdf)
    words = reading.words(pdf)
    assert "quét mã VietQR" in words and "Số tiền: 16.000 đồng" in words and ACCOUNT.account in words
    plain = draw_receipt_slip(samples.SLIP, paper=paper)
    assert page_count(pdf) == page_count(plain), "no page more"
    assert "VietQR" not in reading.words(plain)


def test_only_an_office_with_an_account_and_only_what_is_owed(desk):
    by, clerk = officer(desk, "quantri"), officer(desk)
    first = receive_dossier(desk, clerk, birth(procedure_code="2.000635"))
    assert receipt_slip(desk, clerk, first.id).transfer is None
    configure_account(desk, by, "970 415", "0011 0019 32418", ACCOUNT.name)
    code = receipt_slip(desk, clerk, first.id).transfer
    assert code is not None and code.purpose == first.number and code.amount_vnd == 8000
    assert code.payload in read(make_slip(desk, clerk, first.id).pdf)
    payments.take_payment(desk, clerk, first.number, 3000)
    left = receipt_slip(desk, clerk, first.id).transfer
    assert left is not None and left.amount_vnd == 5000
    payments.take_payment(desk, clerk, first.number)
    assert receipt_slip(desk, clerk, first.id).transfer is None, "nothing is owed"
    unknown = receive_dossier(desk, clerk, birth())
    assert receipt_slip(desk, clerk, unknown.id).transfer is None, "an unknown amount is asked of nobody"
    forget_account(desk, by)
    assert fee_account(desk) is None


def test_who_enters_the_account(desk):
    with pytest.raises(RuleError) as error:
        configure_account(desk, officer(desk), "970415", "123456", "UBND")
    assert error.value.code == "not-permitted"
    with pytest.raises(RuleError) as wrong:
        configure_account(desk, officer(desk, "quantri"), "97041", "123456", "UBND")
    assert wrong.value.field == "bin"
