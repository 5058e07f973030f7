"""Numbers to Arrow and back, against pyarrow's own conversions; and none of it imports pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from precipice.campaign.arrow import from_arrow, to_arrow

FLAGS = np.arange(21) % 3 == 0
NUMBERS = np.array([1.5, -0.0, np.nan, np.inf, 3e-40], np.float32)


@pytest.mark.parametrize(
    "values", [FLAGS, FLAGS[:0], FLAGS[1::2], NUMBERS, NUMBERS[::-2], np.arange(7, dtype=np.uint32)]
)
def test_it_is_what_pyarrow_makes(values):
    made = to_arrow(values)
    made.validate(full=True)
    other = pa.array(values)
    assert made.type == other.type
    assert made.to_pylist() == other.to_pylist() or np.isnan(values).any()
    np.testing.assert_array_equal(made.to_numpy(zero_copy_only=False), values)


@pytest.mark.parametrize("values", [FLAGS, NUMBERS])
def test_pieces_and_cut_ends_come_back_whole(values):
    column = pa.chunked_array([pa.array(values), pa.array(values)[2:]])
    found = from_arrow(column)
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, np.concatenate([values, values[2:]]))
    np.testing.assert_array_equal(from_arrow(column[3:9]), values[3:9] if len(values) > 9 else found[3:9])


def test_a_shard_is_written_and_read_without_pandas(tmp_path):
    code = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from precipice.campaign.shard import ShardName, load_shard, save_shard\n"
        f"place = (Path({str(tmp_path)!r}), ShardName(0, 'x'))\n"
        "save_shard(*place, {'resolved': np.ones(9, bool), 'end_time': np.ones(9, np.float32)})\n"
        "assert load_shard(*place)['resolved'].all()\n"
        "print('pandas' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
