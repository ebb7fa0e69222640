/**
 * Writes the sample `molecules_clogp` from an SDF file of molecules with their computed CLOGP.
 *
 *     deno run -A tools/make_molecules_sample.ts nci_first_200.props.sdf
 *
 * Atoms have two features, the place of their element in a list and the number of their bonds;
 * bonds have their order. A molecule is of class 1 if its CLOGP is above the median: rather fat
 * than water.
 *
 * @module
 */
import {
  type LabelledGraph,
  type Molecule,
  readSdf,
  sampleUrl,
  writeOgbGraphs,
} from "../datasets/mod.ts";

const [path] = Deno.args;
if (path === undefined) throw new Error("Cannot make the sample as the SDF file is not named");
const molecules = await readSdf(path);
const clogp = molecules.map(({ properties }) => Number(properties.CLOGP));
const median = clogp.toSorted((a, b) => a - b)[Math.floor(clogp.length / 2)]!;
const elements = [...new Set(molecules.flatMap(({ atoms }) => atoms.map((a) => a.symbol)))].sort();

function toGraph({ atoms, bonds }: Molecule, i: number): LabelledGraph {
  const degree = (atom: number): number => bonds.filter((b) => b.atoms.includes(atom)).length;
  return {
    nodes: {
      shape: [atoms.length, 2],
      data: Int32Array.from(
        atoms.flatMap(({ symbol }, atom) => [elements.indexOf(symbol), degree(atom)]),
      ),
    },
    edges: { shape: [bonds.length, 1], data: Int32Array.from(bonds, ({ order }) => order) },
    senders: Int32Array.from(bonds, ({ atoms: [from] }) => from),
    receivers: Int32Array.from(bonds, ({ atoms: [, to] }) => to),
    label: Number(clogp[i]! > median),
  };
}

// Every tenth molecule is for validation, the one after it for the test.
const places = molecules.map((_, i) => i);
await writeOgbGraphs(sampleUrl("molecules_clogp"), {
  graphs: molecules.map(toGraph),
  splits: {
    train: places.filter((i) => i % 10 > 1),
    valid: places.filter((i) => i % 10 === 0),
    test: places.filter((i) => i % 10 === 1),
  },
});
console.log(
  `${molecules.length} molecules; elements ${elements.join(" ")}; median CLOGP ${median}`,
);
