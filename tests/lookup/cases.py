"""Cases of pasted input as data: tests/lookup/cases/*.yml, the samples, and states of many releases made by rule."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nova_states.catalog.catalog import Catalog

FOLDER = Path(__file__).parent
_GENERATED = 260


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    input: str
    release: str
    expect: tuple[dict[str, Any], ...] = ()
    unreadable: str | None = None
    nearest: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.name


def written_cases() -> list[Case]:
    return [_read(path) for path in sorted((FOLDER / "cases").glob("*.yml"))]


def _read(path: Path) -> Case:
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    nearest = plain.get("nearest")
    return Case(
        name=path.stem,
        input=plain["input"],
        release=plain.get("release", "latest"),
        expect=tuple(plain.get("expect", ())),
        unreadable=plain.get("unreadable"),
        nearest=tuple(nearest) if nearest is not None else None,
    )


def samples() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
    return found


def generated_cases(catalog: Catalog) -> Iterator[Case]:
    """States of every kind over releases of every kind, the same ones in each run."""
    chance = random.Random(20260821)
    for number in range(_GENERATED):
        version = chance.choice(catalog.versions)
        release = catalog.release(version)
        states: dict[str, Any] = {
            "OS-EXT-STS:vm_state": chance.choice([*release.vm_states, "quarantined"]),
            "OS-EXT-STS:task_state": chance.choice([None, None, *release.task_states, "teleporting"]),
            "OS-EXT-STS:power_state": chance.choice([*release.power_states, "Shutdown", "0x03", 5, None]),
        }
        if chance.random() < 0.3:
            states["OS-SRV-USG:launched_at"] = None
        if chance.random() < 0.3:
            vm_state, task = states.pop("OS-EXT-STS:vm_state"), states["OS-EXT-STS:task_state"]
            states["status"] = release.status(vm_state, task)
        if chance.random() < 0.1:
            del states["OS-EXT-STS:task_state"]
        yield Case(name=f"{number}-{version}", input=json.dumps(states), release=version)
