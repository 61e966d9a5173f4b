#!/usr/bin/env bash
# Starts every cluster, its istiod, every proxy and workload. Idempotent: what runs is left alone.
source "$(dirname "$0")/lib/lib.sh"
source "$TB_HOME/lib/kube.sh"
need_root up
need_bins kube-apiserver kubectl etcd pilot-discovery pilot-agent istioctl envoy crd-all.gen.yaml envoy_bootstrap.json
command -v iptables >/dev/null || { echo "iptables is not installed" >&2; exit 1; }
claim
# a test that dies leaves nothing behind: with TB_PARENT=PID everything goes down, and is forgotten, when that process is gone
[ -z "${TB_PARENT:-}" ] || start watch bash -c 'while [ "$(awk "{print \$22}" "/proc/$1/stat" 2>/dev/null)" = "$2" ]; do sleep 2; done; exec bash "$3" --purge' watch "$TB_PARENT" "$(pstart "$TB_PARENT")" "$TB_HOME/down.sh"
t0=$SECONDS; say() { echo "[$((SECONDS - t0))s] $*"; }

# ---- 1. certificates: one mesh root, one intermediate per cluster -----------------------------
PKI=$TESTBED_STATE/pki; mkdir -p "$PKI"
if [ ! -f "$PKI/root-cert.pem" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/O=isthmus/CN=Root CA" -keyout "$PKI/root-key.pem" -out "$PKI/root-cert.pem" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
fi
for c in $CLUSTERS; do
  d=$TESTBED_STATE/$c; mkdir -p "$d/cacerts"
  [ -f "$d/cacerts/ca-cert.pem" ] && continue
  openssl req -newkey rsa:2048 -nodes -subj "/O=isthmus/CN=Intermediate CA/L=cluster-$c" -keyout "$d/cacerts/ca-key.pem" -out "$d/ca.csr" 2>/dev/null
  openssl x509 -req -in "$d/ca.csr" -CA "$PKI/root-cert.pem" -CAkey "$PKI/root-key.pem" -CAcreateserial -days 730 -sha256 -out "$d/cacerts/ca-cert.pem" \
    -extfile <(printf 'basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,keyCertSign\nsubjectAltName=DNS:istiod.istio-system.svc\n') 2>/dev/null
  cat "$d/cacerts/ca-cert.pem" "$PKI/root-cert.pem" >"$d/cacerts/cert-chain.pem"
  cp "$PKI/root-cert.pem" "$d/cacerts/root-cert.pem"
done
# the world outside: one authority that every pod trusts as its system does, one that nobody knows, and one for certificates of callers
OUT=$PKI/outside; mkdir -p "$OUT"
ec() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2>/dev/null; }
issue() { # NAME CA COMMON_NAME ALT_NAME
  ec -subj "/CN=$3" -keyout "$OUT/$1-key.pem" -out "$OUT/$1.csr"
  openssl x509 -req -in "$OUT/$1.csr" -CA "$OUT/$2.pem" -CAkey "$OUT/$2-key.pem" -CAcreateserial -days 3650 -out "$OUT/$1.pem" -extfile <(echo "subjectAltName=DNS:$4") 2>/dev/null
}
if [ ! -f "$OUT/client.pem" ]; then
  for a in ca unknown-ca client-ca; do ec -x509 -days 3650 -subj "/CN=outside $a" -keyout "$OUT/$a-key.pem" -out "$OUT/$a.pem"; done
  issue server ca server '*.outside.test'; issue misnamed ca misnamed elsewhere.test; issue untrusted unknown-ca untrusted '*.outside.test'; issue client client-ca partner partner.test
fi

# ---- 2. etcd and kube-apiserver, on the loopback ----------------------------------------------
for c in $CLUSTERS; do p=$(base "$c"); kube_start "$c" "$TESTBED_STATE/$c" "${p}379" "${p}380" "${p}443" "10.10$(octet "$c").0.0/16"; done
for c in $CLUSTERS; do wait_for 120 "apiserver $c" k "$c" get --raw /readyz; done
say "apiservers ready"

