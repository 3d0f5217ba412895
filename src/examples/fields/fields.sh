#!/bin/bash
# Every field of a JSON answer with its probability, the least sure first: fields.sh [http://localhost:8080]
set -euo pipefail
curl -sS --fail-with-body "${1:-http://localhost:8080}/v1/score?spans=json&echo=true&vocab_size=128256" \
  -H 'Content-Type: application/json' --data-binary "@$(dirname "$0")/invoice.json" |
  python3 -c 'import json, sys
for span in sorted(json.load(sys.stdin)["spans"], key=lambda span: span["probability"]):
    print("%.3f  %s = %s" % (span["probability"], span["name"], span["text"]))'
