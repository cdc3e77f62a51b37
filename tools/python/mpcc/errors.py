# SPDX-License-Identifier: Apache-2.0
"""Exceptions. Their text is the runtime's or the compiler's: what was found, what is accepted.

Options in it have Python's names."""

from ._options import in_python


class Error(Exception):
    """Every error of mpcc."""


class InvalidArgument(Error, ValueError):
    """An input, a plan or an option that does not fit. Nothing was spent for it."""


class NotFound(Error, LookupError):
    """A file that is not there, or no material in stock."""


class FailedPrecondition(Error, RuntimeError):
    """The parties' plans, states or intentions differ, or others may read a secret file."""


class Unavailable(Error, ConnectionError):
    """A peer is gone, silent or gave up; the text names it."""


class DataLoss(Error, RuntimeError):
    """A damaged file, or a peer that said what it should not."""


class Cancelled(Error, RuntimeError):
    """A party was told to stop."""


class CompileError(Error, ValueError):
    """The compiler refused a model; `problems` has each of its messages."""

    def __init__(self, text: str, problems: list[str] | None = None):
        super().__init__(text)
        self.problems = problems or [text]


class CompilerWarning(UserWarning):
    """What the compiler suspects of a model; the text names the node."""


_BY_CODE: dict[str, type[Error]] = {
    "INVALID_ARGUMENT": InvalidArgument,
    "NOT_FOUND": NotFound,
    "FAILED_PRECONDITION": FailedPrecondition,
    "UNAUTHENTICATED": FailedPrecondition,
    "UNAVAILABLE": Unavailable,
    "DATA_LOSS": DataLoss,
    "CANCELLED": Cancelled,
}


def of_status(code: str, text: str) -> Error:
    """The exception of a status of the runtime, by the name of its code."""
    return _BY_CODE.get(code, Error)(in_python(text))
