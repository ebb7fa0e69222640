/**
 * Several processes that run one program together, started by `mpiexec`.
 *
 *     mpiexec -n 4 deno run -A train.ts
 *
 * Once they have joined, `pmap`'s axis goes through the devices of all of them. Exported as the
 * namespace `distributed`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { EngineError, registerCommunicator } from "../engine/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, type Tree, treeFlatten, treeUnflatten } from "../tree/mod.ts";
import { MpiCommunicator } from "./mpi.ts";
import { recoverConnection } from "./mpi_connection.ts";
import { mpiLibrary } from "./mpi_path.ts";
import { returnFreedMemory } from "./return_memory.ts";

/** The processes that this one has joined. */
export interface Processes {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** The implementation of MPI, in its own words. */
  readonly version: string;
}

/** Options of {@linkcode init}. */
export interface DistributedOptions {
  /**
   * The MPI library; by default that of `MESHWORK_MPI_LIB`, else the system's `libmpi_abi.so.1`.
   */
  readonly library?: string;
}

/** A process alone. */
const ALONE: Processes = { rank: 0, size: 1, version: "" };

let joined: MpiCommunicator | null = null;
let here: Processes = ALONE;

/**
 * Joins the processes that `mpiexec` started with this one; all of them call it, before the first
 * call of a `pmap`. Called again, it gives the same. A process that was started alone is one of
 * one.
 *
 * Needs an MPI library with the standard ABI, such as that of `pip install mpich`. Errors that
 * nobody catches end all processes, so that none waits for one that is gone.
 *
 * @throws {EngineError} If there is no such library, or the processes cannot join.
 *
 * @example
 * ```ts ignore
 * import { distributed, init } from "@meshwork/meshwork";
 *
 * await init({ devices: 2 });
 * const { rank, size } = await distributed.init();
 * console.log(`process ${rank} of ${size}: ${2 * size} devices in all`);
 * ```
 */
// deno-lint-ignore require-await -- joining blocks today; nobody should rely on it.
export async function init(options: DistributedOptions = {}): Promise<Processes> {
  if (typeof Deno === "undefined") {
    throw new EngineError("Cannot join processes as MPI needs Deno (a browser has one process)");
  }
  if (!joined) {
    recoverConnection();
    joined = new MpiCommunicator(options.library ?? mpiLibrary());
    returnFreedMemory();
    const { rank, size, version } = joined;
    here = { rank, size, version };
    registerCommunicator(joined);
    leaveAtExit(joined);
  }
  return here;
}

/** A process that ends in an error ends all; one that ends well waits for the others. */
function leaveAtExit(processes: MpiCommunicator): void {
  const abort = (error: unknown): void => {
    console.error(`Process ${processes.rank} ends all ${processes.size}:`, error);
    // What mpiexec has not read by then, nobody will.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    processes.abort(1);
  };
  addEventListener("error", (event) => event.defaultPrevented || abort(event.error));
  addEventListener("unhandledrejection", (event) => event.defaultPrevented || abort(event.reason));
  addEventListener("unload", () => {
    if (Deno.exitCode !== 0) return processes.abort(Deno.exitCode);
    try {
      // Another one may be waiting in a call for this process, which will not come.
      processes.agree("nothing more, its program has ended");
      processes.finalize();
    } catch (error) {
      abort(error);
    }
  });
}

/**
 * The number of this process, from 0; 0 before {@linkcode init}.
 *
 * @example Only one process writes
 * ```ts
 * import { distributed } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * if (distributed.rank() === 0) assertEquals(distributed.size(), 1); // started alone
 * ```
 */
export function rank(): number {
  return here.rank;
}

/**
 * How many processes there are; 1 before {@linkcode init}.
 *
 * @example
 * ```ts
 * import { distributed } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(distributed.size(), 1); // started alone
 * ```
 */
export function size(): number {
  return here.size;
}

/**
 * Waits until all processes are here.
 *
 * @throws {EngineError} If another process does something else meanwhile.
 *
 * @example
 * ```ts
 * import { distributed } from "@meshwork/meshwork";
 *
 * distributed.barrier(); // started alone, it waits for nobody
 * ```
 */
export function barrier(): void {
  joined?.agree("barrier");
}

/**
 * Gives all processes the tensors that one of them has: what it read from a checkpoint, or drew.
 *
 * @param tree A tree of tensors, of the same structure, shapes and dtypes in every process.
 * @param root The process whose values all get.
 * @returns A tree of new tensors.
 * @throws {EngineError} If the processes' trees differ in shape.
 *
 * @example Parameters that one process drew
 * ```ts
 * import { distributed } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const params = distributed.broadcast({ w: tf.tensor1d([1, 2]) });
 * assertEquals(params.w.arraySync(), [1, 2]);
 * ```
 */
export function broadcast<T>(tree: T, root = 0): T {
  return tidy(() => {
    const [leaves, def] = treeFlatten(tree as Tree);
    const types = leaves.map(({ dtype, shape }) => `${dtype} [${shape.join(", ")}]`);
    joined?.agree(`broadcast from process ${root}: ${types.join(", ")}`);
    const copies = leaves.map((leaf) => {
      const values = leaf.dataSync().slice();
      const { buffer, byteOffset, byteLength } = values;
      joined?.broadcast(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), root);
      return tf.tensor(values, leaf.shape, leaf.dtype) as Tensor;
    });
    return treeUnflatten(def, copies) as T;
  });
}
