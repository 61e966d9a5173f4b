#!/usr/bin/env bash
# probe.sh [-c CLUSTER] [-p POD] [-n N] [-t SECONDS] [-q] [-e CODE=COUNT] URL [curl args]
# Sends N requests (default 10) from POD (default client) of CLUSTER (default a) and prints who answered, the codes and the mTLS proof:
# the peer identity that the server's own proxy wrote into x-forwarded-client-cert, the client proxy's TLS handshakes for that host,
# and what each east-west gateway's access log saw (SNI in, pod out). -q: one line of JSON only.
source "$(dirname "$0")/lib/lib.sh"
c=a p=client n=10 t=5 q=0
while getopts c:p:n:t:q o; do case $o in c) c=$OPTARG;; p) p=$OPTARG;; n) n=$OPTARG;; t) t=$OPTARG;; q) q=1;; *) exit 2;; esac; done
shift $((OPTIND - 1)); url=$1; shift
host=$(sed -E 's#^[a-z]+://([^/:]+).*#\1#' <<<"$url")
w=$(mktemp -d); trap 'rm -rf "$w"' EXIT
hs() { [ -d "$TESTBED_STATE/$c/pods/$p/etc" ] || { echo 0; return; }; { "$TB_HOME/pod.sh" admin "$c" "$p" "stats?filter=ssl.handshake" 2>/dev/null || true; } | awk -v h="$host" 'index($0,h){s+=$NF} END{print s+0}'; }
gws() { for g in $CLUSTERS; do for pd in $(pods | awk -v c="$g" '$1==c && $6=="gateway"{print $2}'); do "$TB_HOME/pod.sh" admin "$g" "$pd" 'stats?filter=^cluster.outbound_.*(upstream_cx_total|upstream_cx_tx_bytes_total|upstream_cx_connect_fail)$' 2>/dev/null | sed "s/^/$g /" || true; done; done; }
for g in $CLUSTERS; do wc -c <"$TESTBED_STATE/logs/proxy-$g-ewgw.log" >"$w/off-$g"; done
gws >"$w/g0"
h0=$(hs)
for i in $(seq 1 "$n"); do
  inpod "$c" "$p" curl -sS -m "$t" -o "$w/b$i" -D "$w/h$i" -w '%{http_code} %{time_total} %{remote_ip} %{errormsg}\n' "$@" "$url" >"$w/r$i" 2>/dev/null || true
done
h1=$(hs)
sleep 1.1   # Envoy flushes its access log once a second
gws >"$w/g1"
for g in $CLUSTERS; do tail -c "+$(( $(cat "$w/off-$g") + 1 ))" "$TESTBED_STATE/logs/proxy-$g-ewgw.log" | grep -a '^{' >"$w/gw-$g" || true; done
python3 - "$w" "$n" $q "$c/$p" "$url" "$h0" "$h1" <<'P'
import collections,json,os,re,sys
w,n,q,src,url,h0,h1=sys.argv[1],int(sys.argv[2]),sys.argv[3]=="1",*sys.argv[4:8]
codes,back,idn,errs,ips,lat=(collections.Counter() for _ in range(6)); ts=[]
for i in range(1,n+1):
    r=open(f"{w}/r{i}").read().split(None,3) if os.path.exists(f"{w}/r{i}") else []
    code=r[0] if r else "000"; codes[code]+=1
    if len(r)>1: ts.append(float(r[1]))
    if len(r)>2 and re.match(r"[\d.]+$",r[2]): ips[r[2]]+=1
    body=open(f"{w}/b{i}").read() if os.path.exists(f"{w}/b{i}") else ""
    try:
        j=json.loads(body); back[f'{j["cluster"]}/{j["pod"]}']+=1
        x=j.get("xfcc") or ""
        idn[(";".join(re.findall(r"(By=[^;]*|URI=[^;,]*)",x))) or "NO CLIENT CERT (plaintext)"]+=1
    except Exception:
        hd=open(f"{w}/h{i}").read() if os.path.exists(f"{w}/h{i}") else ""
        fl=(r[3].strip() if len(r)>3 else "")
        errs[(body.strip()[:160] or fl or "empty")]+=1
def st(f):
    d={}
    for l in open(f"{w}/{f}"):
        m=re.match(r"(\w) cluster\.(outbound_\S+?);?\.(upstream_\w+): (\d+)",l)
        if m: d[m.group(1),m.group(2),m.group(3)]=d.get((m.group(1),m.group(2),m.group(3)),0)+int(m.group(4))
    return d
g0,g1=st("g0"),st("g1"); gw={}
for (g,sni,k),v in g1.items():
    dv=v-g0.get((g,sni,k),0)
    if dv: gw.setdefault(f"{g}: {sni}",{})[k.replace("upstream_cx_","")]=dv
rej=collections.Counter()
for g in "abc":
    for l in (open(f"{w}/gw-{g}") if os.path.exists(f"{w}/gw-{g}") else []):
        try: j=json.loads(l)
        except ValueError: continue
        if j.get("response_flags") not in ("-",None): rej[f'{g}: sni={j.get("requested_server_name")} flags={j["response_flags"]} {j.get("response_code_details") or ""} {j.get("connection_termination_details") or ""}'.strip()]+=1
out={"from":src,"url":url,"codes":dict(codes),"backends":dict(back),"identity":dict(idn),"errors":dict(errs),"resolved":dict(ips),
     "client_tls_handshakes_delta":int(float(h1)-float(h0)),"gateway_passthrough":gw,"gateway_refusals":dict(rej),"p50_ms":round(sorted(ts)[len(ts)//2]*1000,1) if ts else None}
if q: print(json.dumps(out)); sys.exit()
print(f"{n} requests  {src} -> {url}")
for k in ("codes","backends","identity","errors","resolved","client_tls_handshakes_delta","gateway_passthrough","gateway_refusals","p50_ms"):
    v=out[k]
    if v not in ({},None): print(f"  {k}: "+(json.dumps(v) if not isinstance(v,dict) or k=="gateway_passthrough" else "  ".join(f"{a} x{b}" for a,b in v.items())))
P
