#!/usr/bin/env bash
# A bare Kubernetes API (etcd + kube-apiserver + Istio's CRDs and nothing else) for tests; needs no root.
#   kube.sh up NAME PORT_BASE     apiserver on PORT_BASE, etcd on the next two ports; prints the kubeconfig's path on its last line
#   kube.sh down NAME [--keep]    stops it and deletes its data (--keep: the data stays for the next up)
#   kube.sh status
source "$(dirname "$0")/lib/lib.sh"
source "$TB_HOME/lib/kube.sh"
TESTBED_STATE=$TESTBED_STATE-kube; mkdir -p "$TESTBED_STATE/pids" "$TESTBED_STATE/logs"     # `cli.sh down` must not touch these
usage() { sed -n 2,6p "$TB_HOME/kube.sh"; exit 2; }
verb=${1:-} name=${2:-} port=${3:-}
[ "$verb" = status ] || { [[ $name =~ ^[a-z0-9][a-z0-9-]*$ ]] && [ "$name" != pids ] && [ "$name" != logs ]; } || usage
d=$TESTBED_STATE/$name
case $verb in
  up)
    [[ $port =~ ^[0-9]+$ ]] || usage
    need_bins etcd kube-apiserver kubectl crd-all.gen.yaml
    mkdir -p "$d"
    kube_start "$name" "$d" $((port + 1)) $((port + 2)) "$port" 10.96.0.0/16
    wait_for 120 "apiserver $name" "$TESTBED_BIN/kubectl" --kubeconfig "$d/kubeconfig" get --raw /readyz
    kube_crds "$d/kubeconfig"
    echo "$d/kubeconfig";;
  down)
    stop "apiserver-$name"; stop "etcd-$name"
    [ "${3:-}" = --keep ] || rm -rf "$d";;
  status)
    for f in "$TESTBED_STATE"/pids/apiserver-*; do
      n=${f##*/apiserver-}
      if alive "apiserver-$n"; then echo "$n up $TESTBED_STATE/$n/kubeconfig"; fi
    done;;
  *) usage;;
esac
