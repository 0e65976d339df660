# SPDX-License-Identifier: Apache-2.0
"""Runs a notebook with nbclient and renders it with nbconvert.

usage: run.py FOLDER

FOLDER/job.json says what to run. The results are executed.ipynb, page.html and result.json in FOLDER. A failed cell is a result; the
exit status is not 0 only if there is none. No process of the notebook outlives this one.
"""

from __future__ import annotations

import asyncio
import copy
import ctypes
import json
import os
import re
import shutil
import signal
import sys
import time
from datetime import datetime, timezone

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient import NotebookClient, __version__ as nbclient_version
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
TERMINATE = signal.SIGUSR1  # ends a run; nbclient has handlers of its own for SIGTERM and SIGINT
MAX_MESSAGE = 4000  # characters of an error on top of a page


class Failure(Exception):
    """Why a run failed, in words for the reader of the report."""


def descendants() -> list[int]:
    """The processes below this one that run."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except OSError:  # it has ended
            continue
        if state not in "ZX":
            children.setdefault(int(parent), []).append(int(name))
    found = [os.getpid()]
    for process in found:
        found += children.get(process, [])
    return found[1:]


def kill_descendants() -> None:
    """Kills all of them, also those that changed their group or session: as orphans they are this process's children."""
    for _ in range(200):
        running = descendants()
        if not running:
            return
        for process in running:
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:  # it has ended, or is not ours
                pass
        time.sleep(0.01)


def terminate(*_: object) -> None:
    kill_descendants()
    shutil.rmtree(sys.argv[1], ignore_errors=True)  # the process that would remove it may have ended
    os._exit(128 + TERMINATE)


