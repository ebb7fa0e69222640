/** Where MPI's library lies; asking loads nothing. @module */
import { isFile } from "../base/mod.ts";
import { ancestors } from "./ancestors.ts";

/** The variable that names another library. */
export const MPI_VARIABLE = "MESHWORK_MPI_LIB";

/** The library of the standard ABI, as the loader of the system finds it. */
const LIBRARY: Readonly<Record<string, string>> = {
  linux: "libmpi_abi.so.1",
  darwin: "libmpi_abi.dylib",
  windows: "mpi_abi.dll",
};

/** The first `mpiexec` on PATH, or null. */
export function mpiexecOnPath(): string | null {
  const [separator, suffix] = Deno.build.os === "windows" ? [";", ".exe"] : [":", ""];
  const paths = (Deno.env.get("PATH") ?? "").split(separator)
    .map((folder) => `${folder}/mpiexec${suffix}`);
  return paths.find(isFile) ?? null;
}

/** The library that was installed with an `mpiexec`, or null. */
export function mpiBeside(mpiexec: string): string | null {
  const bin = mpiexec.slice(0, mpiexec.lastIndexOf("/"));
  const path = `${bin}/../lib/${name()}`;
  return isFile(path) ? path : null;
}

/**
 * The library: the one that the user named, else that of the `mpiexec` that started this process,
 * else that of the one on PATH, else the system's.
 */
export function mpiLibrary(): string {
  const chosen = Deno.env.get(MPI_VARIABLE);
  if (chosen) return chosen;
  // MPICH starts processes by a program that lies beside its mpiexec.
  const programs = ancestors().map(({ program }) => program);
  const starters = [...programs, mpiexecOnPath()].filter((path) => path !== null);
  return starters.map(mpiBeside).find((path) => path !== null) ?? name();
}

function name(): string {
  return LIBRARY[Deno.build.os] ?? LIBRARY.linux!;
}
