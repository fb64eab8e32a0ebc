"""Capitals and digits as strokes, so that charts and signs need no font of any machine.

Each letter is a set of polylines on a grid 4 wide and 6 high, written as pairs of digits.
"""

STROKES = {
    "A": "062046 1333",
    "B": "0006 003041423303 3344453606",
    "C": "4130100105163645",
    "D": "0006 003041453606",
    "E": "40000646 0333",
    "F": "400006 0333",
    "G": "41301001051636454323",
    "H": "0006 4046 0343",
    "I": "2026",
    "J": "4045361605",
    "K": "0006 4003 1346",
    "L": "000646",
    "M": "0600234046",
    "N": "06004640",
    "O": "100105163645413010",
    "P": "060030414233 3303",
    "Q": "100105163645413010 2446",
    "R": "060030414233 3303 2346",
    "S": "413010010213334445361605",
    "T": "0040 2026",
    "U": "000516364540",
    "V": "002640",
    "W": "0016233640",
    "X": "0046 4006",
    "Y": "002340 2326",
    "Z": "00400646",
    "0": "100105163645413010",
    "1": "112026 1636",
    "2": "01103041420646",
    "3": "0110304142334445361605 1333",
    "4": "36300444",
    "5": "400002324345361605",
    "6": "4130100105163645443303",
    "7": "004016",
    "8": "100102133342413010 130405163645443313",
    "9": "0516364541301001021343",
    "-": "1333",
    ".": "1616",
    ":": "1212 1515",
    " ": "",
}


def write(canvas, text, x, y, size, paint, weight=0.13, spacing=0.95):
    """Draw `text` with its top left at (x, y), `size` pixels high; returns the end's x."""
    unit = size / 6
    for letter in text.upper():
        for stroke in STROKES[letter].split():
            dots = [(x + int(stroke[i]) * unit, y + int(stroke[i + 1]) * unit) for i in range(0, len(stroke), 2)]
            for a, b in zip(dots, dots[1:] or dots):
                canvas.line(*a, *b, size * weight, paint)
        x += (2 if letter in ".:" else 4) * unit + spacing * unit * 1.6
    return x


def width(text, size, spacing=0.95):
    """How wide `write` will draw `text`, in pixels."""
    unit = size / 6
    return sum((2 if c in ".:" else 4) * unit + spacing * unit * 1.6 for c in text) - spacing * unit * 1.6
