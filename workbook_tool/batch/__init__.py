"""Many sources: which files a command line means, each one's verdict, and what is kept of each."""

from workbook_tool.batch.files import expand
from workbook_tool.batch.judging import (
    Against,
    Errand,
    Judged,
    annotated_paths,
    died,
    identify_all,
    judge,
    read_source,
)
from workbook_tool.batch.records import Record, RecordedFinding, record_of, record_task, records
from workbook_tool.batch.results import Results, run_of
from workbook_tool.batch.sharing import LOCAL, each
from workbook_tool.batch.task import Task

__all__ = [
    "LOCAL",
    "Against",
    "Errand",
    "Judged",
    "Record",
    "RecordedFinding",
    "Results",
    "Task",
    "annotated_paths",
    "died",
    "each",
    "expand",
    "identify_all",
    "judge",
    "read_source",
    "record_of",
    "record_task",
    "records",
    "run_of",
]
