"""Presses the stop button of a notebook again and again, and says what became of the kernel.

    python interrupt_kernel.py ROUNDS

Each round trains in an asynchronous loop, stops it, resumes it in a synchronous one, and stops that
too. Prints a report as JSON.
"""

import json
import os
import pathlib
import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

SETUP = """
import { fit, init, jit, resume, saveCheckpoint, sgd } from "@meshwork/meshwork";
import { trainStep, treeDispose, watchForInterrupt } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";
await init();
const x = tf.randomUniform([400, 400], 0, 1, "float32", 1);
const loss = (w) => tf.mean(tf.square(tf.sub(tf.matMul(w, x), 1)));
const training = trainStep(loss, sgd(0.01));
const step = jit(training.step);
let state = training.init(tf.randomUniform([400, 400], 0, 1, "float32", 2));
const sumOf = ({ params }) => tf.sum(params).dataSync()[0];
let resumed = sumOf(state);
const checkpoint = await Deno.makeTempFile({ suffix: ".safetensors" });
await Deno.remove(checkpoint);
// The sum of all parameters now and when training was last resumed, and the steps counted so far.
const look = () => console.log("@" + JSON.stringify({
  sum: sumOf(state), resumed, step: state.step.dataSync()[0], pid: Deno.pid,
}));
"""

ASYNC = """
{
  const from = await resume(checkpoint) ?? state;
  resumed = sumOf(from);
  const report = () => console.log("#");
  ({ state } = await fit(step, from, { steps: 1e9, report, checkpoint }));
}
"""

# Nothing in the loop awaits.
SYNC = """
{
  using interrupt = await watchForInterrupt();
  console.log("#");
  while (!interrupt.requested) {
    const [next, value] = step(state);
    value.dataSync();
    treeDispose([state, value], { except: next });
    state = next;
  }
}
await saveCheckpoint(checkpoint, state);
"""

LOOK = "look()"
IDLE = "console.log('#'); await new Promise((resolve) => setTimeout(resolve, 500));"


def run(client, code, on_mark=None, timeout=120):
    """Runs a cell; calls `on_mark` when it prints `#`. Returns what it printed and when it ended."""
    request = client.execute(code)
    printed, deadline = "", time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            message = client.get_iopub_msg(timeout=1)
        except Empty:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            printed += content["text"]
            if on_mark and "#" in content["text"]:
                on_mark()
                on_mark = None
        elif kind == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        elif kind == "status" and content["execution_state"] == "idle":
            if message["parent_header"].get("msg_id") == request:
                return printed, time.monotonic()
    raise TimeoutError(f"no end of {code}")


def look(client):
    """The state of training. Output may come after the cell's end, so the next cell gets it too."""
    printed = ""
    for _ in range(20):
        printed += run(client, LOOK)[0]
        lines = [line for line in printed.splitlines() if line.startswith("@")]
        if lines:
            return json.loads(lines[-1][1:])
    raise TimeoutError("the kernel prints nothing")


def stop(manager, client, code):
    """Runs a cell until it has begun, presses the button, and measures how long the end takes."""
    pressed = []

    def press():
        time.sleep(0.2)
        pressed.append(time.monotonic())
        manager.interrupt_kernel()

    _, end = run(client, code, press)
    return end - pressed[0]


def processes_of(session):
    """All processes of a session, by their ids."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) == session:
                found.append(int(entry.name))
        except (ProcessLookupError, PermissionError):
            pass
    return found


def main():
    manager, client = start_new_kernel(kernel_name="deno")
    report = {"async": [], "sync": [], "states": []}
    try:
        run(client, SETUP)
        pid = look(client)["pid"]
        session = os.getsid(pid)
        for _ in range(int(sys.argv[1])):
            for name, code in [("async", ASYNC), ("sync", SYNC)]:
                report[name].append(stop(manager, client, code))
                report["states"].append(look(client))
        # A button pressed where nothing listens must not end the kernel.
        run(client, IDLE, manager.interrupt_kernel)
        report["states"].append(look(client))
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    deadline = time.monotonic() + 10
    while processes_of(session) and time.monotonic() < deadline:
        time.sleep(0.1)
    report["orphans"] = processes_of(session) if session != os.getsid(0) else None
    print(json.dumps(report))


if __name__ == "__main__":
    main()
