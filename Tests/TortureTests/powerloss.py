"""The power fails: what a killed process wrote and never synchronised is taken back.

powerloss.c notes every change to the watched files; here its log is read. A file's changes are safe
once the file was synchronised, its name once its folder was. Of the rest a disk may have kept any
part, sector by sector: `lose` takes back all of it, or what a seeded generator chooses.
"""
import collections
import mmap
import os
import shutil
import struct
import subprocess

HEAD = struct.Struct("=IIIIQQQQ")
MAGIC = 0x504C4F53
NAMES = "CURLM"               # changes of a folder: files made, gone and renamed, links, folders made
SECTOR = 512                  # bytes that a disk writes whole or not at all
HERE = os.path.dirname(os.path.abspath(__file__))

Change = collections.namedtuple("Change", "kind path other offset length old_size data")


def build(folder, name="powerloss"):
    """A library to preload, built of its source here when that is newer."""
    source, library = os.path.join(HERE, name + ".c"), os.path.join(folder, name + ".so")
    if not os.path.exists(library) or os.path.getmtime(library) < os.path.getmtime(source):
        fresh = "%s.%d" % (library, os.getpid())
        subprocess.run(["clang", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", fresh, source,
                        "-ldl", "-lpthread"], check=True)
        os.replace(fresh, library)
    return library


class Counter:
    """How many operations on the disk there were, and after how many more the power goes."""

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as f:
            f.write(bytes(16))
        with open(path, "r+b") as f:
            self.page = mmap.mmap(f.fileno(), 16)

    def kill_after(self, operations):
        self.page[:8] = struct.pack("=Q", operations)

    @property
    def done(self):
        return struct.unpack("=Q", self.page[8:16])[0]


def read(path):
    """The changes in order; the last one may be cut off when the process was killed."""
    if not os.path.exists(path):
        return
    with open(path, "rb") as f:
        log = f.read()
    at = 0
    while at + HEAD.size <= len(log):
        magic, kind, n, m, offset, length, old_size, size = HEAD.unpack_from(log, at)
        assert magic == MAGIC, "the log of the disk is damaged at %d" % at
        at += HEAD.size
        if at + n + m + size > len(log):
            return
        name, other = log[at:at + n].decode(), log[at + n:at + n + m].decode()
        yield Change(chr(kind), name, other, offset, length, old_size, log[at + n + m:at + n + m + size])
        at += n + m + size


def unsafe(changes):
    """The changes that nothing has made safe, in order, each with the file it was made to; and what the
    files are called now. Names come and go: a file is what was made once, not what it is called."""
    left, called = [], {}     # called: which file a name stands for

    def file(name):
        return called.setdefault(name, object())

    for change in changes:
        if change.kind == "S":
            safe = file(change.path)
            if os.path.isdir(change.path):
                left = [(c, f) for c, f in left if c.kind not in NAMES or os.path.dirname(c.path) != change.path]
            else:
                left = [(c, f) for c, f in left if c.kind not in "WT" or f is not safe]
            continue
        if change.kind == "C":
            called[change.path] = object()
        if change.kind in "UR":
            called[change.other] = called.pop(change.path, None) or object()
        if change.kind == "L":
            called[change.path] = file(change.other)
        left.append((change, file(change.other if change.kind in "UR" else change.path)))
    return left, {file: name for name, file in called.items()}


def lose(log, random=None, mode="all"):
    """Takes back what was not safe, and starts the log anew. Returns how many changes were lost.
    mode: `all`; `prefix`, in which the disk kept the first of them; `sectors`, in which it kept some
    sectors and not others."""
    changes, names = unsafe(read(log))
    keep = 0
    if mode == "prefix" and changes:
        keep = random.randrange(len(changes) + 1)
    for change, file in reversed(changes[keep:]):
        if change.kind in "WT":
            take_back(change, names[file], random if mode == "sectors" else None)
        elif change.kind in "CL":
            if os.path.exists(change.path):
                os.unlink(change.path)
        elif change.kind == "M":
            shutil.rmtree(change.path, ignore_errors=True)
        elif change.kind in "UR":
            if os.path.exists(change.other):
                os.replace(change.other, change.path)
            names[file] = change.path
    if os.path.exists(log):
        os.unlink(log)
    return len(changes) - keep


def take_back(change, path, random):
    if not os.path.exists(path):
        return
    with open(path, "r+b") as f:
        size = os.fstat(f.fileno()).st_size
        if random is None or change.kind == "T":
            f.seek(change.offset)
            f.write(change.data)
            f.truncate(change.old_size)
            return
        end = min(change.offset + change.length, size)
        at, kept_to = change.offset, change.old_size
        while at < end:
            stop = min(end, at - at % SECTOR + SECTOR)
            if random.random() < 0.5:
                kept_to = max(kept_to, stop)
            else:
                old = change.data[at - change.offset:stop - change.offset]
                f.seek(at)
                f.write(old + bytes(stop - at - len(old)))
            at = stop
        if change.old_size < end == size:
            f.truncate(min(size, kept_to))


def forget(log, folders):
    """After a tidy end, or a kill without a loss: everything is on the disk."""
    if os.path.exists(log):
        os.unlink(log)
    for folder in folders:
        for root, _, files in os.walk(folder):
            for name in files:
                if ".gone-" in name:
                    os.unlink(os.path.join(root, name))
