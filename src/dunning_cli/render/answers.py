"""JSON as text, and errors as JSON. Nothing here knows a case, so that an error costs no more than itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import DunningError, StageRefusedError

# What JSON may hold as it is and a terminal obeys, or hides: C1 controls, DEL, bidirectional marks, invisible marks,
# line separators; and half characters, which no file can hold.
_UNSAFE = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


def dumps(value: Any) -> str:
    """JSON for people and programs alike: readable characters stay, what steers a terminal is written as \\uXXXX."""
    return _safe(json.dumps(value, ensure_ascii=False, indent=2))


def one_line(value: Any) -> str:
    """The same on one line, for JSON Lines."""
    return _safe(json.dumps(value, ensure_ascii=False))


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def refused_object(error: DunningError) -> dict[str, Any]:
    """An error as scripts read it: its code, message and hint, and what else the error knows."""
    details = {key: plain(value) for key, value in error.details.items()}
    if isinstance(error, StageRefusedError):
        failed = error.details.get("failed", ())
        details["failed"] = [{"guard": f["guard"], "needs": f["needs"].format(**f["values"])} for f in failed]
    return {"error": {**details, "code": error.code, "message": str(error), "hint": error.hint}}


def plain(value: Any) -> Any:
    """The JSON form of a value: words and numbers stay, days and amounts become text, what is listed stays a list."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
