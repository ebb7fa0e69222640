/**
 * Moves values between the host and the devices.
 *
 * A value stays where it is until something needs it elsewhere, and what was moved once is kept in
 * both places as long as the value lives.
 *
 * @module
 */
import { isGivenAway } from "../engine/mod.ts";
import {
  type ElementType,
  type HloNode,
  type HostArray,
  hostArray,
  isOp,
  makeNode,
  sizeOf,
} from "./hlo/mod.ts";
import { type PjrtBuffer, type PjrtClient, PjrtError } from "./pjrt/mod.ts";
import { Value } from "./value.ts";

/** Counters of copies between the host and the devices. */
export interface TransferStats {
  /** Arrays copied to a device. */
  uploads: number;
  /** Arrays copied from a device. */
  downloads: number;
}

/** Values of at most this many elements keep their copy on the host when they go to a device. */
const SMALL = 4096;

/** Moves the values of one client's devices. Nodes have been computed before. */
export class Memory {
  readonly #client: PjrtClient;
  readonly #stats: TransferStats;

  constructor(client: PjrtClient, stats: TransferStats) {
    this.#client = client;
    this.#stats = stats;
  }

  /** A node whose value is `values`. A uniform array becomes a constant and uses no memory. */
  upload(values: HostArray, shape: readonly number[], type: ElementType): HloNode {
    if (values.length > 0 && isUniform(values)) {
      return makeNode("constant", [], shape, type, { value: values[0]! });
    }
    const node = makeNode("value", [], shape, type, null);
    // What uses it first tells where it goes: whole to one device, or in rows to several.
    const host = isGivenAway(values) ? values : values.slice();
    node.data = new Value({ host, ownsHost: true });
    return node;
  }

  /** A new node with the value of `node` in memory of its own. */
  copy(node: HloNode): HloNode {
    const { shape, type } = node;
    const result = makeNode("value", [], shape, type, null);
    const { host = null, rows = null } = (node.data as Value | null) ?? {};
    result.data = new Value(
      host
        ? { host }
        : rows
        ? { rows: rows.map((row, device) => this.#put(this.#get(row), row.shape, type, device)) }
        : { copies: [this.#put(this.read(node), shape, type, 0)] },
    );
    return result;
  }

  /** The whole value on the first device. */
  whole(node: HloNode): PjrtBuffer {
    return this.copies(node, 1)[0]!;
  }

  /** The whole value on each of the first devices. */
  copies(node: HloNode, devices: number): readonly PjrtBuffer[] {
    const value = node.data as Value;
    const { copies } = value;
    if (copies.length < devices) {
      const values = value.peek() ?? this.read(node);
      for (let device = copies.length; device < devices; device++) {
        copies.push(this.#put(values, node.shape, node.type, device));
      }
      dropLarge(value);
    }
    return copies;
  }

  /**
   * An equal share of the rows on each of the first devices; the first `rank` axes are shared out.
   */
  rows(node: HloNode, devices: number, rank: number): readonly PjrtBuffer[] {
    const value = node.data as Value;
    if (value.rows?.length === devices) return value.rows;
    const values = value.peek() ?? this.read(node);
    const share = values.length / devices;
    const rows = Array.from(
      { length: devices },
      (_, i) =>
        this.#put(
          values.subarray(i * share, (i + 1) * share),
          node.shape.slice(rank),
          node.type,
          i,
        ),
    );
    // Rows of another number of devices are of another use of the tensor; the new ones stay.
    for (const row of value.rows ?? []) row.dispose();
    value.rows = rows;
    dropLarge(value);
    return rows;
  }

  /**
   * Changes rows that nothing else uses yet, in place where the host can reach the devices' memory.
   *
   * @param rewrite Gets the rows of each device.
   */
  rewriteRows(value: Value, rewrite: (rows: readonly HostArray[]) => void): void {
    const buffers = value.rows!;
    if (this.#client.platform === "cpu") {
      rewrite(buffers.map((buffer) => hostView(buffer)));
      return;
    }
    const rows = buffers.map((buffer) => this.#get(buffer));
    rewrite(rows);
    value.rows = buffers.map(({ shape, type }, device) =>
      this.#put(rows[device]!, shape, type as ElementType, device)
    );
    for (const buffer of buffers) buffer.dispose();
  }

  /** The values of a node, the caller's own; waits for them. */
  read(node: HloNode): HostArray {
    const { out, parts } = this.#reads(node);
    for (const [i, [buffer, into]] of parts.entries()) {
      try {
        buffer.download(into);
      } catch (error) {
        throw ofReplica(error, i, parts.length);
      }
    }
    return out;
  }

  /** The same without blocking the event loop. */
  async readAsync(node: HloNode): Promise<HostArray> {
    const { out, parts } = this.#reads(node);
    const reads = await Promise.allSettled(
      parts.map(([buffer, into]) => buffer.downloadAsync(into)),
    );
    const failed = reads.findIndex(({ status }) => status === "rejected");
    if (failed < 0) return out;
    throw ofReplica((reads[failed] as PromiseRejectedResult).reason, failed, parts.length);
  }

  /** Which buffer is to be copied into which part of a new array. */
  #reads(node: HloNode): { out: HostArray; parts: [PjrtBuffer, HostArray][] } {
    const size = sizeOf(node.shape);
    if (isOp(node, "constant") && !node.data) {
      return { out: hostArray(node.type, size).fill(node.attrs.value), parts: [] };
    }
    const value = node.data as Value;
    const { copies, rows } = value;
    const host = value.peek();
    if (host) return { out: host.slice(), parts: [] };
    const buffers = copies.length > 0 ? [copies[0]!] : rows!;
    const out = hostArray(node.type, size);
    const share = size / buffers.length;
    this.#stats.downloads += buffers.length;
    return { out, parts: buffers.map((b, i) => [b, out.subarray(i * share, (i + 1) * share)]) };
  }

  #get(buffer: PjrtBuffer): HostArray {
    const out = hostArray(buffer.type as ElementType, sizeOf(buffer.shape));
    this.#stats.downloads++;
    buffer.download(out);
    return out;
  }

  #put(
    values: HostArray,
    shape: readonly number[],
    type: ElementType,
    device: number,
  ): PjrtBuffer {
    this.#stats.uploads++;
    return this.#client.upload(values, type, shape, device);
  }
}

/** Lets go of the host's copy of what devices have now, unless it is small. */
function dropLarge(value: Value): void {
  if ((value.peek()?.length ?? 0) > SMALL) value.dropHost();
}

/** A buffer's own memory as an array. */
function hostView(buffer: PjrtBuffer): HostArray {
  const memory = buffer.memory();
  return buffer.type === "f32" ? new Float32Array(memory) : new Int32Array(memory);
}

/** An error of one device's part of a value, with the number of the replica that made it. */
function ofReplica(error: unknown, replica: number, replicas: number): unknown {
  if (replicas === 1 || !(error instanceof PjrtError)) return error;
  return new PjrtError(
    `Cannot read the result of a parallel call as replica ${replica} of ${replicas} failed: ` +
      error.message,
    error.code,
  );
}

/** Whether all elements have the same bits (so 0 and -0 differ, and a NaN equals itself). */
function isUniform(values: HostArray): boolean {
  const bits = values instanceof Float32Array
    ? new Int32Array(values.buffer, values.byteOffset, values.length)
    : values;
  const first = bits[0];
  for (let i = 1; i < bits.length; i++) if (bits[i] !== first) return false;
  return true;
}
