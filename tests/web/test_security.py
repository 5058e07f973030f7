"""The page's server against those who should not reach it: each attack is tried on a running server.

What must hold is from the OWASP cheat sheets on cross-site request forgery, content security policy and path
traversal, and from the Fetch standard (a simple request may not carry JSON or a header of one's own).
"""

import json
import re
import shutil
import socket
import time
from pathlib import Path

import pytest

httpx = pytest.importorskip("httpx")

from tests.web.conftest import SCENARIOS, Served  # noqa: E402


def fly_into(folder, path, run=None, seed=0):
    """Write a run's folder, as far as the page reads it."""
    import precipice
    from precipice.report.files import run_json, save_netcdf

    scenario = precipice.load_scenario(path)
    flown = precipice.fly(scenario, run, seed)
    folder.mkdir(exist_ok=True)
    save_netcdf(flown, scenario, folder / "run.nc")
    (folder / "run.json").write_text(json.dumps(run_json(flown, scenario)), "utf-8")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A run folder with what is asked for, and what nobody may have, inside and beside it."""
    root = tmp_path_factory.mktemp("secret")
    (root / "secret.json").write_text('{"secret": 1}')
    folder = root / "run"
    folder.mkdir()
    scenario = root / "fall.toml"
    shutil.copy(SCENARIOS / "high_fall.toml", scenario)
    fly_into(folder, scenario)
    (folder / "track.csv").write_text("t\n0\n")
    (folder / ".hidden.json").write_text("{}")
    (folder / "key.pem").write_text("secret")
    (folder / "link.json").symlink_to(root / "secret.json")
    return folder


@pytest.fixture(scope="module")
def server(opened):
    served = Served(opened)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def client(server):
    with httpx.Client(base_url=server.address, timeout=60) as session:
        yield session


@pytest.fixture(scope="module")
def token(client):
    return client.get("/api/state").json()["session"]


def post(client, path, content, **headers):
    return client.post(path, json=content, headers=headers)


def raw(port, text):
    """Return the first line that comes back for bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(text.encode())
        line.settimeout(10)
        return line.recv(4000).decode("latin-1").split("\r\n")[0]


def test_answers_the_page_itself(client, token):
    assert client.get("/").status_code == 200
    assert client.get("/static/main.js").headers["content-type"].startswith("text/javascript")
    assert post(client, "/api/discard", {}, **{"x-precipice-session": token}).status_code == 200


def test_is_heard_on_this_machine_alone(server):
    from precipice.web.serve import listen

    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
    others = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        if not address.startswith("127."):
            with pytest.raises(ConnectionError):
                socket.create_connection((address, server.port), 2).close()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}"]
)
def test_refuses_a_name_that_was_bound_to_this_machine(client, server, host):
    found = client.get("/api/state", headers={"host": host.format(port=server.port)})
    assert found.status_code == 421
    assert "session" not in found.json()


def test_refuses_two_hosts(server):
    text = f"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nHost: evil.example\r\n\r\n"
    assert re.search(r" 4\d\d ", raw(server.port, text))


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}"]
)
def test_refuses_posts_of_another_origin_even_with_the_token(client, server, token, origin):
    headers = {"origin": origin.format(port=server.port), "x-precipice-session": token}
    assert post(client, "/api/discard", {}, **headers).status_code == 403


@pytest.mark.parametrize("wrong", [{}, {"x-precipice-session": ""}, {"x-precipice-session": "0" * 32}])
def test_refuses_posts_without_the_token_of_this_process(client, wrong):
    assert post(client, "/api/discard", {}, **wrong).status_code == 403


def test_every_process_has_a_token_of_its_own(token):
    from precipice.web.desk import Desk
    from precipice.web.opened import open_target

    other = Desk(open_target(SCENARIOS / "high_fall.toml")).token
    assert len(token) == len(other) >= 32
    assert token != other


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_refuses_what_a_form_can_send(client, token, kind):
    headers = {"content-type": kind, "x-precipice-session": token}
    assert client.post("/api/discard", content=b"{}", headers=headers).status_code == 415


def test_refuses_what_another_page_embeds_or_fetches(client):
    for mode, path in (("no-cors", "/api/state"), ("cors", "/"), ("no-cors", "/static/main.js")):
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode}
        assert client.get(path, headers=headers).status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200


