"""The browser of the tests: unpacked from npm beside the virtual environment, or one of your own.

Standard library only: `dev.py` uses it before anything is installed.
"""

import os
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent
UNPACKED = PACKAGES.parent.parent / ".browser"
_PACKED = PACKAGES / "node_modules" / "@sparticuz" / "chromium" / "bin"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_DECOMPRESS = (  # Node has brotli, Python's standard library has not
    "const [from, to] = process.argv.slice(1), fs = require('fs');"
    "fs.writeFileSync(to, require('zlib').brotliDecompressSync(fs.readFileSync(from)))"
)


def comes_from_npm() -> bool:
    """Whether npm carries a browser for this machine."""
    return (platform.system(), platform.machine()) == ("Linux", "x86_64")


def find() -> Path | None:
    """Return the program to start: HANDSCHLAG_CHROMIUM, else the unpacked one, else one on PATH."""
    chosen = os.environ.get("HANDSCHLAG_CHROMIUM")
    if chosen:
        return Path(chosen)
    unpacked = UNPACKED / "chromium"
    if unpacked.exists():
        return unpacked
    return next((Path(found) for found in map(shutil.which, _NAMES) if found), None)


def environment(program: Path) -> dict[str, str]:
    """Return what the program needs around it: the unpacked one has its own fonts and libraries."""
    if program.parent != UNPACKED:
        return dict(os.environ)
    own = {
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
        "LD_LIBRARY_PATH": str(UNPACKED / "lib"),
    }
    return {**os.environ, **own}


def unpack(node: Path) -> None:
    """Unpack the browser that npm has installed; `node` is the directory of Node's programs."""
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir()
    _decompress(node, "chromium.br", UNPACKED / "chromium")
    (UNPACKED / "chromium").chmod(0o755)
    for name in ("al2023", "fonts", "swiftshader"):
        archive = UNPACKED / f"{name}.tar"
        _decompress(node, f"{name}.tar.br", archive)
        with tarfile.open(archive) as files:
            files.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
            files.extractall(UNPACKED)
        archive.unlink()
    fonts, cache = UNPACKED / "fonts", UNPACKED / "fonts-cache"
    configuration = f"<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"
    (UNPACKED / "fonts.conf").write_text(configuration, "utf-8")


def _decompress(node: Path, packed: str, target: Path) -> None:
    subprocess.run([node / "node", "-e", _DECOMPRESS, _PACKED / packed, target], check=True)
