"""Problem details (RFC 9457): what went wrong, in a stable code and, for officers, in Vietnamese.

Details never hold what was sent: names, numbers and texts of citizens stay out of answers and logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.text import t

JsonObject = dict[str, Any]


class ApiProblem(Exception):  # noqa: N818
    """Ends a request with a problem answer. Nothing of the request was stored."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.headers = dict(headers or {})
        self.body = problem(status, code, title, **members)


def problem(status: int, code: str, title: str, **members: Any) -> JsonObject:
    """A problem object; members that are ``None`` are left out."""
    body: JsonObject = {"type": f"/v1/problems/{code}", "code": code, "title": title, "status": status}
    body.update({name: value for name, value in members.items() if value is not None})
    return body


def at(pointer: str, message: str, code: str | None = None) -> JsonObject:
    """One place of a problem."""
    place = {"pointer": pointer, "message": message}
    return place if code is None else {**place, "code": code}


def bad_request(title: str, places: Iterable[JsonObject] = (), *, code: str = "bad-request") -> ApiProblem:
    """400: the request itself cannot be read."""
    errors = list(places)
    return ApiProblem(400, code, title, errors=errors or None)


def unauthorized(challenge: str = 'Bearer realm="desk", error="invalid_token"') -> ApiProblem:
    """401: the token is none, over or too old for what is asked; the desk takes out a new one."""
    headers = {"WWW-Authenticate": challenge}
    return ApiProblem(401, "unauthorized", t("Phiên kết nối đã hết hạn."), headers=headers)


def not_found() -> ApiProblem:
    """404: not there, or not within this desk's scope."""
    return ApiProblem(404, "not-found", t("Không tìm thấy trong phạm vi của quầy này."))


def rejection(
    code: str,
    title: str,
    detail: str,
    places: Iterable[JsonObject] = (),
    *,
    status: int = 422,
    **members: Any,
) -> JsonObject:
    """Why one event was not taken; ``detail`` says what the officer can do."""
    errors = list(places)
    return problem(status, code, title, detail=detail, errors=errors or None, retryable=False, **members)


def warning(code: str, title: str, places: Iterable[JsonObject] = ()) -> JsonObject:
    """Something worth knowing about an event that was taken all the same."""
    errors = list(places)
    return problem(200, code, title, errors=errors or None)