def test_lets_no_other_origin_read(client):
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    found = client.options("/api/edit", headers=asked)
    assert found.status_code in (403, 405)
    for reply in (found, client.get("/api/state"), client.get("/")):
        assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/state", "/nowhere", "/files/secret.json"])
def test_says_a_strict_policy_on_every_answer(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers


def test_says_it_on_refusals_too(client):
    found = client.get("/", headers={"host": "evil.example"})
    assert "default-src 'none'" in found.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py",
        "/static/%2e%2e/guard.py",
        "/static/..%2fguard.py",
        "/static//etc/passwd",
        "/static/..\\guard.py",
        "/files/../secret.json",
        "/files/%2e%2e/secret.json",
        "/files/..%2fsecret.json",
        "/files/%2fetc%2fpasswd",
        "/files//etc/passwd",
        "/files/link.json",
        "/files/.hidden.json",
        "/files/key.pem",
        "/files/run.json%00.csv",
        "/files/",
    ],
)
def test_refuses_paths_outside_the_opened_folder(server, path):
    text = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n"
    assert re.search(r" 4\d\d ", raw(server.port, text))


def test_gives_files_of_the_opened_folder_to_be_kept(client):
    found = client.get("/files/track.csv")
    assert found.text == "t\n0\n"
    assert found.headers["content-disposition"].startswith("attachment")


def test_bounds_what_is_posted(client, token):
    headers = {"content-type": "application/json", "x-precipice-session": token}
    large = b'{"path": "' + b"x" * 100_000 + b'"}'
    assert client.post("/api/edit", content=large, headers=headers).status_code == 413
    # In pieces, without saying how long it will be.
    assert client.post("/api/edit", content=iter([large] * 3), headers=headers).status_code == 413


