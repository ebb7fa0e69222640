"""Says what pyarrow reads in the tables that we have written (`ours.ts`), and writes one of its own.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py
"""

import json
import pathlib

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent


def words(value):
    """Numbers that JSON has no words for, as text."""
    return str(value) if value != value or value in (float("inf"), float("-inf")) else value


def describe(table):
    return {
        "types": {field.name: str(getattr(field.type, "value_type", field.type)) for field in table.schema},
        "rows": [{name: words(value) for name, value in row.items()} for row in table.to_pylist()],
    }


def main():
    tables = {
        "parquet": pyarrow.parquet.read_table(HERE / "ours.parquet"),
        "arrow": pyarrow.feather.read_table(HERE / "ours.arrow"),
        "csv": pyarrow.csv.read_csv(HERE / "ours.csv", parse_options=pa.csv.ParseOptions(newlines_in_values=True)),
    }
    own = pa.table({"step": pa.array([1, 2, 3], pa.int64()), "loss": [0.5, None, 0.25], "name": ["x", "y", None]})
    pyarrow.parquet.write_table(own, HERE / "pyarrow.parquet", compression="snappy")
    pyarrow.feather.write_feather(own, HERE / "pyarrow.arrow", compression="uncompressed")
    expected = {name: describe(table) for name, table in tables.items()}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
