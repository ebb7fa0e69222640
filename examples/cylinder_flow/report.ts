/** What the demo leaves behind: a table, and a page with the rollout beside the truth. */
import {
  type MeshInput,
  rolloutFigure,
  type Table,
  table,
  tableText,
  writeHtml,
} from "@meshwork/meshwork/plot";
import type { Evaluation } from "./evaluation.ts";

/** What the run was, line by line. */
export type RunFacts = Readonly<Record<string, string>>;

/** The scores as a table: mean squared errors and how many times better than persistence. */
export function scoreTable({ scores }: Evaluation): Table {
  return table(
    ["velocity MSE, m²/s²", "simulator", "persistence", "times better"],
    scores.map(({ name, model, persistence }) => [
      name,
      model.toExponential(2),
      persistence.toExponential(2),
      (persistence / model).toFixed(1),
    ]),
  );
}

/** Prints the facts and the table. */
export function printReport(facts: RunFacts, scores: Table): void {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  console.log(`\n${lines.join("\n")}\n\n${tableText(scores)}\n`);
}

/** Writes the page: an animation of truth, prediction and error on the real mesh. */
export async function writePage(
  path: string,
  { rollout, truth }: Evaluation,
  mesh: MeshInput & { readonly dt: number },
  scores: Table,
): Promise<void> {
  const [frames, nodes] = truth.shape as [number, number, number];
  // The rollout starts from the true first frame, which is shown too.
  const prediction = new Float32Array(truth.data.length);
  prediction.set(truth.data.subarray(0, nodes * 2));
  prediction.set(rollout.data, nodes * 2);
  const shape = [frames, nodes, 2];
  const figure = rolloutFigure(
    mesh,
    { truth: { shape, data: truth.data }, prediction: { shape, data: prediction } },
    { name: "speed (m/s)", title: "Flow past a cylinder, 99 steps from one frame", dt: mesh.dt },
  );
  await writeHtml(path, figure, { title: "A learned flow simulator", tables: [scores] });
}
