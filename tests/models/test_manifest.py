"""The manifest: what it must say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.errors import ModelError
from mbc_voice.models import manifest, place, verify
from mbc_voice.models.manifest import Archive, Files

DIGEST = "0" * 64
GOOD = f"""
[models.toy]
title = "A toy"
licence = "MIT"
purpose = "is tested"
for = "run"
files = [{{ path = "model.bin", size = 3, sha256 = "{DIGEST}" }}]
[[models.toy.sources]]
kind = "files"
base = "https://models.invalid/toy"
"""


def test_the_programs_own_manifest() -> None:
    """The models the design names are all there, each with a licence and a way to get it."""
    models = verify.models()
    assert list(models) == [
        "vosk-small-en", "whisper-base", "whisper-tiny-en", "minilm-l6", "vosk-ko",
    ]  # fmt: skip
    assert all(model.licence and model.sources for model in models.values())
    assert [name for name, model in models.items() if model.use == "run"] == [
        "vosk-small-en", "whisper-base", "minilm-l6",
    ]  # fmt: skip


def test_addresses_are_fixed() -> None:
    """Every address is encrypted and names a fixed version, or is guarded by the zip's hash."""
    for model in verify.models().values():
        for source in model.sources:
            if isinstance(source, Files):
                assert source.base.startswith("https://")
                assert "/main/" not in source.base
            elif isinstance(source, Archive):
                assert source.url.startswith("https://")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('licence = "MIT"', "", "'licence' is missing"),
        (DIGEST, "abc", "is not a SHA-256"),
        ('"model.bin"', '"../model.bin"', "not a plain relative path"),
        ('kind = "files"', 'kind = "torrent"', "no kind of source"),
        ('for = "run"', 'for = "fun"', 'must be "run"'),
        ("[models.toy]", "[models.toy", "malformed"),
        ("files = [{", "files = [{}, {", "'path' is missing"),
    ],
)
def test_a_malformed_manifest_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What is wrong is said in one line with the file's name."""
    path = tmp_path / "manifest.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ModelError, match=words) as failure:
        manifest.load(path)
    assert str(path) in str(failure.value)
    assert "\n" not in str(failure.value)


def test_an_unknown_model_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    """A typing mistake in a name shows all names."""
    with pytest.raises(ModelError, match=r"no model 'wisper-base'\. The models are vosk-small-en"):
        verify.is_ready("wisper-base", tmp_path)


@given(st.text(alphabet="ab./\\:\0", max_size=12))
def test_a_safe_path_stays_inside(path: str) -> None:
    """Whatever `safe_path` lets through lies under the folder it is joined to."""
    folder = Path("/models/toy")
    try:
        joined = folder / manifest.safe_path(path)
    except ValueError:
        return
    assert joined.is_relative_to(folder)
    assert ".." not in joined.parts


def test_the_folder_of_the_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting wins, then the checkout; an installed program uses the user's data folder."""
    assert place.models_folder(str(tmp_path)) == tmp_path
    assert place.models_folder("") == place.manifest_path().parent
    monkeypatch.setattr(place, "checkout", lambda: None)
    data = {"XDG_DATA_HOME": str(tmp_path / "data")}
    assert place.models_folder("", data) == tmp_path / "data" / "mbc-voice" / "models"
    assert place.manifest_path() == place.PACKAGE / "_data" / "models" / "manifest.toml"
