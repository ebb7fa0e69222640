import { schedules, sgd } from "../../../lib/train/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLikeOptax } from "./optax.ts";

forEachEngine("sgd() takes the steps of optax.sgd and leaks no tensor", () => {
  assertLikeOptax("sgd", sgd(0.01));
  assertLikeOptax("sgd, momentum", sgd(0.01, { momentum: 0.9 }));
  const rate = schedules.linear(0.01, 0.001, 10);
  assertLikeOptax("sgd, nesterov", sgd(rate, { momentum: 0.9, nesterov: true }));
});
