"""A few pages of each shape, so that the shell of the site can be built and tested before the real pages exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_STATES = {
    "power_state": {"NOSTATE": "상태 없음", "RUNNING": "실행 중", "SHUTDOWN": "꺼짐"},
    "vm_state": {"active": "활성", "stopped": "중지", "shelved_offloaded": "보관 후 내려놓음"},
    "task_state": {"powering-off": "전원 끄는 중", "deleting": "삭제 중"},
    "status": {"SHUTOFF": "꺼짐", "VERIFY_RESIZE": "크기 변경 확인 대기"},
    "action": {"stop": "중지", "start": "시작", "evacuate": "대피"},
}
_WORDS = {
    "ko": {
        "home": "Nova 서버 상태",
        "start": "처음",
        "now": "지금 할 수 있는 일",
        "history": "이력",
        "guards": "동작과 상태",
        "of": "이 상태에 대한 설명은 아직 없습니다.",
        "command": "명령",
        "matrix": "13.0.0부터 34.0.0까지 같습니다.",
    },
    "en": {
        "home": "Nova server states",
        "start": "Home",
        "now": "What you can do now",
        "history": "History",
        "guards": "Actions by state",
        "of": "Nothing is written about this state yet.",
        "command": "Command",
        "matrix": "The same from 13.0.0 to 34.0.0.",
    },
}


def render_site(root: Path) -> Mapping[str, str]:  # noqa: ARG001 - the real one reads facts and explanations there
    """Return every generated file by its path below build/docs."""
    files: dict[str, str] = {}
    for language, words in _WORDS.items():
        links = [
            f'<a class="chip chip--{kind}" href="{kind}/{name.lower()}/">{name}</a>'
            for kind, names in _STATES.items()
            for name in names
        ]
        files[f"{language}/index.md"] = _page(
            {
                "title": words["home"],
                "label": words["start"],
                "description": words["of"],
                "kind": "home",
                "hide": ["toc"],
            },
            f"# {words['home']} {{#home}}\n\n<p>{' '.join(links)}</p>\n",
        )
        for kind, names in _STATES.items():
            chips = "\n".join(
                f'<li><a class="chip chip--{kind}" href="{name.lower()}/">{name}</a></li>' for name in names
            )
            files[f"{language}/{kind}/index.md"] = _page(
                {"title": kind, "description": f"{kind}: {words['of']}", "kind": kind},
                f"# {kind} {{#{kind}}}\n\n<ul>\n{chips}\n</ul>\n",
            )
            for name, korean in names.items():
                title = f"{korean} · {name}" if language == "ko" else name
                files[f"{language}/{kind}/{name.lower()}.md"] = _page(
                    {
                        "title": title,
                        "label": name,
                        "description": f"{title}: {words['of']}",
                        "kind": kind,
                        "aliases": [korean, name, f"alias{name}"],
                    },
                    f'# {title} {{#state}}\n\n<p><span class="chip chip--{kind}">{kind} {name}</span></p>\n\n'
                    f"<p>{words['of']}</p>\n\n## {words['now']} {{#now}}\n\n"
                    f"<table>\n<thead><tr><th>{words['command']}</th></tr></thead>\n"
                    f"<tbody><tr><td><code>openstack server stop</code></td></tr></tbody>\n</table>\n\n"
                    f"<pre><code>openstack server show SERVER</code></pre>\n\n## {words['history']} {{#history}}\n\n"
                    f"<p>2011.3</p>\n",
                )
        files[f"{language}/matrix/guards.md"] = _page(
            {"title": words["guards"], "description": words["matrix"], "kind": "matrix", "hide": ["toc"]},
            f"# {words['guards']} {{#guards}}\n\n<p>{words['matrix']}</p>\n\n{_matrix()}\n",
        )
    files["api/v1/index.json"] = json.dumps({"schema": 1}) + "\n"
    return files


def _page(head: Mapping[str, object], body: str) -> str:
    return f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n\n{body}"


def _matrix() -> str:
    columns = [f"state_{number}" for number in range(20)]
    heads = "".join(f'<th scope="col"><code>{column}</code></th>' for column in columns)
    rows = "\n".join(
        f'<tr><th scope="row"><code>action_{row}</code></th>'
        + "".join(
            f'<td class="{"yes" if (row + column) % 3 else "no"}">{"✓" if (row + column) % 3 else "-"}</td>'
            for column in range(20)
        )
        + "</tr>"
        for row in range(30)
    )
    return (
        f'<div class="matrix" tabindex="0" role="region" aria-labelledby="guards"><table class="matrix__table">\n'
        f"<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )
