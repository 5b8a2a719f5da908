"""The office's bank account for fees: what the VietQR code on the slip leads to; none until it is entered."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection

from app.domain.roles import Officer, Permission
from app.domain.slips import TransferCode
from app.domain.vietqr import MOST_PURPOSE, BankAccount, check_account, transfer_payload
from app.services.desk import Desk, read_setting, write_setting
from app.services.money.fee_debts import fees_owed
from app.services.recording import Recorder

_SETTING = "fee_account"


def configure_account(
    desk: Desk,
    by: Officer,
    bin: str,
    account: str,
    name: str,
    bank: str = "",
) -> BankAccount:
    """Keep the account. Raises ``RuleError`` "not-permitted", "bank-bin", "bank-account", "bank-name"."""
    by.require(Permission.CONFIGURE)
    kept = check_account(bin, account, name, bank)
    _write(desk, by, asdict(kept))
    return kept


def forget_account(desk: Desk, by: Officer) -> None:
    """No code on slips from now on."""
    by.require(Permission.CONFIGURE)
    _write(desk, by, None)


def fee_account(desk: Desk) -> BankAccount | None:
    """The account, or ``None`` until one is entered."""
    with desk.store.read() as connection:
        return read_account(connection)


def read_account(connection: Connection) -> BankAccount | None:
    """The same inside a transaction."""
    kept = read_setting(connection, _SETTING)
    if not isinstance(kept, dict):
        return None
    return BankAccount(**{name: str(kept.get(name) or "") for name in ("bin", "account", "name", "bank")})


def transfer_code(connection: Connection, dossier_id: str, number: str) -> TransferCode | None:
    """The code to pay what a dossier owes. Nothing without an account, with nothing owed, while an amount is
    unknown, or for a number a bank would cut."""
    account = read_account(connection)
    if account is None or not 0 < len(number) <= MOST_PURPOSE:
        return None
    now = fees_owed(connection, dossier_id)
    if now.unknown or not now.left_vnd:
        return None
    return TransferCode(
        payload=transfer_payload(account, now.left_vnd, number),
        amount_vnd=now.left_vnd,
        purpose=number,
        account=account.account,
        holder=account.name,
        bank=account.bank,
    )


def _write(desk: Desk, by: Officer, value: object) -> None:
    now = desk.clock.now()
    with desk.store.write() as connection:
        write_setting(connection, _SETTING, value)
        Recorder(connection, desk, by, now).audit("configure", "setting", _SETTING)
