"""What can go wrong on the line, as sync itself decides by it (I11).

Nothing here holds a body, a header, a token or citizen data: these errors may reach a log.
"""

from __future__ import annotations

from app.protocol.messages import Problem


class LineTroubleError(Exception):
    """Any failure between the desk and a believed answer."""


class NoLineError(LineTroubleError):
    """No whole answer came: not connected, cut, stalled, too slow. The outcome is unknown.

    ``certificate``: TLS refused the certificate; ``clock``: because of its dates, so the PC's clock may
    be wrong. ``slow``: there was a connection, but no answer in time.
    """

    def __init__(
        self, reason: str, *, certificate: bool = False, clock: bool = False, slow: bool = False
    ) -> None:
        super().__init__(reason)
        self.certificate = certificate
        self.clock = clock
        self.slow = slow


class NotBelievedError(LineTroubleError):
    """Something answered that is not the province's gateway (login page, redirect, broken or foreign
    answer). It counts as no answer; the outcome is unknown."""


class TooLargeAnswerError(NotBelievedError):
    """More bytes than an answer may have; a page may be asked for again in smaller pieces."""


class BusyError(LineTroubleError):
    """The server is there and asks for patience (429, 5xx). ``retry_after_s``: its wish, capped."""

    def __init__(self, status: int, retry_after_s: float | None, problem: Problem | None = None) -> None:
        super().__init__(f"busy {status}")
        self.status = status
        self.retry_after_s = retry_after_s
        self.problem = problem


class RefusedError(LineTroubleError):
    """The province refused the request, in the contract's own form. Decide by ``code`` only."""

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        super().__init__(f"refused {problem.status} {problem.code}")
        self.problem = problem
        self.retry_after_s = retry_after_s

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return self.problem.code


class CredentialsRefusedError(LineTroubleError):
    """The province does not take this desk's key any more (OAuth ``invalid_client``)."""


class ForkError(LineTroubleError):
    """The province holds another history under this stream than the desk: the desk was restored from an
    older copy, or a copy of it was used elsewhere. Nothing is pushed over it."""


class TwinError(ForkError):
    """Another copy of this desk has gone on under the same identity: this one sends nothing more."""
