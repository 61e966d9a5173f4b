# shellcheck shell=bash
# Shared by every script of the testbed. Source it; it sets paths, addresses and small helpers.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin             # where iptables and sysctl are, which not every PATH names
TB_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TB_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/isthmus-testbed
TESTBED_BIN=${TESTBED_BIN:-$TB_CACHE/bin}
TB_INSTANCE=${TB_INSTANCE:-0}            # several testbeds live side by side on one machine, each with its own ports and network namespaces
case $TB_INSTANCE in 0) TB_PORTS=26 NSP=istb;; 1) TB_PORTS=16 NSP=istb1;; 2) TB_PORTS=22 NSP=istb2;;
  3) TB_PORTS=29 NSP=istb3;; 4) TB_PORTS=19 NSP=istb4;; 5) TB_PORTS=13 NSP=istb5;; *) echo "TB_INSTANCE is 0 to 5" >&2; exit 2;; esac
TESTBED_STATE=${TESTBED_STATE:-$TB_CACHE/run$([ "$TB_INSTANCE" = 0 ] || echo "-$TB_INSTANCE")}
TB_NETWORKS=${TB_NETWORKS:-on}          # on: label network-a / network-b as a multi-network install does; off: no labels
TRUST_DOMAIN_A=${TRUST_DOMAIN_A:-cluster.local}
TRUST_DOMAIN_B=${TRUST_DOMAIN_B:-cluster.local}
TRUST_DOMAIN_C=${TRUST_DOMAIN_C:-cluster.local}
CLUSTERS=${TB_CLUSTERS:-a b c}
TB_ISTIO_VERSION=1.31.0                  # the release line that the pinned istiod leads to; build.sh holds the exact commit
FAB=$NSP-fab                             # NSP: prefix of every Linux network namespace
UIDP=1337                                # uid of pilot-agent and Envoy, as in a real pod
# drop to a uid but keep file access, so that binaries and state may live under a private home directory
asuid() { echo setpriv --reuid="$1" --regid="$1" --clear-groups --inh-caps +dac_override,+dac_read_search --ambient-caps +dac_override,+dac_read_search; }
mkdir -p "$TESTBED_STATE/pids" "$TESTBED_STATE/logs"