# ---- 3. CRDs and the objects a kubelet and the controllers would have made ---------------------
for c in $CLUSTERS; do
  kube_crds "$(kubeconfig "$c")"
  for part in base pods slices; do objects "$c" $part | k "$c" apply --server-side --force-conflicts -f - >/dev/null; done
  objects "$c" status | k "$c" apply --server-side --force-conflicts --subresource=status -f - >/dev/null
  k "$c" create secret generic cacerts -n istio-system --dry-run=client -o yaml --from-file="$TESTBED_STATE/$c/cacerts" | k "$c" apply --server-side --force-conflicts -f - >/dev/null
done
say "objects in place"

# ---- 4. the fabric namespace: one bridge per cluster and one "WAN" that only gateways share ----
if ! ip netns list | grep -qw "$FAB"; then
  ip netns add "$FAB"
  ip -n "$FAB" link set lo up
  ip netns exec "$FAB" sysctl -qw net.ipv4.ip_forward=1
  ip -n "$FAB" link add br-w type bridge; ip -n "$FAB" link set br-w up; ip -n "$FAB" addr add 10.77.9.1/24 dev br-w
  for c in $CLUSTERS; do
    ip -n "$FAB" link add "br-$c" type bridge; ip -n "$FAB" link set "br-$c" up; ip -n "$FAB" addr add "$(pod_gw "$c")/24" dev "br-$c"
    # pods of one cluster never reach pods of another, only gateways (10.77.9.0/24)
    for x in $CLUSTERS; do [ "$x" = "$c" ] || ip -n "$FAB" rule add from "10.77.$(octet "$c").0/24" to "10.77.$(octet "$x").0/24" prohibit; done
  done
fi
if ! ip netns list | grep -qw "$NSP-outside"; then
  ip netns add "$NSP-outside"; ip -n "$NSP-outside" link set lo up
  ip -n "$FAB" link add v-outside type veth peer name eth0 netns "$NSP-outside"
  ip -n "$FAB" link set v-outside master br-w up
  ip -n "$NSP-outside" addr add "$OUTSIDE_IP/24" dev eth0; ip -n "$NSP-outside" link set eth0 up
  ip -n "$NSP-outside" route add default via 10.77.9.1
  ip netns exec "$NSP-outside" sysctl -qw net.ipv4.ip_unprivileged_port_start=0
