/** A case for every native kernel: its inputs, and the op that is made of it. @module */
import * as tf from "@tensorflow/tfjs";
import { IMAGE_CASES } from "./image_cases.ts";
import { b, type Cases, f, i, type Op, positive, run, special, unit } from "./kernel_case.ts";
import "../../../lib/segment/mod.ts";
import "../../../lib/random/mod.ts";

export const CASES: Cases = {
  ...IMAGE_CASES,
  Abs: [[() => [f([5])], (x) => tf.abs(x!)], [() => [i([-3, 2])], (x) => tf.abs(x!)]],
  Ceil: [[() => [f([7])], (x) => tf.ceil(x!)]],
  Floor: [[() => [f([7])], (x) => tf.floor(x!)]],
  Round: [[() => [tf.tensor1d([0.5, 1.5, 2.5, -0.5, -1.5, 0.3])], (x) => tf.round(x!)]],
  Neg: [[() => [f([3])], (x) => tf.neg(x!)], [() => [i([-3, 2])], (x) => tf.neg(x!)]],
  Sign: [[() => [special()], (x) => tf.sign(tf.where(tf.isNaN(x!), 0, x!))]],
  Exp: [[() => [f([9])], (x) => tf.exp(x!)], [() => [special()], (x) => tf.exp(x!)]],
  Expm1: [[() => [f([9])], (x) => tf.expm1(x!)]],
  Log: [[() => [positive([9])], (x) => tf.log(x!)]],
  Log1p: [[() => [positive([9])], (x) => tf.log1p(x!)]],
  Sqrt: [[() => [positive([9])], (x) => tf.sqrt(x!)]],
  Rsqrt: [[() => [positive([9])], (x) => tf.rsqrt(x!)]],
  Sin: [[() => [f([9])], (x) => tf.sin(x!)]],
  Cos: [[() => [f([9])], (x) => tf.cos(x!)]],
  Tan: [[() => [unit([9])], (x) => tf.tan(x!)]],
  Asin: [[() => [unit([9])], (x) => tf.asin(x!)]],
  Acos: [[() => [unit([9])], (x) => tf.acos(x!)]],
  Atan: [[() => [f([9])], (x) => tf.atan(x!)]],
  Sinh: [[() => [f([9])], (x) => tf.sinh(x!)]],
  Cosh: [[() => [f([9])], (x) => tf.cosh(x!)]],
  Tanh: [[() => [f([9])], (x) => tf.tanh(x!)]],
  Asinh: [[() => [f([9])], (x) => tf.asinh(x!)]],
  Acosh: [[() => [positive([9])], (x) => tf.acosh(tf.add(x!, 1))]],
  Atanh: [[() => [unit([9])], (x) => tf.atanh(x!)]],
  Erf: [[() => [f([9])], (x) => tf.erf(x!)]],
  ErfInv: [[() => [unit([9])], (x) => run("ErfInv", { x: x! })]],
  FusedMultiplyAdd: [
    [
      () => [f([9]), tf.scalar(1.1), tf.scalar(-0.3)],
      (x, scale, offset) => run("FusedMultiplyAdd", { x: x!, scale: scale!, offset: offset! }),
    ],
  ],
  Sigmoid: [[() => [f([9])], (x) => tf.sigmoid(x!)]],
  Square: [[() => [f([9])], (x) => tf.square(x!)], [() => [i([-3, 2])], (x) => tf.square(x!)]],
  Reciprocal: [[() => [positive([9])], (x) => tf.reciprocal(x!)]],
  Add: [
    [() => [f([3, 1]), f([2], 2)], (x, y) => tf.add(x!, y!)],
    [() => [i([2 ** 31 - 1]), i([1])], (x, y) => tf.add(x!, y!)],
  ],
  Sub: [[() => [f([3, 2]), f([3, 1], 2)], (x, y) => tf.sub(x!, y!)]],
  Multiply: [[() => [f([2, 3]), f([3], 2)], (x, y) => tf.mul(x!, y!)]],
  RealDiv: [[() => [f([2, 3]), positive([3], 2)], (x, y) => tf.div(x!, y!)]],
  Maximum: [[() => [f([2, 3]), f([3], 2)], (x, y) => tf.maximum(x!, y!)]],
  Minimum: [[() => [f([2, 3]), f([3], 2)], (x, y) => tf.minimum(x!, y!)]],
  Pow: [
    [() => [positive([4]), f([4], 2)], (x, y) => tf.pow(x!, y!)],
    [() => [i([2, -3]), i([3, 2])], (x, y) => tf.pow(x!, y!)],
  ],
  Atan2: [
    [() => [f([5]), f([5], 2)], (x, y) => tf.atan2(x!, y!)],
    [() => [i([3, -4, 0, 9]), i([-1, 2, 0, -9])], (x, y) => tf.atan2(x!, y!)],
  ],
  Mod: [
    [() => [tf.tensor1d([5, -5, 5, -5]), tf.tensor1d([3, 3, -3, -3])], (x, y) => tf.mod(x!, y!)],
    [() => [i([5, -5, 5, -5]), i([3, 3, -3, -3])], (x, y) => tf.mod(x!, y!)],
  ],
  FloorDiv: [
    [() => [i([7, -7, 7, -7, 6]), i([2, 2, -2, -2, 3])], (x, y) => tf.floorDiv(x!, y!)],
    [() => [f([5]), positive([5], 3)], (x, y) => tf.floorDiv(x!, y!)],
    [() => [i([-(2 ** 31), -(2 ** 31), 2 ** 31 - 1, 7]), i([3, -1, -2, -7])], tf.floorDiv as Op],
  ],
  SquaredDifference: [[() => [f([5]), f([5], 2)], (x, y) => tf.squaredDifference(x!, y!)]],
  BitwiseAnd: [[() => [i([12, 10]), i([10, 7])], (x, y) => tf.bitwiseAnd(x!, y!)]],
  BitwiseXor: [[() => [i([12, -1]), i([10, 7])], (a, c) => run("BitwiseXor", { a: a!, b: c! })]],
  Equal: [[() => [i([1, 2]), i([1, 3])], (x, y) => tf.equal(x!, y!)]],
  NotEqual: [[() => [special(), special()], (x, y) => tf.notEqual(x!, y!)]],
  Greater: [[() => [special(), f([10])], (x, y) => tf.greater(x!, y!)]],
  GreaterEqual: [[() => [i([1, 2]), i([1, 3])], (x, y) => tf.greaterEqual(x!, y!)]],
  Less: [[() => [special(), f([10])], (x, y) => tf.less(x!, y!)]],
  LessEqual: [[() => [b([1, 0]), b([1, 1])], (x, y) => tf.lessEqual(x!, y!)]],
  LogicalAnd: [[() => [b([1, 0, 1]), b([1, 1, 0])], (x, y) => tf.logicalAnd(x!, y!)]],
  LogicalOr: [[() => [b([1, 0, 0]), b([1, 1, 0])], (x, y) => tf.logicalOr(x!, y!)]],
  LogicalNot: [[() => [b([1, 0])], (x) => tf.logicalNot(x!)]],
  IsNan: [[() => [special()], (x) => tf.isNaN(x!)]],
  IsInf: [[() => [special()], (x) => tf.isInf(x!)]],
  IsFinite: [[() => [special()], (x) => tf.isFinite(x!)]],
  AddN: [[() => [f([3]), f([3], 2), f([3], 3)], (...xs) => tf.addN(xs)]],
  ClipByValue: [[() => [f([9])], (x) => tf.clipByValue(x!, -0.5, 0.7)]],
  Select: [
    [() => [b([1, 0, 1]), f([3]), f([3], 2)], (c, x, y) => tf.where(c!, x!, y!)],
  ],
  Relu: [[() => [special()], (x) => tf.relu(x!)]],
  Relu6: [[() => [f([9]).mul(5)], (x) => tf.relu6(x!)]],
  LeakyRelu: [[() => [f([9])], (x) => tf.leakyRelu(x!, 0.3)]],
  Prelu: [[() => [f([3, 3]), f([3], 2)], (x, y) => tf.prelu(x!, y!)]],
  Elu: [[() => [f([9])], (x) => tf.elu(x!)]],
  EluGrad: [[() => [f([9]), f([9], 2)], (dy, y) => run("EluGrad", { dy: dy!, y: y! })]],
  Selu: [[() => [f([9])], (x) => tf.selu(x!)]],
  Softplus: [[() => [f([9]).mul(30)], (x) => tf.softplus(x!)]],
  Step: [[() => [special()], (x) => tf.step(x!, 0.25)]],
  Softmax: [[() => [f([2, 3, 4])], (x) => tf.softmax(x!)]],
  Sum: [
    [() => [f([2, 3, 4])], (x) => tf.sum(x!, [0, 2])],
    [() => [b([1, 1, 0])], (x) => tf.sum(x!)],
    [() => [f([2, 3])], (x) => tf.sum(x!, -1, true)],
  ],
  Prod: [[() => [f([2, 3])], (x) => tf.prod(x!, 1)], [() => [i([2, 3])], (x) => tf.prod(x!)]],
  Max: [[() => [tf.tensor1d([1, NaN, 3])], (x) => tf.max(x!)], [
    () => [f([2, 3])],
    (x) => tf.max(x!, 1),
  ], [() => [i([2, 3])], (x) => tf.max(x!)]],
  Min: [[() => [f([2, 3])], (x) => tf.min(x!, 0)]],
  Mean: [[() => [f([2, 3])], (x) => tf.mean(x!, 1)], [() => [i([2, 3])], (x) => tf.mean(x!)]],
  All: [[() => [b([1, 0, 1, 1], [2, 2])], (x) => tf.all(x!, 1)]],
  Any: [[() => [b([1, 0, 0, 0], [2, 2])], (x) => tf.any(x!, 1)]],
  ArgMax: [[() => [f([3, 4])], (x) => tf.argMax(x!, 1)], [
    () => [i([3, 7, 7])],
    (x) => tf.argMax(x!),
  ]],
  ArgMin: [[() => [f([3, 4])], (x) => tf.argMin(x!, 0)]],
  Cumsum: [
    [() => [f([3, 4])], (x) => tf.cumsum(x!, 1)],
    [() => [f([5])], (x) => tf.cumsum(x!, 0, true, true)],
    [() => [i([1, 2, 3])], (x) => tf.cumsum(x!, 0, true)],
    [() => [b([1, 0, 1])], (x) => tf.cumsum(x!)],
  ],
  Cumprod: [[() => [f([5])], (x) => tf.cumprod(x!, 0, false, true)]],
  BatchMatMul: [
    [() => [f([3, 4]), f([4, 2], 2)], (x, y) => tf.matMul(x!, y!)],
    [() => [f([4, 3]), f([2, 4], 2)], (x, y) => tf.matMul(x!, y!, true, true)],
    [() => [f([2, 3, 4]), f([1, 4, 2], 2)], (x, y) => tf.matMul(x!, y!)],
  ],
  _FusedMatMul: ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"].map((activation) => [
    () => [f([3, 4]), f([4, 2], 2), f([2], 3)],
    (a, c, bias) =>
      tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: c as tf.Tensor2D,
        bias: bias!,
        activation: activation as "relu",
      }),
  ]),
  Cast: [
    [() => [tf.tensor1d([1.7, -1.7, 0])], (x) => tf.cast(x!, "int32")],
    [() => [tf.tensor1d([1.7, -1.7, 0])], (x) => tf.cast(x!, "bool")],
    [() => [b([1, 0])], (x) => tf.cast(x!, "float32")],
  ],
  Reshape: [[() => [f([2, 6])], (x) => tf.reshape(x!, [3, -1])]],
  ExpandDims: [[() => [f([2, 3])], (x) => tf.expandDims(x!, -1)]],
  Transpose: [[() => [f([2, 3, 4])], (x) => tf.transpose(x!, [2, 0, 1])]],
  Concat: [
    [() => [f([2, 3]), f([2, 1], 2)], (...xs) => tf.concat(xs, -1)],
    [() => [f([0, 3]), f([2, 3], 2)], (...xs) => tf.concat(xs, 0)],
  ],
  Pack: [[() => [f([2, 3]), f([2, 3], 2)], (...xs) => tf.stack(xs, 1)]],
  Unpack: [[() => [f([2, 3])], (x) => tf.unstack(x!, 1)]],
  SplitV: [
    [() => [f([2, 6])], (x) => tf.split(x!, [1, 2, 3], 1)],
    [() => [f([4, 2])], (x) => tf.split(x!, 2)],
  ],
  Slice: [[() => [f([3, 4])], (x) => tf.slice(x!, [1, 0], [2, -1])]],
  StridedSlice: [
    [() => [f([5, 4])], (x) => tf.stridedSlice(x!, [4, 0], [0, 4], [-2, 2])],
    [() => [f([5, 4])], (x) => tf.stridedSlice(x!, [1], [4], [2])],
  ],
  Reverse: [[() => [f([2, 3])], (x) => tf.reverse(x!, -1)]],
  Tile: [[() => [f([2, 3])], (x) => tf.tile(x!, [2, 3])]],
  PadV2: [[() => [f([2, 3])], (x) => tf.pad(x!, [[1, 0], [0, 2]], 7)]],
  Fill: [[() => [f([1])], () => tf.fill([2, 2], 3.5)]],
  ZerosLike: [[() => [i([1, 2])], (x) => tf.zerosLike(x!)]],
  OnesLike: [[() => [b([0, 0])], (x) => tf.onesLike(x!)]],
  Range: [
    [() => [f([1])], () => tf.range(1, 7, 2)],
    [() => [f([1])], () => tf.range(5, 0, -2, "int32")],
  ],
  OneHot: [[() => [i([0, 2, 5, -1])], (x) => tf.oneHot(x as tf.Tensor1D, 3)]],
  GatherV2: [
    [() => [f([4, 3]), i([3, 0, 0])], (x, ids) => tf.gather(x!, ids!)],
    [() => [f([2, 4, 3]), i([3, 1, 0, 2], [2, 2])], (x, ids) => tf.gather(x!, ids!, 1)],
    [() => [f([2, 4, 3]), i([3, 1, 0, 2], [2, 2])], (x, ids) => tf.gather(x!, ids!, 1, 1)],
    [() => [f([4]), i([2], [])], (x, ids) => tf.gather(x!, ids!)],
  ],
  GatherNd: [
    [() => [f([3, 4]), i([2, 1, 0, 3], [2, 2])], (x, ids) => tf.gatherND(x!, ids!)],
    [() => [f([3, 4, 2]), i([2, 1, 0, 3], [2, 2])], (x, ids) => tf.gatherND(x!, ids!)],
  ],
  ScatterNd: [[
    () => [i([1, 3, 1], [3, 1]), f([3, 2])],
    (ids, x) => tf.scatterND(ids!, x!, [4, 2]),
  ]],
  TensorScatterUpdate: [
    [
      () => [f([4, 2]), i([1, 3], [2, 1]), f([2, 2], 5)],
      (x, ids, y) => tf.tensorScatterUpdate(x!, ids!, y!),
    ],
  ],
  SparseToDense: [
    [
      () => [i([1, 3]), f([2]), tf.scalar(9)],
      (ids, x, d) => tf.sparseToDense(ids!, x!, [5], d as tf.Scalar),
    ],
  ],
  UnsortedSegmentSum: segmentCases("UnsortedSegmentSum"),
  UnsortedSegmentMax: segmentCases("UnsortedSegmentMax"),
  UnsortedSegmentMin: segmentCases("UnsortedSegmentMin"),
  SegmentGather: [[
    () => [f([4, 3]), i([3, -1, 4, 0])],
    (x, segmentIds) => run("SegmentGather", { x: x!, segmentIds: segmentIds! }),
  ]],
  Einsum: [
    [() => [f([2, 3]), f([3, 4], 2)], (a, b) => tf.einsum("ij,jk->ik", a!, b!)],
    [() => [f([2, 3, 4]), f([2, 4, 5], 2)], (a, b) => tf.einsum("bij,bjk->bik", a!, b!)],
    [() => [f([2, 3]), f([2, 3], 2)], (a, b) => tf.einsum("ij,ij->", a!, b!)],
    [() => [f([2]), f([3], 2)], (a, b) => tf.einsum("i,j->ji", a!, b!)],
    [() => [f([2, 3])], (a) => tf.einsum("ij->j", a!)],
  ],
  MirrorPad: [
    [() => [f([3, 4])], (x) => tf.mirrorPad(x!, [[2, 1], [0, 3]], "reflect")],
    [() => [i([1, 2, 3, 4], [2, 2])], (x) => tf.mirrorPad(x!, [[2, 1], [0, 2]], "symmetric")],
  ],
  Diag: [[() => [f([2, 3])], (x) => tf.diag(x!)]],
  LinSpace: [[() => [], () => tf.linspace(-1, 2, 7)], [() => [], () => tf.linspace(3, 4, 1)]],
  Bincount: [
    [() => [i([1, 0, 5, 1, 9]), f([5])], (x, w) => tf.bincount(x as tf.Tensor1D, w as never, 6)],
    [() => [i([1, 0, 1]), f([0])], (x, w) => tf.bincount(x as tf.Tensor1D, w as never, 3)],
  ],
  DenseBincount: [
    [
      () => [i([1, 0, 5, 1, 9, 2], [2, 3]), f([2, 3])],
      (x, w) => tf.denseBincount(x as tf.Tensor2D, w as tf.Tensor2D, 6),
    ],
    [
      () => [i([1, 0, 1, 1, 9, 2], [2, 3]), f([0])],
      (x, w) => tf.denseBincount(x as tf.Tensor2D, w as never, 3, true),
    ],
  ],
  SearchSorted: [
    [() => [i([0, 3, 9, 9, 10]), i([0, 4, 9, 11])], (s, v) => tf.searchSorted(s!, v!, "left")],
    [() => [i([0, 3, 9, 9, 10]), i([0, 4, 9, 11])], (s, v) => tf.searchSorted(s!, v!, "right")],
  ],
  StableArgsort: [[() => [i([3, 1, 2, 1, -5])], (x) => run("StableArgsort", { x: x! })]],
  TopK: [[() => [f([2, 5])], (x) => Object.values(tf.topk(x!, 3))]],
  Threefry2x32: [[
    () => [i([0, 42]), i([0, 0, 0, 1, 7, -9], [3, 2])],
    (key, counts) => run("Threefry2x32", { key: key!, counts: counts! }),
  ]],
  BitsToUnitFloat: [[() => [i([0, -1, 12345678])], (x) => run("BitsToUnitFloat", { x: x! })]],
};

function segmentCases(name: string): [() => tf.Tensor[], Op][] {
  const op: Op = (x, segmentIds) =>
    run(name, { x: x!, segmentIds: segmentIds! }, { numSegments: 4 });
  const ids = (): tf.Tensor => i([2, 0, -1, 2, 4]);
  return [
    [() => [f([5, 3]), ids()], op],
    [() => [i([1, 2, 3, 4, 5]), ids()], op],
    [() => [b([1, 0, 1, 0, 1]), ids()], op],
    [() => [tf.tensor1d([NaN, 1, 2, 3, 4]), ids()], op],
  ];
}
