"""The pairs in which a model makes a picture, a clip, a sound or a shape: prompts, files, criteria.

What each file shows is decided in the module that draws or plays it.
"""

ONE, TWO, TIE = "response1", "response2", "tie"


def image_pairs():
    folder = "text_to_image/"
    yield (
        "Three marbles on a chequered floor: a large one like a mirror, a small red one and a small "
        "green one. Late light from the left.",
        {},
        folder + "marbles_1.png",
        folder + "marbles_2.jpg",
        "prism-1",
        "ochre-xl",
        [
            ("Which picture shows exactly the marbles that were asked for?", ONE),
            ("In which picture does the light fall low and from the left?", ONE),
            ("Which picture shows the other marbles where they belong in the mirror of the large one?", TIE),
            ("Which picture is bright enough to be printed on plain paper?", TWO),
        ],
    )
    yield (
        "A bowl of dough on a wooden table at night, lit by one candle.",
        {},
        folder + "candle_1.jpg",
        folder + "candle_2.png",
        "ochre-xl",
        "tern-diffuse",
        [
            ("Which picture keeps the light of a candle-lit room, without a second light source?", TWO),
            ("Which picture shows a bowl of dough standing on a wooden table?", TIE),
        ],
    )
    yield (
        "一座红白相间的灯塔，黄昏的海边，扁平插画风格的海报。",
        {},
        folder + "lighthouse_1.png",
        folder + "lighthouse_2.png",
        "tern-diffuse",
        "prism-1",
        [
            ("Which poster shows the hour of the day that the prompt asks for?", ONE),
            ("Which poster keeps to flat shapes, without photographic detail?", TIE),
            ("In which poster do the red and white bands stand out more clearly?", TWO),
        ],
    )


def edit_pairs():
    folder = "text_image_to_image/"
    yield (
        "Make the red ball blue. Leave everything else as it is.",
        {"image": folder + "desk.jpg"},
        folder + "desk_1.jpg",
        folder + "desk_2.jpg",
        "ochre-edit",
        "prism-1",
        [
            ("Which edit changes nothing but the ball?", TWO),
            ("Which edit keeps light and shadows where they were in the original?", TWO),
            ("In which edit is the ball plainly blue?", TIE),
        ],
    )
    yield (
        "Remove the sailing boat.",
        {"image": folder + "bay.png"},
        folder + "bay_1.png",
        folder + "bay_2.png",
        "prism-1",
        "tern-edit",
        [
            ("Which edit removes every trace of the boat, its mirror image included?", ONE),
            ("Which edit leaves the gulls in the sky?", ONE),
            ("Which edit keeps the hills and the pier as they were?", TIE),
        ],
    )
    yield (
        "Turn this into a night scene in which people are at home.",
        {"image": folder + "town.png"},
        folder + "town_1.png",
        folder + "town_2.png",
        "tern-edit",
        "ochre-edit",
        [
            ("Which edit has the sky of a real night?", TWO),
            ("Which edit shows that people are at home?", TWO),
            ("In which edit can one still tell the colours of the single roofs apart?", ONE),
        ],
    )


def video_pairs():
    folder = "text_to_video/"
    yield (
        "A red rubber ball is dropped on a wooden floor and bounces, each time a little lower.",
        {},
        folder + "ball_1.mp4",
        folder + "ball_2.mp4",
        "reel-3",
        "kite-video",
        [
            ("In which clip does the ball fall and bounce as it would on Earth?", ONE),
            ("Which clip keeps the colour of the ball the same from the first frame to the last?", TIE),
        ],
    )
    yield (
        "A candle flame flickers in a dark room.",
        {},
        folder + "candle_1.mp4",
        folder + "candle_2.webm",
        "kite-video",
        "loom-2",
        [
            ("In which clip does the light on the walls follow the flame?", TWO),
            ("Which clip could run as a loop without a visible jump?", ONE),
        ],
    )
    yield (
        "The sun sets over a small town, the windows light up one after another, and when it is dark a "
        "church bell rings once.",
        {},
        folder + "evening_1.mp4",
        folder + "evening_2.webm",
        "reel-3",
        "loom-2",
        [
            ("In which clip do the windows light up one after another?", ONE),
            ("In which clip is the bell heard, and only once it is dark?", ONE),
            ("Which clip keeps the sun in view to the end?", TWO),
        ],
    )


