"""Puts together the folder MkDocs builds from: people's prose and pictures beside what the generator renders.

Real files rather than virtual ones: they can be read, compared and built by another tool. Only files whose bytes
changed are written, so that a live reload settles after one build.

What crosses from rendering is a mapping of path to text, nothing else:

    {"ko/vm_state/stopped.md": "…", "api/v1/states.json": "{…}", …}

`nova_states.site.generated_page` says what a rendered `.md` holds; every other file is published as it is.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nova_states.errors import InputError
from nova_states.site.scripts import join_modules, send_script, send_style

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("ko/", "en/")
PUBLISHED = (*LANGUAGES, "assets/")
"""The folders of docs/ that are published; explanations are data, decisions are for whoever changes the code."""

ASSEMBLED = Path("build/docs")
WORKER = "worker.js"
"""A script of this name is published as one file, and the modules it imports are not."""
_SENT = {".js": send_script, ".css": send_style}
"""What is left of a file for whoever reads the page, by the end of its name."""
_MANIFEST = Path("build/docs.manifest")
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


def assemble(root: Path, rendered: Mapping[str, str]) -> Path:
    """Bring build/docs below `root` up to date and return it.

    Raises InputError when prose and a rendered file claim the same path, or a path leads out of the folder.
    """
    contents = _gather(root, rendered)
    target = root / ASSEMBLED
    _write(target, contents)
    _remove_stale(target, root / _MANIFEST, contents)
    return target


def make_readable(site: Path) -> None:
    """Let anybody read a built site, whatever the umask of its builder: a web server is another user."""
    for path in (site, *site.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)


def _gather(root: Path, rendered: Mapping[str, str]) -> dict[str, bytes]:
    contents = {path: text.encode() for path, text in rendered.items()}
    for path in contents:
        if path.startswith("/") or ".." in PurePosixPath(path).parts:
            raise InputError(f"{path}: a rendered file must lie inside {ASSEMBLED}")
        if path.endswith(".md") and not path.startswith(LANGUAGES):
            raise InputError(f"{path}: a page must lie in the folder of a language ({', '.join(LANGUAGES)})")
    joined = {file: join_modules(file) for file in sorted((root / "docs").rglob(f"assets/**/{WORKER}"))}
    inside = {module for _, modules in joined.values() for module in modules}
    for folder in PUBLISHED:
        for file in sorted((root / "docs" / folder).rglob("*")):
            if file.is_dir() or file.name.startswith(".") or file in inside:
                continue
            path = file.relative_to(root / "docs").as_posix()
            if path in contents:
                raise InputError(f"docs/{path}: the generator makes a file of this name too; rename one of them")
            contents[path] = send_script(joined[file][0]).encode() if file in joined else _published(file)
    return contents


def _published(file: Path) -> bytes:
    """What is published of a file."""
    content = file.read_bytes()
    send = _SENT.get(file.suffix)
    return content if send is None else send(content.decode()).encode()


def _write(target: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        file = target / path
        if file.is_file() and file.read_bytes() == content:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _remove_stale(target: Path, manifest: Path, contents: Mapping[str, bytes]) -> None:
    """Remove what the last build made and this one did not; files of any other origin are left alone."""
    before = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else []
    for path in sorted(set(before) - contents.keys()):
        file = target / path
        file.unlink(missing_ok=True)
        while file.parent != target and file.parent.is_dir() and not any(file.parent.iterdir()):
            file = file.parent
            file.rmdir()
    listing = "".join(f"{path}\n" for path in sorted(contents))
    if not manifest.is_file() or manifest.read_text(encoding="utf-8") != listing:
        manifest.write_text(listing, encoding="utf-8")
