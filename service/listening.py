"""Serving the web application from a thread of this process."""

import socket
import threading
from collections.abc import Callable

import uvicorn

from models.errors import SettingsError
from web.api.app import add_api
from web.desk.app import add_desk
from web.desk.parts import DeskParts
from web.health import Readiness, health_app
from web.person.app import add_person_pages


class WebServer:
    """uvicorn in a thread."""

    def __init__(self, host: str, port: int, look: Callable[[], Readiness], desk: DeskParts | None = None) -> None:
        """Bind the port at once; raises SettingsError where it is taken."""
        try:
            self._socket = socket.create_server((host, port))
        except OSError as error:
            msg = f"web.port: {host}:{port} cannot be used ({error.strerror}): another program has it, or set another"
            raise SettingsError(msg) from error
        # Connections inherit it. Without it the end of each answer waits until the browser has confirmed its beginning.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        app = health_app(look)
        if desk is not None:
            add_desk(app, desk)
            add_api(app, desk)
            add_person_pages(app, desk)
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def start(self) -> None:
        """Start answering."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering."""
        self._server.should_exit = True
        self._thread.join(2)
        self._socket.close()
