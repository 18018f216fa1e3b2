"""A network between kiosks and the Dinas in which everything happens that happens to networks.

A proxy for HTTP/1.1. While the weather is fair it only passes on and keeps a record. In bad weather
every request meets what a seeded generator chooses: the reply is lost after the server did its work,
the request arrives twice, late, after others that were sent later, or not at all.
"""
import hashlib
import json
import random
import socket
import threading
import time

FAIR = {"pass": 1}
# What happens in bad weather, and how often.
BAD = {"pass": 60, "drop": 14, "duplicate": 12, "delay": 10, "reorder": 8, "late": 5, "error": 8, "refuse": 3,
       "reject": 2}
# What is refused for good is a dead letter, which staff send again.
REJECTED = "/v1/events"
OFFLINE = {"refuse": 1}
LIMIT = 64 << 20              # bytes of a message


class Network:
    def __init__(self):
        self.lock = threading.Condition()
        self.listeners = []
        self.begin(0)

    def port_for(self, kiosk):
        """A port of its own for each kiosk, so that the record tells who asked."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.listeners.append(listener)
        threading.Thread(target=self.accept, args=(listener, kiosk), daemon=True).start()
        return listener.getsockname()[1]

    def begin(self, server_port):
        with self.lock:
            self.server_port, self.weather, self.chance = server_port, FAIR, random.Random(0)
            self.record, self.passed, self.trap = [], 0, None
            self.generation = getattr(self, "generation", 0) + 1

    def set(self, weather, seed=0):
        with self.lock:
            self.weather, self.chance = weather, random.Random(seed)

    def forget_late(self):
        """What is still under way reaches nobody any more."""
        with self.lock:
            self.generation += 1

    def set_trap(self, path, when, action):
        """`action` runs once when the next request to a path with that beginning is there: `before` the
        server sees it, or `after` it did its work and before the kiosk learns of it."""
        with self.lock:
            self.trap = (path, when, action)

    def stop(self):
        for listener in self.listeners:
            listener.close()

    def accept(self, listener, kiosk):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client, kiosk, self.generation), daemon=True).start()

    def serve(self, client, kiosk, generation):
        with client:
            client.settimeout(90)
            try:
                reader = client.makefile("rb")
                while True:
                    request = message(reader)
                    if request is None or generation != self.generation:
                        return
                    reply = self.carry(request, kiosk, generation)
                    if reply is None:
                        return
                    client.sendall(reply)
            except (OSError, ValueError):
                pass

    def carry(self, request, kiosk, generation):
        """The reply for the kiosk, or None: the connection breaks."""
        line, headers, body, whole = request
        method, path = line.split()[:2]
        with self.lock:
            fate = self.chance.choices(list(self.weather), list(self.weather.values()))[0]
            wait = self.chance.uniform(0.05, 0.6)
            entry = dict(number=len(self.record), kiosk=kiosk, method=method, path=path.split("?")[0],
                         key=headers.get("idempotency-key"), body=hashlib.sha256(body).hexdigest()[:16],
                         fate=fate, status=None)
            self.record.append(entry)
            trap = self.trap
            if trap and path.startswith(trap[0]):
                self.trap = None
            else:
                trap = None
        if trap and trap[1] == "before":
            trap[2]()
            return None
        if fate == "refuse":
            return None
        if fate == "error":
            return answer(500)
        if fate == "reject" and entry["path"] == REJECTED:
            return problem()
        if fate == "delay":
            time.sleep(wait)
        elif fate == "late":                         # later than anybody waits for a number
            time.sleep(2 + wait)
        elif fate == "reorder":                      # not before something else went through
            with self.lock:
                passed = self.passed
                self.lock.wait_for(lambda: self.passed > passed, 1.5)
        reply = self.forward(whole, entry, generation)
        if fate == "duplicate":
            reply = self.forward(whole, entry, generation)
        if trap:
            trap[2]()
            return None
        return None if fate == "drop" else reply

    def forward(self, whole, entry, generation):
        with self.lock:
            if generation != self.generation:
                return None                          # what is late never reaches another round
            port = self.server_port
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as server:
                server.settimeout(60)
                server.sendall(whole)
                reply = message(server.makefile("rb"), no_body=entry["method"] == "HEAD")
        except (OSError, ValueError):
            reply = None
        with self.lock:
            self.passed += 1
            self.lock.notify_all()
            entry["status"] = int(reply[0].split()[1]) if reply else None
        return reply[3] if reply else None


def answer(status):
    return b"HTTP/1.1 %d Broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status


def problem():
    """As the Dinas says it of a report that it will never take."""
    body = json.dumps(dict(type="about:blank", title="Unprocessable Content", status=422, code="invalid",
                           detail="kind: unknown to this version")).encode()
    return b"HTTP/1.1 422 Broken\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body), body)


def message(reader, no_body=False):
    """One HTTP message: first line, headers, body and all its bytes; None at the end of the stream."""
    line = reader.readline(65536)
    if not line:
        return None
    whole, headers = [line], {}
    while True:
        header = reader.readline(65536)
        if not header:
            raise ValueError("cut off")
        whole.append(header)
        if header in (b"\r\n", b"\n"):
            break
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    parts = []
    if no_body:
        pass
    elif headers.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size = reader.readline(1024)
            count = int(size.split(b";")[0], 16)
            piece = reader.read(count + 2)
            whole += [size, piece]
            parts.append(piece[:-2])
            if count == 0:
                break
    else:
        count = int(headers.get("content-length", 0))
        if not 0 <= count <= LIMIT:
            raise ValueError("too long")
        piece = reader.read(count)
        if len(piece) < count:
            raise ValueError("cut off")
        parts.append(piece)
        whole.append(piece)
    return line.decode("latin-1").strip(), headers, b"".join(parts), b"".join(whole)
