"""Writes what jraph gives for segments, graphs and models, and their derivatives, beside this file.

    python3 -m pip install -r requirements.txt
    python3 generate.py

`common.py` puts back the names that today's JAX has moved and jraph's release still uses. All cases
come out of jraph itself, but for the sparse matrices in `graphs.py`, which its release lacks: they
are made by hand from its description.
"""

import json
import pathlib

import graphs
import models
import segments

for module in (segments, graphs, models):
    path = pathlib.Path(__file__).with_name(f"{module.__name__}.json")
    path.write_text(json.dumps(module.cases(), separators=(",", ":")) + "\n")
