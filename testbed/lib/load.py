#!/usr/bin/env python3
"""Steady load from inside a pod's network namespace; prints one line of JSON.
load.py [--rate R] [--seconds S] [--while FILE] [--keep] URL | tcp://HOST:PORT
Reports totals, every failure with its second, when the answering cluster changed, and at which time of day the outcome (code and
cluster) did: a request that had the one before, and began before anybody had the new one, was overtaken and is no change. --keep reuses
one connection per worker; --while writes into the file when it begins and goes on until that is gone, S seconds at most."""
import argparse, collections, http.client, json, os, queue, re, socket, threading, time

ap = argparse.ArgumentParser()
ap.add_argument("--rate", type=float, default=20)
ap.add_argument("--seconds", type=float, default=10)
ap.add_argument("--timeout", type=float, default=5)
ap.add_argument("--while", dest="file")
ap.add_argument("--keep", action="store_true")
ap.add_argument("url")
o = ap.parse_args()
scheme, host, port, path = re.match(r"(\w+)://([^:/]+)(?::(\d+))?(/.*)?$", o.url).groups()
port, path = int(port or 80), path or "/"
q, out, t0, wall0 = queue.Queue(), [], time.monotonic(), time.time()


def http_once(state):
    c = state.get("c") or http.client.HTTPConnection(host, port, timeout=o.timeout)
    state["c"] = c if o.keep else None
    c.request("GET", path)
    r = c.getresponse()
    body = r.read()
    if not o.keep:
        c.close()
    if r.status != 200:
        return str(r.status), None
    j = json.loads(body)
    return "200", f'{j["cluster"]}/{j["pod"]}'


def tcp_once(_):
    with socket.create_connection((host, port), timeout=o.timeout) as s:
        s.sendall(b"hi\n")
        s.settimeout(o.timeout)
        line = s.recv(200).decode().split()
    return ("200", f"{line[1]}/{line[2]}") if line else ("closed", None)


def worker():
    state = {}
    while (at := q.get()) is not None:
        t = time.monotonic()
        try:
            code, who = (tcp_once if scheme == "tcp" else http_once)(state)
        except Exception as e:
            state["c"], code, who = None, type(e).__name__, None
        out.append((at - t0, code, who, time.monotonic() - t, t - t0))


ws = [threading.Thread(target=worker) for _ in range(8)]
for w in ws:
    w.start()
n = int(o.rate * o.seconds)
if o.file:
    with open(o.file, "w") as f:
        f.write("sending\n")
for i in range(n):
    if o.file and not os.path.exists(o.file):
        n = i
        break
    time.sleep(max(0, t0 + i / o.rate - time.monotonic()))
    q.put(time.monotonic())
for w in ws:
    q.put(None)
for w in ws:
    w.join()
out.sort()
lat = sorted(x[3] for x in out)
moves, last, changes, known = [], None, [], 0
for at, code, who, took, began in out:
    cl = who and who.split("/")[0]
    outcome = code if who is None else f"{code} {who}"
    is_overtaken = len(changes) > 1 and outcome == changes[-2][1] and began < known
    if changes and outcome == changes[-1][1]:
        known = min(known, began + took)
    elif not is_overtaken:
        changes.append([round((wall0 + at) * 1000), outcome])
        known = began + took
    if cl and cl != last:
        moves.append([round(at, 1), cl])
        last = cl
print(json.dumps({"sent": n, "codes": dict(collections.Counter(x[1] for x in out)), "backends": dict(collections.Counter(x[2] for x in out if x[2])),
                  "failed_at": [[round(x[0], 1), x[1]] for x in out if x[1] != "200"][:400], "moves": moves[:12], "moves_total": len(moves), "changes": changes[:100],
                  "p50_ms": round(lat[len(lat) // 2] * 1000, 1), "p99_ms": round(lat[int(len(lat) * .99)] * 1000, 1), "max_ms": round(lat[-1] * 1000, 1)}))
