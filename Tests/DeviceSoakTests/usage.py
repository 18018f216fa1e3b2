"""What a driver's process holds of the machine, and whether that grows.

Compared are quiet moments: no card, no job, no ticket under way. The first is taken when every fault
has been met once and a tenth of the work is done; until then caches fill and pools grow.
"""
import collections
import os
import re

import labtools

Use = collections.namedtuple("Use", "done heap resident descriptors threads")

# What malloc has given is the same to the byte after thousands of rounds, but for what a library keeps of
# its last call, and for Dispatch's workers: one that was started late fills a cache of its own, 1,024
# entries of 80 bytes (180 KiB were seen, in such steps). This is 128 bytes a round after 2,000.
HEAP_SLACK = 256 << 10
# Pages come and go with the allocator's arenas and the stacks of new threads.
RESIDENT_SLACK = 6 << 20
# Swift's and Dispatch's pools start a worker for each core when it is needed, and end idle ones.
POOL = 4 + 4 * (os.cpu_count() or 2)


def threads(pid):
    """The threads of the process by name."""
    names = []
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/comm" % (pid, task)) as f:
                names.append(f.read().strip())
        except OSError:
            pass                                      # it has just ended
    return names


def pool(name):
    """One of Dispatch's workers, named by their quality of service, or the main thread."""
    return name == "device-soak" or name.endswith("qos") or "-qos" in name


def resident(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"^RssAnon:\s+(\d+) kB", f.read(), re.MULTILINE)[1]) << 10


def look(driver, done):
    """The use when it has come to rest: a connection may take a moment to close. The smallest of
    each of some readings."""
    seen = []

    def once():
        own = [n for n in threads(driver.pid) if not pool(n)]
        place = driver.say("heap")
        heap = int(driver.wait("heap", since=place)[1].split()[1])
        seen.append(Use(done, heap, resident(driver.pid), len(os.listdir("/proc/%d/fd" % driver.pid)),
                        len(own)))
        return len(seen) >= 10
    labtools.wait_until(once, 10, step=0.1)
    return Use(done, *(min(values) for values in list(zip(*seen))[1:]))


def grown(pid, uses, descriptor_slack):
    """What grew from the first look to the last, in words; one verdict for each of the four."""
    first, last = uses[0], uses[-1]
    verdicts = {}
    for name, slack in (("heap", HEAP_SLACK), ("resident", RESIDENT_SLACK), ("descriptors", descriptor_slack),
                        ("threads", 0)):
        begin, end = getattr(first, name), getattr(last, name)
        verdicts[name] = None if end <= begin + slack else "%s grew from %d to %d in %d rounds" % (
            name, begin, end, last.done - first.done)
    workers = sum(pool(n) for n in threads(pid))
    if workers > POOL:
        verdicts["threads"] = "%d threads in the pools" % workers
    return verdicts
