"""`precipice film` as a person meets it: films, pictures, and one sentence when it cannot be."""

import json
import shutil
import subprocess
import sys
from functools import partial

import pytest
from tests.cli import calls

from precipice.cli.main import main

SMALL = ("--size", "320x180")


@pytest.fixture
def folder(flown, scenario, tmp_path):
    return calls.save_run(tmp_path / "stunt", flown, scenario)


@pytest.fixture
def raylib():
    pytest.importorskip("raylib", reason="needs raylib_software, which is not built for this system")


@pytest.fixture
def ffmpeg(raylib):
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg on PATH (apt install ffmpeg)")


run, refused = partial(calls.run, "film"), partial(calls.refused, "film")


def read_png(path):
    from PIL import Image

    with Image.open(path) as image:
        return image.size, dict(image.info)


def test_a_picture_at_a_time(folder, raylib):
    shown = run(folder, "--camera", "lip crane", "--still", "0.4", *SMALL)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout == f"Saved {folder / 'still.png'}\n"
    size, told = read_png(folder / "still.png")
    assert size == (320, 180)
    assert told["Comment"] == "Simulated. A planning aid, never a clearance to jump."
    assert calls.names(folder) == ["run.json", "run.nc", "still.png"]
    assert (folder / "still.png").stat().st_mode & 0o777 == 0o644


def test_several_pictures_have_their_time_in_their_names(folder, raylib, tmp_path):
    before = tmp_path / "a_+1.00.png"
    before.write_text("old")
    shown = run(folder, "--still", "-1", "--still", "1", "-o", tmp_path / "a.png", *SMALL)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.split() == ["Saved", str(tmp_path / "a_-1.00.png"), "Saved", str(before)]
    assert read_png(before)[0] == (320, 180)
    assert (tmp_path / "a_-1.00.png").read_bytes() != before.read_bytes()


def test_the_same_picture_has_the_same_bytes_alone_and_among_others(folder, raylib, tmp_path):
    assert run(folder, "--still", "2", "-o", tmp_path / "a.png", *SMALL).exit_code == 0
    assert run(folder, "--still", "0", "--still", "2", "-o", tmp_path / "b.png", *SMALL).exit_code == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b_+2.00.png").read_bytes()


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_film_holds_what_was_asked_for(folder, ffmpeg, tmp_path, suffix):
    path = tmp_path / f"clip.{suffix}"
    path.write_text("old")
    shown = run(folder, "--camera", "orbit", "--from", -0.5, "--to", 0.5, "--fps", 12, "-o", path, *SMALL)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout == f"Saved {path}\n"
    assert sorted(calls.names(tmp_path)) == sorted([path.name, "stunt"])
    if shutil.which("ffprobe") is None:
        pytest.skip("needs ffprobe, which comes with ffmpeg")
    asked = "stream=codec_name,width,height,r_frame_rate,nb_read_frames,pix_fmt:format_tags"
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-show_entries", asked, "-of", "json", str(path)],
        check=True,
        capture_output=True,
    )
    said = json.loads(told.stdout)
    assert said["streams"] == [
        {
            "codec_name": "h264",
            "width": 320,
            "height": 180,
            "pix_fmt": "yuv420p",
            "r_frame_rate": "12/1",
            "nb_read_frames": "12",
        }
    ]
    tags = {name.lower(): text for name, text in said["format"]["tags"].items()}
    assert tags["title"].endswith(": orbit")
    assert tags["comment"].startswith("Simulated by precipice")


def test_a_films_picture_is_the_still_of_its_time(folder, ffmpeg, tmp_path):
    """The encoder loses little: half of the pixels are within two steps of 255."""
    import numpy as np
    from PIL import Image

    path = tmp_path / "clip.mp4"
    assert run(folder, "--from", 0, "--to", 0.5, "--fps", 4, "-o", path, *SMALL).exit_code == 0
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, str(tmp_path / "%d.png")], check=True)
    still = tmp_path / "still.png"
    assert run(folder, "--still", 0.25, "-o", still, *SMALL).exit_code == 0
    second, same = (np.asarray(Image.open(name).convert("RGB"), int) for name in (tmp_path / "2.png", still))
    assert np.median(abs(second - same)) <= 2


@pytest.fixture
def campaign(scenario, tmp_path):
    from precipice.campaign.campaign import open_campaign

    return open_campaign(tmp_path / "campaign", scenario, 5).folder


def test_a_campaigns_run_is_flown_again(campaign, tmp_path, raylib):
    shown = run(campaign, "--run", 2, "--still", 1, "-o", tmp_path / "two.png", *SMALL)
    assert shown.exit_code == 0, shown.output
    assert read_png(tmp_path / "two.png")[0] == (320, 180)


