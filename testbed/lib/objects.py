#!/usr/bin/env python3
"""Prints the Kubernetes objects of one cluster as a JSON List (what kubelets and controllers would have made).
objects.py CLUSTER PART     PART: base (namespaces, nodes, accounts, services) | pods | slices | status | nat
Input: TB_PODS (rows of pods.tsv), TB_SERVICES (rows of services.tsv), TB_REGION, TB_ZONE, TB_WAN, TB_NETWORKS from the environment."""
import json, os, sys

cl, part = sys.argv[1:3]
NETWORKS = os.environ.get("TB_NETWORKS", "on") == "on"
REGION, ZONE, WAN = os.environ["TB_REGION"], os.environ["TB_ZONE"], os.environ["TB_WAN"].split()
NODE = f"node-{cl}"
NOW = "2026-01-01T00:00:00Z"
net = {"topology.istio.io/network": f"network-{cl}"} if NETWORKS else {}


def rows_of(var):
    return [line.split() for line in os.environ[var].splitlines() if line.split()]


rows = [dict(zip(("cluster", "name", "ns", "sa", "ip", "kind", "labels"), r)) for r in rows_of("TB_PODS") if r[0] == cl]
for r in rows:
    r["labels"] = dict(kv.split("=") for kv in r["labels"].split(","))
machines = [r for r in rows if r["kind"] == "machine"]  # outside of Kubernetes: nothing but their service account is in the API
rows = [r for r in rows if r["kind"] != "machine"]
services = [dict(zip(("clusters", "name", "ns", "app", "type", "ports"), s)) for s in rows_of("TB_SERVICES") if cl in s[0]]
for s in services:
    s["ports"] = [(n, int(p), int(t) if t.isdigit() else t) for n, p, t in (x.split(":") for x in s["ports"].split(","))]


def container_ports(r):
    if r["kind"] == "ingress":
        return [{"name": "status-port", "containerPort": 15021}, {"name": "http", "containerPort": 80}, {"name": "https", "containerPort": 443}]
    if r["kind"] == "gateway":
        return [{"name": "status-port", "containerPort": 15021}, {"name": "tls", "containerPort": 15443}]
    return [{"name": "http", "containerPort": 9080}, {"name": "tcp", "containerPort": 9000}]


def members(s):
    return [r for r in rows if r["labels"]["app"] == s["app"] and r["ns"] == s["ns"]]


def outside(s):
    """Where a load balancer answers: east-west gateways on the WAN, ingress gateways at their pods."""
    return WAN if s["app"] == "istio-eastwestgateway" else [m["ip"] for m in members(s)]


def target(s, t):
    """A named targetPort resolves to the container port of that name."""
    if isinstance(t, int):
        return t
    return next(p["containerPort"] for m in members(s) for p in container_ports(m) if p["name"] == t)


def pod(r):
    meshed = r["kind"] != "bare"
    labels = dict(r["labels"])
    if meshed:
        labels.update({"security.istio.io/tlsMode": "istio", "service.istio.io/canonical-name": labels["app"],
                       "service.istio.io/canonical-revision": labels.get("version", "latest"), **net})
    cs = [{"name": "app", "image": "echo", "ports": container_ports(r)}]
    if meshed:
        cs.append({"name": "istio-proxy", "image": "proxyv2", "ports": [{"name": "http-envoy-prom", "containerPort": 15090}]})
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": r["name"], "namespace": r["ns"], "labels": labels,
                         "annotations": {"sidecar.istio.io/status": "{}"} if meshed else {}},
            "spec": {"serviceAccountName": r["sa"], "nodeName": NODE, "containers": cs}}


def service(s):
    labels = {"app": s["app"]}
    if s["app"] == "istio-eastwestgateway":
        labels.update({"istio": "eastwestgateway", **net})
    spec = {"type": "LoadBalancer" if s["type"] == "LoadBalancer" else "ClusterIP", "selector": {"app": s["app"]},
            "ports": [{"name": n, "port": p, "targetPort": t} for n, p, t in s["ports"]]}
    if s["type"] == "None":
        spec["clusterIP"] = "None"
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": s["name"], "namespace": s["ns"], "labels": labels}, "spec": spec}


