/** One operation as StableHLO text. @module */
import { formatType, typeOf } from "./format_type.ts";
import { identityOf } from "./identity.ts";
import { type HloNode, isOp, type Op } from "./node.ts";
import type { BinaryOp, Combine, ElementType, UnaryOp, WindowDims } from "./op.ts";

function literal(value: number, type: ElementType): string {
  if (type === "i1") return value ? "true" : "false";
  if (type === "i32") return String(value);
  if (Number.isNaN(value)) return "0x7FC00000";
  if (!Number.isFinite(value)) return value > 0 ? "0x7F800000" : "0xFF800000";
  // Nine significant digits tell every float32 from its neighbours; -0 prints no sign by itself.
  return Object.is(value, -0) ? "-0.0" : value.toExponential(9);
}

const COMBINE_OPS: Record<Exclude<Combine, "replace">, string> = {
  add: "add",
  multiply: "multiply",
  maximum: "maximum",
  minimum: "minimum",
  and: "and",
  or: "or",
};

/** The region of a scatter: how an old and a new element become one. */
function combineRegion(combine: Combine, type: ElementType): string {
  const scalar = `tensor<${type}>`;
  const body = combine === "replace"
    ? `stablehlo.return %new : ${scalar}`
    : `%c = stablehlo.${COMBINE_OPS[combine]} %old, %new : ${scalar} ` +
      `stablehlo.return %c : ${scalar}`;
  return `({ ^bb0(%old: ${scalar}, %new: ${scalar}): ${body} })`;
}

const list = (items: readonly number[]): string => `[${items.join(", ")}]`;
const i64s = (items: readonly number[]): string =>
  items.length === 0 ? "array<i64>" : `array<i64: ${items.join(", ")}>`;

/** Gives the text after `name = `, or a line that must come before it and that text. */
type Rule<O extends Op> = (
  node: HloNode<O>,
  args: string[],
  name: string,
) => string | [before: string, text: string];

const signature = (node: HloNode): string =>
  `(${node.inputs.map(typeOf).join(", ")}) -> ${typeOf(node)}`;

function windowOf({ size, stride, low, high }: WindowDims): string {
  return `window_dimensions = ${i64s(size)}, window_strides = ${i64s(stride)}, ` +
    `padding = ${pairs(low, high)}`;
}

/** Padding as StableHLO's matrix of one row a dimension. */
function pairs(low: readonly number[], high: readonly number[]): string {
  return matrix(low.map((before, i) => [before, high[i]!]));
}

function matrix(rows: readonly (readonly number[])[]): string {
  return `dense<[${rows.map(list).join(", ")}]> : tensor<${rows.length}x${rows[0]!.length}xi64>`;
}

function printConvolution(n: HloNode<"convolution">, args: readonly string[]): string {
  const { stride, low, high, lhsDilation, rhsDilation, groups } = n.attrs;
  const spatial = stride.map((_, i) => i).join(", ");
  const rows = low.map((before, i) => `[${before}, ${high[i]}]`);
  return `stablehlo.convolution(${args.join(", ")}) ` +
    `dim_numbers = [b, ${spatial}, f]x[${spatial}, i, o]->[b, ${spatial}, f], ` +
    `window = {stride = ${list(stride)}, pad = [${rows.join(", ")}], ` +
    `lhs_dilate = ${list(lhsDilation)}, rhs_dilate = ${list(rhsDilation)}} ` +
    `{batch_group_count = 1 : i64, feature_group_count = ${groups} : i64} : ${signature(n)}`;
}

/** Operations without a line of their own, and those that `print.ts` writes as blocks. */
type Unruled = "parameter" | "value" | "call" | "process_reduce" | "element" | "while" | "case";

type Ruled = Exclude<Op, UnaryOp | BinaryOp | Unruled> | "tan";

