"""Serves what pages fetch of other releases while the site is edited: a file is made when a browser asks for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from nova_states.pages.compare import COMPARED
from nova_states.rendering.lens import LENS_FILE
from nova_states.site.generated_page import PERMALINK_TITLE
from nova_states.site.language import Language

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""As WSGI has it."""


def is_lens_file(path: str) -> bool:
    """Whether a file below the site is one that a page fetches of other releases."""
    return path.endswith(f"/{LENS_FILE}") and not path.startswith("assets/")


def finish_lens_file(text: str, language: Language) -> str:
    """Say what a heading's link is in the language."""
    return text.replace(f'title=\\"{PERMALINK_TITLE}\\"', f'title=\\"{language.permalink}\\"')


def answer_on_request(app: App, root: Path, languages: Mapping[str, Language], site_url: str | None) -> App:
    """An application that makes these files and those of the comparison, and hands all other requests on to `app`."""
    mount = "/".join((site_url or "").split("/")[3:]).strip("/")

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"].strip("/").removeprefix(mount).strip("/")
        if not (is_lens_file(path) or path.startswith(COMPARED)):
            return app(environ, start)
        # Looked up anew: the modules are others after the code was changed.
        content = importlib.import_module("nova_states.site.content")
        text = content.render_on_request(root, path)
        if text is None:
            return app(environ, start)
        if is_lens_file(path):
            text = finish_lens_file(text, languages[path.partition("/")[0]])
        body = text.encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return (body,)

    return answer
