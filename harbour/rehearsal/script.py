"""Who says what, in which order: decided before the evening begins, the same for the same seed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from harbour.rehearsal import Trouble, lines

WORRYING_EVERY = 40
CONTACT_EVERY = 60

Kind = Literal["everyday", "worrying", "contact"]


@dataclass(frozen=True)
class Utterance:
    """Something to be said, under the writer's own name for it."""

    client_id: str
    kind: Kind
    text: str = field(repr=False)


def read_texts(file: Path) -> list[str]:
    """Every text of a file, one a line: plain, or an object with `text`. Raises Trouble, which never quotes a line."""
    try:
        rows = file.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise Trouble(f"There is no file {file}. Name one with a text on each line.") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not text in UTF-8. It should hold a text on each line.") from None
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.") from None
    texts = [_text_of(row, file, number) for number, row in enumerate(rows, 1) if row.strip()]
    if not texts:
        raise Trouble(f'{file} is empty. It should hold a text on each line: plain, or as {{"text": "…"}}.')
    return texts


def _text_of(row: str, file: Path, number: int) -> str:
    if not row.lstrip().startswith("{"):
        return row.strip()
    try:
        text = json.loads(row)["text"]
    except (ValueError, KeyError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise Trouble(f'{file}, line {number}: a line that begins with {{ should be JSON with words in its "text".')
    return text


def write_script(texts: Sequence[str], people: int, seed: int) -> list[list[Utterance]]:
    """What each person says in turn: every text once, with some worrying lines and some contact details among them."""
    random = Random(seed)  # noqa: S311 - a rehearsal that can be repeated, not a secret
    said: list[tuple[Kind, str]] = [("everyday", text) for text in texts]
    said += [("worrying", random.choice(lines.WORRYING)) for _ in range(-(-len(texts) // WORRYING_EVERY))]
    said += [("contact", random.choice(lines.CONTACTS)) for _ in range(-(-len(texts) // CONTACT_EVERY))]
    random.shuffle(said)
    prefix = f"r{random.getrandbits(48):012x}"
    whole = [Utterance(f"{prefix}-{number}", kind, text) for number, (kind, text) in enumerate(said)]
    return [whole[person::people] for person in range(people)]
