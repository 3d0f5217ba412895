#!/usr/bin/env bash
# calls.sh [http://localhost:8080]
set -euo pipefail
base=${1:-http://localhost:8080}
json='Content-Type: application/json'

echo "one small row"
curl -sf "$base/v1/entropy?probs=0.5,0.25,0.25&unit=bit"; echo
echo "which tokens Top-H keeps"
curl -sf "$base/v1/truncation" -H "$json" -d '{"logits":[[6.1,4.7,4.2,3.3]],"top_h":0.5}'; echo
echo "a row of two float32 zeros as bytes"
printf '\0\0\0\0\0\0\0\0' | curl -sf "$base/v1/entropy?dtype=f32&shape=1,2&unit=bit" \
  -H 'Content-Type: application/octet-stream' --data-binary @-; echo
echo "many calls in one stream, and the digest of the answers"
printf '%s\n' '{"probs":[[1,0]]}' '{"probs":[[2,0]]}' | curl -sf -N "$base/v1/batch?url=/v1/entropy" \
  -H 'Content-Type: application/x-ndjson' --data-binary @-
echo "what a wrong call is told"
curl -s "$base/v1/entropy" -H "$json" -d '{"logit":[[1,2]]}'; echo
