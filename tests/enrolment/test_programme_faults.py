"""A fault in a programme is told by its file and line, in a sentence that says what to do; every one of them."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.enrolment.programme_files import WHOLE, faults_of

LINES = WHOLE.splitlines()
FIELD_LINES = [number for number, line in enumerate(LINES, 1) if re.match(r"[ -]*[a-z]+: [^>]", line)]
WORDS_LINES = [
    number for number, line in enumerate(LINES, 1) if re.match(r" *(topic|aim|title|text|low|high): [^>]", line)
] + [37, 39, 45, 46]  # a paragraph, another, and two things to say
STEPS = "weeks[0].steps"


def replaced(old: str, new: str) -> str:
    """The whole programme with its one such part replaced."""
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


def test_the_whole_programme_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, WHOLE) == []


FAULTS = {
    "a field that is missing": (replaced("    aim: We begin.\n", ""), "5: weeks[0].aim: is missing"),
    "a field that is empty": (replaced("title: A small one", "title: ''"), "2: title: is empty"),
    "a field without a value": (replaced("title: A small one", "title:"), "2: title: is empty"),
    "a field nearly right": (
        replaced("minutes: 60", "minuts: 60"),
        "3: minuts: is not a field here; did you mean minutes?",
    ),
    "a field nobody knows": (
        WHOLE + "colour: blue\n",
        "54: colour: is not a field; there are id, title, sample, minutes, weeks, wordings",
    ),
    "a field of a step nobody knows": (
        replaced("        low: hard\n", "        low: hard\n        middel: so so\n"),
        f"26: {STEPS}[2].middel: is not a field; there are id, kind, title, minutes, text, options, low, high, say, "
        "notes",
    ),
    "words for a number": (replaced("minutes: 60", "minutes: soon"), "3: minutes: should be a whole number"),
    "half a minute": (
        replaced("        title: Hello\n        minutes: 5", "        title: Hello\n        minutes: 5.5"),
        f"11: {STEPS}[0].minutes: should be a whole number",
    ),
    "no minutes": (
        replaced("        title: Hello\n        minutes: 5", "        title: Hello\n        minutes: 0"),
        f"11: {STEPS}[0].minutes: should be at least 1",
    ),
    "too short an evening": (replaced("minutes: 60", "minutes: 240"), "3: minutes: should be at most 180"),
    "a kind there is not": (
        replaced("kind: poll", "kind: vote"),
        f"15: {STEPS}[1].kind: should be one of words, prompt, poll, scale, reflection, breathing, reading, challenge",
    ),
    "perhaps a sample": (replaced("minutes: 60", "minutes: 60\nsample: perhaps"), "4: sample: should be true or false"),
    "a list for words": (
        replaced("text: Tea?", "text: [Tea]"),
        f"18: {STEPS}[1].text: should be words, not a list or fields",
    ),
    "words for a list": (
        replaced("        say:\n          - See you next week.\n          - Take care.\n", "        say: See you.\n"),
        f"44: {STEPS}[5].say: should be a list, each entry on a line that begins with a dash",
    ),
    "words for a step": (
        replaced("wordings:\n", "      - and then we talk\nwordings:\n"),
        f"47: {STEPS}[6]: should be fields and their values, such as `title: …`",
    ),
    "an id with a space": (
        replaced("id: opening", "id: the opening"),
        f"8: {STEPS}[0].id: should be one name of letters without accents, digits, - and _, up to 64 of them",
    ),
    "a title that never ends": (
        replaced("title: Choose", f"title: {'Choose ' * 20}"),
        f"16: {STEPS}[1].title: is longer than 80 letters",
    ),
    "the id of another file": (replaced("id: small", "id: other"), "1: id: should be small, like the name of the file"),
    "the same id twice": (
        replaced("id: feel", "id: opening"),
        f"20: {STEPS}[2].id: opening is the id of another one too, on line 8",
    ),
    "the same wording twice": (
        replaced("id: bye", "id: hello"),
        "51: wordings[1].id: hello is the id of another one too, on line 48",
    ),
    "the same field twice": (
        replaced("minutes: 60\n", "minutes: 60\ntitle: Another\n"),
        "4: title: stands here a second time; the first is on line 2",
    ),
    "an evening that is too long": (
        replaced("        title: Choose\n        minutes: 10", "        title: Choose\n        minutes: 42"),
        "7: weeks[0].steps: the steps take 72 minutes, 12 more than the 60 of an evening",
    ),
    "an evening without steps": (
        WHOLE[: WHOLE.index("    steps:")] + "    steps: []\n",
        "7: weeks[0].steps: is an empty list: write at least one entry",
    ),
    "an evening without a word of steps": (WHOLE[: WHOLE.index("    steps:")], "5: weeks[0].steps: is missing"),
    "no weeks": (
        WHOLE[: WHOLE.index("weeks:")] + "weeks: []\n",
        "4: weeks: is an empty list: write at least one entry",
    ),
    "a poll with one option": (replaced("[Yes, No]", "[Yes]"), f"19: {STEPS}[1].options: a poll needs 2 to 6 options"),
    "a poll with seven": (
        replaced("[Yes, No]", "[a, b, c, d, e, f, g]"),
        f"19: {STEPS}[1].options: a poll needs 2 to 6 options",
    ),
    "a poll without any": (
        replaced("        options: [Yes, No]\n", ""),
        f"14: {STEPS}[1].options: a poll needs 2 to 6 options",
    ),
    "an option twice": (replaced("[Yes, No]", '[Yes, "yes "]'), f"19: {STEPS}[1].options[1]: is an option already"),
    "options for a reflection": (
        replaced("text: Write something.", "text: Write something.\n        options: [a, b]"),
        f"32: {STEPS}[3].options: only a poll has options; this is a reflection step",
    ),
    "ends of a poll": (
        replaced("text: Tea?", "text: Tea?\n        high: very"),
        f"19: {STEPS}[1].high: only a scale has high; this is a poll step",
    ),
    "a scale with one end": (
        replaced("        low: hard\n", ""),
        f"20: {STEPS}[2].low: a scale step needs the words at the 1 of a scale",
    ),
    "a question without words": (
        replaced("text: Tea?", "text:"),
        f"18: {STEPS}[1].text: a poll step needs the question",
    ),
    "words without words": (
        replaced("        text: Good to see you.\n", ""),
        f"8: {STEPS}[0]: a words step needs text, or something to say",
    ),
    "no opening": (
        replaced("id: opening\n        kind: words", "id: opening\n        kind: prompt"),
        f"8: {STEPS}[0]: an evening begins with its opening: a step of kind words",
    ),
    "no closing": (
        replaced("kind: words\n        title: Goodbye", "kind: reading\n        text: Bye.\n        title: Goodbye"),
        f"40: {STEPS}[5]: an evening ends with its closing: a step of kind words",
    ),
    "no activity": (
        replaced("kind: poll", "kind: breathing").replace("        options: [Yes, No]\n", ""),
        "7: weeks[0].steps: this evening has no group activity: a step of kind prompt, poll or reading",
    ),
    "no reflection": (
        replaced("kind: reflection", "kind: reading"),
        "7: weeks[0].steps: this evening has no private reflection: a step of kind reflection",
    ),
    "no challenge": (
        replaced("kind: challenge", "kind: reading"),
        "7: weeks[0].steps: this evening has no weekly challenge: a step of kind challenge",
    ),
    "no notes": (
        replaced("        notes: Greet everyone.\n", ""),
        "7: weeks[0].steps: no step of this evening has notes for facilitators",
    ),
    "a tab": (replaced("        low: hard", "\tlow: hard"), "25: there is a tab here: use spaces"),
    "quotes that never end": (
        replaced("text: Tea?", 'text: "Tea?'),
        "18: the quotes that begin here never end",
    ),
    "a colon too many": (
        replaced("text: Tea?", "text: Tea: yes?"),
        "18: there is a colon too many here: put the words in quotes, or begin them on the next line",
    ),
    "two programmes in a file": (
        WHOLE + "---\n" + WHOLE,
        "54: a second document begins here: a file holds one programme",
    ),
    "words used twice": (
        replaced("aim: We begin.", "aim: &a We begin.").replace("text: Tea?", "text: *a"),
        "18: *a stands for other words: write these out here",
    ),
    "a character nobody sees": (
        replaced("text: Tea?", "text: Tea\x07?"),
        "18: there is a character here that cannot be seen: type the line again",
    ),
    "lists in lists in lists": (
        "- " * 3000 + "x\n",
        "1: this lies too deep inside other things",
    ),
    "a name that is a list": (
        replaced("minutes: 60\n", "minutes: 60\n? [a]\n: b\n"),
        "4: the name of a field should be one word",
    ),
    "a list at the top": ("- a list\n", "1: a programme is fields and their values, such as `id: …`"),
    "nothing at all": ("", "1: a programme is fields and their values, such as `id: …`"),
    "an old way to speak of suicide": (
        replaced("That is all.", "Somebody committed suicide."),
        f"39: {STEPS}[4].text: “committed suicide”: suicide is no crime: say “died by suicide”",
    ),
    "a count of days": (
        replaced("That is all.", "I was ten days clean."),
        f"39: {STEPS}[4].text: “ten days clean”: a count of days turns a blip into a failure: say “a while” or "
        "“since last week”",
    ),
    "a weight": (
        replaced("- Take care.", "- She was 45 kg."),
        f"46: {STEPS}[5].say[1]: “45 kg”: a weight or a count of calories invites comparison: leave it out",
    ),
    "a number of injuries": (
        replaced("text: Until next week.", "text: There were three scars."),
        "53: wordings[1].text: “three scars”: a number of injuries invites comparison: leave the number out",
    ),
    "a graphic word": (
        replaced("aim: We begin.", "aim: We talk about blood."),
        "6: weeks[0].aim: “blood”: this is a graphic word: say “hurt”, or leave it out",
    ),
    "a label": (
        replaced("text: Tea?", "text: Are you a self-harmer?"),
        f"18: {STEPS}[1].text: “self-harmer”: nobody is what they do: say “somebody who self-harms”",
    ),
    "words that blame": (
        replaced("text: Tea?", "text: Was it attention-seeking?"),
        f"18: {STEPS}[1].text: “attention-seeking”: this blames: say what the person may need",
    ),
    "a relapse": (
        replaced("[Yes, No]", "[Yes, A relapse]"),
        f"19: {STEPS}[1].options[1]: “relapse”: say “a blip” or “a hard day”",
    ),
    "what our own door would hold": (
        replaced("That is all.", "Ring me on 07700 900123."),
        f"39: {STEPS}[4].text: the door would hold this (contact.phone: Gives what looks like a telephone number)",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    text, fault = FAULTS[name]
    assert f"small.yaml:{fault}" in faults_of(tmp_path, text)


@pytest.mark.parametrize(
    "words",
    [
        "Lie down and feel your shoulder blades on the floor.",
        "Look at one blade of grass.",
        "Knit ten stitches, or use the biscuit cutters.",
        "After two failed attempts the cake was good.",
        "How were the two days without your phone?",
        "He died by suicide. She is getting better, slowly.",
        "In for four, out for six, five times.",
        "I weigh my words. It is lighter now, and I am free on three days.",
    ],
)
def test_everyday_words_may_stand(tmp_path: Path, words: str) -> None:
    assert faults_of(tmp_path, replaced("That is all.", words)) == []


def test_help_numbers_may_stand_anywhere(tmp_path: Path) -> None:
    numbers = "Childline, 0800 1111. Samaritans, 116 123. Text SHOUT to 85258. NHS, 111 and then option 2. Or 999."
    assert faults_of(tmp_path, replaced("That is all.", numbers)) == []


def test_what_adults_alone_read_may_say_more(tmp_path: Path) -> None:
    assert faults_of(tmp_path, replaced("Greet everyone.", "If somebody speaks of blood, write to them alone.")) == []


def test_a_word_across_two_lines_is_told_on_the_first(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, replaced("That is all.", "Somebody committed\n          suicide."))
    assert fault.startswith("small.yaml:39: ")


def test_every_fault_is_told_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = replaced("minutes: 60", "minutes: soon").replace("kind: poll", "kind: vote").replace("[Yes, No]", "[Yes]")
    text = text.replace("id: bye", "id: hello").replace("aim: We begin.", "aim: We relapse.") + "colour: blue\n"
    assert [int(fault.split(":")[1]) for fault in faults_of(tmp_path, text)] == [3, 6, 15, 51, 54]


@settings(deadline=None, max_examples=60)
@given(number=st.sampled_from(FIELD_LINES), before=st.integers(0, 5))
def test_a_field_nobody_knows_is_told_on_its_own_line_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory, number: int, before: int
) -> None:
    line = LINES[number - 1]
    indent = " " * (len(line) - len(line.lstrip(" -")))
    text = "\n".join(["# a note"] * before + [*LINES[:number], f"{indent}colour: blue", *LINES[number:], ""])
    (fault,) = faults_of(tmp_path_factory.mktemp("faults"), text)
    assert fault.startswith(f"small.yaml:{before + number + 1}: ")
    assert "colour: is not a field" in fault


@settings(deadline=None, max_examples=60)
@given(number=st.sampled_from(WORDS_LINES), before=st.integers(0, 5))
def test_unsafe_words_are_told_on_their_own_line_wherever_they_stand(
    tmp_path_factory: pytest.TempPathFactory, number: int, before: int
) -> None:
    lines = [*LINES]
    lines[number - 1] += " A relapse"
    text = "\n".join(["# a note"] * before + [*lines, ""])
    (fault,) = faults_of(tmp_path_factory.mktemp("faults"), text)
    assert fault.startswith(f"small.yaml:{before + number}: ")
    assert fault.endswith("“relapse”: say “a blip” or “a hard day”")


@settings(deadline=None, max_examples=200)
@given(text=st.text() | st.builds("{}\n{}".format, st.just(WHOLE), st.text()))
def test_no_text_at_all_makes_the_reader_stumble(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    text = text.encode(errors="replace").decode()
    faults = faults_of(tmp_path_factory.getbasetemp(), text)
    assert all(re.match(r"small\.yaml:\d+: \S", fault) for fault in faults)
