#!/usr/bin/env bash
# One workload: pod.sh start|stop|restart|stop-app|start-app|admin|logs|exec|ready|join CLUSTER POD [args]
#   stop-app / start-app   only the server process (the proxy stays)
#   admin PATH             Envoy's admin page, e.g. clusters, config_dump, stats, certs
#   ready true|false       flips the Pod's Ready condition and its EndpointSlice entry
#   join GROUP ENTRY       a machine starts its proxy anew with the files that istioctl makes from a WorkloadGroup, and speaks for that WorkloadEntry
source "$(dirname "$0")/lib/lib.sh"
[ $# -ge 3 ] || { sed -n 2,7p "$0"; exit 2; }
verb=$1 c=$2 name=$3; shift 3
read -r _ _ ns sa ip kind labels < <(pods | awk -v c="$c" -v n="$name" '$1==c && $2==n') || { echo "no pod $c/$name" >&2; exit 2; }
n=$(nsname "$c" "$name"); d=$TESTBED_STATE/$c/pods/$name
ver=$(sed -n 's/.*version=\([^,]*\).*/\1/p' <<<"$labels"); app=$(sed -n 's/.*app=\([^,]*\).*/\1/p' <<<"$labels")
start_app() {
  is_gateway "$kind" && return 0
  start "app-$c-$name" env CLUSTER="$c" POD="$name" VERSION="$ver" NAMESPACE="$ns" ip netns exec "$n" $(asuid 1000) python3 "$TB_HOME/lib/server.py"
}
start_proxy() {
  [ "$kind" = bare ] && return 0
  alive "proxy-$c-$name" && return 0
  mkdir -p "$d"/var/run/secrets/{istio,tokens,workload-spiffe-uds,workload-spiffe-credentials} "$d"/etc/istio/{proxy,pod} "$d"/var/lib/istio/data
  rm -rf "$d"/var/run/secrets/workload-spiffe-credentials "$d"/var/run/secrets/workload-spiffe-uds/*
  local bound=(--bound-object-kind Pod --bound-object-name "$name")
  [ "$kind" = machine ] && bound=()
  k "$c" create token "$sa" -n "$ns" --audience istio-ca --duration 48h "${bound[@]}" >"$d/var/run/secrets/tokens/istio-token"
  wait_for 90 "istio-ca-root-cert in $ns" k "$c" get cm istio-ca-root-cert -n "$ns"
  k "$c" get cm istio-ca-root-cert -n "$ns" -o 'jsonpath={.data.root-cert\.pem}' >"$d/var/run/secrets/istio/root-cert.pem"
  local files=()
  if [ -d "$d/files" ]; then
    files=(bash -c 'set -a; . files/cluster.env; exec "$@"' join); : >"$d/etc/istio/pod/labels"; : >"$d/etc/istio/pod/annotations"
    install -D -m 644 "$d/files/mesh.yaml" "$d/etc/istio/config/mesh"
  elif [ "$kind" = machine ]; then tr , '\n' <<<"$labels" | sed 's/=\(.*\)/="\1"/' >"$d/etc/istio/pod/labels"; : >"$d/etc/istio/pod/annotations"
  else k "$c" get pod "$name" -n "$ns" -o json | python3 -c 'import json,sys
m=json.load(sys.stdin)["metadata"]
open(sys.argv[1]+"/labels","w").write("".join(f"{k}=\"{v}\"\n" for k,v in m.get("labels",{}).items()))
open(sys.argv[1]+"/annotations","w").write("".join(f"{k}={json.dumps(v)}\n" for k,v in m.get("annotations",{}).items()))' "$d/etc/istio/pod"
  fi
  chown -R $UIDP:$UIDP "$d"
  local role=sidecar ports='[{"name":"http","containerPort":9080,"protocol":"TCP"},{"name":"tcp","containerPort":9000,"protocol":"TCP"}]' env=()
  is_gateway "$kind" && role=router
  [ "$kind" = gateway ] && ports='[{"name":"tls","containerPort":15443,"protocol":"TCP"}]'
  [ "$kind" = ingress ] && ports='[{"name":"http","containerPort":80,"protocol":"TCP"},{"name":"https","containerPort":443,"protocol":"TCP"}]'
  [ "$TB_NETWORKS" = on ] && env+=("ISTIO_META_NETWORK=network-$c")
  is_gateway "$kind" || env+=(ISTIO_META_DNS_CAPTURE=true)
  local pc="{\"discoveryAddress\":\"istiod.istio-system.svc:15012\",\"binaryPath\":\"$TESTBED_BIN/envoy\",\"configPath\":\"./etc/istio/proxy\",\"concurrency\":1,\"terminationDrainDuration\":\"1s\",\"proxyStatsMatcher\":{\"inclusionRegexps\":[\".*\"]}}"
  start "proxy-$c-$name" env -C "$d" "${env[@]}" PILOT_CERT_PROVIDER=istiod CA_ADDR=istiod.istio-system.svc:15012 POD_NAME="$name" POD_NAMESPACE="$ns" \
    INSTANCE_IP="$ip" SERVICE_ACCOUNT="$sa" HOST_IP="$ip" TRUST_DOMAIN="$(trustdom "$c")" PROXY_CONFIG="$pc" ISTIO_META_POD_PORTS="$ports" \
    ISTIO_META_APP_CONTAINERS=app ISTIO_META_CLUSTER_ID="cluster-$c" ISTIO_META_NODE_NAME="node-$c" ISTIO_META_INTERCEPTION_MODE=REDIRECT \
    ISTIO_META_WORKLOAD_NAME="$app" ISTIO_META_MESH_ID=cluster.local GOMEMLIMIT=100MiB GOMAXPROCS=1 HOME="$d" "${files[@]}" \
    ip netns exec "$n" $(asuid $UIDP) "$TESTBED_BIN/pilot-agent" proxy $role --domain "$ns.svc.cluster.local" \
    --proxyLogLevel=warning --log_output_level=default:info --templateFile "$TESTBED_BIN/envoy_bootstrap.json"
}
case $verb in
  start) start_app; start_proxy;;
  stop) stop "app-$c-$name"; stop "proxy-$c-$name";;
  restart) stop "proxy-$c-$name"; stop "app-$c-$name"; start_app; start_proxy;;
  stop-app) stop "app-$c-$name";;
  start-app) start_app;;
  admin) ip netns exec "$n" curl -sS -m 10 "http://127.0.0.1:15000/${1:-}";;
  logs) tail -n "${1:-40}" "$TESTBED_STATE/logs/proxy-$c-$name.log";;
  exec) inpod "$c" "$name" "$@";;
  join)
    [ "$kind" = machine ] || { echo "$c/$name is no machine" >&2; exit 2; }
    rm -rf "$d/files"
    "$TESTBED_BIN/istioctl" --kubeconfig "$(kubeconfig "$c")" x workload entry configure --name "$1" --namespace "$ns" --clusterID "cluster-$c" -o "$d/files"
    echo "ISTIO_META_WORKLOAD_ENTRY='$2'" >>"$d/files/cluster.env"
    stop "proxy-$c-$name"; start_proxy;;
  ready)
    v=$1; [ "$v" = true ] && s=True || s=False
    k "$c" get pod "$name" -n "$ns" -o json | python3 -c '
import json,sys
p=json.load(sys.stdin); st=p["status"]
for x in st["conditions"]:
    if x["type"] in ("Ready","ContainersReady"): x["status"]=sys.argv[1]
print(json.dumps({"status":{"conditions":st["conditions"]}}))' "$s" >"$d/ready.json"
    k "$c" patch pod "$name" -n "$ns" --subresource=status --type=merge --patch-file "$d/ready.json" >/dev/null
    for es in $(k "$c" get endpointslice -n "$ns" -l "testbed/app=$app" -o name); do
      k "$c" get "$es" -n "$ns" -o json >"$d/es.json"
      python3 - "$d/es.json" "$name" "$v" <<'P' >"$d/es2.json"
import json,sys
e=json.load(open(sys.argv[1]))
for x in e["endpoints"]:
    if x.get("targetRef",{}).get("name")==sys.argv[2]: x["conditions"]={"ready":sys.argv[3]=="true","serving":sys.argv[3]=="true","terminating":False}
e["metadata"].pop("managedFields",None); print(json.dumps(e))
P
      k "$c" replace -f "$d/es2.json" >/dev/null
    done;;
  *) echo "unknown verb $verb" >&2; exit 2;;
esac
