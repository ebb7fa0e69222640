/**
 * A program of several processes: segments that run here, and between them what all processes do
 * together.
 *
 * @module
 */
import type { Communicator, ProgramMemory } from "../engine/mod.ts";
import { formatShape } from "../tree/mod.ts";
import type { Segment } from "./cross_processes.ts";
import { LazyExecutable, type Runnable } from "./deferred_call.ts";
import { type HloNode, makeNode, printModule } from "./hlo/mod.ts";
import type { Runtime } from "./runtime.ts";
import type { Value } from "./value.ts";

/** The parts of a program of several processes. */
export interface SegmentedProgramParts {
  readonly name: string;
  readonly segments: readonly Segment[];
  /** The program's arguments in order, and which of them the devices have rows of. */
  readonly args: readonly HloNode[];
  readonly isSplit: readonly boolean[];
  readonly outputs: readonly HloNode[];
  /** The leading axes that the devices of this process share out. */
  readonly axes: readonly number[];
  readonly devices: number;
}

/** Segments in order, with what the processes combine after each. */
export class SegmentedProgram implements Runnable {
  readonly text: string;
  readonly #runtime: Runtime;
  readonly #communicator: Communicator;
  readonly #parts: SegmentedProgramParts;
  readonly #executables: readonly LazyExecutable[];
  /** The text that all processes must agree in before they run: it tells collectives apart. */
  readonly #description: string;

  constructor(runtime: Runtime, communicator: Communicator, parts: SegmentedProgramParts) {
    this.#runtime = runtime;
    this.#communicator = communicator;
    this.#parts = parts;
    this.#executables = parts.segments.map((segment, i) => this.#executable(segment, i));
    const reduces = parts.segments.map(({ reduces }) => reduces.map(describeReduce));
    this.#description = `${parts.name} on ${parts.devices} device(s): ${reduces.flat().join(", ")}`;
    this.text = this.#executables.map(({ text }, i) => {
      const between = reduces[i]!.map((reduce) => `// The processes combine: ${reduce}\n`);
      return text + between.join("");
    }).join("");
  }

  #executable({ inputs, order, outputs }: Segment, i: number): LazyExecutable {
    const { name, args, isSplit, axes, devices } = this.#parts;
    const layout = {
      devices,
      rank: axes.length,
      isSplit: inputs.map((node) => isSplit[args.indexOf(node)] ?? true),
    };
    const text = printModule(
      `${name}_${i}`,
      inputs.map((node) => ({ node })),
      outputs,
      order,
      devices,
    );
    return new LazyExecutable(this.#runtime, text, layout);
  }

  get ready(): boolean {
    return this.#executables.every(({ ready }) => ready);
  }

  /** The most that one of the segments needs. */
  memory(): ProgramMemory | null {
    const parts = this.#executables.map((executable) => executable.memory());
    return parts.reduce((most, part) => {
      if (!most || !part) return null;
      const names = Object.keys(part) as (keyof ProgramMemory)[];
      const largest = names.map((name) => [name, Math.max(most[name], part[name])]);
      return Object.fromEntries(largest) as unknown as ProgramMemory;
    });
  }

  async prepare(): Promise<void> {
    for (const executable of this.#executables) await executable.prepare();
  }

  run(args: readonly HloNode[]): Value[] {
    const { segments, outputs } = this.#parts;
    this.#communicator.agree(this.#description);
    const values = new Map(this.#parts.args.map((node, i) => [node, args[i]!]));
    const made = new Set<Value>();
    segments.forEach((segment, i) => {
      const inputs = segment.inputs.map((node) => values.get(node)!);
      const results = this.#executables[i]!.run(inputs);
      results.forEach((value) => made.add(value));
      segment.outputs.forEach((node, k) => {
        const reduce = segment.reduces[k - segment.outputs.length + segment.reduces.length];
        values.set(reduce ?? node, this.#asNode(node, results[k]!));
      });
      for (const reduce of segment.reduces) {
        this.#combine(reduce, values.get(reduce)!.data as Value);
      }
      this.#disposeUnused(i, values, made);
    });
    return outputs.map((node) => this.#own(values.get(node)!, made));
  }

  /** A result of a segment as an argument of later ones. */
  #asNode({ shape, type }: HloNode, value: Value): HloNode {
    const node = makeNode("value", [], [...this.#parts.axes, ...shape], type, null);
    node.data ??= value;
    return node;
  }

  /** Combines one value with the other processes', and gives it to all replicas that share it. */
  #combine(
    { attrs: { combine, groups, processes } }: HloNode<"process_reduce">,
    value: Value,
  ): void {
    this.#runtime.rewriteRows(value, (rows) => {
      for (const [first, ...others] of groups) {
        const values = rows[first!]!;
        this.#communicator.allReduce(values as Float32Array | Int32Array, combine, processes);
        for (const other of others) rows[other]!.set(values);
      }
    });
  }

  /** Frees what no later segment reads. */
  #disposeUnused(
    done: number,
    values: Map<HloNode, HloNode>,
    made: Set<Value>,
  ): void {
    const { segments, outputs, args } = this.#parts;
    const needed = new Set([
      ...args,
      ...outputs,
      ...segments.slice(done + 1).flatMap(({ inputs }) => inputs),
    ]);
    for (const [node, held] of values) {
      if (needed.has(node)) continue;
      values.delete(node);
      const value = held.data as Value;
      if (made.delete(value)) value.dispose();
    }
  }

  /** A result that nothing else owns: a copy where it is an argument, or a result twice. */
  #own(node: HloNode, made: Set<Value>): Value {
    const value = node.data as Value;
    if (made.delete(value)) return value;
    return this.#runtime.copy(node).data as Value;
  }

  dispose(): void {
    for (const executable of this.#executables) executable.dispose();
  }
}

function describeReduce({ shape, type, attrs }: HloNode<"process_reduce">): string {
  const { combine, processes } = attrs;
  return `${combine} of ${type} ${formatShape(shape)} over processes ${processes.join(", ")}`;
}
