/**
 * The TensorFlow.js backend `xla`: tensors show nodes of the graph, whose values are pending until
 * something reads them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { dataTypeOf, elementTypeOf, isHostOnly } from "./element_type.ts";
import {
  type ElementType,
  hlo,
  type HloNode,
  type HostArray,
  makeNode,
  release,
  retain,
} from "./hlo/mod.ts";
import type { Runtime } from "./runtime.ts";
import { registeredVariables } from "../tfjs/mod.ts";
import { DonatedValue, type Value } from "./value.ts";

/** The values that tfjs hands over, as an array of their type; bool is 0 or 1. */
function hostArrayOf(values: tf.BackendValues, dtype: string): HostArray {
  const array = values as ArrayLike<number>;
  if (dtype === "float32") {
    return values instanceof Float32Array ? values : Float32Array.from(array);
  }
  if (dtype === "int32") return values instanceof Int32Array ? values : Int32Array.from(array);
  const bits = new Uint8Array(array.length);
  for (let i = 0; i < bits.length; i++) bits[i] = array[i] ? 1 : 0;
  return bits;
}

/** Values that devices have no type for: strings, and complex numbers as pairs. */
type HostOnlyValues = Uint8Array[] | Float32Array;

/** Whether a node has no value yet but could have one. */
function isPending({ data, traced, op }: HloNode): boolean {
  return !data && !traced && op !== "constant";
}

/** The data of tensors that share a data id: a node, or values that stay on the host. */
interface Entry {
  node: HloNode | null;
  host: HostOnlyValues | null;
  references: number;
}

/** A chain of pending work longer than this is run, so that a loop that never reads cannot grow. */
const MAX_DEPTH = 512;

/**
 * A variable that has been assigned a chain longer than this is computed when it is read again, and
 * all that is pending with it: where a training loop comes round, so that each step is one program
 * and the same as the last, which can be compiled. Chains that are cut by their length alone begin
 * somewhere else each time.
 */
const MAX_VARIABLE_DEPTH = 8;

/** Tensors of one step that are noted; after so many without another step the loop has ended. */
const MAX_NOTED = 16_384;

/** The backend; one a client. */
export class XlaBackend extends tf.KernelBackend {
  readonly data: tf.DataStorage<Entry>;
  #nextId = 0;
  /** Nodes that are shown while a function is timed. */
  #timed: HloNode[] | null = null;
  /**
   * Nodes that tensors have shown since variables were computed last; some have been computed
   * since.
   */
  readonly #shown = new Set<HloNode>();
  /** How many more are noted; 0 where no loop comes round. */
  #toNote = 0;

  constructor(readonly runtime: Runtime) {
    super();
    this.data = new tf.DataStorage(this, tf.engine());
  }

  /** The node that a tensor shows. */
  node(tensor: tf.TensorInfo): HloNode {
    const { node } = this.data.get(tensor.dataId);
    if (!node) elementTypeOf(tensor.dtype, "compute with a tensor");
    if (node!.data instanceof DonatedValue) throw DonatedValue.error();
    if (isPending(node!) && node!.depth > MAX_VARIABLE_DEPTH && tensor instanceof tf.Variable) {
      this.#computeVariables();
    }
    return node!;
  }

  /**
   * Computes all variables that are pending, and from the second time on what other tensors show
   * since the last, such as losses: they would need the same work again.
   */
  #computeVariables(): void {
    const nodes = new Set(this.#shown);
    for (const { dataId } of registeredVariables()) {
      const node = this.data.has(dataId) ? this.data.get(dataId).node : null;
      if (node) nodes.add(node);
    }
    this.runtime.settleAll([...nodes].filter((node) => isPending(node) && node.op !== "call"));
    this.#shown.clear();
    this.#toNote = MAX_NOTED;
  }

