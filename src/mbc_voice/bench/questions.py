"""What is asked in a measurement, and how it is spoken.

``python -m mbc_voice.bench.questions FOLDER COUNT`` writes the recordings, in a process of its own,
so that the voice that asks is no part of the memory that is measured.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples, read_blocks, resample, write_wav
from mbc_voice.errors import VoiceError

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("Could you tell me where this cancer usually goes in the body?", "where-it-spreads"),
    ("What would I notice if it had got into my lungs?", "symptoms-lung"),
    ("Is there any chance of getting rid of it completely?", "curable"),
    ("What does stage four really mean?", "what-is-mbc"),
    ("How would they find out that it has come back?", "diagnosis-tests"),
    ("What kind of pain do you get when it is in the bones?", "symptoms-bone"),
    ("I'd like to know about chemotherapy.", "treatment-chemo"),
    ("Volume six.", "prompt.volume"),
    ("What could go wrong in the liver, what signs are there?", "symptoms-liver"),
    ("Why would somebody have radiation for this?", "treatment-radiation"),
    ("How does it travel from the breast to somewhere else?", "how-it-spreads"),
    ("Which signs should I look for in the brain?", "symptoms-brain"),
    ("Help.", "prompt.help"),
    ("What treatments are there at all?", "treatment-overview"),
    ("Do they ever operate when it has spread?", "treatment-surgery"),
    ("What do hormone tablets do against it?", "treatment-hormone"),
    ("What are targeted drugs?", "treatment-targeted"),
    ("Are there any trials I could take part in?", "clinical-trials"),
    ("What is the outlook for people like me?", "outlook"),
    ("Can I do anything so that it doesn't come back?", "risk-reduction"),
    ("Topics.", "prompt.topics"),
    ("What medicines protect the bones?", "treatment-bone-drugs"),
    ("How do I choose between one treatment and another?", "deciding"),
    ("How long after the first cancer can it come back?", "timing"),
    ("What do they give you when it's HER2 positive?", "treatment-her2"),
    ("Faster.", "prompt.faster"),
    ("Slower.", "prompt.slower"),
    ("What are the signs of lung metastasis?", "symptoms-lung"),
    ("Will the treatment make me feel ill?", "symptoms-from-treatment"),
    ("What general symptoms are there?", "symptoms-general"),
    ("What is a local recurrence?", "recurrence-types"),
    ("How much does all of this cost?", "cost"),
    ("What should I eat?", "nutrition"),
    ("Will I lose my hair?", "symptoms-from-treatment"),
    ("Volume seven.", "prompt.volume"),
    ("Is it in my genes?", "inheritance"),
    ("How many tablets of Ibrance should I take?", "doses"),
    ("Who can I talk to about how I feel?", "feelings"),
    ("What happens when it reaches the bones?", "symptoms-bone"),
    ("What does metastatic mean?", "what-is-mbc"),
    ("Which scans will they do?", "diagnosis-tests"),
    ("What is Herceptin for?", "treatment-her2"),
    ("Where am I?", "prompt.where"),
    ("Do cancer cells move through the blood?", "how-it-spreads"),
    ("What is done when it's in the bones?", "treatment-bone-drugs"),
    ("Does radiation help against pain?", "treatment-radiation"),
    ("I keep having headaches, is that a sign of it?", "symptoms-brain"),
    ("Repeat that.", ""),
)
"""What is asked, and the topic, referral or prompt that should be heard then ("" for any)."""

STOP = "Stop."
LOUD = 0.02
"""A stretch of 10 ms below this part of the loudest one, -34 dB, is no speech any more."""
FRAME = SAMPLE_RATE // 100
TAIL_SECONDS = 0.05
COULD_NOT = "No voice could be found to ask the questions with. Type: mbc-voice doctor"


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Something that is said to the program."""

    text: str
    expected: str
    samples: Samples
    """At `SAMPLE_RATE`."""
    speech_end: int
    """The sample after the last one that is speech."""

    @property
    def speech_seconds(self) -> float:
        """From its first sample to the end of the speech."""
        return self.speech_end / SAMPLE_RATE


def end_of_speech(samples: Samples) -> int:
    """Return the sample after the last stretch of 10 ms that is speech, 0 if there is none."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt(np.mean(np.square(frames), axis=1))
    loud = np.flatnonzero(levels > LOUD * levels.max(initial=1e-6))
    return (int(loud[-1]) + 1) * FRAME if len(loud) else 0


def record(count: int) -> list[Recording]:
    """Return the first `count` questions and, last, "Stop.", spoken in another process.

    Raises `VoiceError`.
    """
    wanted = [*QUESTIONS[:count], (STOP, "")]
    with tempfile.TemporaryDirectory(prefix="mbc-voice-") as folder:
        command = [sys.executable, "-m", __spec__.name, folder, str(len(wanted) - 1)]
        if subprocess.run(command, check=False).returncode:
            raise VoiceError(COULD_NOT)
        sounds = [_read(Path(folder) / f"{number}.wav") for number in range(len(wanted))]
    return [
        Recording(text, expected, sound, end_of_speech(sound))
        for (text, expected), sound in zip(wanted, sounds, strict=True)
    ]


def write(folder: Path, count: int) -> None:
    """Write the recordings as ``0.wav``, ``1.wav``, … Raises `VoiceError`."""
    from mbc_voice import build
    from mbc_voice.settings import Settings

    settings = Settings()
    voice = build.synthesizer(settings, build.library(settings))
    for number, (text, _) in enumerate([*QUESTIONS[:count], (STOP, "")]):
        sound = voice.render(text, settings.speak.rate)
        samples = resample(sound.samples, sound.sample_rate, SAMPLE_RATE)
        write_wav(folder / f"{number}.wav", samples, SAMPLE_RATE)


def _read(path: Path) -> Samples:
    sound = np.concatenate([block.samples for block in read_blocks(path)])
    return np.concatenate([sound, np.zeros(int(TAIL_SECONDS * SAMPLE_RATE), np.float32)])


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
