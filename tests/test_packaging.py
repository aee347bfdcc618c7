"""What is shipped: the built browser part, in wheel and sdist; and what a checkout without Node says."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agui_widget.widget import CHUNK_NEEDS, STATIC

ROOT = Path(__file__).parent.parent
BUILT = (
    *(f"agui_widget/static/{name}" for name in ("widget.js", "widget.css", "chunks.json", "THIRD_PARTY_LICENSES.txt")),
    *(f"agui_widget/static/chunks/{name}.gz" for name in CHUNK_NEEDS),
    "agui_widget/py.typed",
)
BESIDE = (
    *(f"agui_widget/transcript/{name}" for name in ("page.css", "live.css", "live.js")),
    "agui_widget/a2ui/catalog.json",
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def build(target: str, source: Path, into: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build with hatchling; PATH has Python alone unless the environment says otherwise."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    env = {**os.environ, "PATH": str(Path(sys.executable).parent), **environment}
    return subprocess.run(command, cwd=source, env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this checkout with its built browser part, as git has them."""
    copy = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    shutil.copytree(ROOT / "src/agui_widget/static", copy / "src/agui_widget/static", dirs_exist_ok=True)
    return copy


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist, unpacked."""
    into = tmp_path_factory.mktemp("sdist")
    done = build("sdist", checkout, into, AGUI_WIDGET_SKIP_JS="1")
    assert done.returncode == 0, done.stderr
    with tarfile.open(next(into.glob("*.tar.gz"))) as archive:
        archive.extractall(into, filter="data")
    return next(path for path in into.iterdir() if path.is_dir())


def names_in_wheel(folder: Path) -> list[str]:
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return archive.namelist()


def test_the_wheel_carries_the_browser_part(checkout: Path, tmp_path: Path) -> None:
    assert build("wheel", checkout, tmp_path, AGUI_WIDGET_SKIP_JS="1").returncode == 0
    assert set(BUILT) <= set(names_in_wheel(tmp_path))


def test_the_wheel_carries_what_exported_pages_are_made_of(checkout: Path, tmp_path: Path) -> None:
    build("wheel", checkout, tmp_path, AGUI_WIDGET_SKIP_JS="1")
    assert set(BESIDE) <= set(names_in_wheel(tmp_path))


def test_the_wheel_carries_nothing_else_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    build("wheel", checkout, tmp_path, AGUI_WIDGET_SKIP_JS="1")
    assert {name.split("/")[0].split("-")[0] for name in names_in_wheel(tmp_path)} == {"agui_widget"}


def test_every_bundled_package_is_named_with_its_licence() -> None:
    """What packages import in their turn is known to the build alone, which names it by the same rule."""
    text = (STATIC / "THIRD_PARTY_LICENSES.txt").read_text("utf-8")
    named = {title.split(" ")[0] for title in re.findall(r"^=+\n(.+)\n=+$", text, re.MULTILINE)}
    assert imported_packages() <= named


def imported_packages() -> set[str]:
    """What the sources take from packages, but for types."""
    imports = re.compile(r'^(?:import(?! type)\b|\}).*"(?:asset:)?((?:@[\w-]+/)?[\w-]+)[^":]*";$', re.MULTILINE)
    return {name for path in (ROOT / "js/src").rglob("*.ts") for name in imports.findall(path.read_text("utf-8"))}


def test_an_sdist_builds_without_node(sdist: Path, tmp_path: Path) -> None:
    done = build("wheel", sdist, tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(BUILT) <= set(names_in_wheel(tmp_path))


def test_a_checkout_without_node_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(checkout, bare)
    (bare / "src/agui_widget/static/widget.js").unlink()
    done = build("wheel", bare, tmp_path)
    assert done.returncode != 0
    assert "Node 20" in done.stderr + done.stdout and "wheel" in done.stderr + done.stdout


def test_an_unbuilt_browser_part_is_an_import_error_that_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    package = tmp_path / "agui_widget"
    shutil.copytree(checkout / "src/agui_widget", package)
    (package / "static/widget.js").unlink()
    run: Any = subprocess.run(
        [sys.executable, "-c", "from agui_widget import Driver; from agui_widget import AgentChat"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "make js" in run.stderr
