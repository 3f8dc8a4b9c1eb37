"""A story as a picture: what a server is in before and after each step, and arrows that carry the steps' numbers.

The ordinary way runs straight down. Steps that write no state have no arrow: their numbers stand on that of the step
that they lead to. Ways that differ are thin arrows with the letter of their variant, and all failures end in one box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nova_states.catalog.transition_graph import DELETED, SAME, StateNode
from nova_states.pages.action_steps import lines_of
from nova_states.pages.graphs import Edge, Ends, Graph, Node
from nova_states.pages.story_views import StepView, StoryView, VariantView
from nova_states.pages.writer import PageWords, Writer
from nova_states.stories.model import Leaving, Story, StoryStep, Variant
from nova_states.stories.ways import State

ID = "steps"
_FEWEST = 2
"""Arrows below which there is nothing to draw."""
_WIDE = "\u1100"
"""From here on letters are as wide as two: those of Korean."""
_MOST_ENDS = 5
"""Ends of failures beyond which they are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Box:
    states: tuple[State, ...]
    shows_vm_state: bool


@dataclass(kw_only=True)
class _Drawn:
    """Boxes and arrows, by number."""

    boxes: list[_Box] = field(default_factory=list)
    edges: dict[tuple[int, int], Edge] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def add(self, box: _Box) -> int:
        self.boxes.append(box)
        return len(self.boxes) - 1


def story_graph(page: Writer, action: str, story: Story, view: StoryView) -> Graph | None:
    """The picture of a story; None where one arrow would be all.

    Args:
        page: Writes its texts and links.
        action: Id of the action.
        story: The story.
        view: The same as the page tells it.
    """
    drawn = _Drawn()
    carried = tuple(_carried(story.steps))
    if not carried:
        return None
    _draw_way(drawn, story, view, carried)
    for variant, told in zip(story.variants, view.variants, strict=True):
        _draw_variant(drawn, variant, told, carried)
    if len(drawn.edges) < _FEWEST:
        return None
    return Graph(
        id=ID,
        title=f"{action}: {page.words('steps')}",
        description=page.words("picture_of_story"),
        nodes=tuple(_node(page, number, box, drawn) for number, box in enumerate(drawn.boxes)),
        edges=tuple(drawn.edges.values()),
        ends=_ends(page, story, carried),
    )


