"""Makes molecules in SDF, version V2000, and what RDKit reads of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

Charges, isotopes and radicals put lines of their own between bonds and properties; a property may have
several lines.
"""

import json
import pathlib

from rdkit import Chem
from rdkit.Chem import AllChem

HERE = pathlib.Path(__file__).parent

SMILES = {
    "water": "O",
    "aspirin": "CC(=O)Oc1ccccc1C(=O)O",
    "glycine, charged": "[NH3+]CC(=O)[O-]",
    "heavy methanol": "[2H]OC([2H])([2H])[2H]",
    "radical": "C[CH2]",
    "hydrogen cyanide": "C#N",
    "salt": "[Na+].[Cl-]",
    "argon": "[Ar]",
}


def make(name, smiles, number):
    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    if number % 2:
        AllChem.Compute2DCoords(molecule)
    else:
        AllChem.EmbedMolecule(molecule, randomSeed=7)
    Chem.Kekulize(molecule, clearAromaticFlags=True)
    molecule.SetProp("_Name", name)
    molecule.SetProp("SMILES", smiles)
    molecule.SetIntProp("NUMBER", number)
    molecule.SetProp("NOTE", "first line\n second, indented <b> line")
    return molecule


def write():
    with Chem.SDWriter(str(HERE / "molecules.sdf")) as writer:
        writer.SetForceV3000(False)
        for number, (name, smiles) in enumerate(SMILES.items()):
            writer.write(make(name, smiles, number))


def read():
    found = []
    for molecule in Chem.SDMolSupplier(str(HERE / "molecules.sdf"), sanitize=False, removeHs=False):
        positions = molecule.GetConformer().GetPositions()
        found.append({
            "name": molecule.GetProp("_Name"),
            "atoms": [
                {"symbol": atom.GetSymbol(), "position": [round(x, 4) + 0.0 for x in where]}
                for atom, where in zip(molecule.GetAtoms(), positions.tolist())
            ],
            "bonds": [
                {"atoms": [b.GetBeginAtomIdx(), b.GetEndAtomIdx()], "order": int(b.GetBondTypeAsDouble())}
                for b in molecule.GetBonds()
            ],
            "properties": {name: molecule.GetProp(name) for name in molecule.GetPropNames()},
        })
    return found


if __name__ == "__main__":
    write()
    (HERE / "expected.json").write_text(json.dumps(read()) + "\n")
