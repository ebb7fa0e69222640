/** Collectives of the replicas of a program. @module */
import { hlo } from "../hlo/mod.ts";
import type { KernelTable } from "./kernel.ts";

/** Kernels of `psum` and its kin. */
export const COLLECTIVE: KernelTable = {
  AllReduceSum: ({ x }, { groups }: { groups: number[][] }) => hlo.allReduce(x!, "add", groups),
  AllReduceExtremum: (
    { x },
    { groups, combine }: { groups: number[][]; combine: "maximum" | "minimum" },
  ) => hlo.allReduce(x!, combine, groups),
  /** The place of a replica along an axis: replicas are numbered like the elements of an array. */
  AxisIndex: (_, { stride, size, first }: { stride: number; size: number; first: number }) => {
    const own = hlo.replicaId();
    const id = hlo.add(own, hlo.like(own, first));
    return hlo.binary("remainder", hlo.div(id, hlo.like(id, stride)), hlo.like(id, size));
  },
};
