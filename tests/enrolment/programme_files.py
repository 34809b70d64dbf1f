"""A small whole programme, and ways to spoil it."""

from pathlib import Path

from services.enrolment.programmes import ProgrammeUnreadable, read_programme

WHOLE = """\
id: small
title: A small one
minutes: 60
weeks:
  - topic: First
    aim: We begin.
    steps:
      - id: opening
        kind: words
        title: Hello
        minutes: 5
        text: Good to see you.
        notes: Greet everyone.
      - id: choose
        kind: poll
        title: Choose
        minutes: 10
        text: Tea?
        options: [Yes, No]
      - id: feel
        kind: scale
        title: Feel
        minutes: 5
        text: How is it?
        low: hard
        high: fine
      - id: book
        kind: reflection
        title: Book
        minutes: 10
        text: Write something.
      - id: try
        kind: challenge
        title: Try
        minutes: 5
        text: >-
          Notice one thing.

          That is all.
      - id: closing
        kind: words
        title: Goodbye
        minutes: 5
        say:
          - See you next week.
          - Take care.
wordings:
  - id: hello
    topic: Hello
    text: Hello, all of you.
  - id: bye
    topic: Bye
    text: Until next week.
"""


def faults_of(folder: Path, text: str) -> list[str]:
    """What is wrong with a file of this text, line by line."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        read_programme(path)
    except ProgrammeUnreadable as unreadable:
        return [str(fault) for fault in unreadable.faults]
    return []
