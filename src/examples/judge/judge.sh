#!/usr/bin/env bash
# judge.sh [http://localhost:8080]: was the king good? Is the day one of the first five? From responses as the server gave them.
set -euo pipefail
base=${1:-http://localhost:8080}
here=$(dirname "$0")

ask() { # RESPONSE FIELDS
  printf '{"openai": %s, "vocab_size": 2048, "mass_error": 2e-5, %s}' "$(cat "$here/$1.json")" "$2" |
    curl -s --fail-with-body "$base/v1/labels" -H 'Content-Type: application/json' -d @-
  echo
}

verdict='"labels": [{"name": "yes", "tokens": [" right", " good"]}, {"name": "no", "tokens": [" evil"]}]'
ask josiah "$verdict"
ask asa "$verdict"
ask asa "$verdict, \"variants\": \"listed\""

rating='"labels": [{"name": "1", "tokens": [" first"], "score": 1}, {"name": "2", "tokens": [" second"], "score": 2},
  {"name": "3", "tokens": [" third"], "score": 3}, {"name": "4", "tokens": [" four"], "score": 4}, {"name": "5", "tokens": [" fif"], "score": 5}]'
ask day "$rating"
