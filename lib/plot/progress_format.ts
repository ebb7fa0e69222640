/** How far something is, as a line of text. @module */

/** The content of a progress line. */
export interface ProgressState {
  /** The name of the work. */
  readonly label: string;
  /** The name of a step, in the plural. */
  readonly unit: string;
  /** How many are done. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
  /** Per second, or NaN before that is known. */
  readonly rate: number;
  /** Time since the line was opened. */
  readonly seconds: number;
  /** Numbers shown beside it, by name. */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * A state as one line: `train  350/1000  35%  12.3 steps/s  loss 0.0123  0:53 left`. Once all is
 * done the time taken stands in place of the time left.
 *
 * @example
 * ```ts
 * import { formatProgress } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const counted = { label: "train", unit: "steps", done: 50, total: 200 };
 * const line = formatProgress({ ...counted, rate: 5, seconds: 10, values: { loss: 0.5 } });
 * assertEquals(line, "train  50/200  25%  5 steps/s  loss 0.5  0:30 left");
 * ```
 */
export function formatProgress(
  state: ProgressState,
  options: { readonly bar?: boolean } = {},
): string {
  const { done, total, rate } = state;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * 20);
  const left = done >= total
    ? `${formatSeconds(state.seconds)} in all`
    : rate > 0
    ? `${formatSeconds((total - done) / rate)} left`
    : "";
  return [
    state.label,
    options.bar ? "█".repeat(filled) + "░".repeat(20 - filled) : "",
    `${done}/${total}`,
    `${Math.floor(share * 100)}%`,
    rate > 0 ? `${Number(rate.toPrecision(3))} ${state.unit}/s` : "",
    ...Object.entries(state.values).map(([name, v]) => `${name} ${Number(v.toPrecision(4))}`),
    left,
  ].filter((part) => part !== "").join("  ");
}

/** Seconds as `m:ss`, or `h:mm:ss` from an hour on. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
