#!/usr/bin/env bash
# The real-mesh testbed: three clusters with real API servers, istiods and Envoys on one Linux machine. README.md tells more.
#   cli.sh build [--check]                 builds what is missing into the cache (needs Go and pip; about 10 min once)
#   cli.sh able [control-plane]            says why this machine cannot run it; control-plane: leaves the proxy's binaries out
#   cli.sh up | down [--purge] | status    starts, stops (--purge: and forgets), lists
#   cli.sh selftest                        applies example/ and asserts what it promises
#   cli.sh apply DIR [CHANGE...]           makes the clusters hold what DIR/<cluster>/ says; also --only C DIR, --clear, --wait
#   cli.sh probe [options] URL             requests with proof of identity and path; also: load, endpoints
#   cli.sh cut                             cuts the connections of the data plane: clients keep theirs, which hides what a change did
#   cli.sh load CLUSTER POD [--rate R] [--seconds S] [--while FILE] [--keep] URL|tcp://HOST:PORT
#   cli.sh endpoints CLUSTER POD HOST PORT endpoints of a host with their priorities, as that pod's proxy sees them
#   cli.sh pod VERB CLUSTER POD [args]     start, stop, restart, stop-app, start-app, ready, admin, logs, exec
#   cli.sh kubectl CLUSTER args            kubectl of that cluster;  cli.sh kubeconfig CLUSTER  prints the path
#   cli.sh bundle DIR [MODE]               this topology as an Isthmus bundle, to render and then apply
#   cli.sh variants [PATTERN]              the experiments behind docs/adr/10x, as checks
#   cli.sh kube-up NAME PORT_BASE | kube-down NAME | kube-status     a bare API server with Istio's CRDs; needs no root
if [ "${1:-}" = able ]; then exec "$(dirname "$0")/able.sh" "${@:2}"; fi
source "$(dirname "$0")/lib/lib.sh"
verb=${1:-help}; [ $# = 0 ] || shift
case $verb in
  build) exec "$TB_HOME/build.sh" "$@";;
  up | down | selftest | apply | variants)
    need_root "$verb"
    exec 9>"$TESTBED_STATE.lock"     # one at a time; closed for children, which outlive this
    flock -n 9 || { echo "another run changes this testbed; waiting" >&2; flock -w 1800 9; }
    "$TB_HOME/$verb.sh" "$@" 9>&-;;
  cut) need_root cut; cut_conns;;
  probe) need_root probe; exec "$TB_HOME/probe.sh" "$@";;
  bundle) exec "$TB_HOME/bundle.sh" "$@";;
  pod) need_root pod; exec "$TB_HOME/pod.sh" "$@";;
  load) need_root load; c=$1 p=$2; shift 2; inpod "$c" "$p" python3 "$TB_HOME/lib/load.py" "$@";;
  endpoints) need_root endpoints; "$TB_HOME/pod.sh" admin "$1" "$2" 'clusters?format=json' | python3 "$TB_HOME/lib/endpoints.py" "$3" "$4";;
  kubectl) k "$@";;
  kubeconfig) kubeconfig "$1";;
  kube-up | kube-down | kube-status) exec "$TB_HOME/kube.sh" "${verb#kube-}" "$@";;
  status)
    n=0; t=0
    for f in "$TESTBED_STATE"/pids/*; do
      [ -e "$f" ] || continue
      t=$((t + 1)); if alive "$(basename "$f")"; then n=$((n + 1)); else echo "dead: $(basename "$f") (log: $TESTBED_STATE/logs/$(basename "$f").log)"; fi
    done
    if [ $n = 0 ]; then echo "down"; exit 3; fi
    echo "up: $n of $t processes"
    for c in $CLUSTERS; do echo "cluster $c: KUBECONFIG=$(kubeconfig "$c") gateways=$(gw_wans "$c" | tr '\n' ' ')"; done
    [ $n = $t ];;
  *) sed -n 2,17p "$TB_HOME/cli.sh"; [ "$verb" = help ] || exit 2;;
esac