  /**
   * Notes what a tensor shows; forgets all where the loop seems to have ended, for it keeps memory.
   */
  #note(node: HloNode): void {
    if (this.#toNote === 0) return;
    this.#shown.add(node);
    if (--this.#toNote === 0) this.#shown.clear();
  }

  /** A new data id that shows a node. */
  show(node: HloNode): tf.TensorInfo {
    const dataId = this.#enter({ node, host: null, references: 1 });
    this.#timed?.push(node);
    if (isPending(node)) this.#note(node);
    if (isPending(node) && node.depth > MAX_DEPTH) this.runtime.settle(node);
    return { dataId, shape: [...node.shape], dtype: dataTypeOf(node.type) };
  }

  /** A new data id that shows a program's result. */
  showValue(value: Value, shape: readonly number[], type: ElementType): tf.TensorInfo {
    const node = makeNode("value", [], shape, type, null);
    node.data = value;
    return this.show(node);
  }

  /**
   * The node of a variable, as a value of its own: a variable that holds a uniform array must not
   * be taken for a constant.
   */
  pin(variable: tf.TensorInfo): HloNode {
    const entry = this.data.get(variable.dataId);
    const node = this.node(variable);
    if (node.op !== "constant") return node;
    const value = this.runtime.copy(node);
    retain(value);
    value.tensors++;
    entry.node = value;
    node.tensors--;
    release(node);
    return value;
  }

  #enter(entry: Entry): object {
    const dataId = { id: this.#nextId++ };
    if (entry.node) {
      retain(entry.node);
      entry.node.tensors++;
    }
    this.data.set(dataId, entry);
    return dataId;
  }

  /** Calls a function to which `tensors` show their nodes as coming after those of `others`. */
  showAfter<T>(
    tensors: readonly tf.TensorInfo[],
    others: readonly tf.TensorInfo[],
    fn: () => T,
  ): T {
    const before = others.map((tensor) => this.node(tensor));
    const entries = new Set(tensors.map(({ dataId }) => this.data.get(dataId)));
    const originals = [...entries].map((entry) => [entry, entry.node!] as const)
      .filter(([, node]) => node.op !== "constant");
    for (const [entry, node] of originals) {
      entry.node = hlo.after(node, before);
      retain(entry.node);
      entry.node.tensors++;
    }
    try {
      return fn();
    } finally {
      for (const [entry, node] of originals) {
        entry.node!.tensors--;
        release(entry.node!);
        entry.node = node;
      }
    }
  }

  /** Whether anything but this tensor shows or reads its value. */
  isShared(tensor: tf.TensorInfo): boolean {
    const { node, references } = this.data.get(tensor.dataId);
    return references > 1 || node!.references > 1 || !node!.data;
  }

  /** Takes a tensor's value away: a program wrote its result over it. */
  donate(tensor: tf.TensorInfo): void {
    const { node } = this.data.get(tensor.dataId);
    node!.data = new DonatedValue();
  }

  /** Takes a tensor's value away, as a node that nothing else holds. */
  take(tensor: tf.TensorInfo): HloNode {
    const { shape, type, data } = this.node(tensor);
    const node = makeNode("value", [], shape, type, null);
    node.data = data;
    this.donate(tensor);
    return node;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    return this.#enter(this.#entry(values, shape, dtype, 1));
  }

  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    const entry = this.#entry(values, shape, dtype, references);
    if (entry.node) {
      retain(entry.node);
      entry.node.tensors++;
    }
    this.data.set(dataId, entry);
  }

  #entry(values: tf.BackendValues, shape: number[], dtype: tf.DataType, references: number): Entry {
    if (isHostOnly(dtype)) return { node: null, host: values as HostOnlyValues, references };
    const node = this.runtime.upload(
      hostArrayOf(values, dtype),
      shape,
      elementTypeOf(dtype, "upload a tensor"),
    );
    return { node, host: null, references };
  }

  #readable(dataId: object): HloNode | { host: HostOnlyValues } {
    const { node, host } = this.data.get(dataId);
    if (host) return { host };
    if (node!.data instanceof DonatedValue) throw DonatedValue.error();
    return node!;
  }

  override readSync(dataId: object): tf.BackendValues {
    const readable = this.#readable(dataId);
    return "host" in readable ? readable.host.slice() : this.runtime.read(readable);
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    const readable = this.#readable(dataId);
    return "host" in readable ? readable.host.slice() : await this.runtime.readAsync(readable);
  }

  override refCount(dataId: object): number {
    return this.data.has(dataId) ? this.data.get(dataId).references : 0;
  }

  override incRef(dataId: object): void {
    this.data.get(dataId).references++;
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const entry = this.data.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.data.delete(dataId);
    if (entry.node) {
      if (--entry.node.tensors === 0) this.#shown.delete(entry.node);
      release(entry.node);
    }
    return true;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return true;
  }

  /** Times a function and the work that it leaves pending; `compileMs` is not in `kernelMs`. */
  override async time(f: () => void): Promise<tf.BackendTimingInfo & { compileMs: number }> {
    const { stats } = this.runtime;
    const [start, compiled] = [performance.now(), stats.compileMs];
    const shown: HloNode[] = [];
    this.#timed = shown;
    try {
      f();
    } finally {
      this.#timed = null;
    }
    await this.runtime.finish(
      shown.filter((node) =>
        node.references > 0 && !node.traced && !(node.data instanceof DonatedValue)
      ),
    );
    const compileMs = stats.compileMs - compiled;
    return { kernelMs: performance.now() - start - compileMs, compileMs };
  }

  /** Lets go of all tensors: what they hold is freed when they are collected. */
  override dispose(): void {}

  /** A node for an argument of a trace. */
  static parameter(like: Pick<HloNode, "shape" | "type">, trace: object): HloNode {
    return makeNode("parameter", [], like.shape, like.type, { trace });
  }
}
