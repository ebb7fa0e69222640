/** The cost of a compiled program: operations, bytes, memory. @module */

/** Operations and bytes, counted on a program's graph before it is compiled. */
export interface OperationCounts {
  /**
   * Arithmetic operations on single numbers, comparisons and conversions included: `2·m·k·n` for
   * the product of `[m, k]` and `[k, n]`. Moving numbers is none.
   */
  readonly flops: number;
  /** Exponentials, logarithms, roots, sines and their kind, which are not among the flops. */
  readonly transcendentals: number;
  /**
   * Bytes that the operations read and write, each taken by itself. A compiler that fuses
   * operations moves fewer.
   */
  readonly bytesAccessed: number;
  /** Loops whose number of rounds is known only when they run: they are counted as one round. */
  readonly loopsOfUnknownLength: number;
}

/** A compiled program's own memory on its device, in bytes, as its compiler tells. */
export interface ProgramMemory {
  /** Of the arguments. */
  readonly argumentBytes: number;
  /** Of the results; of more than one, with a table of their addresses. */
  readonly outputBytes: number;
  /** Of results that take over the memory of donated arguments. */
  readonly aliasBytes: number;
  /** Of what lives only while the program runs. */
  readonly tempBytes: number;
  /** Of the machine code, where the plugin counts it, else 0. */
  readonly generatedCodeBytes: number;
}

/** The result of `jit(f).lower(...args).cost()`. */
export interface ProgramCost extends OperationCounts {
  /** Null where the plugin does not tell. */
  readonly memory: ProgramMemory | null;
  /** All of it in a few lines for people. */
  readonly text: string;
}

const UNITS = ["", "k", "M", "G", "T", "P"];

/** `1234567` as `1.23 M`: three digits, and the prefix of a thousand's power. */
export function formatCount(value: number): string {
  let power = 0;
  while (value >= 999.5 && power < UNITS.length - 1) [value, power] = [value / 1000, power + 1];
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[power]}`.trimEnd();
}

/** `1234567` as `1.23 MB`. */
export function formatBytes(bytes: number): string {
  const text = formatCount(bytes);
  return text.includes(" ") ? `${text}B` : `${text} B`;
}

/** Puts counts and memory together, with a text. */
export function programCost(counts: OperationCounts, memory: ProgramMemory | null): ProgramCost {
  const { flops, transcendentals, bytesAccessed, loopsOfUnknownLength: loops } = counts;
  const lines = [
    `operations  ${formatCount(flops)} flops, ${formatCount(transcendentals)} transcendentals`,
    `accesses    ${formatBytes(bytesAccessed)} without fusion`,
  ];
  if (loops > 0) lines.push(`loops       ${loops} of unknown length, counted as one round each`);
  if (memory === null) lines.push("memory      the plugin does not tell");
  else {
    const { argumentBytes, outputBytes, aliasBytes, tempBytes, generatedCodeBytes } = memory;
    lines.push(
      `memory      ${formatBytes(argumentBytes)} of arguments, ${formatBytes(outputBytes)} of ` +
        `results (${formatBytes(aliasBytes)} in the arguments' place), ` +
        `${formatBytes(tempBytes)} meanwhile` +
        (generatedCodeBytes > 0 ? `, ${formatBytes(generatedCodeBytes)} of code` : ""),
    );
  }
  return { ...counts, memory, text: lines.join("\n") };
}
