"""The walls of the house stand where the plan says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("enrolment", "chat", "safeguard", "notify")


def test_nobody_imports_across_a_wall() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_folder_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"common", "utils", "core", "helpers", "lib"}
    found = [path for top in ("harbour", "services") for path in (ROOT / top).rglob("*") if path.is_dir()]
    assert found
    assert not [path for path in found if path.name in drawers]


def test_every_room_has_the_files_of_the_house() -> None:
    wanted = ("__init__.py", "handlers", "rules", "store", "app", "migrations")
    missing = [f"{room}/{name}" for room in ROOMS for name in wanted if not _there(ROOT / "services" / room / name)]
    assert not missing


def _there(path: Path) -> bool:
    """As a file, or as a package where the story has parts."""
    return path.exists() or path.with_suffix(".py").exists()
