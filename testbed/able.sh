#!/usr/bin/env bash
# able.sh [control-plane | --host] : exit code 0 if this machine can run the testbed, else one line that says why not. Changes nothing that stays.
# control-plane: what API servers and istiods need; without it, the proxies too. --host: what the machine itself must offer, built binaries or not.
set -u
no() { echo "$*"; exit 1; }
[ "$(uname -s)" = Linux ] || no "the testbed runs on Linux only"
[ "$(id -u)" = 0 ] || no "network namespaces need root"
source "$(dirname "$0")/lib/lib.sh"
lacking=""
for t in ip iptables iptables-save ss sysctl setpriv openssl curl python3 flock awk; do command -v $t >/dev/null || lacking="$lacking $t"; done
[ -z "$lacking" ] || no "not installed:$lacking"
n=$NSP-able-$$
ip netns add "$n" 2>/dev/null || no "this root may not make network namespaces"
trap 'ip netns del "$n" 2>/dev/null' EXIT
ip netns exec "$n" iptables -t nat -A OUTPUT -p tcp -m owner --uid-owner 1 -j REDIRECT --to-ports 1 2>/dev/null || no "this root may not redirect with iptables"
ip -n "$n" link add able type veth peer name able2 2>/dev/null && ip -n "$n" link add br-able type bridge 2>/dev/null || no "this kernel makes no veth pairs or bridges"
[ "${1:-}" = --host ] && exit 0
for b in kube-apiserver kubectl etcd pilot-discovery istioctl crd-all.gen.yaml; do [ -s "$TESTBED_BIN/$b" ] || no "$b is not built (testbed/build.sh)"; done
[ "${1:-}" = control-plane ] && exit 0
for b in pilot-agent envoy envoy_bootstrap.json; do [ -s "$TESTBED_BIN/$b" ] || no "$b is not built (testbed/build.sh)"; done
