"""YAML that people write, and what is said where it is not as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_states.errors import InputError
from nova_states.explanations.yaml_text import compose_yaml, read_front_matter, read_yaml


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: [", "docs/x.yml: not YAML: "),
        (b"\xff: a", "docs/x.yml: not YAML: "),
        (b"- a", "docs/x.yml: needs a mapping of names to what is said of them"),
        (b"", "docs/x.yml: needs a mapping of names to what is said of them"),
    ],
)
def test_what_is_no_mapping_of_yaml_is_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "x.yml"
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_yaml(file, "docs/x.yml")
    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("read", [read_yaml, compose_yaml])
def test_a_file_that_is_missing_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(InputError, match=r"docs/x\.yml: cannot be read: "):
        read(tmp_path / "x.yml", "docs/x.yml")


def test_a_page_says_what_stands_at_its_head_if_anything_does() -> None:
    assert read_front_matter("---\norder: 1\n---\n\n# Title\n", "docs/x.md") == {"order": 1}
    assert read_front_matter("# Title\n\n---\norder: 1\n---\n", "docs/x.md") == {}
    with pytest.raises(InputError, match=r"^docs/x\.md: front matter: not YAML: "):
        read_front_matter("---\norder: [\n---\n", "docs/x.md")