def test_a_campaigns_film_says_of_which_run(campaign, tmp_path, ffmpeg, capsys):
    assert "which holds many runs: add --run 0" in refused(capsys, campaign, "-o", tmp_path / "a.mp4")


def test_stopping_leaves_no_half_film(folder, ffmpeg, tmp_path, monkeypatch, capsys):
    from precipice.report.film import save

    def interrupted(shot, tell=None):
        yield from list(real(shot, tell))[:2]
        raise KeyboardInterrupt

    real = save.pictures
    monkeypatch.setattr(save, "pictures", interrupted)
    path = tmp_path / "clip.mp4"
    path.write_text("old")
    with pytest.raises(SystemExit) as caught:
        main(["film", str(folder), "--from", "0", "--to", "1", "--fps", "4", "-o", str(path), *SMALL])
    assert caught.value.code == 3
    assert capsys.readouterr().err == "stopped; nothing is kept of the film\n"
    assert path.read_text() == "old"
    assert calls.names(tmp_path) == ["clip.mp4", "stunt"]


def test_an_encoder_that_fails_is_a_sentence(folder, raylib, tmp_path, monkeypatch, capsys):
    tool = tmp_path / "bin" / "ffmpeg"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\ncat > /dev/null\necho \"Unknown encoder 'libx264'\" >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    said = refused(capsys, folder, "--from", 0, "--to", 0.2, "-o", tmp_path / "a.mp4", *SMALL)
    assert "it cannot (Unknown encoder 'libx264'): install a full build of ffmpeg" in said
    assert calls.names(tmp_path) == ["bin", "stunt"]


def test_without_ffmpeg_it_says_how_to_get_it(folder, raylib, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(capsys, folder, "-o", tmp_path / "a.mp4")
    assert "film must have ffmpeg on PATH, but there is none: install it (apt install ffmpeg" in said
    # Pictures do without.
    assert run(folder, "--still", 0, "-o", tmp_path / "a.png", *SMALL).exit_code == 0


@pytest.mark.parametrize(
    ("system", "machine", "sentence"),
    [
        ("linux", "x86_64", "but it is not installed: pip install 'precipice[video]'"),
        ("darwin", "arm64", "but nobody builds it for darwin on arm64"),
    ],
)
def test_without_the_renderer_it_says_what_to_do(folder, monkeypatch, capsys, system, machine, sentence):
    monkeypatch.setitem(sys.modules, "raylib", None)
    monkeypatch.setattr("precipice.report.film.canvas.sys.platform", system)
    monkeypatch.setattr("precipice.report.film.canvas.platform.machine", lambda: machine)
    assert sentence in refused(capsys, folder, "--still", 0)
    assert calls.names(folder) == ["run.json", "run.nc"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--camera", "crane"], "lip crane, orbit, chase, performer, top, landing, but is crane: name one"),
        (["--still", "300"], "--still must lie within the run, -10.74 to 281.67 s, but is 300"),
        (["--still", "nan"], "--still must lie within the run"),
        (["--still", "0", "--from", "0"], "--from must come without --still"),
        (["--still", "0", "-o", "a.jpg"], "-o must end in .png for --still, but is a.jpg"),
        (["--from", "0", "--to", "400"], "--to must lie within the run"),
        (["--from", "2", "--to", "1"], "--to must be later than --from, but 1 is not later than 2"),
        (["-o", "a.avi"], "-o must end in .mp4, .mov, .mkv, but is a.avi: rename it"),
        (["-o", "a.png"], "add --still SECONDS for a picture"),
        (["-o", "nowhere/a.mp4"], "-o must lie in a folder, but nowhere is none"),
        (["-o", "."], "-o must be a file, but . is a folder"),
        (["--size", "1280x721"], "--size must be even numbers of columns and rows"),
        (["--fps", "0"], "--fps must be frames a second from 1/60 to 1000"),
        (["--run", "3"], "--run must come with a campaign's folder"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    folder, ffmpeg, capsys, arguments, sentence, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert sentence in refused(capsys, folder, *arguments)
    assert calls.names(folder) == ["run.json", "run.nc"]


def test_folders_that_are_none_are_refused(folder, ffmpeg, capsys, tmp_path):
    assert "must be a run folder, but is missing" in refused(capsys, tmp_path / "no", "--still", 0)
    told = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(told | {"schema_version": 999}))
    assert "must be of schema version" in refused(capsys, folder)
    (folder / "run.json").write_text(json.dumps(told))
    (folder / "run.nc").write_bytes(b"CDF")
    assert "must be as precipice wrote it" in refused(capsys, folder)
    (folder / "run.nc").unlink()
    assert "lacks run.nc" in refused(capsys, folder)


def test_the_runs_own_files_are_never_replaced(folder, raylib, capsys):
    assert "one of the folder's own" in refused(capsys, folder, "--still", 0, "-o", folder / "flight.png")
