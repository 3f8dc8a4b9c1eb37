"""Nova from a git repository: any release that has a tag, read without a checkout.

A repository may be a stranger's, so nothing of its configuration may make git run a program or reach for the
network. Speed comes from asking git little: once for all tags, once for the files of a tag, and then for
contents through one process that stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from nova_states.errors import InputError
from nova_states.source.tree import LANDMARK, MAX_FILE_SIZE, Origin, paths_below
from nova_states.source.versions import final_releases, is_version, nearest_releases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

_TAG_FORMAT = "%00".join(
    (
        "%(refname:strip=2)",
        # The first three speak of a tag's own commit, the others of the commit an annotated tag points at.
        *("%(objecttype)", "%(objectname)", "%(committerdate:format-local:%Y-%m-%d)"),
        *("%(*objecttype)", "%(*objectname)", "%(*committerdate:format-local:%Y-%m-%d)"),
    )
)
_REGULAR_FILES = ("100644", "100755")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Commit:
    id: str
    day: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GitTree:
    """Nova as it is at a tag; a `SourceTree` that can be read until its repository is closed."""

    version: str | None
    """The tag, if it is a version."""
    origin: Origin
    _repository: GitRepository
    _blobs: Mapping[str, str]

    def blob(self, path: str) -> str | None:
        """See `SourceTree.blob`."""
        return self._blobs.get(path)

    def read(self, path: str) -> bytes:
        """See `SourceTree.read`."""
        place = f"{self._repository.path}, tag {self.origin.reference}: {path}"
        if path not in self._blobs:
            raise InputError(f"{place}: there is no such file")
        return self._repository.read_blob(self._blobs[path], place=place)

    def files(self, folder: str) -> Sequence[str]:
        """See `SourceTree.files`. Links are no files: what they point at is listed under its own name."""
        return paths_below(self._blobs, folder)


class GitRepository:
    """A clone of Nova, bare or not. Close it, or use it as a context manager, to end the process it reads through."""

    def __init__(self, path: Path) -> None:
        """Name the repository; it is opened when first asked for something."""
        self.path = path
        self._reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that contents are read through; a later read starts another."""
        if self._reader is None:
            return
        reader, self._reader = self._reader, None
        # A blob that was not read to its end must not keep git writing.
        reader.kill()
        # Waits, and closes the pipes.
        reader.communicate()

    def tags(self) -> tuple[str, ...]:
        """Tags of final releases (`13.1.4`, `2011.3`), the oldest release first.

        Raises:
            InputError: there is no git repository here, or git is not installed.
        """
        return final_releases(self._commits)

    def tree(self, tag: str) -> GitTree:
        """Nova at a tag, be it that of a final release or not.

        Raises:
            InputError: there is no such tag, it holds no Nova that can be introspected, or the repository cannot
                be read.
        """
        commit = self._commits.get(tag)
        if commit is None:
            near = ", ".join(nearest_releases(tag, self.tags())) or "none at all; fetch them with git fetch --tags"
            raise InputError(f"{self.path}: there is no tag {tag!r}; the nearest releases are {near}")
        # Only git's own ids reach its command line: no tag, however it is spelled, is taken for an option.
        blobs = self._files(commit.id, "nova/")
        if LANDMARK not in blobs:
            raise InputError(f"{self.path}, tag {tag}: holds no {LANDMARK}; give a tag of Nova since 2011.3")
        return GitTree(
            version=tag if is_version(tag) else None,
            origin=Origin(kind="git", reference=tag, digest=commit.id, date=commit.day),
            _repository=self,
            _blobs=blobs,
        )

    def checked_out_release(self) -> str | None:
        """Return the final release whose tag is at the commit that is checked out, or None.

        Raises:
            InputError: there is no git repository here, git is not installed, or nothing is checked out.
        """
        head = self._run("rev-parse", "--verify", "HEAD^{commit}").strip()
        return next((tag for tag in reversed(self.tags()) if self._commits[tag].id == head), None)

    def files_at(self, revision: str, name: str) -> dict[str, str]:
        """Files of a revision that lie below the folder in which a file called `name` is.

        Args:
            revision: anything git takes for a commit: a branch, a tag, an id, "HEAD~3".
            name: path of a file below the folder sought, as the folder may have moved: "facts/data/versions.jsonl".

        Returns:
            Path below that folder → blob id; empty where the revision has no such file.

        Raises:
            InputError: there is no git repository here, or no such revision.
        """
        try:
            commit = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
        except InputError as error:
            raise InputError(
                f"{self.path}: there is no revision {revision!r}; give a branch, a tag or a commit"
            ) from error
        blobs = self._files(commit)
        found = next((path for path in sorted(blobs) if f"/{path}".endswith(f"/{name}")), None)
        if found is None:
            return {}
        folder = found.rpartition("/")[0]
        return {path.removeprefix(f"{folder}/"): blobs[path] for path in paths_below(blobs, folder)}

    def read_blob(self, blob: str, *, place: str) -> bytes:
        """Read a blob by its id.

        Args:
            blob: 40 hex digits.
            place: what to name in an error: repository, tag and path.

        Raises:
            InputError: the repository lacks the blob, or it is larger than any file of Nova is.
        """
        if self._reader is None:
            self._reader = subprocess.Popen(  # noqa: S603 - words of our own, and a path that follows an "="
                [*self._command, "cat-file", "--batch"],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        requests, answers = self._reader.stdin, self._reader.stdout
        if requests is None or answers is None:
            raise AssertionError("both were asked for as pipes")
        try:
            requests.write(f"{blob}\n".encode("ascii"))
            requests.flush()
            # "<id> blob <size>", or "<id> missing", or nothing where git gave up.
            answer = answers.readline().split()
        except BrokenPipeError:
            answer = []
        if answer[1:2] != [b"blob"]:
            self.close()
            raise InputError(f"{place}: its content is not in the repository; clone it in full, without --filter")
        size = int(answer[2])
        if size > MAX_FILE_SIZE:
            self.close()
            raise InputError(f"{place}: {size} bytes are more than any file of Nova has; give a repository of Nova")
        content = answers.read(size)
        if len(content) != size or answers.read(1) != b"\n":
            self.close()
            raise InputError(f"{place}: git ended while it was read; see git fsck")
        return content

    @cached_property
    def _command(self) -> tuple[str, ...]:
        git = shutil.which("git")
        if git is None:
            raise InputError(f"{self.path}: git is not installed; install it, or use --tree or --pypi")
        # Named outright, the repository is not searched for in the folders above, and may belong to another user.
        checkout = self.path / ".git"
        return (git, f"--git-dir={checkout if checkout.exists() else self.path}")

    @cached_property
    def _commits(self) -> dict[str, _Commit]:
        """Tag → its commit, of all tags that point at one."""
        commits = {}
        for line in self._run("for-each-ref", f"--format={_TAG_FORMAT}", "refs/tags").splitlines():
            tag, *targets = line.split("\0")
            for kind, commit, day in (targets[:3], targets[3:]):
                if kind == "commit":
                    commits[tag] = _Commit(id=commit, day=day)
        return commits

    def _files(self, commit: str, *folders: str) -> dict[str, str]:
        """Path → blob id of the regular files of a commit, or of those below `folders`."""
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders)
        blobs: dict[str, str] = {}
        for entry in listing.rstrip("\0").split("\0"):
            status, _, path = entry.partition("\t")
            mode, _, blob = status.partition(" blob ")
            if mode in _REGULAR_FILES:
                blobs[path] = blob
        return blobs

    def _run(self, *arguments: str) -> str:
        finished = subprocess.run(  # noqa: S603 - words of our own, ids of git's, and a path that follows an "="
            [*self._command, *arguments],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if finished.returncode:
            complaint = os.fsdecode(finished.stderr).strip().splitlines()[-1:] or ["it gave no reason"]
            raise InputError(f"{self.path}: git cannot read it ({complaint[0]}); give a git repository of Nova")
        return os.fsdecode(finished.stdout)


def _environment() -> dict[str, str]:
    """Describe the surroundings git runs in: none of the user's settings, no network, plain English, UTC."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return inherited | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        # A partial clone would fetch what it lacks, through whatever program its configuration names.
        "GIT_ALLOW_PROTOCOL": "",
        # A replaced object would have another content than its id says.
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "TZ": "UTC0",
    }
