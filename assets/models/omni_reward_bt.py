"""Omni-RewardModel-BT as a program that Tiebreak can ask, through transformers.

NOT TRIED: the checkpoint could not be had where this was written. It follows what was read of how the
model was trained (LLaMA-Factory, stage rm, template minicpm_o) and of MiniCPM-o 2.6's own code.
Before trusting a figure of it, score a few pairs whose scores you know from the authors' code.

Needs: the checkpoint's folder, given as the only argument, with `value_head.safetensors` in it
(`v_head.summary.weight` and `v_head.summary.bias`; convert a `value_head.bin` first, it is a pickle);
torch, transformers, safetensors, pillow; librosa for sound, decord for film; a GPU of 24 GB.
MiniCPM-o's code comes with its checkpoint and is run (`trust_remote_code`): take one that you trust.

What it does, for each response:
  system turn: the criterion; user turn: the prompt with its media; assistant turn: the response. Where
  the responses are media, each stands in the user turn, and the assistant turn is the prompt's text.
  The score is the value head on the last hidden state at the last token, which is the line break
  after `<|im_end|>`. Pictures above 768 x 768 pixels of area are shrunk; of film 4 frames are taken, of
  at most 256 x 256; sound is resampled to 16 kHz. 3D models are not taken, pictures of them are.
"""

import json
import sys
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from transformers import AutoModel, AutoProcessor

IMAGE_AREA = 768 * 768
FRAME_AREA = 256 * 256
FRAMES = 4
RATE = 16_000
MARKS = {"image": "(<image>./</image>)", "audio": "(<audio>./</audio>)"}


def shrunk(picture: Image.Image, area: int) -> Image.Image:
    picture = picture.convert("RGB")
    width, height = picture.size
    if width * height <= area:
        return picture
    factor = (area / (width * height)) ** 0.5
    size = (max(1, int(width * factor)), max(1, int(height * factor)))
    return picture.resize(size, Image.Resampling.NEAREST)


def frames(path: str) -> list[Image.Image]:
    from decord import VideoReader

    film = VideoReader(path)
    last = len(film) - 1
    at = [round(last * n / (FRAMES - 1)) for n in range(FRAMES)] if last > 0 else [0]
    return [shrunk(Image.fromarray(film[n].asnumpy()), FRAME_AREA) for n in at]


def sound(path: str):
    import librosa

    return librosa.load(path, sr=RATE, mono=True)[0]


class Turn:
    """Words of a turn with the media that its marks stand for."""

    def __init__(self) -> None:
        self.text, self.pictures, self.sounds = "", [], []

    def add(self, side: dict) -> "Turn":
        for medium in side["media"]:
            kind, path = medium["kind"], medium["path"]
            if kind == "image":
                found = [shrunk(Image.open(path), IMAGE_AREA)]
            elif kind == "video":
                found = frames(path)
            elif kind == "audio":
                self.sounds.append(sound(path))
                self.text += MARKS["audio"]
                continue
            else:
                raise ValueError(f"media of the kind {kind} are not taken")
            self.pictures += found
            self.text += MARKS["image"] * len(found)
        self.text += side["text"]
        return self


class OmniReward:
    def __init__(self, folder: Path) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.processor = AutoProcessor.from_pretrained(folder, trust_remote_code=True)
        self.model = AutoModel.from_pretrained(
            folder,
            trust_remote_code=True,
            torch_dtype=torch.bfloat16,
            init_vision=True,
            init_audio=True,
            init_tts=False,
        )
        self.model.eval().to(self.device)
        head = load_file(folder / "value_head.safetensors")
        self.weight = head["v_head.summary.weight"].to(self.device, torch.float32)
        self.bias = head["v_head.summary.bias"].to(self.device, torch.float32)

    @torch.inference_mode()
    def score(self, criterion: str, prompt: dict, response: dict) -> float:
        turn = Turn()
        if response["media"]:
            turn.add(prompt | {"text": ""}).add(response)
            answer = prompt["text"]
        else:
            turn.add(prompt)
            answer = response["text"]
        text = (
            f"<|im_start|>system\n{criterion}<|im_end|>\n"
            f"<|im_start|>user\n{turn.text}<|im_end|>\n"
            f"<|im_start|>assistant\n{answer}<|im_end|>\n"
        )
        data = self.processor(
            [text],
            [turn.pictures],
            [turn.sounds],
            [[0] * len(turn.sounds)],
            max_slice_nums=1,
            use_image_id=False,
            return_tensors="pt",
            max_length=18_000,
        ).to(self.device)
        count = data["input_ids"].shape[-1]
        data["position_ids"] = torch.arange(count, device=self.device).unsqueeze(0)
        hidden = self.model(data, output_hidden_states=True).hidden_states[-1]
        last = int(data["attention_mask"].sum()) - 1
        value = hidden[0, last].to(torch.float32) @ self.weight[0] + self.bias[0]
        return float(value)


def main() -> None:
    # What the libraries print is no answer.
    out, sys.stdout = sys.stdout, sys.stderr
    judge = OmniReward(Path(sys.argv[1]))
    for line in sys.stdin:
        asked = json.loads(line)
        scores = [
            judge.score(asked["criterion"], asked["prompt"], asked[name])
            for name in ("response1", "response2")
        ]
        answer = {"question": asked["question"], "score1": scores[0], "score2": scores[1]}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
