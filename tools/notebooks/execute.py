"""Executes notebooks through a real Jupyter kernel and says how each went.

    python execute.py [--timeout SECONDS] [--output DIR] NOTEBOOK...

Beyond what common runners do, it keeps listening for a moment after a cell has ended, as Deno's
kernel sends output late; it fails on a cell whose reply is an error although nothing was printed (a
syntax error, a package that cannot be found); and it fails when a cell with the tag
"expects-output" has none. The notebooks themselves are only read; `--output` gets executed copies.

Prints a line a notebook. The exit code is 0 if all went well, else 1.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path
from queue import Empty

from jupyter_client.manager import start_new_kernel

KERNEL = "deno"
LATE_SECONDS = 0.3
EXPECTS_OUTPUT = "expects-output"


class CellError(Exception):
    """A cell that did not do what it should."""


class Outputs:
    """The outputs of one cell, as a notebook stores them."""

    def __init__(self, displays):
        self.items = []
        # Outputs by display id, of all cells: a later cell may update an earlier one's.
        self.displays = displays

    def receive(self, kind, content):
        """Takes one message; messages of other kinds mean nothing to a notebook."""
        if kind == "stream":
            self._stream(content)
        elif kind == "update_display_data":
            for item in self.displays.get(content["transient"]["display_id"], []):
                item["data"], item["metadata"] = content["data"], content["metadata"]
        elif kind == "clear_output":
            self.items.clear()
        elif kind in ("display_data", "execute_result", "error"):
            item = {"output_type": kind, **content}
            display_id = item.pop("transient", {}).get("display_id")
            if display_id is not None:
                self.displays.setdefault(display_id, []).append(item)
            self.items.append(item)

    def _stream(self, content):
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == content["name"]:
            last["text"] += content["text"]
        else:
            self.items.append({"output_type": "stream", **content})

    def is_empty(self):
        """Whether a reader would see nothing."""
        return not any(
            item.get("text", "").strip() or any(str(part).strip() for part in item.get("data", {}).values())
            for item in self.items
        )

    def errors(self):
        return [item for item in self.items if item["output_type"] == "error"]


def execute_cell(manager, client, source, outputs, timeout):
    """Runs one cell to its end and returns the kernel's reply."""
    request = client.execute(source, allow_stdin=False, stop_on_error=False)
    deadline = time.monotonic() + timeout
    reply, idle, heard = None, False, time.monotonic()
    while reply is None or not idle or time.monotonic() - heard < LATE_SECONDS:
        try:
            message = client.get_iopub_msg(timeout=0.05)
            heard = time.monotonic()
            if message["msg_type"] != "status":
                outputs.receive(message["msg_type"], message["content"])
            elif message["parent_header"].get("msg_id") == request:
                idle = message["content"]["execution_state"] == "idle"
        except Empty:
            pass
        try:
            message = client.get_shell_msg(timeout=0)
            if message["parent_header"].get("msg_id") == request:
                reply = message["content"]
        except Empty:
            pass
        if not manager.is_alive():
            raise CellError("the kernel died")
        if time.monotonic() > deadline:
            raise CellError(f"it took longer than {timeout:g} s")
    return reply


def check(cell, reply, outputs):
    """Raises if the cell failed, in whichever way."""
    for error in outputs.errors():
        raise CellError("\n".join(error["traceback"]) or f"{error['ename']}: {error['evalue']}")
    if reply["status"] != "ok":
        words = [reply.get("ename", ""), reply.get("evalue", ""), *reply.get("traceback", [])]
        said = "\n".join(word for word in words if word)
        raise CellError(f"it failed and printed nothing, as for a syntax error\n{said}".strip())
    if EXPECTS_OUTPUT in cell.get("metadata", {}).get("tags", []) and outputs.is_empty():
        raise CellError(f'it has the tag "{EXPECTS_OUTPUT}" and no output')


def execute_notebook(path, notebook, timeout):
    """Runs all code cells in one kernel, storing outputs in `notebook`; returns how many."""
    manager, client = start_new_kernel(kernel_name=KERNEL, cwd=str(path.parent))
    displays, count = {}, 0
    try:
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code" or not source.strip():
                continue
            count += 1
            outputs = Outputs(displays)
            cell["outputs"], cell["execution_count"] = outputs.items, count
            try:
                check(cell, execute_cell(manager, client, source, outputs, timeout), outputs)
            except CellError as error:
                raise CellError(f"cell {count}: {error}\n--- the cell ---\n{source}") from None
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return count


def run(path, timeout, output):
    """Runs one notebook, prints its line, and returns whether it went well."""
    start = time.monotonic()
    notebook = None
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        count = execute_notebook(path, notebook, timeout)
        failure = None
    except CellError as error:
        failure = str(error)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        failure = f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - start
    if failure is None:
        print(f"ok      {path.name}  {count} cells  {seconds:.1f} s", flush=True)
    else:
        text = re.sub(r"\x1b\[[0-9;]*m", "", failure).rstrip()
        indented = text.replace("\n", "\n        ")
        print(f"FAILED  {path.name}  {seconds:.1f} s\n        {indented}", flush=True)
    if output is not None and notebook is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / path.name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return failure is None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, default=600, help="seconds for each cell")
    parser.add_argument("--output", type=Path, help="folder for executed copies")
    parser.add_argument("notebooks", type=Path, nargs="+")
    options = parser.parse_args()
    results = [run(path.resolve(), options.timeout, options.output) for path in options.notebooks]
    print(f"{sum(results)} notebooks passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