def endpoint_slice(s):
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": f'{s["name"]}-1', "namespace": s["ns"],
                         "labels": {"kubernetes.io/service-name": s["name"], "testbed/app": s["app"],
                                    "endpointslice.kubernetes.io/managed-by": "isthmus-testbed"}},
            "ports": [{"name": n, "port": target(s, t), "protocol": "TCP"} for n, _, t in s["ports"]],
            "endpoints": [{"addresses": [m["ip"]], "conditions": {"ready": True, "serving": True, "terminating": False},
                           "nodeName": NODE, "zone": ZONE,
                           "targetRef": {"kind": "Pod", "name": m["name"], "namespace": m["ns"]}} for m in members(s)]}


def deployments():
    """The templates that the pods would come from: discovery reads these, never pods."""
    out = {}
    for r in rows:
        p, labels = pod(r), r["labels"]
        name = "-".join(filter(None, (labels["app"], labels.get("version"))))
        app = {k: v for k, v in p["spec"]["containers"][0].items()}
        d = out.setdefault((r["ns"], name), {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": r["ns"], "labels": labels},
            "spec": {"replicas": 0, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels}, "spec": {"serviceAccountName": r["sa"], "containers": [app]}}}})
        d["spec"]["replicas"] += 1
    return list(out.values())


def mesh():
    """What an installation of Istio leaves in istio-system: istiod's Deployment and its mesh configuration."""
    labels = {"app": "istiod", "istio.io/rev": "default", "operator.istio.io/component": "Pilot"}
    own = os.environ["TB_TRUST_DOMAIN"]
    cfg = {"trustDomain": own, "trustDomainAliases": [d for d in os.environ.get("TB_TRUST_ALIASES", "").split() if d != own], "rootNamespace": "istio-system",
           "caCertificates": [{"trustDomains": ds} for ds in [os.environ.get("TB_TRUST_ROOTS", "").split()] if ds],
           "defaultConfig": {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}}
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "istiod", "namespace": "istio-system", "labels": labels},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "istiod"}}, "template": {"metadata": {"labels": labels}, "spec": {
             "containers": [{"name": "discovery", "image": os.environ["TB_ISTIOD_IMAGE"]}]}}}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"}, "data": {"mesh": json.dumps(cfg)}}]


def base():
    items = []
    for ns in sorted({r["ns"] for r in rows + machines} | {s["ns"] for s in services} | {"istio-system", "isthmus-system"}):
        lab = dict(net) if ns == "istio-system" else ({} if ns in ("legacy", "isthmus-system") else {"istio-injection": "enabled"})
        items.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ns, "labels": lab}})
    items.append({"apiVersion": "v1", "kind": "Node", "metadata": {"name": NODE, "labels": {
        "topology.kubernetes.io/region": REGION, "topology.kubernetes.io/zone": ZONE, "kubernetes.io/hostname": NODE}}})
    for ns, sa in sorted({(r["ns"], r["sa"]) for r in rows + machines}):
        items.append({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": sa, "namespace": ns}})
    return items + [service(s) for s in services] + deployments() + mesh()


def status():
    """Objects that hold only what a kubelet or a cloud controller would report."""
    items = []
    for r in rows:
        cs = [{"name": c["name"], "image": c["image"], "imageID": c["image"], "ready": True, "started": True, "restartCount": 0,
               "state": {"running": {"startedAt": NOW}}} for c in pod(r)["spec"]["containers"]]
        st = {"phase": "Running", "podIP": r["ip"], "podIPs": [{"ip": r["ip"]}], "hostIP": r["ip"], "startTime": NOW,
              "conditions": [{"type": t, "status": "True", "lastTransitionTime": NOW}
                             for t in ("PodScheduled", "Initialized", "ContainersReady", "Ready")],
              "containerStatuses": cs}
        items.append({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": r["name"], "namespace": r["ns"]}, "status": st})
    for s in services:
        if s["type"] == "LoadBalancer":
            items.append({"apiVersion": "v1", "kind": "Service", "metadata": {"name": s["name"], "namespace": s["ns"]},
                          "status": {"loadBalancer": {"ingress": [{"ip": a} for a in outside(s)]}}})
    return items


def nat():
    """namespace service port left pod-ip target-port ("left" counts down to 1 for the round robin of iptables)"""
    for s in services:
        ms = members(s) if s["type"] != "None" else []
        for _, p, t in s["ports"]:
            for i, m in enumerate(ms):
                print(s["ns"], s["name"], p, len(ms) - i, m["ip"], target(s, t))


def listing(items):
    print(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))


if part == "nat":
    nat()
else:
    listing({"base": base, "status": status, "pods": lambda: [pod(r) for r in rows], "slices": lambda: [endpoint_slice(s) for s in services if members(s)]}[part]())
