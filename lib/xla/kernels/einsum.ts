/** Einstein sums as matrix products. @module */
import * as tf from "@tensorflow/tfjs";
import { hlo, type HloNode, sizeOf } from "../hlo/mod.ts";
import { type KernelTable, listInputs } from "./kernel.ts";

/** A node whose dimensions are labelled. */
interface Labelled {
  readonly node: HloNode;
  readonly labels: readonly number[];
}

/** Sums over the dimensions that nothing else needs. */
function sumOut({ node, labels }: Labelled, needed: ReadonlySet<number>): Labelled {
  const dims = labels.flatMap((label, i) => needed.has(label) ? [] : [i]);
  return {
    node: hlo.reduce(node, "add", dims),
    labels: labels.filter((label) => needed.has(label)),
  };
}

/** Brings dimensions into an order and flattens them into three: `[batch, rows, columns]`. */
function toMatrix({ node, labels }: Labelled, groups: readonly (readonly number[])[]): HloNode {
  const ordered = hlo.transpose(node, groups.flat().map((label) => labels.indexOf(label)));
  const size = (label: number): number => node.shape[labels.indexOf(label)]!;
  return hlo.reshape(ordered, groups.map((group) => sizeOf(group.map(size))));
}

/** The product of two operands, summed over what they share and nothing else needs. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<number>): Labelled {
  const both = a.labels.filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => needed.has(label));
  const summed = both.filter((label) => !needed.has(label));
  const [rows, columns] = [a, b].map(({ labels }) =>
    labels.filter((label) => !both.includes(label))
  ) as [number[], number[]];
  const product = hlo.dot(
    toMatrix(a, [batch, rows, summed]),
    toMatrix(b, [batch, summed, columns]),
    2,
    1,
    1,
  );
  const labels = [...batch, ...rows, ...columns];
  const sizes = new Map(
    [a, b].flatMap(({ node, labels }) =>
      labels.map((label, i) => [label, node.shape[i]!] as const)
    ),
  );
  return { node: hlo.reshape(product, labels.map((label) => sizes.get(label)!)), labels };
}

/** Kernels of Einstein sums. */
export const EINSUM: KernelTable = {
  Einsum: (inputs, { equation }: { equation: string }) => {
    const nodes = listInputs(inputs);
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(
      equation,
      nodes.length,
    );
    tf.backend_util.checkEinsumDimSizes(
      allDims.length,
      idDims,
      nodes.map(({ shape }) => ({ shape: [...shape] }) as tf.Tensor),
    );
    const kept = allDims.map((_, label) => label).filter((label) => !summedDims.includes(label));
    const terms = nodes.map((node, i): Labelled => ({ node, labels: idDims[i]! }));
    const result = terms.reduce((product, term, i) => {
      const rest = terms.slice(i + 1).flatMap(({ labels }) => labels);
      const later = new Set([...kept, ...rest]);
      const [a, b] = [
        sumOut(product, new Set([...later, ...term.labels])),
        sumOut(term, new Set([...later, ...product.labels])),
      ];
      return contract(a, b, later);
    });
    const { node, labels } = sumOut(result, new Set(kept));
    return hlo.transpose(node, kept.map((label) => labels.indexOf(label)));
  },
};
