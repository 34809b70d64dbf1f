"""What simulated people are given to say."""

from collections import Counter
from pathlib import Path

import pytest

from harbour.rehearsal import Trouble, lines
from harbour.rehearsal.script import read_texts, write_script


def test_every_text_is_said_exactly_once() -> None:
    texts = [f"line {number}" for number in range(500)]
    said = Counter(one.text for person in write_script(texts, 24, seed=3) for one in person)
    assert all(said[text] == 1 for text in texts)


def test_some_worrying_lines_and_contact_details_are_among_them() -> None:
    kinds = Counter(one.kind for person in write_script(["hello"] * 400, 8, seed=1) for one in person)
    assert kinds == {"everyday": 400, "worrying": 10, "contact": 7}


def test_no_two_lines_share_a_name_and_the_same_seed_gives_the_same_evening() -> None:
    script = write_script(lines.EVERYDAY, 5, seed=9)
    names = [one.client_id for person in script for one in person]
    assert len(names) == len(set(names))
    assert script == write_script(lines.EVERYDAY, 5, seed=9)
    assert script != write_script(lines.EVERYDAY, 5, seed=10)


def test_people_have_about_as_much_to_say_as_each_other() -> None:
    shares = [len(person) for person in write_script(["hello"] * 101, 8, seed=1)]
    assert max(shares) - min(shares) <= 1


def test_texts_are_read_from_plain_lines_and_from_objects(tmp_path: Path) -> None:
    file = tmp_path / "texts"
    file.write_text('hello there\n\n{"text": "and \\"you\\"", "label": 1}\n', "utf-8")
    assert read_texts(file) == ["hello there", 'and "you"']


@pytest.mark.parametrize("row", ['{"label": "marked words"}', '{"text": 3, "x": "marked words"}', '{"marked words'])
def test_a_row_without_a_text_is_named_by_its_number_and_never_quoted(tmp_path: Path, row: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(f'{{"text": "fine"}}\n{row}\n', "utf-8")
    with pytest.raises(Trouble, match="line 2") as trouble:
        read_texts(file)
    assert "marked words" not in str(trouble.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "There is no file"), (b" \n\n", "is empty. It should hold"), (b"caf\xe9", "not text in UTF-8")],
)
def test_a_file_that_cannot_be_used_is_named_with_what_it_should_hold(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "texts"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Trouble, match=f"{sentence}.*text on each line"):
        read_texts(file)


def test_a_folder_is_no_file_of_texts(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be read: Is a directory"):
        read_texts(tmp_path)


def test_what_is_said_does_not_show_where_it_is_printed() -> None:
    script = write_script(["marked words"], 1, seed=1)
    assert "marked words" not in repr(script)