fi
start app-outside ip netns exec "$NSP-outside" $(asuid 1000) python3 "$TB_HOME/lib/outside.py" "$OUT"
pods | while read -r c name ns sa ip kind labels; do
  n=$(nsname "$c" "$name"); o=$(octet "$c")
  ip netns list | grep -qw "$n" && continue
  ip netns add "$n"; ip -n "$n" link set lo up
  v="v$c$(echo "${ip##*.}")"
  ip -n "$FAB" link add "$v" type veth peer name eth0 netns "$n"
  ip -n "$FAB" link set "$v" master "br-$c" up
  ip -n "$n" addr add "$ip/24" dev eth0; ip -n "$n" link set eth0 up
  ip -n "$n" route add 10.77.9.0/24 via "$(pod_gw "$c")" 2>/dev/null || true
  if [ "$kind" = gateway ]; then
    ip -n "$n" route del 10.77.9.0/24 2>/dev/null || true
    w="w$c${ip##*.}"
    ip -n "$FAB" link add "$w" type veth peer name eth1 netns "$n"
    ip -n "$FAB" link set "$w" master br-w up
    ip -n "$n" addr add "$(wan_of "$ip")/24" dev eth1; ip -n "$n" link set eth1 up
    ip netns exec "$n" iptables -t nat -A PREROUTING -i eth1 -p tcp --dport 31443 -j REDIRECT --to-ports 15443   # a balancer or node port that is not 15443
    for x in $CLUSTERS; do [ "$x" = "$c" ] || ip -n "$n" route add "10.77.$(octet "$x").0/24" via 10.77.9.1; done
  fi
  [ "$kind" = ingress ] && ip netns exec "$n" sysctl -qw net.ipv4.ip_unprivileged_port_start=0   # as the pod of a gateway sets it
  # anything else leaves by the cluster's router: ClusterIPs are translated there, the rest dies there
  ip -n "$n" route add default via "$(pod_gw "$c")"
  mkdir -p "/etc/netns/$n"
  printf '127.0.0.1 localhost\n%s %s\n%s istiod.istio-system.svc\n' "$ip" "$name" "$(pod_gw "$c")" >"/etc/netns/$n/hosts"
  printf 'nameserver %s\nsearch %s.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:1 attempts:1\n' "$(pod_gw "$c")" "$ns" >"/etc/netns/$n/resolv.conf"
  mkdir -p "/etc/netns/$n/ssl/certs"; cp "$OUT/ca.pem" "/etc/netns/$n/ssl/certs/ca-certificates.crt"     # what a pod's image trusts
  if [ "$kind" = app ] || [ "$kind" = client ] || [ "$kind" = machine ]; then
    ip netns exec "$n" "$TESTBED_BIN/pilot-agent" istio-iptables -p 15001 -z 15006 -u $UIDP -m REDIRECT -i '*' -x "" -b '*' \
      -d 15090,15021,15020 --redirect-dns --capture-all-dns >"$TESTBED_STATE/logs/iptables-$c-$name.log" 2>&1 || { echo "istio-iptables failed for $n" >&2; exit 1; }
  fi
done
# public DNS: ew-<cluster>.lb.test is the first gateway, all-<cluster>.lb.test every gateway of a cluster; tests may edit this file
[ -f "$TESTBED_STATE/names.tsv" ] || for c in $CLUSTERS; do
  echo "ew-$c.lb.test $(gw_wan "$c")"; for w in $(gw_wans "$c"); do echo "all-$c.lb.test $w"; done; echo "*.outside.test $OUTSIDE_IP"
done | sort -u >"$TESTBED_STATE/names.tsv"
# kube-proxy's part: ClusterIP -> a pod, in the router (masqueraded, as with masquerade-all), and the cluster DNS
ip netns exec "$FAB" iptables -t nat -F
for c in $CLUSTERS; do
  objects "$c" nat | while read -r ns svc port left ip tport; do
    vip=$(k "$c" get svc "$svc" -n "$ns" -o 'jsonpath={.spec.clusterIP}')
    st=(); [ "$left" = 1 ] || st=(-m statistic --mode nth --every "$left" --packet 0)
    ip netns exec "$FAB" iptables -t nat -A PREROUTING -i "br-$c" -d "$vip" -p tcp --dport "$port" "${st[@]}" -j DNAT --to-destination "$ip:$tport"
  done
  start "dns-$c" python3 "$TB_HOME/lib/dns.py" "$FAB" "$(pod_gw "$c")" "$TESTBED_BIN/kubectl" "$(kubeconfig "$c")" "$TESTBED_STATE/names.tsv"
done
ip netns exec "$FAB" iptables -t nat -A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE
say "network in place"

# ---- 5. istiod, on the loopback, with the plug-in CA and the validation webhook -----------------
for c in $CLUSTERS; do
  d=$TESTBED_STATE/$c; p=$(base "$c"); td=$(trustdom "$c"); mkdir -p "$d/istiod"
  for f in ca-cert.pem ca-key.pem cert-chain.pem root-cert.pem; do      # what the kubelet does when it mounts the secret
    mkdir -p "$d/istiod/etc/cacerts"
    k "$c" get secret cacerts -n istio-system -o "jsonpath={.data.${f//./\\.}}" | base64 -d >"$d/istiod/etc/cacerts/.$f"
    cmp -s "$d/istiod/etc/cacerts/.$f" "$d/istiod/etc/cacerts/$f" && rm "$d/istiod/etc/cacerts/.$f" || mv "$d/istiod/etc/cacerts/.$f" "$d/istiod/etc/cacerts/$f"
  done
  cat >"$d/istiod/mesh.yaml" <<Y
trustDomain: $td
trustDomainAliases: [$(for x in ${TB_TRUST_ALIASES:-}; do [ "$x" = "$td" ] || printf '%s,' "$x"; done)]
caCertificates: [$([ -z "${TB_TRUST_ROOTS:-}" ] || { printf '{trustDomains: [%s], pem: "' "${TB_TRUST_ROOTS// /, }"; awk '{printf "%s\\n", $0}' "$PKI/root-cert.pem"; printf '"}'; })]
rootNamespace: istio-system
accessLogFile: /dev/stdout
accessLogEncoding: JSON
defaultConfig:
  discoveryAddress: istiod.istio-system.svc:15012
Y
  start "istiod-$c" env -C "$d/istiod" REVISION=default CLUSTER_ID="cluster-$c" POD_NAME="istiod-$c" POD_NAMESPACE=istio-system SERVICE_ACCOUNT=istiod \
    PILOT_CERT_PROVIDER=istiod ROOT_CA_DIR="$d/istiod/etc/cacerts" AUTO_RELOAD_PLUGIN_CERTS=true ISTIOD_CUSTOM_HOST=localhost \
    PILOT_ENABLE_METADATA_EXCHANGE=false PILOT_ENABLE_ALPN_FILTER=false PILOT_DISABLE_MX_ALPN=true \
    PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER=false INJECTION_WEBHOOK_CONFIG_NAME= VALIDATION_WEBHOOK_CONFIG_NAME= \
    PILOT_ENABLE_ANALYSIS=false GOMEMLIMIT=400MiB \
    "$TESTBED_BIN/pilot-discovery" discovery --kubeconfig "$d/kubeconfig" --clusterID "cluster-$c" --domain cluster.local --meshConfig "$d/istiod/mesh.yaml" \
    --httpAddr "127.0.0.1:${p}080" --grpcAddr "127.0.0.1:${p}010" --secureGRPCAddr "127.0.0.1:${p}012" --httpsAddr "127.0.0.1:${p}017" \
    --monitoringAddr "127.0.0.1:${p}014" --ctrlz_address 127.0.0.1 --ctrlz_port "${p}876" --log_output_level=default:info
  start "xds-$c" python3 "$TB_HOME/lib/nsforward.py" "$FAB" "$(pod_gw "$c"):15012" - "127.0.0.1:${p}012"
done
for c in $CLUSTERS; do wait_for 120 "istiod $c" curl -fsS -o /dev/null "http://127.0.0.1:$(base "$c")080/ready"; done
for c in $CLUSTERS; do
  k "$c" apply --server-side --force-conflicts -f - >/dev/null <<Y
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: istio-validator-istio-system, labels: {app: istiod, istio: istiod}}
webhooks:
- name: rev.validation.istio.io
  clientConfig: {url: "https://localhost:$(base "$c")017/validate", caBundle: $(base64 -w0 "$PKI/root-cert.pem")}
  rules: [{operations: [CREATE, UPDATE], apiGroups: [security.istio.io, networking.istio.io, telemetry.istio.io, extensions.istio.io], apiVersions: ["*"], resources: ["*"]}]
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
Y
done
say "istiods ready, validation webhook on"

# ---- 6. workloads and their proxies --------------------------------------------------------------
pods | while read -r c name ns sa ip kind labels; do "$TB_HOME/pod.sh" start "$c" "$name" </dev/null; done
pods | while read -r c name ns sa ip kind labels; do
  [ "$kind" = bare ] && continue
  wait_for 120 "proxy $c/$name" ip netns exec "$(nsname "$c" "$name")" curl -fsS -m 2 -o /dev/null http://127.0.0.1:15021/healthz/ready
done
say "all proxies ready"
for c in $CLUSTERS; do
  echo "cluster $c: KUBECONFIG=$(kubeconfig "$c")  api=127.0.0.1:$(api_port "$c")  istiod-debug=127.0.0.1:$(base "$c")080  east-west gateway=$(gw_wan "$c"):15443  region=$(region "$c") zone=$(zone "$c")"
done