/** How each operation with a syntax of its own is printed; the rest are elementwise. */
const RULES: { readonly [O in Ruled]: Rule<O> } = {
  constant: (n) => `stablehlo.constant dense<${literal(n.attrs.value, n.type)}> : ${typeOf(n)}`,
  iota: (n) => `stablehlo.iota dim = ${n.attrs.dimension} : ${typeOf(n)}`,
  after: (n, args) =>
    `stablehlo.optimization_barrier ${args.join(", ")} : ${n.inputs.map(typeOf).join(", ")}`,
  is_finite: (n, [x]) => `stablehlo.is_finite ${x} : ${signature(n)}`,
  convert: (n, [x]) => `stablehlo.convert ${x} : ${signature(n)}`,
  // In double precision: near a pole, a last place of the argument is many of the result.
  tan: (n, [x], name) => {
    const wide = formatType(n.shape, "f64");
    return [
      `${name}w = stablehlo.convert ${x} : (${typeOf(n)}) -> ${wide} ` +
      `${name}t = stablehlo.tan ${name}w : ${wide}`,
      `stablehlo.convert ${name}t : (${wide}) -> ${typeOf(n)}`,
    ];
  },
  bitcast_convert: (n, [x]) => `stablehlo.bitcast_convert ${x} : ${signature(n)}`,
  reshape: (n, [x]) => `stablehlo.reshape ${x} : ${signature(n)}`,
  transpose: (n, [x]) =>
    `stablehlo.transpose ${x}, dims = ${list(n.attrs.permutation)} : ${signature(n)}`,
  broadcast_in_dim: (n, [x]) =>
    `stablehlo.broadcast_in_dim ${x}, dims = ${list(n.attrs.dims)} : ${signature(n)}`,
  compare: (n, [a, b]) => {
    // Floats are compared as IEEE 754 says; "SIGNED" is for int32.
    const kind = n.inputs[0]!.type === "f32"
      ? "FLOAT"
      : n.inputs[0]!.type === "i32"
      ? "SIGNED"
      : "UNSIGNED";
    return `stablehlo.compare ${n.attrs.direction}, ${a}, ${b}, ${kind} : ${signature(n)}`;
  },
  select: (n, [c, a, b]) =>
    `stablehlo.select ${c}, ${a}, ${b} : ${typeOf(n.inputs[0]!)}, ${typeOf(n)}`,
  multiply_add: (n, [a, b, c], name) => [
    `${name}p = stablehlo.multiply ${a}, ${b} : ${typeOf(n)}`,
    `stablehlo.add ${name}p, ${c} : ${typeOf(n)}`,
  ],
  slice: (n, [x]) => {
    const ranges = n.shape.map((size, i) => {
      const [start, stride] = [n.attrs.start[i]!, n.attrs.stride[i]!];
      const limit = size === 0 ? start : start + (size - 1) * stride + 1;
      return stride === 1 ? `${start}:${limit}` : `${start}:${limit}:${stride}`;
    });
    return `stablehlo.slice ${x} [${ranges.join(", ")}] : ${signature(n)}`;
  },
  pad: (n, [x, value]) =>
    `stablehlo.pad ${x}, ${value}, low = ${list(n.attrs.low)}, high = ${list(n.attrs.high)}, ` +
    `interior = ${list(n.attrs.interior)} : ${signature(n)}`,
  reverse: (n, [x]) => `stablehlo.reverse ${x}, dims = ${list(n.attrs.dims)} : ${typeOf(n)}`,
  concatenate: (n, args) =>
    `stablehlo.concatenate ${args.join(", ")}, dim = ${n.attrs.dimension} : ${signature(n)}`,
  dot_general: (n, [a, b]) => {
    const batch = Array.from({ length: n.attrs.batch }, (_, i) => i);
    const batching = batch.length ? `batching_dims = ${list(batch)} x ${list(batch)}, ` : "";
    return `stablehlo.dot_general ${a}, ${b}, ${batching}contracting_dims = ` +
      `[${n.attrs.lhsContract}] x [${n.attrs.rhsContract}] : ${signature(n)}`;
  },
  reduce: (n, [x], name) => {
    const init = literal(identityOf(n.attrs.combine, n.type), n.type);
    const op = COMBINE_OPS[n.attrs.combine as Exclude<Combine, "replace">];
    return [
      `${name}i = stablehlo.constant dense<${init}> : tensor<${n.type}>`,
      `stablehlo.reduce(${x} init: ${name}i) applies stablehlo.${op} across dimensions = ` +
      `${list(n.attrs.dims)} : (${typeOf(n.inputs[0]!)}, tensor<${n.type}>) -> ${typeOf(n)}`,
    ];
  },
  convolution: (n, args) => printConvolution(n, args),
  reduce_window: (n, [x], name) => {
    const init = literal(identityOf(n.attrs.combine, n.type), n.type);
    return [
      `${name}i = stablehlo.constant dense<${init}> : tensor<${n.type}>`,
      `"stablehlo.reduce_window"(${x}, ${name}i) <{${windowOf(n.attrs)}}> ` +
      `${combineRegion(n.attrs.combine, n.type)} : ` +
      `(${typeOf(n.inputs[0]!)}, tensor<${n.type}>) -> ${typeOf(n)}`,
    ];
  },
  scatter_to_maximum: (n, [x, source], name) => {
    const scalar = `tensor<${n.type}>`;
    const kind = n.type === "f32" ? "FLOAT" : "SIGNED";
    return [
      `${name}i = stablehlo.constant dense<${literal(0, n.type)}> : ${scalar}`,
      `"stablehlo.select_and_scatter"(${x}, ${source}, ${name}i) <{${windowOf(n.attrs)}}> ` +
      `({ ^bb0(%a: ${scalar}, %b: ${scalar}): ` +
      `%first = stablehlo.compare GE, %a, %b, ${kind} : (${scalar}, ${scalar}) -> tensor<i1> ` +
      `stablehlo.return %first : tensor<i1> }, ${combineRegion("add", n.type).slice(1)} : ` +
      `(${n.inputs.map(typeOf).join(", ")}, ${scalar}) -> ${typeOf(n)}`,
    ];
  },
  dynamic_slice: (n, [x, ...starts]) =>
    `stablehlo.dynamic_slice ${x}, ${starts.join(", ")}, sizes = ${list(n.shape)} : ${
      signature(n)
    }`,
  dynamic_update_slice: (n, args) =>
    `stablehlo.dynamic_update_slice ${args.join(", ")} : ${signature(n)}`,
  gather: (n, [x, indices]) =>
    `"stablehlo.gather"(${x}, ${indices}) <{dimension_numbers = #stablehlo.gather<` +
    `offset_dims = ${list(n.attrs.offsetDims)}, ` +
    `collapsed_slice_dims = ${list(n.attrs.collapsedSliceDims)}, ` +
    `start_index_map = ${list(n.attrs.startIndexMap)}, ` +
    `index_vector_dim = ${n.attrs.indexVectorDim}>, slice_sizes = ${i64s(n.attrs.sliceSizes)}, ` +
    `indices_are_sorted = ${n.attrs.indicesAreSorted}}> : ${signature(n)}`,
  scatter: (n, args) =>
    `"stablehlo.scatter"(${args.join(", ")}) <{scatter_dimension_numbers = #stablehlo.scatter<` +
    `update_window_dims = ${list(n.attrs.updateWindowDims)}, ` +
    `inserted_window_dims = ${list(n.attrs.insertedWindowDims)}, ` +
    `scatter_dims_to_operand_dims = ${list(n.attrs.scatterDimsToOperandDims)}, ` +
    `index_vector_dim = ${n.attrs.indexVectorDim}>, ` +
    `indices_are_sorted = ${n.attrs.indicesAreSorted}, ` +
    `unique_indices = ${n.attrs.uniqueIndices}}> ` +
    `${combineRegion(n.attrs.combine, n.type)} : ${signature(n)}`,
  all_reduce: (n, [x]) =>
    `"stablehlo.all_reduce"(${x}) <{replica_groups = ${matrix(n.attrs.groups)}}> ` +
    `${combineRegion(n.attrs.combine, n.type)} : ${signature(n)}`,
  replica_id: (n, _, name) => [
    `${name}u = stablehlo.replica_id : tensor<ui32>`,
    `stablehlo.convert ${name}u : (tensor<ui32>) -> ${typeOf(n)}`,
  ],
  argsort: (n, [keys], name) => {
    const key = n.inputs[0]!;
    const [k, i] = [`tensor<${key.type}>`, "tensor<i32>"];
    const direction = n.attrs.descending ? "GT" : "LT";
    const kind = key.type === "f32" ? "FLOAT" : "SIGNED";
    const dimension = key.shape.length - 1;
    const sort =
      `"stablehlo.sort"(${keys}, ${name}i) <{dimension = ${dimension} : i64, is_stable = true}> ` +
      `({ ^bb0(%a: ${k}, %b: ${k}, %c: ${i}, %d: ${i}): ` +
      `%less = stablehlo.compare ${direction}, %a, %b, ${kind} : (${k}, ${k}) -> tensor<i1> ` +
      `stablehlo.return %less : tensor<i1> }) : (${typeOf(key)}, ${typeOf(n)}) -> ` +
      `(${typeOf(key)}, ${typeOf(n)})`;
    return [`${name}i = stablehlo.iota dim = ${dimension} : ${typeOf(n)}`, sort];
  },
};

/**
 * The lines of one operation, whose operands are called `args` and whose result is called `name`.
 */
export function printOp(node: HloNode, args: string[], name: string): string[] {
  const rule = RULES[node.op as Ruled] as Rule<Op> | undefined;
  if (!rule) {
    const op = node.op.startsWith("chlo.") ? node.op : `stablehlo.${node.op}`;
    const type = op.startsWith("chlo.") ? `${typeOf(node)} -> ${typeOf(node)}` : typeOf(node);
    return [`${name} = ${op} ${args.join(", ")} : ${type}`];
  }
  const printed = rule(node, args, name);
  const [before, text] = Array.isArray(printed) ? printed : [null, printed];
  const count = isOp(node, "argsort") ? 2 : isOp(node, "after") ? node.inputs.length : 1;
  const results = count > 1 ? `${name}:${count}` : name;
  return [...(before ? [before] : []), `${results} = ${text}`];
}
