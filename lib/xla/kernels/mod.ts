/** All kernels that run natively on xla, by tfjs's kernel names. @module */
import { ACTIVATION } from "./activation.ts";
import { BLOCKS } from "./blocks.ts";
import { COLLECTIVE } from "./collective.ts";
import { CONVOLUTION } from "./convolution.ts";
import { COUNTING } from "./counting.ts";
import { CREATION } from "./creation.ts";
import { EINSUM } from "./einsum.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { INDEXING } from "./indexing.ts";
import type { KernelTable } from "./kernel.ts";
import { MATMUL } from "./matmul.ts";
import { MORPHOLOGY } from "./morphology.ts";
import { NORMALIZATION } from "./normalization.ts";
import { POOLING } from "./pooling.ts";
import { RANDOM } from "./random.ts";
import { REDUCTION } from "./reduction.ts";
import { SHAPE } from "./shape.ts";

export type { Inputs, Kernel } from "./kernel.ts";

/** Every native kernel. */
export const KERNELS: KernelTable = {
  ...ELEMENTWISE,
  ...ACTIVATION,
  ...REDUCTION,
  ...MATMUL,
  ...SHAPE,
  ...CREATION,
  ...INDEXING,
  ...BLOCKS,
  ...COLLECTIVE,
  ...CONVOLUTION,
  ...COUNTING,
  ...EINSUM,
  ...MORPHOLOGY,
  ...NORMALIZATION,
  ...POOLING,
  ...RANDOM,
};
