#!/usr/bin/env python3
"""Reads Envoy's /clusters?format=json from stdin; prints {"address:port": {"priority", "zone", "healthy"}} of one outbound cluster.
endpoints.py HOST PORT"""
import json, sys

host, port = sys.argv[1:3]
out = {}
for c in json.load(sys.stdin)["cluster_statuses"]:
    if c["name"] != f"outbound|{port}||{host}":
        continue
    for h in c.get("host_statuses", []):
        a = h["address"]["socket_address"]
        out[f'{a["address"]}:{a["port_value"]}'] = {
            "priority": h.get("priority", 0), "zone": h.get("locality", {}).get("zone", ""),
            "healthy": h.get("health_status", {}).get("eds_health_status") == "HEALTHY" and not h["health_status"].get("failed_outlier_check")}
print(json.dumps(out))
