#!/usr/bin/env python3
"""Exit 0 if istiod has at least COUNT proxies and each acknowledged what it was sent last.   synced.py SYNCZ_URL COUNT"""
import json, sys, urllib.request

proxies = json.load(urllib.request.urlopen(sys.argv[1], timeout=3))
KINDS = ("cluster", "listener", "route", "endpoint")
late = [p for p in proxies if any(p.get(k + "_sent", "") != p.get(k + "_acked", "") for k in KINDS)]
sys.exit(1 if late or len(proxies) < int(sys.argv[2]) else 0)
