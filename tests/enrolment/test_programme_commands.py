"""`harbour programme`: what it tells a clinician, and what it shows of an evening."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from harbour.cli import app
from services.enrolment.programmes import load_programmes
from tests.enrolment.programme_files import WHOLE

SHIPPED = load_programmes()


def harbour(*words: str) -> Result:
    """What comes of a command, on a terminal wide enough for any line."""
    return CliRunner(env={"COLUMNS": "4000", "NO_COLOR": "1"}).invoke(app, ["programme", *words])


def written(folder: Path, text: str = WHOLE) -> str:
    """A programme of this text."""
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return str(folder / "small.yaml")


class Page(HTMLParser):
    """A page as somebody reads it: its words, and the names of its parts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick"}


def test_the_shipped_programmes_have_no_fault() -> None:
    result = harbour("check")
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["seven-weeks.yaml", "six-weeks.yaml"]
    assert result.stdout.count("No fault.") == 2


def test_check_tells_every_fault_of_every_file_and_fails(tmp_path: Path) -> None:
    one = written(tmp_path, WHOLE.replace("[Yes, No]", "[Yes]").replace("aim: We begin.", "aim: ''"))
    result = harbour("check", one, "seven-weeks")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        f"{one}:6: weeks[0].aim: is empty",
        f"{one}:19: weeks[0].steps[1].options: a poll needs 2 to 6 options",
    ]
    assert "seven-weeks" in result.stdout.splitlines()[2]
    assert "2 faults" in result.stderr


def test_check_takes_a_folder(tmp_path: Path) -> None:
    written(tmp_path)
    told = harbour("check", str(tmp_path)).stdout
    assert told == f"{tmp_path}/small.yaml: 1 week of 60 minutes, 6 steps, 2 wordings. No fault.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "nowhere.yaml"], "There is no file nowhere.yaml. Programmes that ship: seven-weeks, six-weeks."),
        (["preview", "nowhere"], "There is no file nowhere. Programmes that ship: seven-weeks, six-weeks."),
        (["preview", "six-weeks", "--week", "7"], "six-weeks.yaml has weeks 1 to 6; there is no week 7."),
        (["preview", "six-weeks", "--week", "0"], "six-weeks.yaml has weeks 1 to 6; there is no week 0."),
        (["preview", "six-weeks", "--html", "/nowhere/at/all"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: list[str], sentence: str) -> None:
    result = harbour(*words)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_folder_without_programmes_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no programme" in harbour("check", str(tmp_path)).stderr


@pytest.mark.parametrize("name", SHIPPED)
def test_a_preview_shows_every_step_whole_and_in_its_order(name: str) -> None:
    shown = harbour("preview", name).stdout
    at = 0
    for week in SHIPPED[name].weeks:
        for step in week.run_sheet:
            for part in (
                step.title,
                *step.text.splitlines(),
                *step.options,
                step.low,
                step.high,
                *step.say,
                step.notes,
            ):
                assert part in shown[at:], part
            at = shown.index(step.title, at)
    for wording in SHIPPED[name].prepared:
        assert wording.topic in shown
        assert wording.text in shown


def test_a_preview_marks_what_only_facilitators_see(tmp_path: Path) -> None:
    lines = harbour("preview", written(tmp_path)).stdout.splitlines()
    told = {line.strip() for line in lines}
    assert {"Good to see you.", "┃ Facilitators alone: Greet everyone.", "┃ Facilitators may say: Take care."} <= told


def test_a_preview_says_when_each_step_begins(tmp_path: Path) -> None:
    shown = harbour("preview", written(tmp_path)).stdout
    begins = [line.split(" ")[0] for line in shown.splitlines() if " min · " in line]
    assert begins == ["0:00", "0:05", "0:15", "0:20", "0:30", "0:35"]


def test_one_week_can_be_shown_by_itself() -> None:
    shown = harbour("preview", "seven-weeks", "--week", "3").stdout
    assert "Week 3: Understanding feelings" in shown
    assert "Week 2" not in shown
    assert "Week 4" not in shown


def test_a_programme_with_faults_is_not_shown(tmp_path: Path) -> None:
    result = harbour("preview", written(tmp_path, WHOLE.replace("minutes: 60", "minutes: soon")))
    assert result.exit_code == 1
    assert result.stdout.endswith("small.yaml:3: minutes: should be a whole number\n")


def test_a_page_to_print_has_every_word_and_gives_nothing_away(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert harbour("preview", "seven-weeks", "--html", str(out)).exit_code == 0
    page = Page(out.read_text(encoding="utf-8"))
    assert page.words[page.words.index("Harbour") - 1].strip() == ""
    for week in SHIPPED["seven-weeks"].weeks:
        for step in week.run_sheet:
            for part in (step.title, *step.text.splitlines(), *step.say, step.notes):
                assert any(part in words for words in page.words), part
    assert page.tags.count("section") == sum(len(week.steps) for week in SHIPPED["seven-weeks"].weeks)
    assert not {"script", "img", "link"} & set(page.tags)


def test_what_a_clinician_writes_is_never_taken_for_a_tag(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    source = written(tmp_path, WHOLE.replace("text: Tea?", "text: <script>tea</script> & [bold]cake[/bold]"))
    assert harbour("preview", source, "--html", str(out)).exit_code == 0
    assert "&lt;script&gt;tea&lt;/script&gt; &amp; [bold]cake[/bold]" in out.read_text(encoding="utf-8")
    assert "<script>tea</script> & [bold]cake[/bold]" in harbour("preview", source).stdout
