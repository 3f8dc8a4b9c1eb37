"""How long a task may last before somebody should look: one home for the lookup's verdicts and for the alerts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

QUICK: Final = 15 * 60
"""Seconds that a task may last in which nothing large is copied."""
SLOW: Final = 2 * 60 * 60
"""Seconds that a task may last in which memory, a disk or an image is copied: how long depends on their size."""
SLOW_TASKS: Final = frozenset(
    (
        "block_device_mapping", "image_backup", "image_pending_upload", "image_uploading", "migrating",
        "rebuild_block_device_mapping", "rebuild_spawning", "rebuilding", "resize_finish", "resize_migrated",
        "resize_migrating", "resize_reverting", "shelving", "shelving_image_pending_upload", "shelving_image_uploading",
        "shelving_offloading", "spawning", "unshelving",
    )
)  # fmt: skip


def patience_table(tasks: Iterable[str]) -> dict[str, object]:
    """`default`: seconds a task may last; `tasks`: those of the tasks that may last longer."""
    return {"default": QUICK, "tasks": dict.fromkeys(sorted(SLOW_TASKS.intersection(tasks)), SLOW)}
