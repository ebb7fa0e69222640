/** A program to look at. @module */
import * as tf from "@tensorflow/tfjs";
import {
  type CompiledProgram,
  type Compiler,
  currentCompiler,
  EngineError,
  type ProgramCost,
} from "../engine/mod.ts";

/** A program that was traced but not run. */
export interface Lowered {
  /** The StableHLO of the program. */
  text(): string;
  /**
   * Operations and bytes that the program takes, and its memory. This compiles it, as its first
   * call would have done.
   */
  cost(): ProgramCost;
  /**
   * Compiles the program for the calls to come, or loads it from the cache of compiled programs,
   * beside whatever else is done until the promise is awaited.
   */
  compile(): Promise<void>;
}

/** The view of a program that users get. */
export function showProgram(program: CompiledProgram): Lowered {
  return {
    text: () => program.text(),
    cost: () => program.cost(),
    compile: () => program.compile(),
  };
}

/** The compiler that shows the program of a function. @throws {EngineError} If there is none. */
export function compilerToLower(name: string): Compiler {
  const compiler = currentCompiler();
  if (compiler) return compiler;
  throw new EngineError(
    `Cannot lower ${name} as the ${tf.getBackend()} engine does not compile ` +
      `(call \`await init({engine: "xla"})\` first)`,
  );
}
