"""The entries of a bundle as people read them: the same files that an export by itself writes."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from workflow.export.new_folder import NewFolder, NewMember
from workflow.export.row import Row
from workflow.export.tail import Scope, Tail, write_pieces
from workflow.export.write import LAYOUTS, XLSX
from workflow.log.bundle.beside import VIEWS

Heads = Iterable[tuple[str, str]]


def view_name(form: str) -> str:
    """Return where a view of a format lies in a bundle."""
    return f"{VIEWS}events.{form}"


def write_views(folder: NewFolder, rows: Iterable[Row], scope: Scope, heads: Heads) -> int:
    """Write each format in one pass, and return how many entries passed. Raises: OSError.

    `heads` are asked for after the last row.
    """
    from workflow.export.xlsx import write_workbook  # noqa: PLC0415 - large, and few ask for it

    with ExitStack() as stack:
        views = [_View(form, stack.enter_context(folder.open(view_name(form)))) for form in LAYOUTS]
        for view in views:
            view.begin()
        # The workbook is written by whoever takes the rows; the others read along.
        with folder.path_of(view_name(XLSX)).open("xb") as workbook:
            count = write_workbook(workbook, _pass_on(rows, views), scope)
        for view in views:
            view.end(count, scope, heads)
    folder.keep_digest(view_name(XLSX))
    return count


class _View:
    """One file that is written row by row."""

    def __init__(self, form: str, file: NewMember) -> None:
        self._layout, self._file = LAYOUTS[form](), file

    def begin(self) -> None:
        self._file.write(self._layout.write_head())

    def add(self, row: Row) -> None:
        self._file.write(self._layout.write_row(row.columns))

    def end(self, count: int, scope: Scope, heads: Heads) -> None:
        tail = Tail(scope=scope, count=count, sha256=self._file.digest)
        for piece in self._layout.write_tail(write_pieces(tail, heads)):
            self._file.write(piece)


def _pass_on(rows: Iterable[Row], views: list[_View]) -> Iterator[Row]:
    for row in rows:
        for view in views:
            view.add(row)
        yield row
