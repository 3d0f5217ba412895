// Rows made up for illustration.
export const SAMPLES = [
  {
    "name": "A judge, best five",
    "state": {
      "kind": "top_logprobs",
      "data": "\"Yes\" -0.4308\n\"No\" -1.3471\n\" yes\" -3.2189\n\"The\" -4.2687\n\"Maybe\" -4.6052",
      "vocab_size": 128256,
      "labels": "yes\nno",
      "match": "fold",
      "scored": false,
      "unit": "nat"
    }
  },
  {
    "name": "A judge in two minds",
    "state": {
      "kind": "top_logprobs",
      "data": "\"No\" -1.0217\n\"Yes\" -1.2040\n\"It\" -2.4079",
      "vocab_size": 128256,
      "labels": "yes | Yes | yeah\nno",
      "match": "fold",
      "scored": false,
      "unit": "nat"
    }
  },
  {
    "name": "Multiple choice",
    "state": {
      "kind": "top_logprobs",
      "data": "\" B\" -0.3147\n\" C\" -1.7720\n\" A\" -2.8134\n\" D\" -3.9120\n\" The\" -5.2983",
      "vocab_size": 32000,
      "labels": "A\nB\nC\nD",
      "match": "trim",
      "scored": false,
      "unit": "nat"
    }
  },
  {
    "name": "A rating, whole row",
    "state": {
      "kind": "probs",
      "data": "1 0.03\n2 0.09\n3 0.21\n4 0.46\n5 0.18\nN/A 0.03",
      "vocab_size": null,
      "labels": "1\n2\n3\n4\n5",
      "match": "trim",
      "scored": true,
      "unit": "nat"
    }
  }
];
