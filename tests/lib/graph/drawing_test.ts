import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { graphsTuple, jit } from "../../../mod.ts";

type Bundle = Readonly<Record<"text/plain" | "text/html", string>>;

function bundle(graph: object): Bundle {
  return (graph as Record<symbol, () => Bundle>)[Symbol.for("Jupyter.display")]!.call(graph);
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

Deno.test("a small graph draws its nodes, and its edges with arrows", () => {
  const graph = graphsTuple({ senders: [0, 1, 2], receivers: [1, 0, 2], nNode: [3], nEdge: [3] });
  const html = bundle(graph)["text/html"];
  assertEquals([count(html, /<circle/g), count(html, /marker-mid/g)], [3, 3]);
  // Node 0 stands at the top, and its edge to node 1 bends to its right, inwards.
  assertStringIncludes(html, '<circle cx="90.0" cy="22.0" r="9"/>');
  assertStringIncludes(html, 'd="M90.0 22.0Q');
  assertStringIncludes(html, 'd="M31.1 124.0C');
});

Deno.test("pictures on one page have arrows of their own", () => {
  const graph = graphsTuple({ senders: [0], receivers: [0], nNode: [1], nEdge: [1] });
  const [a, b] = [graph, graph].map((g) => bundle(g)["text/html"].match(/id="(arrow-[^"]+)"/)![1]);
  assert(a !== b);
});

Deno.test("graphs that are large, empty, wrong or disposed are shown without a picture", () => {
  const large = graphsTuple({ nNode: [31] });
  const empty = graphsTuple({ nNode: [0] });
  const wrong = {
    ...graphsTuple({ senders: [0], receivers: [0], nNode: [1], nEdge: [1] }),
    nNode: tf.tensor([0]),
  };
  const gone = graphsTuple({ senders: [0], receivers: [0], nNode: [1], nEdge: [1] });
  gone.senders.dispose();
  for (const graph of [large, empty, wrong, gone]) {
    assertEquals(count(bundle(graph)["text/html"], /<svg/g), 0);
  }
});

Deno.test("a graph inside jit shows shapes alone", () => {
  let html = "";
  const graph = graphsTuple({ nodes: [1], senders: [0], receivers: [0], nNode: [1], nEdge: [1] });
  jit((traced: typeof graph) => {
    html = bundle(traced)["text/html"];
    return traced.nodes;
  })(graph);
  assertStringIncludes(html, "float32 [1]");
});

Deno.test("a graph of a million edges shows itself in a kilobyte, its values unread", () => {
  const E = 1_000_000;
  const ends = new Int32Array(E);
  const graph = graphsTuple({
    nodes: [[1]],
    senders: ends,
    receivers: ends,
    nNode: [1],
    nEdge: [E],
  });
  const read = graph.senders.dataSync;
  graph.senders.dataSync = () => {
    throw new Error("read");
  };
  assert(JSON.stringify(bundle(graph)).length < 2000);
  graph.senders.dataSync = read;
});
