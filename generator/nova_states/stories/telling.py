"""Puts a story together: what the facts of a release tell of an action's way, with what people say of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nova_states.catalog.release import Release
from nova_states.catalog.transition_graph import SAME, transitions_of
from nova_states.errors import InputError
from nova_states.explanations.loading import Explanations
from nova_states.explanations.story_words import FOLDER, NO_TASK, LimitWords, StepWords, StoryWords
from nova_states.facts.condition import Condition
from nova_states.facts.ids import UNRELEASED
from nova_states.facts.model import ToState, Transition
from nova_states.facts.releases import sort_versions
from nova_states.stories.assumptions import Assumption
from nova_states.stories.failures import failing_steps, fold_failures
from nova_states.stories.model import Limit, Story, StoryStep, Variant
from nova_states.stories.variants import FoundVariant, are_alike, find_variants, is_retry
from nova_states.stories.ways import Move, State, Way, best_way, starts_of, through_of

_KIND = "transitions"
MOST_STEPS = 8
"""Lines that a story may have."""


def story_of(release: Release, action: str, explanations: Explanations) -> Story:
    """An action's way in a release: the ordinary one as steps, how it may differ, and what failures leave behind.

    Args:
        release: Any release, or a folder that holds a Nova tree.
        action: Id of an action that the release has.
        explanations: What people say of steps and conditions.

    Raises:
        InputError: nobody says what is done at a step, or the story has too many.
    """
    return release.memo.once(
        f"story of {action}", lambda: tell(release, action, transitions_of(release, action), explanations)
    )


def tell(release: Release, action: str, rows: tuple[Transition, ...], explanations: Explanations) -> Story:
    """The story that an action's transitions tell.

    Raises:
        InputError: as above.
    """
    place = rows[0].action if rows else action
    words = explanations.stories
    assumption = Assumption(explanations.conditions, place)
    through = through_of(rows)
    starts = starts_of(through, release.vm_states)
    by_start = {start: best_way(through, start, assumption) for start in starts}
    ordinary = next((way for way in by_start.values() if way), ())
    same = [start for start, way in by_start.items() if way and are_alike(way, ordinary)]
    teller = _Teller(release, action, words)
    steps, numbers = teller.steps([by_start[start] for start in same])
    untold = words.untold_atoms.get(action, frozenset())
    functions = words.untold_functions(action)
    failing = [
        row for row in rows if row.evidence.function not in functions and not is_retry(row, ordinary, assumption)
    ]
    return Story(
        action=action,
        release=release.version,
        place=place,
        vm_states=tuple(vm_state for vm_state, _ in same),
        steps=steps,
        variants=tuple(
            teller.variant(found, steps, numbers)
            for found in find_variants(rows, ordinary, by_start, assumption, untold)
        ),
        leavings=tuple(
            replace(leaving, steps=failing_steps(leaving.rows, steps)) if leaving.kind == "states" else leaving
            for leaving in fold_failures(failing, frozenset(vm for vm, _ in starts), _busy(ordinary), assumption)
        ),
    )


def _busy(way: Way) -> frozenset[str]:
    return frozenset(move.after[1] for move in way if move.after[1] is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Joined:
    """A move as all ways that are told alike make it."""

    move: Move
    """That of the ordinary way."""
    ends: tuple[ToState, ...]
    """What is written: from one start a vm_state may be left that from another is written."""
    finds: tuple[State, ...]
    leaves: tuple[State, ...]


def _joined(alike: Iterable[Way]) -> Iterator[_Joined]:
    """The moves of ways that are told alike, the ordinary one first."""
    for moves in zip(*alike, strict=True):
        ends = dict.fromkeys(end for move in moves for end in move.ends)
        written = tuple(end for end in ends if end.vm_state != SAME)
        yield _Joined(
            move=moves[0],
            ends=written or tuple(ends),
            finds=tuple(dict.fromkeys(move.before for move in moves)),
            leaves=tuple(dict.fromkeys(state for move in moves for state in move.all_after)),
        )


class _Teller:
    """Finds the words of moves."""

    def __init__(self, release: Release, action: str, words: StoryWords) -> None:
        self._release = release
        self._action = action
        self._words = words.steps(action)
        self._options = {option.name: option for option in release.facts("options")}

    def steps(self, ways: list[Way]) -> tuple[tuple[StoryStep, ...], list[int]]:
        """The lines of a story, and the number of the line of each move of ways that are told alike."""
        found: list[StoryStep] = []
        numbers: list[int] = []
        last = -1
        for joined in _joined(ways):
            move, ends = joined.move, joined.ends
            place = self._place(move, ends)
            if place is None and self._release.version == UNRELEASED:
                # A Nova of one's own may do what no release does: what it writes is told all the same.
                found.append(self._step(None, joined))
                numbers.append(len(found))
                continue
            if place is None:
                raise InputError(
                    f"docs/explanations/{FOLDER}: nothing says what {move.actor} does in {self._action} "
                    f"({self._release.version}) when it writes {_key(ends)!r} after {move.before[1] or NO_TASK!r}"
                )
            found += self._between(last + 1, place)
            found.append(self._step(self._words[place], joined))
            numbers.append(len(found))
            last = place
        found += self._between(last + 1, len(self._words))
        if not found and _KIND not in self._release.kinds():
            return (), []  # nothing is known of its way, and that is no story
        if not found or len(found) > MOST_STEPS:
            raise InputError(
                f"docs/explanations/{FOLDER}: the story of {self._action} ({self._release.version}) has "
                f"{len(found)} steps; tell it in 1 to {MOST_STEPS}"
            )
        return tuple(_placed(found)), numbers

    def variant(self, found: FoundVariant, steps: tuple[StoryStep, ...], numbers: list[int]) -> Variant:
        """A variant, its steps told and counted as the story's are."""
        own = tuple(self._variant_step(move, found.cause) for move in found.way.moves)
        then = None if found.way.then is None else numbers[found.way.then - 1]
        return Variant(
            cause=found.cause,
            vm_states=found.vm_states,
            is_retry=found.is_retry,
            after=self._after(found, own, steps, numbers) or None,
            steps=own,
            then=_begin(steps, then) if found.is_retry and then is not None else then,
        )

    def _after(
        self, found: FoundVariant, own: tuple[StoryStep, ...], steps: tuple[StoryStep, ...], numbers: list[int]
    ) -> int:
        """Number of the last step that is done all the same; 0: none is."""
        if not own:
            return 0
        shared = found.way.after or 0
        instead = numbers[shared] if shared < len(numbers) else None
        # Whoever takes the step has been brought to it by what is done before it without writing.
        if instead is not None and (own[0].actor, own[0].host) == (steps[instead - 1].actor, steps[instead - 1].host):
            return instead - 1
        if shared:
            return numbers[shared - 1]
        if own[0].actor == "api":
            return 0
        return next((place for place, step in enumerate(steps) if step.rows or step.actor != "api"), 0)

    def _variant_step(self, move: Move, cause: Condition | None) -> StoryStep:
        place = self._place(move, move.ends, cause)
        (joined,) = _joined([(move,)])
        return self._step(None if place is None else self._words[place], joined)

    def _place(self, move: Move, ends: tuple[ToState, ...], cause: Condition | None = None) -> int | None:
        """Which words are said of a move; those that name its cause or what it finds go first."""
        found = [
            number
            for number, words in enumerate(self._words)
            if move.actor in words.actors
            and words.writes in _keys(ends)
            and words.after in (None, move.before[1] or NO_TASK)
            and words.fits(cause)
            and self._is_time(words.since, words.until)
        ]
        named = ((self._words[number].given is None, self._words[number].after is None, number) for number in found)
        return min(named, default=(True, True, None))[-1]

    def _between(self, first: int, last: int) -> Iterator[StoryStep]:
        """What is done between two steps without writing a state."""
        for words in self._words[first:last]:
            if words.writes is None and self._is_time(words.since, words.until):
                yield self._step(words, None)

    def _step(self, words: StepWords | None, joined: _Joined | None) -> StoryStep:
        move = None if joined is None else joined.move
        return StoryStep(
            actor=move.actor if move is not None else words.actors[0] if words is not None else "",
            host=words.host if words is not None and (move is None or move.actor == "compute") else None,
            does=None if words is None else words.does,
            writes=() if joined is None else joined.ends,
            finds=() if joined is None else joined.finds,
            leaves=() if joined is None else joined.leaves,
            limits=None if words is None or words.limits is None else tuple(self._limits(words.limits)),
            rows=() if move is None else move.rows,
        )

    def _limits(self, limits: Iterable[LimitWords]) -> Iterator[Limit]:
        for limit in limits:
            option = self._options.get(limit.option)
            if not self._is_time(limit.since, limit.until) or (option is None and limit.default is None):
                continue
            yield Limit(
                option=limit.option,
                group=None if option is None else option.group,
                default=limit.default if option is None else option.default,
                unit=limit.unit,
            )

    def _is_time(self, since: str | None, until: str | None) -> bool:
        version = self._release.version
        if version == UNRELEASED:
            return until is None
        begun = since is None or sort_versions((since, version))[0] == since
        return begun and (until is None or (until != version and sort_versions((until, version))[0] == version))


def _placed(steps: list[StoryStep]) -> Iterator[StoryStep]:
    """The steps, those that write nothing where the server then is: as the step before leaves it."""
    now = next((step.finds for step in steps if step.rows), ())
    for step in steps:
        yield step if step.rows else replace(step, finds=now, leaves=now)
        now = step.leaves or now


def _begin(steps: tuple[StoryStep, ...], number: int) -> int:
    """Number of the step at which a host begins what it writes at a step."""
    while number > 1 and not steps[number - 2].rows and steps[number - 2].actor == "compute":
        number -= 1
    return number


def _keys(ends: tuple[ToState, ...]) -> set[str]:
    """What a step may be said to write: its task, else its vm_states."""
    tasks = {end.task_state for end in ends if end.task_state not in (None, SAME)}
    if tasks:
        return {str(task) for task in tasks}
    return {NO_TASK if end.vm_state == SAME else end.vm_state for end in ends}


def _key(ends: tuple[ToState, ...]) -> str:
    return ", ".join(sorted(_keys(ends)))


__all__ = ["MOST_STEPS", "State", "story_of", "tell"]
