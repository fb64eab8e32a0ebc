"""Writes the nine JSON files: a row per criterion, in the key order of Omni-RewardBench."""

import json
import pathlib

import demo_answers
import demo_pairs
import demo_texts

DEMO = pathlib.Path(__file__).resolve().parent.parent
TASKS = {
    "text_to_text": demo_texts.pairs,
    "text_image_to_text": demo_answers.image_pairs,
    "text_video_to_text": demo_answers.video_pairs,
    "text_audio_to_text": demo_answers.audio_pairs,
    "text_to_image": demo_pairs.image_pairs,
    "text_to_video": demo_pairs.video_pairs,
    "text_to_audio": demo_pairs.audio_pairs,
    "text_to_3D": demo_pairs.model_pairs,
    "text_image_to_image": demo_pairs.edit_pairs,
}


def rows(task, pairs):
    out = []
    for prompt, media, one, two, model1, model2, criteria in pairs:
        for text, verdict in criteria:
            out.append(
                {
                    "prompt": prompt,
                    **media,
                    "response1": one,
                    "response2": two,
                    "model1": model1,
                    "model2": model2,
                    "criteria": text,
                    "criteria_preference": verdict,
                    "id": f"{task}_{len(out) + 1:04d}",
                }
            )
    return out


def make():
    for task, pairs in TASKS.items():
        with open(DEMO / f"{task}_preferences.json", "w", encoding="utf-8", newline="\n") as f:
            json.dump(rows(task, pairs()), f, indent=4)
