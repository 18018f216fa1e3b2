"""Fingers for Xorg's `inputtest` driver: real touch events without a touch panel.

The driver (package xserver-xorg-core) listens on a unix socket and posts what it is told to the
server as a device would. Messages both ways: 32-bit length of the whole message, 32-bit type, then
the fields, in the machine's own byte order. Version 1.1; the client names its version first.
Positions go as 0..65535 of the screen's width and height: the range of the driver's touch axes.
"""
import random
import socket
import struct
import time

VERSION, WAIT_FOR_SYNC, TOUCH = 0, 1, 6              # what we send
SERVER_VERSION, SYNC_FINISHED = 0, 1                 # what it answers
BEGIN, MOVE, END = 18, 19, 20                        # XI_TouchBegin, XI_TouchUpdate, XI_TouchEnd
VALUATORS = 64                                       # as many as a message always carries
AXIS_LIMIT = 0xFFFF


class Fingers:
    """The touch device of one Xorg. Every call returns when the server has taken the event."""

    def __init__(self, path, width, height, patience=10):
        self.width, self.height, self.down_at, self.next_id = width, height, {}, 1
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(patience)
        end = time.monotonic() + patience
        while True:                                  # the driver makes its socket a moment late
            try:
                self.socket.connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        self.send(VERSION, struct.pack("=HH", 1, 1))
        kind, body = self.receive()
        if kind != SERVER_VERSION or struct.unpack("=HH", body[:4])[0] != 1:
            raise RuntimeError("inputtest speaks another protocol: type %d, %r" % (kind, body))

    def close(self):
        self.socket.close()

    def send(self, kind, body=b""):
        self.socket.sendall(struct.pack("=II", 8 + len(body), kind) + body)

    def receive(self):
        head = self.exactly(8)
        length, kind = struct.unpack("=II", head)
        return kind, self.exactly(length - 8)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionError("the touch screen is gone")
            data += part
        return data

    def sync(self):
        """Returns when the server has handled everything sent before."""
        self.send(WAIT_FOR_SYNC)
        while self.receive()[0] != SYNC_FINISHED:
            pass

    def touch(self, kind, identifier, x, y):
        x = min(max(float(x), 0), self.width - 1)
        y = min(max(float(y), 0), self.height - 1)
        values = [0.0] * VALUATORS
        values[0] = (x + 0.5) * AXIS_LIMIT / self.width
        values[1] = (y + 0.5) * AXIS_LIMIT / self.height
        mask = bytes([0b11]) + bytes(VALUATORS // 8 - 1)
        # The data part is aligned to 8 bytes: 8 of head, two 32-bit numbers, then it.
        body = struct.pack("=II", identifier, kind)
        body += struct.pack("=I8s4x64d64d", 0, mask, *values, *([0.0] * VALUATORS))
        self.send(TOUCH, body)
        self.sync()

    # -- what a hand does; `finger` tells the fingers apart

    def down(self, x, y, finger=0):
        identifier, self.next_id = self.next_id, self.next_id + 1
        self.down_at[finger] = (identifier, x, y)
        self.touch(BEGIN, identifier, x, y)

    def move(self, x, y, finger=0):
        identifier = self.down_at[finger][0]
        self.down_at[finger] = (identifier, x, y)
        self.touch(MOVE, identifier, x, y)

    def up(self, finger=0):
        identifier, x, y = self.down_at.pop(finger)
        self.touch(END, identifier, x, y)

    def tap(self, x, y, held=0.03):
        """A quick finger: 30 ms on the glass, as quick as people get."""
        self.down(x, y)
        time.sleep(held)
        self.up()

    def two(self, first, second, held=0.05):
        """Two fingers at once, the second a little later."""
        self.down(*first, finger=0)
        self.down(*second, finger=1)
        time.sleep(held)
        self.up(0)
        self.up(1)

    def flurry(self, count, seed, rate):
        """`count` random touches, `rate` a second: mostly quick taps, now and then a second finger,
        a stroke across the glass or a finger that stays a little."""
        chance = random.Random(seed)

        def place():
            return chance.randrange(self.width), chance.randrange(self.height)
        began = time.monotonic()
        for number in range(count):
            kind = chance.random()
            if kind < 0.85:
                self.tap(*place(), held=0)
            elif kind < 0.93:
                self.two(place(), place(), held=0)
            elif kind < 0.99:
                self.down(*place())
                for _ in range(4):
                    self.move(*place())
                self.up()
            else:
                self.tap(*place(), held=0.2)
            time.sleep(max(0, began + (number + 1) / rate - time.monotonic()))