def span(numbers: Iterable[int]) -> str:
    """Numbers in order as a text, those in a row joined: "1, 3–5"."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return ", ".join(str(row[0]) if len(row) == 1 else f"{row[0]}–{row[-1]}" for row in rows)


def _carried(steps: tuple[StoryStep, ...]) -> Iterator[tuple[int, ...]]:
    """The numbers of the steps that each arrow carries: one that writes, those before it, and those after the last."""
    found: list[int] = []
    last = max((number for number, step in enumerate(steps, start=1) if step.rows), default=0)
    for number, step in enumerate(steps, start=1):
        if last:
            found.append(number)
            if (step.rows and number < last) or number == len(steps):
                yield tuple(found)
                found = []


def _writing(steps: tuple[StoryStep, ...], numbers: tuple[int, ...]) -> StoryStep:
    return next(steps[number - 1] for number in numbers if steps[number - 1].rows)


def _draw_way(drawn: _Drawn, story: Story, view: StoryView, carried: tuple[tuple[int, ...], ...]) -> None:
    drawn.starts.append(drawn.add(_box(_writing(story.steps, carried[0]).finds)))
    for numbers in carried:
        tail = len(drawn.boxes) - 1
        head = drawn.add(_box(_writing(story.steps, numbers).leaves))
        said = "; ".join(f"{number}. {_said(view.steps[number - 1])}" for number in numbers)
        drawn.edges[tail, head] = Edge(
            tail=str(tail),
            head=str(head),
            label=span(numbers),
            href=f"#step-{numbers[0]}",
            title=said,
        )


def _said(step: StepView) -> str:
    return f"{step.service}: {step.does}".replace("`", "").removesuffix(": ")


def _draw_variant(drawn: _Drawn, variant: Variant, told: VariantView, carried: tuple[tuple[int, ...], ...]) -> None:
    """A way that differs: from where it leaves the story, or a box of its own, to where it comes back or ends."""
    if variant.is_retry or not variant.steps:
        return
    tail = sum(numbers[-1] <= (variant.after or 0) for numbers in carried)
    if variant.vm_states:
        begun = tuple((vm_state, None) for vm_state in variant.vm_states)
        start = _found(drawn, begun[0], 0)
        if start is None:
            start = drawn.add(_box(begun))
            drawn.starts.append(start)
        if tail:
            _join(drawn, start, tail, told)
        else:
            tail = start
    passed = tail if tail <= len(carried) else 0
    for number, step in enumerate(variant.steps, start=1):
        then = variant.then if number == len(variant.steps) else None
        head = None if then is None else _before(carried, then)
        if head is None:
            head = _found(drawn, step.leaves[0], passed + 1)
        if head is None:
            keeps = all(end.vm_state == SAME for end in step.writes)
            head = drawn.add(_Box(states=step.leaves, shows_vm_state=not keeps))
        _join(drawn, tail, head, told)
        tail = head
        passed = max(passed, head) if head <= len(carried) else passed


def _before(carried: tuple[tuple[int, ...], ...], number: int) -> int | None:
    """The box that a step of the story finds."""
    return next((box for box, numbers in enumerate(carried) if number in numbers), None)


def _found(drawn: _Drawn, state: State, first: int) -> int | None:
    """A box that holds a state, of those from the number `first` on."""
    return next((number for number in range(first, len(drawn.boxes)) if state in drawn.boxes[number].states), None)


def _join(drawn: _Drawn, tail: int, head: int, told: VariantView) -> None:
    """An arrow of a variant, unless one is there already: what else takes the same way is told by the text."""
    if tail != head:
        title = f"{told.letter}. {plain_text(told.cause)}"
        drawn.edges.setdefault(
            (tail, head),
            Edge(
                tail=str(tail),
                head=str(head),
                label=told.letter,
                href=f"#variant-{told.letter}",
                title=title,
                is_thin=True,
            ),
        )


def plain_text(found: Iterable[object]) -> str:
    """What a cell holds as a text."""
    return " ".join(one if isinstance(one, str) else str(getattr(one, "text", "")) for one in found).replace("`", "")


def _box(states: tuple[State, ...]) -> _Box:
    vm_states = {vm_state for vm_state, _ in states}
    return _Box(states=states, shows_vm_state=len(vm_states) == 1 or all(task is None for _, task in states))


def _node(page: Writer, number: int, box: _Box, drawn: _Drawn) -> Node:
    nodes: dict[StateNode, None] = {}
    tasks = dict.fromkeys(task for _, task in box.states if task is not None)
    if box.shows_vm_state or not tasks:
        nodes.update(dict.fromkeys(("vm_state", vm_state) for vm_state, _ in box.states))
    lines = (*lines_of(page, nodes), *lines_of(page, (("task_state", task) for task in tasks)))
    return Node(
        id=str(number), kind="task_state" if tasks else "vm_state", lines=lines, is_subject=number in drawn.starts
    )


def _ends(page: Writer, story: Story, carried: tuple[tuple[int, ...], ...]) -> Ends | None:
    """The box of failures."""
    leavings = [leaving for leaving in story.leavings if leaving.kind == "states"]
    if not leavings:
        return None
    numbers = {number for leaving in leavings for number in leaving.steps}
    lines = _end_lines(page.words, leavings)
    in_all = [line for language in page.words.languages for line in _end_lines(page.words.of(language), leavings)]
    return Ends(
        lines=lines,
        letters=max(map(_letters, in_all)),
        href="#failures",
        title=f"{lines[0]}: {', '.join(lines[1:])}",
        edges=tuple(edge for edge, of_edge in enumerate(carried) if numbers.intersection(of_edge)),
    )


def _end_lines(words: PageWords, leavings: list[Leaving]) -> tuple[str, ...]:
    found = dict.fromkeys(_end_line(words("story_end_as_before"), leaving) for leaving in leavings)
    told = tuple(found)[:_MOST_ENDS]
    more = (f"+{len(found) - len(told)}",) if len(found) > len(told) else ()
    return (words("story_end"), *told, *more)


def _end_line(as_before: str, leaving: Leaving) -> str:
    vm_state = as_before if leaving.vm_state == SAME else leaving.vm_state
    if leaving.task_state in (None, SAME) or leaving.vm_state == DELETED:
        return vm_state
    return f"{vm_state} · {leaving.task_state}"


def _letters(text: str) -> int:
    return sum(2 if letter >= _WIDE else 1 for letter in text)
