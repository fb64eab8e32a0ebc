"""Everything that leaves Python as a file passes through here.

PNG is written with zlib alone; JPEG, video and compressed sound go through ffmpeg, always with
one thread and its `bitexact` flags, so that a second run gives the same bytes on the same build.
"""

import pathlib
import struct
import subprocess
import tempfile
import zlib

MEDIA = pathlib.Path(__file__).resolve().parent.parent / "media_data"
QUIET = ["ffmpeg", "-y", "-nostdin", "-loglevel", "error", "-threads", "1"]
EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-threads", "1"]


def place(relative):
    """Absolute path of a media file; its folder exists afterwards."""
    path = MEDIA / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def run(command, data=None):
    """Run a program; its error text becomes ours."""
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout


def _filtered(px, width, height, kind):
    """Raw PNG scanlines under one of the filters 1 (sub), 2 (up) or 4 (Paeth)."""
    stride, out, above = width * 3, bytearray(), bytes(width * 3)
    for y in range(height):
        row = bytes(px[y * stride : (y + 1) * stride])
        out.append(kind)
        left = bytes(3) + row[:-3]
        if kind == 1:
            out += bytes([(v - a) & 255 for v, a in zip(row, left)])
        elif kind == 2:
            out += bytes([(v - b) & 255 for v, b in zip(row, above)])
        else:
            corner = bytes(3) + above[:-3]
            line = bytearray(stride)
            for i, (v, a, b, c) in enumerate(zip(row, left, above, corner)):
                pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - c - c)
                near = a if pa <= pb and pa <= pc else b if pb <= pc else c
                line[i] = (v - near) & 255
            out += line
        above = row
    return bytes(out)


def png_bytes(px, width, height):
    """An 8-bit RGB picture (`width * height * 3` bytes) as PNG; the filter that packs best wins."""
    packed = min((zlib.compress(_filtered(px, width, height, k), 9) for k in (1, 2, 4)), key=len)

    def chunk(tag, body):
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"sRGB", b"\0")
        + chunk(b"IDAT", packed)
        + chunk(b"IEND", b"")
    )


def save_picture(relative, picture):
    """Write a canvas (`px`, `width`, `height`) as PNG or JPEG, by the ending of the name."""
    path = place(relative)
    if path.suffix == ".png":
        path.write_bytes(png_bytes(picture.px, picture.width, picture.height))
        return
    size = f"{picture.width}x{picture.height}"
    run(
        QUIET
        + [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            size,
            "-i",
            "-",
            "-frames:v",
            "1",
            "-vf",
            "scale=out_range=full:out_color_matrix=bt601",
            "-pix_fmt",
            "yuvj444p",
            "-q:v",
            "2",
        ]
        + EXACT
        + [str(path)],
        bytes(picture.px),
    )


def save_film(relative, frames, width, height, fps, sound=None):
    """Write frames (an iterable of RGB bytes) as H.264 MP4 or VP9 WebM; `sound` is a WAV's bytes."""
    path = place(relative)
    with tempfile.TemporaryDirectory() as folder:
        command = QUIET + [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            f"{width}x{height}",
            "-r",
            str(fps),
            "-i",
            "-",
        ]
        if sound:
            wav = pathlib.Path(folder) / "sound.wav"
            wav.write_bytes(sound)
            command += ["-i", str(wav)]
        command += [
            "-vf",
            "scale=out_range=tv:out_color_matrix=bt709",
            "-pix_fmt",
            "yuv420p",
            "-colorspace",
            "bt709",
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
            "-color_range",
            "tv",
        ]
        if path.suffix == ".mp4":
            command += [
                "-c:v",
                "libx264",
                "-profile:v",
                "main",
                "-level",
                "3.1",
                "-crf",
                "20",
                "-preset",
                "slow",
                "-g",
                str(2 * fps),
                "-movflags",
                "+faststart",
                "-c:a",
                "aac",
                "-b:a",
                "96k",
            ]
        else:
            command += [
                "-c:v",
                "libvpx-vp9",
                "-crf",
                "30",
                "-b:v",
                "0",
                "-row-mt",
                "0",
                "-cpu-used",
                "2",
                "-g",
                str(2 * fps),
                "-c:a",
                "libopus",
                "-b:a",
                "64k",
            ]
        command += EXACT + [str(path)]
        pipe = subprocess.Popen(command, stdin=subprocess.PIPE)
        for frame in frames:
            pipe.stdin.write(frame)
        pipe.stdin.close()
        if pipe.wait() != 0:
            raise RuntimeError(f"ffmpeg could not write {relative}")


CODECS = {
    ".wav": ["-c:a", "pcm_s16le"],
    ".flac": ["-c:a", "flac", "-sample_fmt", "s16", "-compression_level", "8"],
    ".mp3": ["-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "1", "-id3v2_version", "0"],
    ".ogg": ["-c:a", "libvorbis", "-q:a", "5"],
    ".opus": ["-c:a", "libopus", "-b:a", "64k"],
}


def save_sound(relative, wav):
    """Write a WAV's bytes as the format that the name asks for; Opus is always at 48 kHz."""
    path = place(relative)
    rate = ["-ar", "48000"] if path.suffix == ".opus" else []
    run(QUIET + ["-f", "wav", "-i", "-"] + rate + CODECS[path.suffix] + EXACT + [str(path)], wav)
