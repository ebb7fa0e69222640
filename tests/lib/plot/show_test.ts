import { assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { table as arqueroTable } from "arquero";
import { graphsTuple } from "../../../mod.ts";
import { liveFigure, lossFigure, progress, show, table } from "../../../lib/plot/mod.ts";

interface Sent {
  bundle: Record<string, unknown>;
  id?: string;
  update?: boolean;
}

/** Runs `body` as if inside a notebook's kernel, and returns what it displayed. */
async function inKernel(body: () => Promise<void>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const display = (
    bundle: Record<string, unknown>,
    options: { display_id?: string; update?: boolean },
  ): Promise<void> => {
    const { display_id: id, update } = options;
    sent.push({ bundle, ...(id ? { id } : {}), ...(update ? { update } : {}) });
    return Promise.resolve();
  };
  const real = globalThis.Deno;
  const set = (deno: unknown): unknown =>
    Object.defineProperty(globalThis, "Deno", { value: deno, configurable: true, writable: true });
  set(Object.create(real, { jupyter: { value: { display } } }));
  try {
    await body();
  } finally {
    set(real);
  }
  return sent;
}

/** Runs `body` with console.log kept apart. */
async function logged(body: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string): void => void lines.push(line);
  try {
    await body();
  } finally {
    console.log = log;
  }
  return lines;
}

const figure = lossFigure({ train: [1, 0.5] });

Deno.test("show() prints a line for a figure and a table as text outside a notebook", async () => {
  const graph = graphsTuple({ nNode: [2] });
  const lines = await logged(() =>
    show("Loss:", figure, { ...figure }, table(["a"], [[1]]), graph)
  );
  assertEquals(lines, [
    "Loss:",
    "Figure(scatter: 2 points)",
    "Figure(scatter: 2 points)",
    "a\n1",
    Deno.inspect(graph),
  ]);
});

Deno.test("show() refuses what it has no picture of, in a notebook too", async () => {
  for (const value of [3, new Map(), () => {}]) {
    await assertRejects(() => show(value as never), TypeError, "Cannot ");
    await inKernel(async () => {
      await assertRejects(() => show(value as never), TypeError, "Cannot ");
    });
  }
});

Deno.test("show() sends one bundle a value; plotly itself goes with the first figure only", async () => {
  const sent = await inKernel(() => show(figure, { ...figure }, table(["a"], [[1]])));
  assertEquals(sent.length, 3);
  const [first, second, third] = sent.map((s) => s.bundle);
  for (const bundle of [first!, second!]) {
    assertEquals(bundle["text/plain"], "Figure(scatter: 2 points)");
    const { data } = bundle["application/vnd.plotly.v1+json"] as { data: unknown };
    assertEquals(data, figure.data);
    assertStringIncludes(bundle["text/html"] as string, "window.Plotly.newPlot");
  }
  assertStringIncludes(first!["text/html"] as string, "plotly.js v");
  assertFalse((second!["text/html"] as string).includes("plotly.js v"));
  assertStringIncludes(third!["text/html"] as string, "<table");
});

const shown = [
  tf.tensor1d([1, 2]),
  graphsTuple({ senders: [0], receivers: [0], nNode: [1], nEdge: [1] }),
  { w: tf.zeros([2, 2]) },
  arqueroTable({ node: Array.from({ length: 20 }, (_, n) => n), x: new Array(20).fill([1, 2]) }),
];

Deno.test("show() prints tensors, graphs, parameters and arquero's tables", async () => {
  const lines = await logged(() => show(...shown));
  assertEquals(lines.map((text) => text.split("\n").at(0)), [
    "Tensor float32 [2]",
    "GraphsTuple: 1 graph, 1 edge",
    "parameter         dtype    shape   values  memory",
    "node  x",
  ]);
  assertEquals(lines[3]!.split("\n").at(-1), "20 rows, the first 12");
  assertStringIncludes(lines[3]!, "  11  [1, 2]");
});

Deno.test("show() sends tensors, graphs, parameters and arquero's tables as HTML", async () => {
  const sent = await inKernel(() => show(...shown));
  const parts = ["<pre>", "<svg", "<table", "<table"];
  parts.forEach((part, n) => assertStringIncludes(sent[n]!.bundle["text/html"] as string, part));
});

Deno.test("show() sends PNG pictures, and refuses other bytes", async () => {
  const picture = new Uint8Array(24);
  picture.set([137, 80, 78, 71, 13, 10, 26, 10]);
  picture.set([2], 19);
  picture.set([3], 23);
  const [sent] = await inKernel(() => show(picture));
  assertEquals(sent!.bundle["text/plain"], "PNG picture, 2 x 3 pixels");
  assertEquals(Uint8Array.fromBase64(sent!.bundle["image/png"] as string), picture);
  await assertRejects(
    () => show(new Uint8Array(3)),
    TypeError,
    "Cannot show bytes as they are no PNG picture: got 3 bytes",
  );
});

Deno.test("show() refuses what holds nothing to show", async () => {
  await assertRejects(
    () => show({ a: null }),
    TypeError,
    "Cannot make a table of parameters as it lists tensors: got an object with keys {a}",
  );
});

Deno.test("a figure that ends a cell displays itself", async () => {
  const hook = (figure as unknown as Record<symbol, () => Promise<Record<string, unknown>>>)[
    Symbol.for("Jupyter.display")
  ];
  assertEquals((await hook!())["text/plain"], "Figure(scatter: 2 points)");
  assertEquals(Object.keys(figure), ["data", "layout", "config"]);
});

Deno.test("liveFigure() draws in one place, at most twice a second, and the last state always", async () => {
  const sent = await inKernel(async () => {
    const live = liveFigure();
    for (let n = 1; n <= 50; n++) {
      await live.update(() => lossFigure({ train: Array.from({ length: n }, () => 1) }));
    }
    await live.finish();
    await live.finish();
  });
  assertEquals(sent.map((s) => s.update ?? false), [false, true]);
  assertEquals(sent[0]!.id, sent[1]!.id);
  assertEquals(sent[1]!.bundle["text/plain"], "Figure(scatter: 50 points)");
});

Deno.test("liveFigure() prints its last state outside a notebook", async () => {
  const lines = await logged(async () => {
    const live = liveFigure();
    await live.update(() => lossFigure({ train: [1] }));
    await live.update(() => figure);
    await live.finish();
  });
  assertEquals(lines, ["Figure(scatter: 2 points)"]);
});

Deno.test("progress() draws its values as curves in a notebook, where it is asked to", async () => {
  const sent = await inKernel(async () => {
    const line = progress(100, { curves: true });
    for (let step = 1; step <= 100; step++) await line.update(step, { loss: 1 / step });
    await line.finish();
  });
  const figures = sent.filter(({ bundle }) => "application/vnd.plotly.v1+json" in bundle);
  assertEquals(new Set(figures.map(({ id }) => id)).size, 1);
  assertEquals(figures.at(-1)!.bundle["text/plain"], "Figure(scatter: 100 points)");
});

Deno.test("progress() keeps one line in a notebook and ends with the last state", async () => {
  const sent = await inKernel(async () => {
    const line = progress(1000, { label: "train" });
    for (let step = 1; step <= 1000; step++) await line.update(step);
    await line.finish();
  });
  assertEquals(new Set(sent.map((s) => s.id)).size, 1);
  assertEquals(sent[0]!.update ?? false, false);
  assertStringIncludes(sent.at(-1)!.bundle["text/plain"] as string, "train  1000/1000  100%");
  assertStringIncludes(
    sent.at(-1)!.bundle["text/html"] as string,
    '<progress max="1000" value="1000"',
  );
});
