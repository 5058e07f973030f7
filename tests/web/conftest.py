"""A server on a port of its own, as a person starts it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


class Served:
    """A running `precipice serve`.

    Attributes:
        target: What is open.
        port: Where it answers.
        address: "http://127.0.0.1:PORT".
    """

    def __init__(self, target, port=0):
        self.target = target
        self.start(port)

    def start(self, port):
        command = [sys.executable, "-m", "precipice", "serve", str(self.target), "--port", str(port)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + self.process.stdout.read()
        self.port = int(found[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def scenario_file(tmp_path):
    """A copy of a small shipped scenario, to be changed."""
    path = tmp_path / "fall.toml"
    path.write_text((SCENARIOS / "high_fall.toml").read_text("utf-8"), "utf-8")
    return path


@pytest.fixture
def serve():
    """Function: a running server on a scenario or folder."""
    running = []

    def start(target, port=0):
        running.append(Served(target, port))
        return running[-1]

    yield start
    for served in running:
        served.stop()
