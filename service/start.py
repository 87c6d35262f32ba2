"""Where the command `rightsdesk` begins. Imports nothing at the top: a reading process is started by running this file
again, and needs none of the commands.
"""


def main() -> None:
    """Run the command line."""
    from service.cli import run  # noqa: PLC0415 - see above

    run()
