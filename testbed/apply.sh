#!/usr/bin/env bash
# apply.sh DIR [CHANGE..] : makes every cluster hold exactly what DIR/<cluster>/ says, nothing where there is no such directory (server-side
#                           apply; objects that an earlier apply.sh made and that are gone are deleted), then waits until every proxy acked.
#                           A CHANGE is a directory laid over DIR: a file replaces the one of the same path, an empty file removes it.
# apply.sh --only C DIR   : the same for cluster C alone, from DIR itself.
# apply.sh --clear        : removes everything apply.sh made.      apply.sh --wait : only waits for the proxies.
source "$(dirname "$0")/lib/lib.sh"
sync_wait() {
  sleep 1   # istiod debounces config events for 100 ms
  for c in $CLUSTERS; do
    n=0; while read -r _ name _; do if alive "proxy-$c-$name"; then n=$((n + 1)); fi; done < <(pods | awk -v c="$c" '$1==c')
    wait_for 90 "proxies of cluster $c to ack" python3 "$TB_HOME/lib/synced.py" "http://127.0.0.1:$(base "$c")080/debug/syncz" "$n"
  done
}
one() {
  local c=$1 dir=$2 inv=$TESTBED_STATE/$1/applied.json new rc=0
  new=$(mktemp)
  if [ "$dir" = EMPTY ] || ! find "$dir" -name '*.y*ml' | grep -q .; then echo '{"items":[]}' >"$new"
  else k "$c" apply --server-side --force-conflicts --field-manager=testbed -R -f "$dir" -o json >"$new" || rc=$?; fi
  [ $rc = 0 ] || { echo "cluster $c REJECTED part of $dir (rc $rc)" >&2; }
  python3 - "$new" "$inv" $rc <<'P' | while read -r kind ns name; do
import json,os,re,sys
txt=open(sys.argv[1]).read(); dec=json.JSONDecoder(); i=0; items=[]
while True:
    m=re.compile(r"\S").search(txt,i)
    if not m: break
    o,i=dec.raw_decode(txt,m.start()); items+=o.get("items",[o])
ids=sorted({(o["kind"]+"."+o["apiVersion"].split("/")[1]+"."+o["apiVersion"].split("/")[0] if "/" in o["apiVersion"] else o["kind"],o["metadata"].get("namespace","-"),o["metadata"]["name"]) for o in items if "kind" in o and "metadata" in o})
old=[tuple(x) for x in json.load(open(sys.argv[2]))] if os.path.exists(sys.argv[2]) else []
gone=[x for x in old if x not in ids] if sys.argv[3]=="0" else []
keep=ids if sys.argv[3]=="0" else sorted(set(ids)|set(old))
json.dump(keep,open(sys.argv[2],"w"))
print(f"cluster: {len(ids)} applied, {len(gone)} removed",file=sys.stderr)
for x in gone: print(*x)
P
    [ "$kind" = Namespace ] && continue   # no namespace controller runs here: a deleted namespace would hang in Terminating
    if [ "$ns" = - ]; then k "$c" delete "$kind" "$name" --ignore-not-found --wait=false >/dev/null; else k "$c" delete "$kind" "$name" -n "$ns" --ignore-not-found --wait=false >/dev/null; fi
  done
  rm -f "$new"; return $rc
}
rc=0
case ${1:-} in
  "") sed -n 2,8p "$0"; exit 2;;
  --clear) for c in $CLUSTERS; do one "$c" EMPTY; done;;
  --wait) ;;
  --only) one "$2" "$3" || rc=$?;;
  *) m=$(mktemp -d); trap 'rm -rf "$m"' EXIT
     for x in "$@"; do [ -d "$x" ] || { echo "no directory $x" >&2; exit 2; }; cp -R "$x/." "$m"; done
     find "$m" -type f -empty -delete; set -- "$m"
     for c in $CLUSTERS; do if [ -d "$1/$c" ]; then one "$c" "$1/$c" || rc=$?; else one "$c" EMPTY; fi; done;;
esac
sync_wait || rc=3
exit $rc
