"""Programmes: what a course does week by week, written in YAML by clinicians and checked before anything runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from harbour.contracts.messages import Key

FOLDER = Path(__file__).parent / "programmes"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ProgrammeUnreadable(ValueError):
    """A programme file cannot be used; the text names the file and the field."""


class Week(BaseModel):
    """What one evening is about, and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    aim: Words


class Programme(BaseModel):
    """A course as clinicians wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Key
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    sample: bool = False
    """True until the charity's clinicians have reviewed it."""
    minutes: int = Field(ge=15, le=180)
    weeks: tuple[Week, ...] = Field(min_length=1, max_length=26)


Programmes = Mapping[str, Programme]
"""Every programme by its id."""


def load_programmes(folder: Path = FOLDER) -> Programmes:
    """Every programme in `folder`. Raises ProgrammeUnreadable for the first file that cannot be used."""
    programmes: dict[str, Programme] = {}
    for path in sorted(folder.glob("*.yaml")):
        programme = read_programme(path)
        if programme.id != path.stem:
            raise ProgrammeUnreadable(f"{path.name}: id: should be {path.stem!r}, like the file's name")
        programmes[programme.id] = programme
    if not programmes:
        raise ProgrammeUnreadable(f"{folder}: there is no programme (*.yaml) in it")
    return programmes


def read_programme(path: Path) -> Programme:
    """The programme in this file. Raises ProgrammeUnreadable."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ProgrammeUnreadable(f"{path.name}: is not UTF-8 text") from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise ProgrammeUnreadable(f"{path.name}: is not YAML{line}") from error
    if not isinstance(content, dict):
        raise ProgrammeUnreadable(f"{path.name}: should be fields and their values")
    try:
        return Programme.model_validate(content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ProgrammeUnreadable(f"{path.name}: " + "; ".join(faults)) from error
