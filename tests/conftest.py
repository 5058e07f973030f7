"""Strict switches for every test, and the worlds they share.

`precipice` is imported inside fixtures only: jaxtyping must install its run-time checks first.
"""

import os
from pathlib import Path

os.environ["EQX_ON_ERROR"] = "nan"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import platformdirs
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_numpy_rank_promotion", "allow")


def _keep_compiled_programs() -> None:
    """Let a second run of the tests load what the first one compiled, where a folder can be written."""
    chosen = os.environ.get("JAX_COMPILATION_CACHE_DIR")
    folder = Path(chosen) if chosen else platformdirs.user_cache_path("precipice") / "tests"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


_keep_compiled_programs()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of published data that lies beside the checkout; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder `shared` beside the checkout (published data), which is absent")
    return SHARED


@pytest.fixture(scope="session")
def scenario():
    """The shipped scenario."""
    from precipice.scenario.load import load_scenario

    return load_scenario(ROOT / "scenarios" / "helsetkopen.toml")


@pytest.fixture(scope="session")
def world(scenario):
    """The world of the shipped scenario's centre; change single numbers with `equinox.tree_at`."""
    from precipice.campaign.draws import centre_draw
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.build import build_world

    inputs = jax.tree.map(jnp.asarray, arrange(scenario, centre_draw(scenario)))
    return build_world(inputs, value_keys(scenario))
