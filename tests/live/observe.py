"""Asks a running Nova much more than the tests do, and writes what it answered.

    python -m tests.live.observe guards 34.0.0 --into guards.json [--share 1] [--seed 1]
    python -m tests.live.observe keep 34.0.0 [--share 1] [--seed 1]
    python -m tests.live.observe statuses 34.0.0
    python -m tests.live.observe transitions 34.0.0 [--share 1] [--seed 1] [--action NAME]…
    python -m tests.live.observe reactions 34.0.0 [--share 1] [--seed 1]
    python -m tests.live.observe all 34.0.0 [--share 1] [--seed 1]
    python -m tests.live.observe pastes 34.0.0 --into FOLDER [--scene NAME]…

The first asks for every action in every pair of states, or for a share of them, and compares with the facts; it takes
half a minute for a twentieth. The second asks what is not kept yet among the facts (`facts/observations`), or a share
of that, and keeps the answers, whatever they are: a test holds them to the facts. The third keeps
the status that the API shows in every pair of states. The fourth drives every action from every state, with drivers and
services that fail, and keeps what Nova wrote into its servers' rows in the same place; it passes over what can show
nothing that was not seen before. The fifth lets a power sync and a start of nova-compute find a server in every
combination of states. The sixth does these four, one after the other. The last keeps every output of every scene beside
what is true of it and what was told of it wrongly.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nova_states.facts.observed import read_guards, write_guards, write_statuses
from tests.live.environments import RELEASES, NotAtHandError
from tests.live.guards import as_json, asking, drawn, questions, release_facts
from tests.live.judging import judge
from tests.live.looks import Look, Looker
from tests.live.processes import running_client, running_nova
from tests.live.reactions import keep_reactions
from tests.live.scenes import SCENES, Stage, scene
from tests.live.writes import Course, keep_writes

KEPT_EVERY = 100
"""Questions after which what was seen is written."""


def observe_guards(release: str, into: Path, share: float, seed: int) -> None:
    """Ask, compare, write."""
    asked = drawn(release, share, seed)
    with running_nova(release) as nova, asking(nova) as asker:
        observations = []
        for number, question in enumerate(asked, 1):
            observations.append(asker.ask(question))
            if number % 500 == 0:
                print(f"{number} of {len(asked)}", file=sys.stderr)
    everything = len(questions(release))
    found = {"release": release, "questions": everything, "seed": seed, "observations": as_json(observations)}
    into.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    different = [one for one in observations if not one.is_as_foretold]
    print(f"{release}: asked {len(asked)} of {everything} ({len(asked) / everything:.1%}), {len(different)} differ")
    for one in different:
        print(f"  {one.question}: {one.http} {one.message}; foretold: {one.foretold}")


def keep_guards(release: str, share: float, seed: int) -> bool:
    """Ask what was not asked yet, and keep it among the facts; says whether all was as the facts foretell.

    Interrupted, it has kept what it knew a little before, and goes on from there when it is called again.
    """
    seen = read_guards(release)
    everything = questions(release)
    left = [question for question in everything if question.cell not in seen]
    asked = random.Random(seed).sample(left, round(len(left) * share))
    different, unreached = [], Counter[str]()
    with running_nova(release) as nova, asking(nova) as asker:
        for number, question in enumerate(asked, 1):
            one = asker.ask_until_the_guard(question)
            if not one.has_reached_the_guard:
                unreached[question.action] += 1
                continue
            seen[question.cell] = one.answer
            if not one.is_as_foretold:
                different.append(one)
                print(f"  {question}: {one.http} {one.message}; foretold: {one.foretold}")
            if number % KEPT_EVERY == 0:
                write_guards(release, seen)
                print(f"{number} of {len(asked)}", file=sys.stderr)
    write_guards(release, seen)
    print(
        f"{release}: {len(seen)} of {len(everything)} seen ({len(seen) / len(everything):.1%}), {len(different)} differ"
    )
    return not different


def keep_statuses(release: str) -> None:
    """Ask for the status of a server in every pair of states, and keep it among the facts."""
    facts = release_facts(release)
    seen = {}
    with running_nova(release) as nova:
        stage = Stage(nova=nova, name="shown")
        stage.create({})
        for vm_state in sorted(facts.vm_states):
            for task_state in (None, *sorted(facts.task_states)):
                stage.write({"vm_state": vm_state, "task_state": task_state})
                seen[vm_state, task_state] = nova.ask("GET", f"/servers/{stage.server}").json()["server"]["status"]
    write_statuses(release, seen)
    print(f"{release}: {len(seen)} statuses")


def observe_pastes(release: str, into: Path, names: Sequence[str]) -> None:
    """Bring about, look, judge, write."""
    into.mkdir(parents=True, exist_ok=True)
    right, wrong = Counter[str](), Counter[str]()
    with running_nova(release) as nova, running_client(nova) as client:
        for name, look in _looks(Looker(nova=nova, openstack=client), names):
            differences = judge(look, release)
            (wrong if differences else right)[look.name] += 1
            for difference in differences:
                print(f"{name}, {look.name}: {difference}")
            kept: dict[str, Any] = {"command": look.command, "text": look.text, "records": look.records}
            path = into / f"{name}.{look.name.replace(' ', '_')}.json"
            path.write_text(json.dumps(kept | {"wrong": differences}, indent=1, ensure_ascii=False) + "\n")
    print(f"{release}: {right.total()} outputs told right, {wrong.total()} wrong {dict(wrong)}")


def _looks(looker: Looker, names: Sequence[str]) -> Iterator[tuple[str, Look]]:
    for name in names:
        with scene(looker.nova, name) as stage:
            looks = looker.looks_at(stage.server)
        yield from ((name, look) for look in looks)
    yield from (("all", look) for look in looker.looks_at_all())


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.observe", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("guards", "keep", "statuses", "transitions", "reactions", "all", "pastes"))
    parser.add_argument("release", choices=RELEASES)
    parser.add_argument("--into", type=Path, help="guards: a file; pastes: a folder; others: none")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions; by default all")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--action", action="append", default=[], help="transitions: only this one; by default all")
    parser.add_argument("--scene", choices=SCENES, action="append", help="by default all")
    chosen = parser.parse_args(arguments)
    if (chosen.into is None) != (chosen.what in {"keep", "statuses", "transitions", "reactions", "all"}):
        parser.error("guards and pastes need --into, the others have their own place")
    release, share, seed = chosen.release, chosen.share, chosen.seed
    keeping: dict[str, Callable[[], object]] = {
        "keep": lambda: keep_guards(release, share, seed),
        "statuses": lambda: keep_statuses(release),
        "transitions": lambda: keep_writes(
            Course(release=release, share=share, seed=seed, actions=tuple(chosen.action))
        ),
        "reactions": lambda: keep_reactions(release, share, seed),
    }
    try:
        if chosen.what == "guards":
            observe_guards(release, chosen.into, share, seed)
        elif chosen.what == "pastes":
            observe_pastes(release, chosen.into, chosen.scene or list(SCENES))
        else:
            found = [keeping[what]() for what in (keeping if chosen.what == "all" else [chosen.what])]
            return 1 if False in found else 0
    except NotAtHandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