def audio_pairs():
    folder = "text_to_audio/"
    yield (
        "A woman calmly reads a storm warning, with a pause before the advice.",
        {},
        folder + "warning_1.wav",
        folder + "warning_2.flac",
        "sonor-s",
        "timbre-1",
        [
            ("Which voice sounds calm enough for an official warning?", TWO),
            ("Which recording leaves a pause before the advice?", TWO),
            ("Which recording fits into a slot of eight seconds?", ONE),
        ],
    )
    yield (
        "A short, slow lullaby on a plucked string instrument.",
        {},
        folder + "lullaby_1.ogg",
        folder + "lullaby_2.mp3",
        "timbre-1",
        "chord-lm",
        [
            ("To which recording would a small child rather fall asleep?", ONE),
            ("In which recording does the tune come to rest on its last note?", ONE),
            ("Which recording keeps a steady beat?", TIE),
        ],
    )
    yield (
        "Rain on a tin roof, and far off a church bell strikes three times.",
        {},
        folder + "roof_1.opus",
        folder + "roof_2.flac",
        "chord-lm",
        "sonor-s",
        [
            ("Which recording has the number of strokes that was asked for?", TWO),
            ("In which recording does the bell sound far away?", TWO),
            ("In which recording does the bell stand out more clearly from the rain?", ONE),
        ],
    )
    yield (
        "A motorboat starts and drives away from left to right.",
        {},
        folder + "boat_1.mp3",
        folder + "boat_2.wav",
        "timbre-1",
        "sonor-s",
        [
            ("In which recording does the boat move from left to right?", ONE),
            ("In which recording does one hear the starter before the motor runs?", TIE),
            ("Which motor has the deeper, fuller sound?", TWO),
        ],
    )


def model_pairs():
    folder = "text_to_3D/"
    yield (
        "A blue coffee mug, white inside, with a handle.",
        {},
        folder + "mug_1.glb",
        folder + "mug_2.glb",
        "clay-1",
        "facet-3d",
        [
            ("Which mug could really hold coffee?", TWO),
            ("Whose handle is fixed to the mug at both ends?", TWO),
            ("Which mug has the deeper, purer blue?", ONE),
        ],
    )
    yield (
        "A small wooden hut with a red tiled roof, a door and a chimney.",
        {},
        folder + "hut_1.obj",
        folder + "hut_2.glb",
        "voxa-2",
        "clay-1",
        [
            ("Which hut has every part that the prompt names?", ONE),
            ("Which hut looks from close by as if it were made of wood?", ONE),
            ("Which hut has windows in its side walls?", TWO),
        ],
    )
    yield (
        "A spur gear with twelve teeth and a round bore, as one solid part for a 3D printer.",
        {},
        folder + "gear_1.glb",
        folder + "gear_2.stl",
        "facet-3d",
        "voxa-2",
        [
            ("Which gear has exactly twelve teeth?", TWO),
            ("Which gear is closed from every side, so that it could be printed?", TWO),
            ("Which gear carries a material of its own that looks like steel?", ONE),
            ("Which gear has a round bore in its middle?", TIE),
        ],
    )
    yield (
        "A tall, smoothly rounded vase whose glaze runs from sand at the foot to dark teal at the rim.",
        {},
        folder + "vase_1.ply",
        folder + "vase_2.gltf",
        "clay-1",
        "voxa-2",
        [
            ("Which vase has its colours in the order that was asked for?", ONE),
            ("Which vase has a smoothly rounded body?", TWO),
            ("Which vase would stand firmly on a table?", TIE),
        ],
    )
    yield (
        "A toy rocket with a red nose and three fins, seen from four sides.",
        {},
        folder + "rocket_1.jpg",
        folder + "rocket_2.png",
        "facet-3d",
        "clay-1",
        [
            ("Which sheet shows one and the same rocket from all four sides?", TWO),
            ("Which rocket has three fins, counted over all views?", TWO),
            ("Which sheet shows the whole rocket in every view, without cutting anything off?", TIE),
        ],
    )
