# shellcheck shell=bash
# Sourced after lib.sh: one etcd and one kube-apiserver on the loopback. Needs no root.
kube_certs() { # NAME DIR API_PORT SERVICE_CIDR
  local name=$1 d=$2 port=$3 cidr=$4 tok; mkdir -p "$d/api"
  [ -f "$d/api/tls.crt" ] && return 0
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=kube-ca-$name" -keyout "$d/api/ca.key" -out "$d/api/ca.crt" 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj "/CN=kube-apiserver" -keyout "$d/api/tls.key" -out "$d/api/tls.csr" 2>/dev/null
  openssl x509 -req -in "$d/api/tls.csr" -CA "$d/api/ca.crt" -CAkey "$d/api/ca.key" -CAcreateserial -days 3650 -out "$d/api/tls.crt" \
    -extfile <(printf 'subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:%s\n' "${cidr%.*}.1") 2>/dev/null
  openssl genrsa -out "$d/api/sa.key" 2048 2>/dev/null
  tok=$(openssl rand -hex 20)
  (umask 077; echo "$tok,admin,admin,system:masters" >"$d/api/tokens.csv"; cat >"$d/kubeconfig" <<Y
apiVersion: v1
kind: Config
clusters: [{name: cluster-$name, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w0 "$d/api/ca.crt")}}]
users: [{name: admin, user: {token: $tok}}]
contexts: [{name: cluster-$name, context: {cluster: cluster-$name, user: admin}}]
current-context: cluster-$name
Y
  )
}
kube_start() { # NAME DIR ETCD_PORT ETCD_PEER_PORT API_PORT SERVICE_CIDR : idempotent; leaves DIR/kubeconfig (cluster-admin)
  local name=$1 d=$2 etcd=$3 peer=$4 api=$5 cidr=$6
  kube_certs "$name" "$d" "$api" "$cidr"
  start "etcd-$name" "$TESTBED_BIN/etcd" --name "etcd-$name" --data-dir "$d/etcd" --listen-client-urls "http://127.0.0.1:$etcd" \
    --advertise-client-urls "http://127.0.0.1:$etcd" --listen-peer-urls "http://127.0.0.1:$peer" \
    --initial-advertise-peer-urls "http://127.0.0.1:$peer" --initial-cluster "etcd-$name=http://127.0.0.1:$peer" --unsafe-no-fsync
  start "apiserver-$name" "$TESTBED_BIN/kube-apiserver" --etcd-servers="http://127.0.0.1:$etcd" --secure-port="$api" --bind-address=127.0.0.1 \
    --advertise-address=127.0.0.1 --endpoint-reconciler-type=none --tls-cert-file="$d/api/tls.crt" --tls-private-key-file="$d/api/tls.key" \
    --client-ca-file="$d/api/ca.crt" --service-account-key-file="$d/api/sa.key" --service-account-signing-key-file="$d/api/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local --service-cluster-ip-range="$cidr" \
    --authorization-mode=RBAC --token-auth-file="$d/api/tokens.csv" --disable-admission-plugins=ServiceAccount --allow-privileged=true
}
kube_crds() { # KUBECONFIG : Istio's CRDs, returns once they are established
  "$TESTBED_BIN/kubectl" --kubeconfig "$1" apply --server-side -f "$TESTBED_BIN/crd-all.gen.yaml" >/dev/null
  # kubectl fails at once on a definition that has no conditions at all yet.
  local tries
  for tries in 1 2 3 4 5; do
    if "$TESTBED_BIN/kubectl" --kubeconfig "$1" wait --for=condition=Established --timeout=120s crd --all >/dev/null 2>&1; then return; fi
    sleep 1
  done
  "$TESTBED_BIN/kubectl" --kubeconfig "$1" wait --for=condition=Established --timeout=120s crd --all >/dev/null
}
