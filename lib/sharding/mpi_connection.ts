/**
 * The connection through which MPICH's `mpiexec` tells a process of the others: a socket that the
 * process inherits, whose number `PMI_FD` says.
 *
 * Node closes what it inherits before it starts a program, so that `mpiexec -n 2 npx deno ...`
 * would leave Deno without. Linux lets a process take the socket from the one that still has it.
 *
 * @module
 */
import { EngineError } from "../engine/mod.ts";
import { ancestors } from "./ancestors.ts";

const VARIABLE = "PMI_FD";

/** What starts processes on one machine, for `mpiexec`. */
const STARTER = /\/hydra_pmi_proxy$/;

/** Numbers of system calls, the same on all architectures. */
const PIDFD_OPEN = 434, PIDFD_GETFD = 438;

/**
 * Takes the connection back from the process that `mpiexec` started, where this one has lost it. To
 * be called before MPI starts, which would end the process without a word that helps.
 *
 * @throws {EngineError} If the system does not permit it.
 */
export function recoverConnection(): void {
  const number = Deno.env.get(VARIABLE);
  if (number === undefined) return;
  const chain = ancestors();
  const started = chain[chain.findIndex(({ program }) => STARTER.test(program)) - 1];
  // This process itself, or on a system that does not tell.
  if (!started) return;
  const socket = link(started.pid, number);
  if (socket === null || link("self", number) === socket) return;
  const taken = take(started.pid, Number(number));
  if (taken < 0) throw lost(started.program);
  Deno.env.set(VARIABLE, String(taken));
}

/** What a process has open under a number. */
function link(pid: number | "self", number: string): string | null {
  try {
    return Deno.readLinkSync(`/proc/${pid}/fd/${number}`);
  } catch {
    return null;
  }
}

/** A number of this process's own for what another one has open; -1 if that is not permitted. */
function take(pid: number, number: number): number {
  const libc = Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
    close: { parameters: ["i32"], result: "i32" },
  });
  const { syscall, close } = libc.symbols;
  const process = syscall(BigInt(PIDFD_OPEN), BigInt(pid), 0n, 0n);
  if (process < 0n) return -1;
  const taken = syscall(BigInt(PIDFD_GETFD), process, BigInt(number), 0n);
  close(Number(process));
  return Number(taken);
}

function lost(program: string): EngineError {
  return new EngineError(
    `Cannot join processes as this one has lost its connection to mpiexec: ${program}, which ` +
      `started it, has closed it (mpiexec -pmi-port -n 2 npx -y deno run ..., or start deno itself)`,
  );
}
