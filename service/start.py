"""Where the command `rightsdesk` begins. Imports nothing of ours at the top: a reading process is started by running
this file again, and needs none of the commands.
"""

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # loading modules makes no garbage; looking for it takes a fifth of the time
    from service.cli import run  # noqa: PLC0415 - see above

    gc.freeze()
    gc.enable()
    run()
