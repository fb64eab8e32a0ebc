"""Makes the demo again: all media, then the nine JSON files.

    python3 make.py                    everything (about fifteen minutes, one core)
    python3 make.py rows images edits  only these steps

A second run on the same builds of Python, zlib, ffmpeg, sox and espeak-ng gives the same bytes.
"""

import importlib
import sys
import time

sys.dont_write_bytecode = True

STEPS = {
    "images": "demo_images",
    "edits": "demo_edits",
    "sounds": "demo_sounds",
    "video": "demo_video",
    "models": "demo_models",
    "rows": "rows",
}


def main(wanted):
    unknown = [step for step in wanted if step not in STEPS]
    if unknown:
        sys.exit(f"no such step: {', '.join(unknown)}; there are {', '.join(STEPS)}")
    for step in wanted or STEPS:
        start = time.monotonic()
        importlib.import_module(STEPS[step]).make()
        print(f"{step}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
