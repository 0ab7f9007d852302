"""Real sound without a sound card: a private PulseAudio daemon with two null sinks.

What is played into the sink ``room`` is what the default microphone (``room.monitor``) picks up;
the default loudspeaker is the sink ``loudspeaker``, whose monitor can be recorded. Nothing of the
machine's own sound system is touched, and it works as root and in containers.

PortAudio reads the environment when it is first loaded, so code under test runs in a child process
started with `SoundServer.env`; the test process itself never imports sounddevice.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import SAMPLE_RATE, Samples

PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
ALSA_PLUGIN = "libasound_module_pcm_pulse.so"
READY = "Daemon startup complete"
"""The line the daemon logs once its modules are loaded."""
ASOUNDRC = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


def why_not() -> str:
    """Return why this machine can't run a private sound server, or "" if it can."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        return f"not installed: {', '.join(missing)} (apt install pulseaudio pulseaudio-utils)"
    folders = [Path("/usr/lib/alsa-lib"), *Path("/usr/lib").glob("*/alsa-lib")]
    if not any((folder / ALSA_PLUGIN).exists() for folder in folders):
        return "ALSA can't reach PulseAudio (apt install libasound2-plugins)"
    return ""


class SoundServer:
    """A private sound server, from ``with`` to its end.

    `env` is the whole environment for child processes; `folder` a scratch folder of its own.
    Raises RuntimeError with the daemon's last lines if it doesn't start.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mbc-sound-"))
        self.env = self._environment()
        self._daemon: subprocess.Popen[str] | None = None
        self._log: list[str] = []
        self._reader: threading.Thread | None = None

    def __enter__(self) -> SoundServer:
        try:
            (self.folder / ".asoundrc").write_text(ASOUNDRC, encoding="utf-8")
            self.start()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clean_up()

    def start(self) -> None:
        """Start the daemon, or start it again after `kill`, at the same address."""
        socket = self.folder / "native"
        socket.unlink(missing_ok=True)
        # fmt: off
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--disable-shm=yes", "--realtime=no", "--high-priority=no",
            "--log-level=info", "--log-target=stderr",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            "-L", _null_sink("room"), "-L", _null_sink("loudspeaker"),
        ]
        # fmt: on
        self._log = []
        daemon = subprocess.Popen(
            command, env=self.env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        self._daemon = daemon
        ready = threading.Event()
        self._reader = threading.Thread(
            target=self._read_log, args=(daemon, ready), name="sound server's log", daemon=True
        )
        self._reader.start()
        if not ready.wait(20) or daemon.poll() is not None:
            raise RuntimeError("PulseAudio did not start: " + " / ".join(self._log[-5:]))
        self.pactl("set-default-sink", "loudspeaker")
        self.pactl("set-default-source", "room.monitor")

    def kill(self) -> None:
        """End the daemon at once, as if it had crashed; every device goes away."""
        daemon, self._daemon = self._daemon, None
        if daemon is None:
            return
        daemon.kill()
        daemon.wait()
        if self._reader is not None:
            self._reader.join(10)
        if daemon.stderr is not None:
            daemon.stderr.close()

    def pactl(self, *words: str) -> str:
        """Run one ``pactl`` command and return what it prints; raises if it fails."""
        done = subprocess.run(
            ["pactl", *words], env=self.env, check=True, capture_output=True, text=True, timeout=20
        )
        return done.stdout

    def play(self, path: Path, device: str = "room") -> None:
        """Play a sound file into a sink; returns when its last sample was played."""
        subprocess.run(
            ["paplay", f"--device={device}", str(path)], env=self.env, check=True, timeout=120
        )

    @contextlib.contextmanager
    def playing(self, path: Path, device: str = "room") -> Iterator[subprocess.Popen[bytes]]:
        """Play a sound file into a sink meanwhile; stopped at the end of the ``with``."""
        player = subprocess.Popen(["paplay", f"--device={device}", str(path)], env=self.env)
        try:
            yield player
        finally:
            _end(player)

    @contextlib.contextmanager
    def record(self, device: str = "loudspeaker.monitor") -> Iterator[Recording]:
        """Record a source meanwhile; `Recording.samples` holds it, during and after."""
        target = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, read by path
            dir=self.folder, suffix=".raw", delete=False
        )
        # fmt: off
        command = [
            "parec", f"--device={device}", "--raw", "--format=s16le", "--channels=1",
            f"--rate={SAMPLE_RATE}", "--latency-msec=20",
        ]
        # fmt: on
        with target:
            recorder = subprocess.Popen(command, env=self.env, stdout=target)
            recording = Recording(Path(target.name))
            try:
                recording.wait_for(0.02)
                yield recording
            finally:
                _end(recorder)

    def _environment(self) -> dict[str, str]:
        kept: Mapping[str, str] = os.environ
        drop = ("PULSE_", "ALSA_", "PIPEWIRE_", "DBUS_", "DISPLAY", "XDG_", "WAYLAND_")
        env = {name: value for name, value in kept.items() if not name.startswith(drop)}
        env["HOME"] = str(self.folder)
        env["XDG_RUNTIME_DIR"] = str(self.folder)
        env["PULSE_SERVER"] = f"unix:{self.folder / 'native'}"
        env["PULSE_COOKIE"] = str(self.folder / "cookie")
        return env

    def _read_log(self, daemon: subprocess.Popen[str], ready: threading.Event) -> None:
        assert daemon.stderr is not None
        for line in daemon.stderr:
            self._log.append(line.strip())
            if READY in line:
                ready.set()
        ready.set()

    def _clean_up(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Recording:
    """What a source gave so far, as 16-bit samples growing in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def samples(self) -> Samples:
        """All of it until now, ``(n,) float32`` at `SAMPLE_RATE`."""
        data = self.path.read_bytes()
        pcm = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
        return np.asarray(pcm / 32768.0, dtype=np.float32)

    def wait_for(self, seconds: float, patience: float = 20.0) -> Samples:
        """Wait until it is at least so long, and return it; raises if that never happens."""
        wanted = int(seconds * SAMPLE_RATE) * 2
        pause = threading.Event()
        for _ in range(int(patience / 0.02)):
            if self.path.stat().st_size >= wanted:
                return self.samples
            pause.wait(0.02)
        raise TimeoutError(f"only {self.path.stat().st_size} of {wanted} bytes were recorded")

    def wait_for_sound(self, loud: float = 0.01, patience: float = 60.0) -> int:
        """Wait for the first sample louder than `loud`, and return its index."""
        return self._wait_until(lambda heard: _first(np.abs(heard) > loud), patience)

    def wait_for_quiet(
        self, quiet_seconds: float, after: int = 0, loud: float = 0.01, patience: float = 60.0
    ) -> int:
        """Wait until nothing was louder than `loud` for so long; return where that began."""
        quiet = int(quiet_seconds * SAMPLE_RATE)

        def begin(heard: Samples) -> int | None:
            sounding = np.flatnonzero(np.abs(heard[after:]) > loud)
            start = after + (int(sounding[-1]) + 1 if len(sounding) else 0)
            return start if len(heard) - start >= quiet else None

        return self._wait_until(begin, patience)

    def _wait_until(self, find: Callable[[Samples], int | None], patience: float) -> int:
        pause = threading.Event()
        for _ in range(int(patience / 0.05)):
            found = find(self.samples)
            if found is not None:
                return found
            pause.wait(0.05)
        raise TimeoutError(f"waited {patience:g} s in vain for {len(self.samples)} samples to do")


def _first(where: npt.NDArray[np.bool_]) -> int | None:
    found = np.flatnonzero(where)
    return int(found[0]) if len(found) else None


def _null_sink(name: str) -> str:
    return (
        f"module-null-sink sink_name={name} rate=48000 channels=1 "
        f"sink_properties=device.description={name}"
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
