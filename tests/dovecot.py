"""A private Dovecot on loopback: STARTTLS and implicit TLS, one account, mails put in as files or by APPEND."""

import grp
import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import trustme
from imapclient import IMAPClient

USER, PASSWORD = "desk", "correct horse"


_PORTS = itertools.count(random.randrange(20_000, 30_000))


def free_port() -> int:
    """A port nobody listens on, never the same twice, below those that outgoing connections take for themselves."""
    for port in _PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError


class Dovecot:
    def __init__(self, authority: trustme.CA, *, capability: str = "") -> None:
        """`capability` is what the server says it offers, where that is to be less than it can."""
        # Not under pytest's own folder: Dovecot's unprivileged processes must be able to enter it.
        self.folder = folder = Path(tempfile.mkdtemp(prefix="rightsdesk-dovecot-"))
        folder.chmod(0o755)
        self.ca_file = folder / "ca.pem"
        self.port, self.tls_port = free_port(), free_port()
        self.maildir = folder / "mail" / USER
        self._process: subprocess.Popen[bytes] | None = None
        self._capability = f"imap_capability = {capability}" if capability else ""
        authority.cert_pem.write_to_path(self.ca_file)
        self.use_certificate(authority.issue_cert("127.0.0.1", "localhost"))
        self._write_configuration()

    def use_certificate(self, certificate: trustme.LeafCert) -> None:
        certificate.cert_chain_pems[0].write_to_path(self.folder / "cert.pem")
        certificate.private_key_pem.write_to_path(self.folder / "key.pem")

    def start(self) -> None:
        program = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin")
        assert program, "Dovecot is not installed: make test does"
        command = [program, "-F", "-c", self.folder / "dovecot.conf"]
        with (self.folder / "out.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self._wait_until_it_answers()

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End at once, as a power cut would."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, folder: str = "INBOX") -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(USER, PASSWORD)
        client.select_folder(folder)
        return client

    def append(self, *mails: bytes, folder: str = "INBOX", received_at: datetime | None = None) -> None:
        with self.client() as client:
            for mail in mails:
                client.append(folder, mail, msg_time=received_at or datetime.now(UTC))

    def put_file(self, raw: bytes, folder: str) -> None:
        """Deliver as a file, as a delivery agent does: some mails cannot be put in by APPEND."""
        path = self.maildir / f".{folder}" / "new" / f"{time.time_ns()}.test"
        path.write_bytes(raw)
        os.chown(path, self.maildir.stat().st_uid, self.maildir.stat().st_gid)

    def renumber(self) -> None:
        """Make the server forget its UIDs: UIDVALIDITY changes."""
        self.kill()
        uidlist = self.maildir / "dovecot-uidlist"
        validity = int(uidlist.read_text().split()[1].removeprefix("V"))
        for path in self.maildir.glob("dovecot*"):
            if path.is_file():
                path.unlink()
        uidlist.write_text(f"3 V{validity + 1} N1\n")  # else the present second, perhaps the same as before
        os.chown(uidlist, self.maildir.stat().st_uid, self.maildir.stat().st_gid)
        self.start()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                if line.recv(4) == b"* OK":
                    return
            assert time.monotonic() < deadline, (self.folder / "out.log").read_text()
            time.sleep(0.02)

    def _write_configuration(self) -> None:
        user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        is_root = os.getuid() == 0
        # Dovecot lets nobody read mail as root.
        owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
        limits = "first_valid_uid = 1\nfirst_valid_gid = 1"
        own_root = "service anvil {\n  chroot =\n}\nservice imap-login {\n  chroot =\n}"
        unprivileged = "" if is_root else f"default_login_user = {user}\n{own_root}"
        (self.folder / "users").write_text(
            f"{USER}:{{PLAIN}}{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::{self.folder / 'mail' / USER}\n"
        )
        self.maildir.mkdir(parents=True, exist_ok=True)
        if is_root:
            os.chown(self.maildir, owner.pw_uid, owner.pw_gid)
        (self.folder / "dovecot.conf").write_text(f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
{limits}
{unprivileged}
{self._capability}
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{self.folder}/cert.pem
ssl_key = <{self.folder}/key.pem
mail_location = maildir:{self.folder}/mail/%u
mail_max_userip_connections = 100
mail_fsync = never
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = passwd-file
  args = {self.folder}/users
}}
userdb {{
  driver = passwd-file
  args = {self.folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
""")
