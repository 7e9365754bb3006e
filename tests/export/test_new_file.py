"""A file appears whole or not at all, and replaces another one only when told to."""

import stat
from pathlib import Path

import pytest

from workflow.export.new_file import FileExistsAlreadyError, NewFile


def test_file_appears_when_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with NewFile(path) as file:
        file.write_all(["a", "é"])
        assert not path.exists()
        file.publish()
    assert path.read_text("utf-8") == "aé"
    assert [each.name for each in tmp_path.iterdir()] == ["log.csv"]


def test_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with NewFile(tmp_path / "log.csv") as file:
        file.publish()
    assert stat.S_IMODE((tmp_path / "log.csv").stat().st_mode) == 0o600


def test_unpublished_file_leaves_nothing(tmp_path: Path) -> None:
    with NewFile(tmp_path / "log.csv") as file:
        file.write_all(["a"])
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("kept")
    with pytest.raises(FileExistsAlreadyError):
        NewFile(path)
    assert path.read_text() == "kept"


def test_file_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with NewFile(path) as file:
        path.write_text("faster")
        with pytest.raises(FileExistsAlreadyError):
            file.publish()
    assert path.read_text() == "faster"


def test_existing_file_is_replaced_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("old")
    with NewFile(path, replace=True) as file:
        file.write_all(["new"])
        file.publish()
    assert path.read_text() == "new"


def test_missing_folder_is_named_by_the_path_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "log.csv"
    with pytest.raises(FileNotFoundError) as error:
        NewFile(path)
    assert error.value.filename == str(path)


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        NewFile(tmp_path, replace=True)
