"""Where the measuring tool presses and looks: found on the kiosk itself, not written down here.

The scene of a demonstration kiosk tells where its controls are; pictures of its screens tell which
pixel tells them apart. A layout that changes so needs no change of the benchmark.
"""
import os
import subprocess
import time

PRESSED, NEXT = "checkStatus", "back"   # the tile that is pressed, and the way back from its screen


class Picture:
    """A PNG as rows of RGB, by way of ImageMagick."""

    def __init__(self, path, size):
        self.width, self.height = size
        self.bytes = subprocess.run(["convert", path, "-depth", "8", "rgb:-"], check=True,
                                    stdout=subprocess.PIPE).stdout
        if len(self.bytes) != self.width * self.height * 3:
            raise ValueError("%s is not %dx%d" % (path, *size))

    def at(self, x, y):
        offset = (int(y) * self.width + int(x)) * 3
        return tuple(self.bytes[offset:offset + 3])


def middle(control):
    return (int(control["x"] + control["width"] / 2), int(control["y"] + control["height"] / 2))


def apart(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def differing(pictures, others, area, least=32):
    """The pixel of `area` (x, y, width, height) in which each picture differs most from each of
    `others`, seen in a coarse grid."""
    best, place = least, None
    x0, y0, width, height = area
    for y in range(int(y0) + 6, int(y0 + height) - 6, 8):
        for x in range(int(x0) + 6, int(x0 + width) - 6, 8):
            least_apart = min(apart(one.at(x, y), other.at(x, y)) for one in pictures for other in others)
            if least_apart > best:
                best, place = least_apart, (x, y)
    if place is None:
        raise LookupError("no pixel tells the screens apart")
    return place


def find(stage, folder):
    """Walks attract, home, pressed tile, next screen on a started stage with a touch panel; the
    arguments for kiosk-measure."""
    scene, size = stage.scene, stage.options.size
    shots = {}

    def shoot(name):
        path = os.path.join(folder, "kiosk-%s.png" % name)
        stage.shot(path)
        shots[name] = Picture(path, size)

    scene.wait_control("start")
    scene.settle()
    start = scene.control("start")
    shoot("attract")
    stage.fingers.press(start)
    scene.wait_screen("home")
    scene.settle()
    tile = scene.control(PRESSED)
    shoot("home")
    stage.fingers.down(*middle(tile))
    try:
        pressed = wait_drawn(stage, folder, shots["home"], tile)
    finally:
        stage.fingers.up()
    scene.wait(lambda s: s.screen != "home", 10, "the screen behind " + PRESSED)
    scene.settle()
    back = scene.control(NEXT)
    if back is None:
        raise LookupError("no control %s on %s" % (NEXT, scene.screen))
    shoot("next")

    watch = differing([shots["home"]], [pressed],
                      (tile["x"], tile["y"], tile["width"], tile["height"]))
    # Outside the tile, whose pressed look is no new screen, and above the bar.
    other = (tile["x"] + tile["width"], tile["y"], size[0] - tile["x"] - tile["width"], tile["height"])
    seen = differing([shots["home"]], [shots["next"], shots["attract"]], other)
    content = (int(start["x"] + 60), middle(start)[1])
    colour = "%02X%02X%02X" % shots["attract"].at(*content)
    return {
        "expect": "%d,%d,%s" % (*content, colour),
        "first": "%d,%d,%d,%d" % (*middle(start), *seen),
        "press": "%d,%d,%d,%d" % (*middle(tile), *watch),
        "nav": "%d,%d,%d,%d,%d,%d" % (*middle(tile), *seen, *middle(back)),
    }


def wait_drawn(stage, folder, before, tile, seconds=5):
    """The picture once the tile under the finger has its pressed look."""
    end = time.monotonic() + seconds
    path = os.path.join(folder, "kiosk-pressed.png")
    area = (tile["x"], tile["y"], tile["width"], tile["height"])
    while True:
        stage.shot(path)
        picture = Picture(path, stage.options.size)
        try:
            differing([before], [picture], area)
            return picture
        except LookupError:
            if time.monotonic() > end:
                raise
