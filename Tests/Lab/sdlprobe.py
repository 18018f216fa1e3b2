"""A window that tells what its fingers did: SDL 2 by ctypes, for testing the touchscreen.

    sdlprobe.py [SECONDS]

Opens a borderless SDL window of the display's size (without a window manager SDL only believes
that a full-screen window fills the display; the window itself stays small), prints "open WIDTH HEIGHT", then a line
for every event: "down X Y FINGER", "up X Y FINGER", "motion X Y FINGER" or "mouse". Ends on
SIGTERM, when stdout closes, or after SECONDS (default 60).
"""
import ctypes
import os
import sys
import time

SDL_INIT_VIDEO, BORDERLESS, CENTERED = 0x20, 0x10, 0x2FFF0000
FINGERDOWN, FINGERUP, FINGERMOTION, MOUSEDOWN = 0x700, 0x701, 0x702, 0x401


class FingerEvent(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint32), ("timestamp", ctypes.c_uint32), ("touch", ctypes.c_int64),
                ("finger", ctypes.c_int64), ("x", ctypes.c_float), ("y", ctypes.c_float)]


class Event(ctypes.Union):
    _fields_ = [("type", ctypes.c_uint32), ("finger", FingerEvent), ("room", ctypes.c_uint8 * 128)]


def main():
    sdl = ctypes.CDLL("libSDL2-2.0.so.0")
    sdl.SDL_CreateWindow.restype = ctypes.c_void_p
    sdl.SDL_GetError.restype = ctypes.c_char_p
    sdl.SDL_GetWindowSurface.restype = ctypes.c_void_p
    sdl.SDL_GetWindowSurface.argtypes = sdl.SDL_UpdateWindowSurface.argtypes = [ctypes.c_void_p]
    sdl.SDL_GetWindowSize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    for name in ("SDL_TOUCH_MOUSE_EVENTS", "SDL_MOUSE_TOUCH_EVENTS", "SDL_FRAMEBUFFER_ACCELERATION"):
        sdl.SDL_SetHint(name.encode(), b"0")
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    sdl.SDL_SetHint(b"SDL_NO_SIGNAL_HANDLERS", b"1")
    if sdl.SDL_Init(SDL_INIT_VIDEO) != 0:
        sys.exit("SDL_Init: " + sdl.SDL_GetError().decode())
    bounds = (ctypes.c_int * 4)()
    sdl.SDL_GetDisplayBounds(0, bounds)
    window = sdl.SDL_CreateWindow(b"probe", CENTERED, CENTERED, bounds[2], bounds[3], BORDERLESS)
    if not window:
        sys.exit("SDL_CreateWindow: " + sdl.SDL_GetError().decode())
    sdl.SDL_GetWindowSurface(window)
    sdl.SDL_UpdateWindowSurface(window)
    width, height, event = ctypes.c_int(), ctypes.c_int(), Event()
    names = {FINGERDOWN: "down", FINGERUP: "up", FINGERMOTION: "motion"}
    end = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 60)
    announced = False
    while time.monotonic() < end:
        if not sdl.SDL_WaitEventTimeout(ctypes.byref(event), 200):
            if not announced:                            # the window has settled
                sdl.SDL_GetWindowSize(window, ctypes.byref(width), ctypes.byref(height))
                print("open %d %d" % (width.value, height.value), flush=True)
                announced = True
            continue
        if event.type in names:
            f = event.finger
            print("%s %.1f %.1f %d" % (names[event.type], f.x * width.value, f.y * height.value, f.finger),
                  flush=True)
        elif event.type == MOUSEDOWN:
            print("mouse", flush=True)


if __name__ == "__main__":
    main()
