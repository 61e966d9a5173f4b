#!/usr/bin/env bash
# bundle.sh DIR [MODE] : writes this testbed's topology as an Isthmus bundle (clusters with their manifests, one global namespace, an encryption
# policy of MODE, default STRICT). What is rendered from it can be given to apply.sh.
source "$(dirname "$0")/lib/lib.sh"
[ $# -ge 1 ] || { sed -n 2,3p "$0"; exit 2; }
out=$1 mode=${2:-STRICT}
mkdir -p "$out"
cat >"$out/bookinfo.yaml" <<Y
apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: {name: bookinfo}
spec:
  domain: bookinfo.global
  members:
    - namespaces: {names: [bookinfo]}
  consumers:
    - namespaces: {names: [shop]}
---
apiVersion: isthmus.dev/v1alpha1
kind: EncryptionPolicy
metadata: {name: bookinfo}
spec: {targets: [{globalNamespace: bookinfo}], mode: $mode}
Y
for c in $CLUSTERS; do
  mkdir -p "$out/clusters/$c"
  {
    cat <<Y
apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: {name: $c}
spec:
  mesh: {kind: istio, version: "${TB_ISTIO_VERSION%.*}"}
  network: network-$c
  locality: $(region "$c")/$(zone "$c")
  trustDomain: $(trustdom "$c")
  podCIDRs: [10.77.$(octet "$c").0/24]
  serviceCIDRs: [10.10$(octet "$c").0.0/16]
  gateways:
Y
    for w in $(gw_wans "$c"); do echo "    - {address: $w, port: 15443, namespace: istio-system, selector: {istio: eastwestgateway}}"; done
  } >"$out/clusters/$c/cluster.yaml"
  objects "$c" base | python3 -c '
import json, sys
print("\n---\n".join(json.dumps(o) for o in json.load(sys.stdin)["items"] if o["kind"] != "Node"))' >"$out/clusters/$c/manifests.yaml"
done
