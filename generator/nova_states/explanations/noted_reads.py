"""What was made of explanations, kept as long as all that was read of them for it says the same.

Most of what an edited explanation says stands on a few pages. Which these are is not looked up in any list: whatever is
made is given explanations that note what is read of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar, cast

from nova_states.explanations.loading import Explanation, Explanations

T = TypeVar("T")

Said = tuple[str, str, str]
"""Kind, file without its ending, and field of an explanation."""


class _NotedExplanation:
    """An explanation that notes which of its fields are read."""

    __slots__ = ("_name", "_note", "_of")

    def __init__(self, of: Explanation, name: tuple[str, str], note: Callable[[Said], None]) -> None:
        self._of, self._name, self._note = of, name, note

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any field of an explanation
        self._note((*self._name, name))
        return getattr(self._of, name)


class _NotedNames(Mapping[str, Explanation]):
    """The explanations of a kind; which there are is no reading."""

    def __init__(self, of: Mapping[str, Explanation], kind: str, note: Callable[[Said], None]) -> None:
        self._of = {
            stem: cast("Explanation", _NotedExplanation(found, (kind, stem), note)) for stem, found in of.items()
        }

    def __getitem__(self, stem: str) -> Explanation:
        return self._of[stem]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


@dataclass(kw_only=True)
class MadeOfExplanations:
    """What was made, by key, of the explanations that it was last told of."""

    explanations: Explanations
    """To be read by what `once` is given, and only there; they note what is read."""
    _told: Explanations
    _made: dict[Hashable, tuple[Any, frozenset[Said]]] = field(default_factory=dict)
    _open: list[set[Said]] = field(default_factory=list)
    """What is read for whatever is being made, the innermost last."""

    @classmethod
    def of(cls, explanations: Explanations) -> MadeOfExplanations:
        """Nothing yet."""
        made = cls(explanations=explanations, _told=explanations)
        made._take(explanations)
        return made

    def tell(self, explanations: Explanations) -> None:
        """Forget what these make something else of. Only names of `by_kind` may say something else, and no others."""
        changed = changed_texts(self._told, explanations)
        self._made = {key: (value, read) for key, (value, read) in self._made.items() if not read & changed}
        self._take(explanations)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returned when it last was called for `key`, which is now what it would return again.

        Args:
            key: Everything but explanations that `make` depends on.
            make: Reads `explanations` of this object and no others of that kind.
        """
        if key not in self._made:
            self._open.append(set())
            try:
                value: Any = make()
            finally:
                read = self._open.pop()
            self._made[key] = (value, frozenset(read))
        made, read_of_it = self._made[key]
        if self._open:
            self._open[-1] |= read_of_it
        return cast("T", made)

    def _take(self, explanations: Explanations) -> None:
        noted = {kind: _NotedNames(names, kind, self._note) for kind, names in explanations.by_kind.items()}
        self.explanations = replace(explanations, by_kind=noted)
        self._told = explanations

    def _note(self, said: Said) -> None:
        if not self._open:
            raise RuntimeError(f"{'/'.join(said)} is read by what nobody keeps")
        self._open[-1].add(said)


def changed_texts(before: Explanations, after: Explanations) -> frozenset[Said]:
    """What the same names say otherwise."""
    return frozenset(
        (kind, stem, one.name)
        for kind, names in after.by_kind.items()
        for stem, new in names.items()
        if (old := before.by_kind[kind][stem]) != new
        for one in fields(Explanation)
        if getattr(old, one.name) != getattr(new, one.name)
    )
