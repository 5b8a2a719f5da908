"""Tokens of the province's LGSP (NWF 2.2): client credentials in, a bearer token out, kept in memory only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from app.province.national.adapter import Failed
from app.province.national.answers import Unreadable, read_object
from app.province.national.client import Answer, Client, NoAnswer

_EARLY_S: Final = 30.0
_UNSAID_S: Final = 300.0


@dataclass
class Tokens:
    """One token at a time. ``in_form``: the keys go into the form (generation 3), not into Basic."""

    client: Client
    url: str
    secrets: tuple[str, str] = field(repr=False)
    in_form: bool = False
    monotonic: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0

    def current(self) -> str | Failed:
        """A token that is good for a while yet, or why there is none."""
        if self._token and self.monotonic() < self._good_until:
            return self._token
        try:
            answer = self._ask()
        except NoAnswer as failure:
            return Failed(f"token-{failure.kind}", sent=False, everyone=True)
        return self._taken(answer)

    def forget(self) -> None:
        """The portal no longer believes the token."""
        self._token = ""

    def carry(self, ask: Callable[[dict[str, str]], Answer]) -> Answer | Failed:
        """The answer to a call with a token; a refused token is renewed once."""
        for _ in range(2):
            token = self.current()
            if isinstance(token, Failed):
                return token
            try:
                answer = ask({"Authorization": f"Bearer {token}"})
            except NoAnswer as failure:
                return Failed(failure.kind, sent=failure.sent, everyone=not failure.sent)
            if answer.status != 401:
                return answer
            self.forget()
        return Failed("token-refused", sent=False, everyone=True)

    def _ask(self) -> Answer:
        key, secret = self.secrets
        form = {"grant_type": "client_credentials"}
        if self.in_form:
            form |= {"client_id": key, "client_secret": secret}
        return self.client.post(
            self.url,
            urlencode(form).encode("ascii"),
            media_type="application/x-www-form-urlencoded",
            basic=None if self.in_form else self.secrets,
        )

    def _taken(self, answer: Answer) -> str | Failed:
        if answer.status != 200:
            kind = f"token-{answer.status}"
            return Failed(kind, sent=False, everyone=True, retry_after_s=answer.retry_after_s)
        try:
            told = read_object(answer.body)
            token, life = told["access_token"], told.get("expires_in", _UNSAID_S)
            seconds = float(life)
        except (Unreadable, KeyError, TypeError, ValueError):
            return Failed("token-unreadable", sent=False, everyone=True)
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            return Failed("token-unreadable", sent=False, everyone=True)
        self._token = token
        self._good_until = self.monotonic() + max(1.0, seconds - min(_EARLY_S, seconds / 2))
        return token
