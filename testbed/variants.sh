#!/usr/bin/env bash
# variants.sh [PATTERN] : each variants/<name> is a change to example/ (a file replaces the one of the same path, an empty one removes it).
# Applies example/ with the change, cuts old connections and checks the lines of its `expect` file; one line of output per check:
#   probe CLUSTER POD COUNT URL :: python expression over j (what probe.sh -q prints)
#   endpoints CLUSTER POD HOST PORT :: python expression over j ({"address:port": {priority, zone, healthy}})
# A variant with a `skip` file runs only if PATTERN is its exact name; the file says why.
source "$(dirname "$0")/lib/lib.sh"
need_root variants
pat=${1:-*} bad=0
for v in "$TB_HOME"/variants/$pat; do
  name=$(basename "$v"); [ -f "$v/expect" ] || continue
  if [ -f "$v/skip" ] && [ "$pat" != "$name" ]; then echo "skip $name: $(cat "$v/skip")"; continue; fi
  out=$("$TB_HOME/apply.sh" "$TB_HOME/example" "$v" 2>&1) || { echo "FAIL $name: apply: $(tail -3 <<<"$out")"; bad=1; continue; }
  cut_conns; sleep "${SETTLE:-1}"
  while IFS= read -r line; do
    [[ $line =~ ^(#|$) ]] && continue
    read -r verb c p x y <<<"${line%% :: *}"
    if [ "$verb" = probe ]; then j=$("$TB_HOME/probe.sh" -q -t 4 -c "$c" -p "$p" -n "$x" "$y"); else j=$("$TB_HOME/pod.sh" admin "$c" "$p" 'clusters?format=json' | python3 "$TB_HOME/lib/endpoints.py" "$x" "$y"); fi
    if holds "$j" "${line##* :: }"; then echo "ok   $name: ${line%% :: *}"; else echo "FAIL $name: $line: $j"; bad=1; fi
  done <"$v/expect"
done
exit $bad
