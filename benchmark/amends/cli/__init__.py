"""The command line: one file a command group, loaded when its command is called.

Only this floor prints, and only this floor turns an error into an exit code: 0 fine, 1 problems in the input,
2 wrong use.
"""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from amends.errors import AmendsError

COMMANDS = {
    "demo": (
        "amends.cli.run",
        "demo",
        "Run a baseline on the test scenarios and score it: table, signature, report.",
    ),
    "run": ("amends.cli.run", "run", "Run a generator over a split, score it, report it; resumable."),
    "generate": ("amends.cli.run", "generate", "Only the replies of a generator."),
    "answer": ("amends.cli.answer", "command", "Answer scenarios yourself or with a team, on a local page."),
    "label-studio": ("amends.cli.label_studio", "group", "Replies to Label Studio as tasks, people's labels back."),
    "annotate": ("amends.cli.annotate", "command", "Label replies yourself or with a team, on a local page."),
    "score": ("amends.cli.score", "command", "Score a file of replies or exchanges."),
    "report": ("amends.cli.report", "command", "Report run folders, replies, exchanges or annotations."),
    "compare": ("amends.cli.compare", "command", "How often B's reply is better than A's, and by how much."),
    "plan": ("amends.cli.plan", "command", "How many replies, scenarios, agents a comparison needs."),
    "draw": ("amends.cli.draw", "command", "Which replies a person should label, with inclusion probabilities."),
    "agreement": ("amends.cli.agreement", "command", "Agreement of annotators with each other."),
    "validity": ("amends.cli.validity", "command", "The scorer card: what a scorer is worth."),
    "calibrate": ("amends.cli.calibrate", "command", "Fit scorers' levels to gold: calibration, ensembles."),
    "explain": ("amends.cli.explain", "command", "One exchange: spans, levels, what would raise each."),
    "check": ("amends.cli.check", "command", "Check files or a data folder: all problems at once."),
    "contribute": ("amends.cli.contribute", "group", "Contribute examples; for maintainers gate, accept, withdraw."),
    "leaderboard": ("amends.cli.leaderboard", "group", "The leaderboard: add, check, rescore, build."),
    "train": ("amends.cli.train", "command", "The weights of the scorer `trained` from the train split."),
    "data": ("amends.cli.data", "group", "The dataset: info, todo, audit, build, export."),
}
"""Command to its module, the object in it, and the line that the help shows."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their help lines, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which is close."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from amends.errors import unknown_name

            raise unknown_name("command", args[0], COMMANDS)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from amends.signature import package_version

        click.echo(f"amends {package_version()}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """Measure how well a reply meets an upset customer.

    Three dimensions, each on its own: empathy, depersonalization, excuse avoidance.
    """


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk, one's share of it, or the largest file that is allowed, is full: no other path or right helps."""


def _os_error(error: OSError) -> str:
    """One line for what the operating system refused; libraries' errors of this kind may name no file."""
    if error.errno in _FULL:
        line = f"{error.strerror}: nothing more could be written; make room, and give the same command again"
    elif error.filename is None:
        line = f"{type(error).__name__}: {error}"
    else:
        line = f"{error.filename}: {error.strerror}; name another path or check its rights"
    return " ".join(line.splitlines())


def main(args: Sequence[str] | None = None) -> Any:
    """Run the command line and exit; errors of this package become one message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # a reply may hold any character; a terminal that cannot show one must not end the run
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=None if args is None else list(args), prog_name="amends", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped; what was written stays, and the same command goes on from there", err=True)
        sys.exit(130)
    except AmendsError as error:
        click.echo(f"amends: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"amends: {_os_error(error)}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
