"""``wb-tool round``: one collection round by mail, all of it in one folder."""

from __future__ import annotations

import typer

from workbook_tool.cli.lazy import PLAIN, lazy_group

__all__ = ["app"]

_HELP = """收表：发表、收件、审核、答复、催报，全部存在一个文件夹里。

A round of collecting: issue, collect, answer and chase, all in one folder."""

_COMMANDS = {
    "init": "setup.init_command",
    "enrol": "setup.enrol_command",
    "issue": "setup.issue_command",
    "collect": "intake.collect_command",
    "fetch": "intake.fetch_command",
    "status": "board.status_command",
    "history": "board.history_command",
    "accept": "decisions.accept_command",
    "reject": "decisions.reject_command",
    "assign": "decisions.assign_command",
    "dismiss": "decisions.dismiss_command",
    "reply": "post.reply_command",
    "remind": "post.remind_command",
    "send": "post.send_command",
    "mark": "post.mark_command",
}

app = typer.Typer(
    name="round", cls=lazy_group(__name__, _COMMANDS), help=_HELP, no_args_is_help=True, **PLAIN
)


@app.callback()
def _options() -> None:
    """Options of the group itself: none."""
