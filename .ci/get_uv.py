"""Put uv into a directory of its own: by pip, or where Debian left pip and ensurepip out straight from the package index."""

import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path


def by_pip(version: str, target: Path) -> bool:
    """A virtual environment with uv in it; False where Python came without ensurepip."""
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(target)], capture_output=True, check=False)
    if made.returncode:
        return False
    subprocess.run([target / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={version}"], check=True)
    return True


def by_index(version: str, target: Path) -> None:
    """The uv program out of its wheel, its digest checked against the index."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    request = urllib.request.Request(index, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    ending = f"manylinux_2_17_{platform.machine()}.manylinux2014_{platform.machine()}.whl"
    wheel = next(file for file in files if file["filename"].startswith(f"uv-{version}-") and file["filename"].endswith(ending))
    with urllib.request.urlopen(urllib.parse.urljoin(index, wheel["url"]), timeout=300) as answer:
        packed = answer.read()
    if hashlib.sha256(packed).hexdigest() != wheel["hashes"]["sha256"]:
        sys.exit(f"{wheel['filename']} does not match its digest")
    uv = target / "bin" / "uv"
    uv.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        uv.write_bytes(archive.read(f"uv-{version}.data/scripts/uv"))
    uv.chmod(0o755)


if __name__ == "__main__":
    wanted, directory = sys.argv[1], Path(sys.argv[2])
    if not by_pip(wanted, directory):
        by_index(wanted, directory)
