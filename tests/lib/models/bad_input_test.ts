import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertGreater } from "@std/assert";
import type { GraphsTuple } from "../../../lib/graph/mod.ts";
import * as models from "../../../lib/models/mod.ts";
import type { GraphFn } from "../../../lib/models/mod.ts";
import { assertRefused, type BadCall, each, goodGraph, JUNK } from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";
import { MODELS as LEAFWISE } from "./leafwise_models.ts";

const good = (): GraphsTuple => goodGraph([[1], [2], [3]]);

type Functions = Record<string, unknown>;

const first = (x: unknown) => x;

/** Each model with the options that it needs, and the names of those that it can do without. */
const MODELS: Record<string, readonly [needed: string[], optional: string[]]> = {
  graphNetwork: [
    [],
    [
      ...["updateEdgeFn", "updateNodeFn", "updateGlobalFn", "aggregateEdgesForNodesFn"],
      ...["aggregateNodesForGlobalsFn", "aggregateEdgesForGlobalsFn", "attentionLogitFn"],
      ...["attentionNormalizeFn", "attentionReduceFn"],
    ],
  ],
  interactionNetwork: [["updateEdgeFn", "updateNodeFn"], ["aggregateEdgesForNodesFn"]],
  relationNetwork: [["updateEdgeFn", "updateGlobalFn"], ["aggregateEdgesForGlobalsFn"]],
  deepSets: [["updateNodeFn", "updateGlobalFn"], ["aggregateNodesForGlobalsFn"]],
  graphNetGAT: [
    ["updateEdgeFn", "updateNodeFn", "attentionLogitFn", "attentionReduceFn"],
    ["updateGlobalFn", "aggregateEdgesForNodesFn"],
  ],
  gat: [["attentionQueryFn", "attentionLogitFn"], ["nodeUpdateFn"]],
  graphConvolution: [["updateNodeFn"], ["aggregateNodesFn"]],
  graphMapFeatures: [[], ["embedEdgeFn", "embedNodeFn", "embedGlobalFn"]],
};

const build = (name: string, options: unknown): GraphFn =>
  (models as unknown as Record<string, (options: unknown) => GraphFn>)[name]!(options);

/** The options that a model needs, all of them functions. */
const needs = (name: string): Functions =>
  Object.fromEntries(MODELS[name]![0].map((option) => [option, first]));

/** A model without needs takes an object that says nothing. */
const NO_OPTIONS: Functions = Object.fromEntries(
  Object.entries({ ...JUNK, null: null, undefined }).filter(([, bad]) =>
    typeof bad !== "object" || bad === null
  ),
);

const badOptions = (): BadCall[] =>
  Object.entries(MODELS).flatMap(([name, [needed, optional]]) => [
    ...each(`${name}()`, NO_OPTIONS, (bad) => build(name, bad)),
    ...[...needed, ...optional].flatMap((option) =>
      each(`${name}() ${option}`, JUNK, (bad) =>
        build(name, { ...needs(name), [option]: bad }), option)
    ),
    ...needed.flatMap((option) =>
      each(`${name}() ${option}`, { null: null, undefined }, (bad) =>
        build(name, { ...needs(name), [option]: bad }), option)
    ),
  ]);

const badGraphs = (): BadCall[] =>
  Object.keys(MODELS).flatMap((name) => {
    const model = build(name, needs(name));
    return [
      ...each(
        `${name}'s graph`,
        { ...JUNK, null: null, undefined, "a tensor": tf.tensor([1]) },
        model,
      ),
      [`${name}'s graph without senders`, () =>
        model({ ...good(), senders: null as never }), "senders"],
      [`${name}'s graph of arrays`, () =>
        model({ ...good(), nNode: [3] as never }), "nNode"],
    ] as BadCall[];
  });

/**
 * What an update function may not give: its result is used in the next step, or by the next model.
 */
const badResults = (): BadCall[] => [
  ...each(
    "an edge update's result",
    { ...JUNK, "a number": 3, "too few rows": tf.zeros([1, 1]) },
    (bad) =>
      models.graphNetwork({ updateEdgeFn: () => bad, updateNodeFn: (nodes) => nodes })(good()),
  ),
  ...each(
    "a node update's result",
    { ...JUNK, "a number": 3, "too few rows": tf.zeros([1, 1]) },
    (bad) =>
      models.graphNetwork({ updateNodeFn: () => bad, updateGlobalFn: (_n, _e, u) => u })(good()),
  ),
  ...each(
    "a query",
    { ...JUNK, "a number": 3 },
    (bad) =>
      models.gat({ attentionQueryFn: () => bad, attentionLogitFn: (s: tf.Tensor) => s })(good()),
  ),
  ...each(
    "a logit",
    { ...JUNK, "too few rows": tf.zeros([1, 1]), "another nest": [null] },
    (bad) => models.gat({ attentionQueryFn: (n) => n, attentionLogitFn: () => bad })(good()),
  ),
];

Deno.test("every model is in the tables of those that are tested together", () => {
  const names = Object.keys(models).filter((name) => name !== "graphModel");
  const missing = (table: object) => names.filter((name) => !(name in table));
  assertEquals([missing(MODELS), missing(LEAFWISE)], [[], []]);
});

forEachEngine("every model refuses bad input in its own words, by name", () => {
  const calls = [...badOptions(), ...badGraphs(), ...badResults()];
  assertGreater(calls.length, 400);
  assertRefused(calls);
});

forEachEngine("models that need nodes say so", () => {
  const withoutNodes = { ...good(), nodes: null };
  const names = Object.keys(MODELS).filter((name) => name !== "graphMapFeatures");
  assertRefused(names.map((name) => [
    name,
    () => build(name, { ...needs(name), updateNodeFn: first })(withoutNodes),
    "nodes is null",
  ]));
});
