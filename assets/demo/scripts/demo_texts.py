"""The text_to_text pairs. Their answers stand in `texts/`, one file each, so that prose, code,
tables and formulas can be read and mended as what they are."""

import pathlib

TEXTS = pathlib.Path(__file__).resolve().parent / "texts"
ONE, TWO, TIE = "response1", "response2", "tie"


def answers(name):
    return [(TEXTS / f"{name}_{side}.md").read_text(encoding="utf-8").rstrip("\n") for side in (1, 2)]


def pairs():
    """Each pair: prompt, media of the prompt, two responses, two models, criteria with verdicts."""
    yield (
        "I peeled far too much garlic. How do I keep it in olive oil so that it lasts a few months?",
        {},
        *answers("garlic"),
        "gale-mini",
        "aurora-2",
        [
            ("Which answer tells the reader when the recipe is unsafe?", TWO),
            ("Which answer stays with the one method the reader asked about instead of listing others?", ONE),
        ],
    )
    yield (
        "Write a Python function that merges overlapping intervals, given as (start, end) pairs in any "
        "order.",
        {},
        *answers("intervals"),
        "basalt-7b",
        "ember-xl",
        [
            ("Which function gives the right result when the intervals come unsorted?", ONE),
            ("Which answer explains its steps so that somebody new to programming can follow?", TWO),
            ("Which function leaves the caller's own list unchanged?", TIE),
        ],
    )
    yield (
        "Show that $1 + r + r^2 + \\dots + r^{n-1} = \\frac{1 - r^n}{1 - r}$ for $r \\neq 1$.",
        {},
        *answers("series"),
        "aurora-2",
        "dune-3",
        [
            ("Which proof shows where the formula comes from, rather than only that it holds?", ONE),
            ("Which proof names its method and keeps to that method's usual form?", TWO),
            ("Which answer's formulas are free of mistakes?", TIE),
        ],
    )
    yield (
        "Compare an air-to-air heat pump, an infrared panel and a pellet stove for heating one room of "
        "25 m². Use a table.",
        {},
        *answers("heating"),
        "dune-3",
        "basalt-7b",
        [
            ("Which answer gives the comparison in the form that was asked for?", TWO),
            ("Which answer says what it doesn't know about the room before it recommends anything?", ONE),
        ],
    )
    yield (
        "Our village newsletter has room for a feature of about 700 words. Explain to newcomers why "
        "there are two tides a day, why they come later each day, and what spring tides are.",
        {},
        *answers("tides"),
        "aurora-2",
        "gale-mini",
        [
            ("Which text makes use of the length that the newsletter offers?", ONE),
            ("Which text explains the second, far-side tide without an error of physics?", ONE),
            ("Which text can be read to the end while standing at the notice board?", TWO),
        ],
    )
    yield (
        "اكتب رسالة قصيرة ومهذّبة إلى جارتي أعتذر فيها عن ضجيج ترميم المطبخ، واذكر أنّ العمل ينتهي يوم "
        "الخميس.",
        {},
        *answers("apology"),
        "ember-xl",
        "basalt-7b",
        [
            ("Which message sounds as if the writer were truly sorry?", ONE),
            ("Which message names the day on which the work will end?", TIE),
        ],
    )
    yield (
        "请用三句话向一个八岁的孩子解释天空为什么是蓝色的。",
        {},
        *answers("sky"),
        "dune-3",
        "ember-xl",
        [
            ("Which explanation would an eight-year-old understand without asking back?", TWO),
            ("Which answer keeps to the number of sentences that was asked for?", TWO),
            ("Which answer names the physical effect and says how strong it is?", ONE),
        ],
    )