# ---- addresses -----------------------------------------------------------------------------
base()       { echo $((TB_PORTS + $(octet "$1") - 1)); }      # port thousands
octet()      { case $1 in a) echo 1;;  b) echo 2;;  c) echo 3;;  esac; }
region()     { case $1 in a) echo us-west;; b) echo us-east;; c) echo eu-west;; esac; }
zone()       { echo "$(region "$1")-1a"; }
trustdom()   { case $1 in a) echo "$TRUST_DOMAIN_A";; b) echo "$TRUST_DOMAIN_B";; c) echo "$TRUST_DOMAIN_C";; esac; }
api_port()   { echo "$(base "$1")443"; }
kubeconfig() { echo "$TESTBED_STATE/$1/kubeconfig"; }
wan_of()     { local l=${1##*.} o=${1%.*}; echo "10.77.9.$(( (l - 1) * 10 + ${o##*.} ))"; }   # pod IP of a gateway -> its WAN address
OUTSIDE_IP=10.77.9.250                   # a machine outside of every mesh, on the WAN; any name under outside.test
gw_wan()     { echo "10.77.9.1$(octet "$1")"; }
gw_wans()    { pods | awk -v c="$1" '$1==c && $6=="gateway" && $7~/istio=eastwestgateway/{print $5}' | while read -r ip; do wan_of "$ip"; done; }
pod_gw()     { echo "10.77.$(octet "$1").1"; }
rows()       { cat "$@" 2>/dev/null | sed -e 's/#.*//' -e '/^[[:space:]]*$/d' || true; }
# cluster name namespace sa ip kind(app|client|gateway|ingress|bare|machine) labels; extra-pods.tsv holds what a test added at run time
pods()       { rows "$TB_HOME/lib/pods.tsv" "$TESTBED_STATE/extra-pods.tsv" | awk -v cs="$CLUSTERS" 'index(cs,$1)'; }
objects()    { # CLUSTER PART
  TB_PODS=$(pods) TB_SERVICES=$(rows "$TB_HOME/lib/services.tsv" "$TESTBED_STATE/extra-services.tsv") TB_NETWORKS=$TB_NETWORKS \
    TB_REGION=$(region "$1") TB_ZONE=$(zone "$1") TB_WAN=$(gw_wans "$1") \
    TB_TRUST_DOMAIN=$(trustdom "$1") TB_ISTIOD_IMAGE="docker.io/istio/pilot:$TB_ISTIO_VERSION" python3 "$TB_HOME/lib/objects.py" "$1" "$2"
}
need_bins()  { local b; for b in "$@"; do [ -e "$TESTBED_BIN/$b" ] || { echo "missing $TESTBED_BIN/$b: run 'cli.sh build' first" >&2; exit 1; }; done; }
need_root()  { [ "$(id -u)" = 0 ] || { echo "the testbed needs root: it makes network namespaces and iptables rules (try: sudo -E npm run testbed -- $*)" >&2; exit 1; }; }
is_gateway() { [ "$1" = gateway ] || [ "$1" = ingress ]; }
nsname()     { echo "$NSP-$1-$2"; }

k() { local c=$1; shift; "$TESTBED_BIN/kubectl" --kubeconfig "$(kubeconfig "$c")" "$@"; }

# holds JSON EXPRESSION : a Python expression over j
holds() { python3 -c 'import json,sys; sys.exit(0 if eval(sys.argv[2],{"j":json.loads(sys.argv[1])}) else 1)' "$1" "$2"; }

# ---- processes: every pid file holds "pid starttime"; nothing else is ever signalled ---------
pstart() { awk '{print $22}' "/proc/$1/stat" 2>/dev/null || true; }
alive()  { local f=$TESTBED_STATE/pids/$1 p s; [ -f "$f" ] || return 1; read -r p s <"$f"; [ -n "$p" ] && [ "$(pstart "$p")" = "$s" ]; }
pidof_() { local p s; read -r p s <"$TESTBED_STATE/pids/$1"; echo "$p"; }
# start NAME CMD... : detached; the command must end in exec of the real program
start() {
  local name=$1; shift
  if alive "$name"; then return 0; fi
  setsid "$@" </dev/null >>"$TESTBED_STATE/logs/$name.log" 2>&1 &
  local p=$!; disown "$p" 2>/dev/null || true
  echo "$p $(pstart "$p")" >"$TESTBED_STATE/pids/$name"
}
# The first pid may change children (ip netns exec and setpriv exec in place, so it does not).
stop() {
  local name=$1 p; alive "$name" || { rm -f "$TESTBED_STATE/pids/$name"; return 0; }
  p=$(pidof_ "$name"); kill -TERM "$p" 2>/dev/null || true
  for _ in $(seq 1 50); do alive "$name" || break; sleep 0.1; done
  if alive "$name"; then kill -KILL -- "-$p" 2>/dev/null || kill -KILL "$p" 2>/dev/null || true; fi
  rm -f "$TESTBED_STATE/pids/$name"
}
# ---- an instance belongs to one state directory while one of its processes lives ---------------
OWNER=/etc/netns/$FAB.owner              # "pid starttime state" of the `up` that took it
owner_state() { cut -d' ' -f3- "$OWNER" 2>/dev/null || true; }
owner_lives() {
  local p s st f; read -r p s st <"$OWNER" 2>/dev/null || return 1
  [ "$(pstart "$p")" = "$s" ] && return 0
  for f in "$st"/pids/*; do [ -e "$f" ] || continue; read -r p s <"$f"; [ "$(pstart "$p")" = "$s" ] && return 0; done
  return 1
}
drop_namespaces() { local n; for n in $(ip netns list | awk '{print $1}' | grep -E "^$NSP-" || true); do ip netns del "$n"; rm -rf "/etc/netns/$n"; done; rm -f "$OWNER"; }
claim() {
  local c p
  mkdir -p /etc/netns; exec 8</etc/netns; flock 8
  if [ "$(owner_state)" != "$TESTBED_STATE" ]; then
    if owner_lives; then echo "instance $TB_INSTANCE is used by $(owner_state): stop that one, or set TB_INSTANCE" >&2; exit 75; fi
    drop_namespaces
    for c in $CLUSTERS; do for p in 443 379 080 012; do
      [ -z "$(ss -Htln "sport = :$(base "$c")$p")" ] || { echo "instance $TB_INSTANCE needs port $(base "$c")$p, which something else uses: set TB_INSTANCE" >&2; exit 75; }
    done; done
  fi
  echo "$$ $(pstart $$) $TESTBED_STATE" >"$OWNER"
  exec 8<&-
}
# wait_for SECONDS DESCRIPTION CMD...
wait_for() {
  local t=$1 d=$2 end; shift 2; end=$((SECONDS + t))
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then echo "timeout after ${t}s waiting for $d" >&2; return 1; fi
    sleep 0.3
  done
}
# run a command as the application user inside a pod's network namespace
inpod() { local c=$1 n=$2; shift 2; ip netns exec "$(nsname "$c" "$n")" $(asuid 1000) "$@"; }
# cut every established connection of the data plane (clients keep theirs for an hour, which hides what a change did)
cut_conns() {
  local c name rest
  while read -r c name rest; do
    ip netns exec "$(nsname "$c" "$name")" ss -K state established '( sport = :15443 or dport = :15443 or sport = :15006 or sport = :15001 or dport = :9080 or dport = :9000 )' >/dev/null 2>&1 || true
  done < <(pods)
}
