/** The processes that started this one, as Linux tells. @module */

/** A process. */
export interface Ancestor {
  readonly pid: number;
  /** The path of its program. */
  readonly program: string;
}

/** This process's parent, and so on; none on other systems. */
export function ancestors(): Ancestor[] {
  const found: Ancestor[] = [];
  try {
    for (let pid = Deno.ppid; pid > 1;) {
      found.push({ pid, program: Deno.readLinkSync(`/proc/${pid}/exe`) });
      pid = Number(/^PPid:\s*(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]);
    }
  } catch {
    // Other systems have no such files, and other users' are closed.
  }
  return found;
}
