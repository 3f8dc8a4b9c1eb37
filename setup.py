"""Builds what pyproject.toml cannot say: a wheel carries the explanations compiled, in place of their sources.

docs/explanations stays where writers find it, and an installed command line needs neither it nor the second that
compiling takes. An editable install has no tables: it compiles on first use, and again when a text changes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

SOURCE = Path(__file__).parent / "generator"


class BuildWithTables(build_py):
    """Copies the package, and puts the lookup's tables beside it."""

    def run(self) -> None:
        """Build from nothing: what an earlier build left behind is no part of this tree."""
        if self.editable_mode:
            super().run()
            return
        package = Path(self.build_lib) / "nova_states"
        shutil.rmtree(package, ignore_errors=True)
        tables = compile_tables()
        super().run()
        for name, text in tables.items():
            file = package / "compiled" / f"{name}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")


def compile_tables() -> dict[str, str]:
    """Name → text of a file, made by the package that is about to be built.

    Raises:
        SetupError: facts or explanations are missing or wrong; one line, which the build ends with.
    """
    sys.path.insert(0, str(SOURCE))
    sys.dont_write_bytecode = True
    from nova_states.errors import NovaStatesError  # noqa: PLC0415 - found only now
    from nova_states.explanations.clauses import WHEEL_FILE, text_for_wheel  # noqa: PLC0415 - as above
    from nova_states.explanations.loading import load_explanations  # noqa: PLC0415 - as above
    from nova_states.lookup.compilation import compile_for_wheel  # noqa: PLC0415 - as above

    try:
        return compile_for_wheel() | {WHEEL_FILE: text_for_wheel(load_explanations().conditions)}
    except NovaStatesError as error:
        first, *others = str(error).splitlines()
        more = f" (and {len(others)} more like it: `nova-states check` lists them)" if others else ""
        raise SetupError(f"nova-states cannot be built: {first}{more}") from error


setup(cmdclass={"build_py": BuildWithTables})