class Client(NotebookClient):
    """A client that knows which cell runs, and stops at a limit of output."""

    def __init__(self, notebook: nbformat.NotebookNode, limit: int, **options: object) -> None:
        super().__init__(notebook, on_cell_execute=self.begin, **options)
        self.left = limit
        self.full = asyncio.Event()
        self.at = 1

    def begin(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        cell.execution_count = self.at = self.code_cells_executed + 1

    def process_message(self, msg, cell, cell_index):  # type: ignore[no-untyped-def]
        if not self.full.is_set():
            self.left -= len(json.dumps(msg["content"], default=str))
            if self.left < 0:
                self.full.set()
                return None
            return super().process_message(msg, cell, cell_index)
        return None

    def place(self) -> str:
        """The cell that runs, as its prompt names it."""
        return f"In [{self.at}]"


async def execute(client: Client, seconds: float, limit_text: str) -> None:
    """Runs every cell. Raises Failure."""
    run = asyncio.ensure_future(client.async_execute())
    full = asyncio.ensure_future(client.full.wait())
    await asyncio.wait({run, full}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    why = "its output is larger than the limit" if full.done() else f"the time limit of {limit_text} ended it"
    stopped = not run.done()
    if stopped:
        kill_descendants()
    for task in (run, full):
        if not task.done():
            task.cancel()
    result, _ = await asyncio.gather(run, full, return_exceptions=True)
    if stopped:
        raise Failure(f"{client.place()}: {why}")
    if isinstance(result, CellExecutionError):
        raise Failure(f"{client.place()}: {result.ename}: {result.evalue}"[:MAX_MESSAGE])
    if isinstance(result, DeadKernelError):
        raise Failure(f"{client.place()}: the kernel ended")
    if isinstance(result, BaseException):
        raise Failure(f"{type(result).__name__}: {result}"[:MAX_MESSAGE])


def tagged(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def prepare(notebook: nbformat.NotebookNode, parameters: dict[str, object]) -> None:
    """Adds the cell of the parameters after the one that is tagged `parameters`, or on top, and removes those of an earlier run."""
    notebook.cells = [c for c in notebook.cells if not (tagged(c, "injected-parameters") or tagged(c, "headcount-error"))]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if not parameters:
        return
    lines = ["# Parameters"] + [f"{name} = {value!r}" for name, value in sorted(parameters.items())]
    injected = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": ["injected-parameters"]})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        injected.pop("id", None)
    at = next((i + 1 for i, c in enumerate(notebook.cells) if tagged(c, "parameters")), 0)
    notebook.cells.insert(at, injected)


def kernel_of(notebook: nbformat.NotebookNode, parameters: dict[str, object]) -> str:
    """The kernel that the notebook names if the environment has it; python3 for the other notebooks in Python."""
    spec = notebook.metadata.get("kernelspec", {})
    name, kernels = spec.get("name", "python3"), KernelSpecManager()
    try:
        language = kernels.get_kernel_spec(name).language
    except NoSuchKernel:
        language = notebook.metadata.get("language_info", {}).get("name") or spec.get("language") or "python"
        if language.lower() != "python":
            raise Failure(f"the environment has no kernel {name} ({language})") from None
        name = "python3"
    if parameters and language.lower() != "python":
        raise Failure(f"parameters need a kernel of Python, not {language}")
    return name


def add_error(notebook: nbformat.NotebookNode, error: str) -> None:
    """Puts the error on top of the executed notebook, as a cell that the next run removes."""
    text = "**This run failed.**\n\n" + "\n".join("    " + line for line in error.splitlines())
    cell = nbformat.v4.new_markdown_cell(text, metadata={"tags": ["headcount-error"]})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        cell.pop("id", None)
    notebook.cells.insert(0, cell)


def colours() -> str:
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return HtmlFormatter(style="default").get_style_defs(".highlight") + "\n@media (prefers-color-scheme: dark) {\n" + dark + "\n}"


# A script of the network, which an output asks for. Pages reach no network: Plotly asks for MathJax, and works without.
REMOTE_SCRIPT = re.compile(r"""<script\b[^<>]*\ssrc\s*=\s*["']?(?:https?:)?//[^<>]*>\s*</script>""", re.IGNORECASE)


def without_remote_scripts(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    notebook = copy.deepcopy(notebook)
    for output in (o for c in notebook.cells for o in c.get("outputs", [])):
        if "text/html" in output.get("data", {}):
            output.data["text/html"] = REMOTE_SCRIPT.sub("", output.data["text/html"])
    return notebook


def render(notebook: nbformat.NotebookNode, page: dict[str, object], folder: str, templates: str) -> str:
    exporter = HTMLExporter(config=Config(), extra_template_basedirs=[templates], template_name="report", embed_images=True)
    resources = {"metadata": {"name": page["title"], "path": folder}, "page": {**page, "colours": colours()}}
    return exporter.from_notebook_node(without_remote_scripts(notebook), resources)[0]


def run(job: dict[str, object], home: str) -> dict[str, object]:
    notebook, parameters = nbformat.reads(json.dumps(job["notebook"]), as_version=4), job["parameters"]
    started, clock = datetime.now(timezone.utc), time.monotonic()
    result: dict[str, object] = {"engine": f"Python {sys.version.split()[0]}, nbclient {nbclient_version}", "error": ""}
    try:
        prepare(notebook, parameters)
        config = Config()
        # Sockets in this run's folder: no other user reads the messages. Without a path they were relative to two working directories.
        config.KernelManager.transport, config.KernelManager.ip = "ipc", os.path.join(home, "kernel")
        client = Client(
            notebook,
            job["max_output"],
            config=config,
            kernel_name=kernel_of(notebook, parameters),
            timeout=None,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": job["folder"]}},
        )
        asyncio.run(execute(client, job["seconds"], job["limit"]))
    except Failure as failure:
        result["error"] = str(failure)
    finally:
        kill_descendants()
    result["cells"] = sum(1 for c in notebook.cells if c.get("execution_count"))
    page = {
        **job["page"],
        "started": started.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "took": f"{time.monotonic() - clock:.1f} s",
        "engine": result["engine"],
        "error": result["error"],
        "values": [f"{name} = {value}" for name, value in sorted(parameters.items())],
    }
    with open(os.path.join(home, "page.html"), "w", encoding="utf-8") as file:
        file.write(render(notebook, page, job["folder"], home))
    if result["error"]:
        add_error(notebook, result["error"])
    nbformat.write(notebook, os.path.join(home, "executed.ipynb"))
    return result


def main() -> None:
    home = sys.argv[1]
    signal.signal(TERMINATE, terminate)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with open(os.path.join(home, "job.json"), encoding="utf-8") as file:
        job = json.load(file)
    result = run(job, home)
    with open(os.path.join(home, "result.json"), "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
