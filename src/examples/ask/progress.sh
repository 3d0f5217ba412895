#!/bin/bash
# One question as a stream of events, each with the second at which it came: progress.sh [http://localhost:8080] [upstream]
set -euo pipefail
curl -sS -N --fail-with-body "${1:-http://localhost:8080}/v1/inv-entropy/ask" -H 'Content-Type: application/json' -d '{
  "question": "And God said unto", "upstream": "'"${2:-large}"'", "stream": true, "answers_per_prompt": 5, "sampling": {"max_tokens": 16},
  "perturbations": {"method": "caller", "texts": ["Then God said unto", "But God said unto", "And the LORD said unto", "And the LORD God said unto"]}}' |
  while IFS= read -r line; do
    if [[ $line == event:* || $line == data:* ]]; then
      printf '%s %s\n' "$EPOCHREALTIME" "${line:0:150}"
    fi
  done
