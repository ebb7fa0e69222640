import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "./source.ts";

interface Config {
  readonly exports: Record<string, string>;
  readonly imports: Record<string, string>;
}

const CONFIG = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as Config;

/** What somebody writes: a model with types, data sets, a figure and a table. */
const PROGRAM = `
  import {
    concatenatedArgs, type GraphsTuple, graphNetwork, graphsTuple, init, jit, linear, random,
    valueAndGrad,
  } from "@meshwork/meshwork";
  import { openMeshGraphNets } from "@meshwork/meshwork/datasets";
  import { lossFigure } from "@meshwork/meshwork/plot";
  import { toEdgeTable } from "@meshwork/meshwork/tables";
  import * as tf from "@tensorflow/tfjs";

  const { engine } = await init({ engine: "cpu" });
  const graph: GraphsTuple = graphsTuple({
    nodes: [[1], [2], [3]], senders: [0, 1, 2], receivers: [1, 2, 0], nNode: [3], nEdge: [3],
  });
  const layer = linear({ size: 1 });
  const params = layer.init(random.key(0), 2);
  const loss = (w: typeof params): tf.Tensor => {
    const network = graphNetwork({
      updateEdgeFn: concatenatedArgs((x) => layer.apply(w, x)),
      updateNodeFn: (_nodes, _sent, received) => received,
    });
    return tf.sum(tf.square(network(graph).nodes as tf.Tensor));
  };
  const [value, grads] = jit(valueAndGrad(loss))(params);
  console.log(engine, value.shape.length, grads.w.shape.join("x"), toEdgeTable(graph).numRows());
  console.log(typeof openMeshGraphNets, typeof lossFigure);
`;

/** The import map of somebody's own folder: this package by path, npm packages by name. */
function importMap(): Record<string, string> {
  const entries = Object.entries(CONFIG.exports).map(([name, path]): [string, string] => [
    "@meshwork/meshwork" + name.slice(1),
    new URL(path, `file://${ROOT}/`).href,
  ]);
  const npm = Object.entries(CONFIG.imports).filter(([, to]) => to.startsWith("npm:"));
  return Object.fromEntries([...entries, ...npm]);
}

async function deno(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`deno ${args.join(" ")} failed: ${error}`);
  return out!;
}

/** Checks and runs the program in a folder with this configuration. */
async function assertRuns(config: string): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, config);
    await Deno.writeTextFile(`${folder}/main.ts`, PROGRAM);
    await deno(folder, "check", "--no-lock", "main.ts");
    const output = await deno(folder, "run", "-A", "--no-lock", "--no-check", "main.ts");
    assertEquals(output, "cpu 0 2x1 3\nfunction function\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("another folder can import the package through an import map, checked and run", () =>
  assertRuns(JSON.stringify({ imports: importMap(), compilerOptions: { strict: true } })));

Deno.test("another folder can link the checkout, as the README says", async () => {
  const readme = await Deno.readTextFile(`${ROOT}/README.md`);
  await assertRuns(/```json\n(.*?)```/s.exec(readme)![1]!.replace("../meshwork", ROOT));
});

Deno.test("importing the package needs no permission", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports: importMap() }));
    const main = `import { graphsTuple } from "@meshwork/meshwork";
      console.log(graphsTuple({ nNode: [2] }).nNode.shape);`;
    await Deno.writeTextFile(`${folder}/main.ts`, main);
    const output = await deno(folder, "run", "--no-prompt", "--no-lock", "--no-check", "main.ts");
    assertStringIncludes(output, "[ 1 ]");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
