"""Makes labels.json: RSA-OAEP (SHA-256) blocks with labels, encrypted by `openssl pkeyutl`, with the padded block and seed behind each.

Run in this folder. The keys are the throw-away ones of ../sealed/keys. The output differs at every run (OAEP is randomised); it was made once.
"""
import hashlib
import json
import subprocess

KEYS = "../sealed/keys/"
CASES = [  # key, label (UTF-8), message (hex)
    ("small", "", "00" * 32),
    ("small", "team-a/pub-alpha", "11" * 32),
    ("small", "team-a", bytes(range(32)).hex()),
    ("main", "", "ff" * 32),
    ("main", "team-a/pub-alpha", bytes(range(32)).hex()),
    ("main", "team-a", "00" * 32),
    ("main", "n" * 63 + "/" + "o" * 253, "ab" * 32),
    ("main", "\u03b4/\u5bc6", "cd" * 32),
    ("small", "x/y", ""),
    ("small", "x/y", "ee" * 190),
]


def openssl(*args, data=b""):
    return subprocess.run(["openssl", "pkeyutl", *args], input=data, capture_output=True, check=True).stdout


def mgf1(seed, size):
    out = b""
    for counter in range(-(-size // 32)):
        out += hashlib.sha256(seed + counter.to_bytes(4, "big")).digest()
    return out[:size]


rows = []
for key, label, message in CASES:
    options = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"]
    if label:
        options += ["-pkeyopt", "rsa_oaep_label:" + label.encode().hex()]
    block = openssl("-encrypt", "-certin", "-inkey", KEYS + key + ".crt", *options, data=bytes.fromhex(message))
    padded = openssl("-decrypt", "-inkey", KEYS + key + ".key", "-pkeyopt", "rsa_padding_mode:none", data=block)
    masked_seed, masked_db = padded[1:33], padded[33:]
    seed = bytes(a ^ b for a, b in zip(masked_seed, mgf1(masked_db, 32)))
    rows.append({"key": key, "label": label, "message": message, "seed": seed.hex(), "padded": padded.hex(), "block": block.hex()})
with open("labels.json", "w", encoding="utf-8") as file:
    json.dump({"generator": "openssl pkeyutl", "cases": rows}, file, indent=1)
    file.write("\n")
