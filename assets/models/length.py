"""A reward model as Tiebreak asks one: a line of JSON in, a line of JSON out.

A line asks for one question:

    {"question": 1, "task": "text_to_text", "criterion": "Which is kinder?", "ties": true,
     "prompt":    {"text": "…", "media": [{"kind": "image", "mime": "image/png", "path": "/…"}]},
     "response1": {"text": "…", "media": []},
     "response2": {"text": "…", "media": []}}

The answer is either two scores, of which the higher is the better, or a verdict with what led to it:

    {"question": 1, "score1": 0.3, "score2": -1.2}
    {"question": 1, "verdict": "response1", "text": "because …"}

A verdict is response1, response2, tie or both_bad. Where a text comes without one, it is read from
its marks ([[A]], [[B]], [[C]]). Repeating the number is optional, and keeps an answer from ever being
taken for another question's. Media are files to be read; `path` stands until the answer.

Standard output holds answers and nothing else. What goes to standard error is shown where the
program fails. When standard input ends, the program ends.
"""

import json
import sys


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        scores = [float(len(asked[name]["text"])) for name in ("response1", "response2")]
        answer = {"question": asked["question"], "score1": scores[0], "score2": scores[1]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
