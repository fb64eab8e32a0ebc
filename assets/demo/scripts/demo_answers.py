"""The pairs in which a model answers in words about a picture, a clip or a recording.

The media are ours, so what is right is known: the chart's numbers, the seconds, the strokes.
"""

ONE, TWO, TIE = "response1", "response2", "tie"


def image_pairs():
    folder = "text_image_to_text/"
    yield (
        "How many objects are there, and which of them casts the longest shadow?",
        {"image": folder + "still_life.jpg"},
        "There are five objects: a large and a small red ball, a blue cube, a green column and a little "
        "mirror ball in front of it. The green column casts the longest shadow; it reaches far to the "
        "right, so the light comes from the left.",
        "I can see four objects:\n\n"
        "- a red ball\n"
        "- a blue cube\n"
        "- a green column\n"
        "- a silver ball\n\n"
        "The blue cube casts the longest shadow. The light falls from the left.",
        "cobalt-omni",
        "lumen-4b",
        [
            ("Which answer counts the objects correctly?", ONE),
            ("Which answer names the object whose shadow really is the longest?", ONE),
            ("Which answer says from which side the light comes?", TIE),
        ],
    )
    yield (
        "How far did sales grow from August to the best month, and when should the shop order more "
        "umbrellas?",
        {"image": folder + "umbrellas.png"},
        "Sales grew from 15 in August to about 88 in December, which is the best month. The shop should "
        "order in December. Keep in mind that this is a single year: one wet autumn can look like a "
        "rule, so I would compare it with the year before and with the weather.",
        "From 15 in August to 96 in November: 81 more, or a bit over six times as many.\n\n"
        "The jump begins in September (47) and goes on in October (88). Since a delivery takes its "
        "time, the order should go out **in August**, while the shelves are still quiet.",
        "lumen-4b",
        "cobalt-omni",
        [
            ("Which answer reads the numbers off the chart without a mistake?", TWO),
            ("Whose advice takes into account that an order needs time to arrive?", TWO),
            ("Which answer admits what a single year of figures cannot tell?", ONE),
        ],
    )
    yield (
        "Describe this picture in at most three sentences for somebody who can't see it.",
        {"image": folder + "evening.png"},
        "The day breathes out over a little town at the foot of the hills. Orange light runs along the "
        "roofs like honey. Behind lit windows families sit down to supper, and a cat waits on a "
        "doorstep. Somewhere a bell is about to ring. It is an hour that smells of bread and warm stone.",
        "Six houses with red and grey-brown roofs and a church with a pointed tower stand along an "
        "empty street. Behind them the sky of a sunset fades from violet at the top to orange over the "
        "hills. A few windows are already lit.",
        "quarry-vl",
        "cobalt-omni",
        [
            ("Which description keeps to the limit of three sentences?", TWO),
            ("Which description invents nothing that can't be seen in the picture?", TWO),
            ("Which description lets the listener feel the mood of the evening?", ONE),
        ],
    )


def video_pairs():
    folder = "text_video_to_text/"
    yield (
        "Does the car obey the traffic light? Say when it starts.",
        {"video": folder + "crossing.mp4"},
        "No. It starts after about a second and a half, while the light is red, and it crosses the line "
        "at just under three seconds, when red and amber are on together. Green comes only after a "
        "little more than three seconds.",
        "Yes. A small blue car with pale windows waits on a grey two-lane road, with a green verge and "
        "a clear sky behind it. To its right stands a black traffic light on a thin post. As soon as "
        "the light turns green, the car moves off and leaves the picture on the right.",
        "quarry-vl",
        "lumen-4b",
        [
            ("Which answer is right about whether the car waits for green?", ONE),
            ("Which answer gives times that can be checked against the clip?", ONE),
            ("Which answer describes the scene so that one can picture it without the clip?", TWO),
        ],
    )
    yield (
        "Which colours does the cube show, and in which direction does it turn?",
        {"video": folder + "cube.webm"},
        "Its sides are red, green, blue and yellow, and its top is white. The side that faces us moves "
        "to the left.",
        "One after another it shows a red, a green, a blue and a yellow side; the top is white all the "
        "time. The front moves to the right, and after four seconds the cube has turned round once.",
        "lumen-4b",
        "cobalt-omni",
        [
            ("Which answer names all five colours?", TIE),
            ("Which answer has the direction of the turn right?", TWO),
        ],
    )
    yield (
        "What is unusual about this clock?",
        {"video": folder + "clock.mp4"},
        "It has no numerals, only strokes, and there is no second hand. The rim is of dark wood, and "
        "the clock hangs on a grey-green wall. The hands point to about ten o'clock.",
        "Its hands run backwards: it begins at about five past ten, and four seconds later it shows ten "
        "to ten.",
        "quarry-vl",
        "fathom-1",
        [
            ("Which answer notices the thing that could not happen with an ordinary clock?", TWO),
            ("Which answer mentions that the dial has no numerals?", ONE),
            ("Which answer says nothing that the clip contradicts?", TIE),
        ],
    )


def audio_pairs():
    folder = "text_audio_to_text/"
    yield (
        "From which platform does the train leave, and how late is it?",
        {"audio": folder + "station.wav"},
        "It leaves from platform four, not from platform two, and it is twelve minutes late.",
        "The train to Harbour Street is delayed by twenty minutes and leaves from platform two. Please "
        "listen for further announcements.",
        "fathom-1",
        "echo-2b",
        [
            ("Which answer would bring the traveller to the right platform?", ONE),
            ("Which answer also says where the train is going?", TWO),
        ],
    )
    yield (
        "Describe the music: which instruments are playing, and what is its mood?",
        {"audio": folder + "dance.flac"},
        "A cheerful little march for trumpet and drums.",
        "A flute-like voice plays a short tune in a minor key over low plucked notes, at an easy pace. "
        "It sounds a little wistful, and it comes to rest on its home note, as if in a small hall.",
        "echo-2b",
        "fathom-1",
        [
            ("Which answer names instruments that can be heard in the recording?", TWO),
            ("Which answer's description of the mood fits the recording?", TWO),
            ("Which answer is short enough to serve as a caption?", ONE),
        ],
    )
    yield (
        "What happens in this recording, in order?",
        {"audio": folder + "shower.ogg"},
        "At first there is light rain. It grows heavier, and after two or three seconds a bell strikes, "
        "three times in all, while the rain goes on to the end.",
        "A bell strikes three times. There is also rain.",
        "fathom-1",
        "cobalt-omni",
        [
            ("Which answer tells in which order the sounds come?", ONE),
            ("Which answer gives the right number of strokes?", TIE),
            ("Which answer says how the rain changes?", ONE),
        ],
    )
