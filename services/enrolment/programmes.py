"""Programmes: what a course does week by week, written in YAML by clinicians and checked before anything runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from harbour.contracts.enrolment import Step, Wording
from harbour.contracts.messages import Key
from harbour.yaml_lines import NotYaml, Tree, read_tree
from harbour.yaml_lines import Path as Way
from services.enrolment.programme_rules import Found, what_is_wrong, what_is_wrong_with_fields

FOLDER = Path(__file__).parent / "programmes"
MAX_BYTES = 400_000
"""A whole programme travels in one message, which NATS takes up to 1 MiB."""


def _words(most: int, least: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Title = Annotated[str, _words(80)]
Aim = Annotated[str, _words(300)]
Choice = Annotated[str, _words(80)]
Said = Annotated[str, _words(800)]
Text = Annotated[str, _words(2000, least=0)]
End = Annotated[str, _words(40, least=0)]


@dataclass(frozen=True)
class Fault:
    """One thing to put right in a programme: which file, which line, which field, and what is wrong."""

    file: str
    line: int
    field: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: " + (f"{self.field}: {self.says}" if self.field else self.says)


class ProgrammeUnreadable(ValueError):
    """Programme files cannot be used; the text has a line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


_AS_WRITTEN = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Written(BaseModel):
    model_config = _AS_WRITTEN


class WrittenStep(_Written, Step):
    """A step as a clinician wrote it."""

    model_config = _AS_WRITTEN

    step_id: Key = Field(validation_alias="id")
    title: Title
    minutes: int = Field(ge=1, le=180)
    text: Text = ""
    options: tuple[Choice, ...] = ()
    low: End = ""
    high: End = ""
    say: tuple[Said, ...] = Field(default=(), max_length=8)
    notes: Text = ""


class WrittenWording(_Written, Wording):
    """A prepared wording as a clinician wrote it."""

    model_config = _AS_WRITTEN

    key: Key = Field(validation_alias="id")
    topic: Title
    text: Said


class Week(_Written):
    """What one evening is about, what it is for, and what happens in it."""

    topic: Title
    aim: Aim
    steps: tuple[WrittenStep, ...] = Field(min_length=1, max_length=20)

    @property
    def run_sheet(self) -> tuple[Step, ...]:
        """The steps as the bus carries them."""
        return tuple(Step(**step.model_dump()) for step in self.steps)


class Programme(_Written):
    """A course as clinicians wrote it."""

    id: Key
    title: Title
    sample: bool = False
    """True until the charity's clinicians have reviewed it."""
    minutes: int = Field(ge=15, le=180)
    weeks: tuple[Week, ...] = Field(min_length=1, max_length=26)
    wordings: tuple[WrittenWording, ...] = Field(default=(), max_length=60)

    @property
    def prepared(self) -> tuple[Wording, ...]:
        """The prepared wordings as the bus carries them."""
        return tuple(Wording(**wording.model_dump()) for wording in self.wordings)


Programmes = Mapping[str, Programme]
"""Every programme by its id."""


def load_programmes(folder: Path = FOLDER) -> Programmes:
    """Every programme in `folder`. Raises ProgrammeUnreadable with every fault of every file."""
    programmes: dict[str, Programme] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            programmes[path.stem] = read_programme(path)
        except ProgrammeUnreadable as unreadable:
            faults += unreadable.faults
    if not programmes and not faults:
        faults = [Fault(str(folder), 1, "", "there is no programme (*.yaml) in this folder")]
    if faults:
        raise ProgrammeUnreadable(faults)
    return programmes


def read_programme(path: Path, called: str = "") -> Programme:
    """The programme in this file, which faults name as it is `called`. Raises ProgrammeUnreadable, OSError."""
    return _read(path.read_bytes(), called or path.name, path.stem)


@lru_cache(maxsize=32)
def _read(content: bytes, name: str, stem: str) -> Programme:
    """The programme in these bytes. Looking at every word of one at the door takes half a second, so it is kept."""
    if len(content) > MAX_BYTES:
        says = f"the file has {len(content):,} bytes; a programme may have {MAX_BYTES:,}"
        raise ProgrammeUnreadable([Fault(name, 1, "", says)])
    try:
        tree = read_tree(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProgrammeUnreadable([Fault(name, line, "", "this is not UTF-8: save the file as UTF-8")]) from None
    except NotYaml as error:
        raise ProgrammeUnreadable([Fault(name, error.line, "", error.says)]) from None
    return _programme(tree, name, stem)


def _programme(tree: Tree, name: str, stem: str) -> Programme:
    """The programme in a tree. Raises ProgrammeUnreadable with all of its faults, in the order of the file."""
    if not isinstance(tree.content, dict):
        raise ProgrammeUnreadable([Fault(name, 1, "", "a programme is fields and their values, such as `id: …`")])
    programme: Programme | None = None
    found: list[Found] = [*what_is_wrong(tree, stem)]
    try:
        programme = Programme.model_validate(tree.content)
    except ValidationError as error:
        found += what_is_wrong_with_fields(error, tree, Programme)
    if programme is None or found:
        ordered = sorted(dict.fromkeys(found), key=lambda one: one.line)
        raise ProgrammeUnreadable(Fault(name, one.line, _as_written(one.way), one.says) for one in ordered)
    return programme


def _as_written(way: Way) -> str:
    """`weeks[2].steps[1].options`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way).removeprefix(".")