def test_answers_whoever_is_still_sending(server, token):
    head = (
        f"POST /api/edit HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
        f"X-Precipice-Session: {token}\r\nContent-Length: 200000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), 10) as line:
        line.sendall(head.encode() + b"x" * 100_000)
        time.sleep(0.3)
        line.sendall(b"x" * 50_000)
        time.sleep(0.1)
        line.sendall(b"x" * 50_000)
        line.settimeout(10)
        answer = line.makefile("rb").read().decode()
    assert " 413 " in answer.split("\r\n")[0]
    assert "at most" in answer


def test_bounds_what_is_announced(server, token):
    text = (
        f"POST /api/edit HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
        f"X-Precipice-Session: {token}\r\nContent-Length: 1000000000\r\n\r\n"
    )
    assert " 413 " in raw(server.port, text)


@pytest.mark.parametrize(
    "content", ["[1]", '"x"', "{", "[" * 30_000, '{"path": 1}', '{"path": "kind", "text": ["x"]}']
)
def test_refuses_posts_that_are_no_edit(client, token, content):
    headers = {"content-type": "application/json", "x-precipice-session": token}
    found = client.post("/api/edit", content=content, headers=headers)
    assert found.status_code == 400
    assert "must" in found.json()["error"]


@pytest.mark.parametrize("path", ["site.terrain.dem", "wind.file", "title", "kind", "__class__", "x" * 5000])
def test_refuses_edits_that_could_name_a_file(client, token, path):
    found = post(client, "/api/edit", {"path": path, "text": "/etc/passwd"}, **{"x-precipice-session": token})
    assert found.status_code == 400
    assert client.get("/api/state").json()["edits"] == {}


@pytest.mark.parametrize(
    "query", ["run=-1", "run=1e9", "run=9999999999999999999999", "run=x", "run=1&seed=-3"]
)
def test_refuses_runs_that_are_none(client, query):
    assert client.get(f"/api/flight?{query}").status_code == 400


def test_refuses_other_methods_and_sockets(client, server):
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        assert client.request(method, "/api/state").status_code == 405
    text = (
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n\r\n"
    )
    assert " 101 " not in raw(server.port, text)


def test_runs_one_job_and_lets_two_wait(client, token):
    headers = {"x-precipice-session": token}
    job = {"runs": 1_000_000, "seed": 0}
    for _ in range(3):
        assert post(client, "/api/assess", job, **headers).status_code == 200
        time.sleep(0.3)
    refused = post(client, "/api/assess", job, **headers)
    assert refused.status_code == 400
    assert "at most 2 jobs may wait" in refused.json()["error"]
    jobs = client.get("/api/state").json()["jobs"]
    assert [item["status"] for item in jobs] == ["running", "waiting", "waiting"]
    for item in jobs:
        post(client, "/api/cancel", {"number": item["number"]}, **headers)
    assert {item["status"] for item in client.get("/api/state").json()["jobs"]} == {"cancelled"}


@pytest.mark.parametrize("runs", [0, -1, 10**9, "1e3", None, True, 2.5])
def test_bounds_what_a_job_may_cost(client, token, runs):
    found = post(client, "/api/assess", {"runs": runs, "seed": 0}, **{"x-precipice-session": token})
    assert found.status_code == 400


def test_bounds_the_scenario(tmp_path):
    from precipice.errors import InputError, PrecipiceError
    from precipice.web.opened import open_target

    large = tmp_path / "large.toml"
    large.write_text("#" * 300_000)
    with pytest.raises(PrecipiceError, match="longer than 250000 bytes"):
        open_target(large)
    from precipice.report.document.folder import find_scenario

    with pytest.raises(InputError, match="of at most 250000 characters"):
        find_scenario(tmp_path, "#" * 300_000, [large], lambda _: True)


@pytest.mark.parametrize("name", ["manifest.json", "run.json", "run.nc"])
def test_bounds_what_is_read_of_a_folder(tmp_path, name):
    from precipice.errors import InputError
    from precipice.web.opened import HEAVIEST, open_target

    (tmp_path / "run.json").write_text("{}")
    with (tmp_path / name).open("wb") as stream:
        stream.truncate(HEAVIEST + 1)
    with pytest.raises(InputError, match="must have at most 64000000 bytes"):
        open_target(tmp_path)


def test_a_taken_port_is_said(server, scenario_file, capsys):
    from precipice.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main(["serve", str(scenario_file), "--port", str(server.port)])
    assert caught.value.code == 2
    assert "is taken" in capsys.readouterr().err


# ----------------------------------------------------------------------------------------- the file is whole


def test_a_wrong_unit_leaves_the_file_as_it_was(scenario_file):
    from precipice.errors import InputError
    from precipice.web.draft import open_draft

    before = scenario_file.read_text("utf-8")
    draft = open_draft(str(scenario_file), scenario_file, before)
    draft.edit("exit.speed", "3 kg")
    assert {problem.field for problem in draft.problems} == {"exit.speed"}
    assert draft.scenario.text == before
    with pytest.raises(InputError, match="must have no problems"):
        draft.save()
    assert scenario_file.read_text("utf-8") == before


def test_saving_changes_one_field_and_no_comment(scenario_file):
    from precipice.scenario.load import load_scenario
    from precipice.web.draft import open_draft

    before = scenario_file.read_text("utf-8")
    draft = open_draft(str(scenario_file), scenario_file, before)
    draft.edit("exit.speed", "0.8 m/s")
    draft.save()
    after = scenario_file.read_text("utf-8")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    assert len([a for a, b in pairs if a != b]) == 1
    assert load_scenario(scenario_file).values()["exit.speed"] == 0.8


def test_a_save_that_is_cut_short_leaves_the_old_file(scenario_file, monkeypatch):
    from precipice.errors import InputError
    from precipice.web.draft import open_draft

    before = scenario_file.read_text("utf-8")
    draft = open_draft(str(scenario_file), scenario_file, before)
    draft.edit("exit.speed", "0.8 m/s")

    def full(self, text, **_):
        with self.open("w") as stream:
            stream.write(text[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="No space left"):
        draft.save()
    monkeypatch.undo()
    assert scenario_file.read_text("utf-8") == before
    assert [path.name for path in scenario_file.parent.iterdir()] == [scenario_file.name]


def test_somebody_elses_change_is_not_overwritten(scenario_file):
    from precipice.errors import InputError
    from precipice.web.draft import open_draft

    text = scenario_file.read_text("utf-8")
    draft = open_draft(str(scenario_file), scenario_file, text)
    draft.edit("exit.speed", "0.8 m/s")
    scenario_file.write_text(text + "# a note\n", "utf-8")
    with pytest.raises(InputError, match="somebody changed it"):
        draft.save()
    assert scenario_file.read_text("utf-8").endswith("# a note\n")
