"""Repeatable noise, floors and the paints that several scenes share."""

import math

from canvas import smooth

RED, BLUE, GREEN = (0.72, 0.07, 0.05), (0.06, 0.17, 0.6), (0.08, 0.42, 0.14)
YELLOW, WHITE, ORANGE = (0.85, 0.58, 0.06), (0.8, 0.79, 0.76), (0.85, 0.3, 0.04)


def noise(x, y, seed=0):
    """A repeatable number in 0…1 for a grid cell."""
    n = (x * 374761393 + y * 668265263 + seed * 974634721) & 0xFFFFFFFF
    n = ((n ^ (n >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((n ^ (n >> 16)) & 0xFFFF) / 65535


def grain(x, y, seed=0):
    """Smooth value noise."""
    i, j = math.floor(x), math.floor(y)
    u, v = smooth(x - i), smooth(y - j)
    top = noise(i, j, seed) * (1 - u) + noise(i + 1, j, seed) * u
    low = noise(i, j + 1, seed) * (1 - u) + noise(i + 1, j + 1, seed) * u
    return top * (1 - v) + low * v


def boards(p):
    """Floor boards that run away from the viewer."""
    plank = math.floor(p[0] / 0.9)
    tone = 0.86 + 0.2 * noise(plank, 3) + 0.14 * (grain(p[0] * 14 + plank * 5, p[2] * 0.9, 4) - 0.5)
    edge = abs(p[0] / 0.9 - plank)
    if min(edge, 1 - edge) < 0.012:
        tone *= 0.55
    return (0.46 * tone, 0.3 * tone, 0.18 * tone)


def checks(p):
    return (0.72, 0.7, 0.66) if (math.floor(p[0]) + math.floor(p[2])) % 2 else (0.1, 0.11, 0.13)
