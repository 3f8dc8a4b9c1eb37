"""The errors a user meets: each message is one line that says what, where and what to do.

Everything that can go wrong with input derives from `NovaStatesError`, so that the command line has one
place to turn it into an exit status and the build has one place to stop.
"""

from __future__ import annotations


class NovaStatesError(Exception):
    """Root of all errors raised on purpose; its text is shown to the user as it is."""


class InputError(NovaStatesError):
    """The input cannot be used: no Nova tree, unknown version, unreadable file (exit status 2)."""


class CheckError(NovaStatesError):
    """The input was understood and something about it is wrong (exit status 1)."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        """One line a problem, each beginning with its place."""

    def __reduce__(self) -> tuple[type[CheckError], tuple[tuple[str, ...]]]:
        """Be the same in another process."""
        return type(self), (self.problems,)
