#!/usr/bin/env python3
"""The bill of materials in the packaged jar lists what the jar holds, file for file by SHA-256, and nothing else; LICENSE and NOTICE are in it."""

import glob
import hashlib
import json
import sys
import zipfile

# Spring Boot's plugin puts this in to unpack the jar; it is no dependency, and no image holds it.
UNPACKER = "spring-boot-jarmode-tools-"

# These only name other libraries; the same plugin leaves them out.
STARTER = "spring-boot-starter"

(path,) = [jar for jar in glob.glob("target/tokentropy-*.jar") if not jar.endswith(("-tests.jar", "-sources.jar"))]
with zipfile.ZipFile(path) as jar:
    bill = json.loads(jar.read("META-INF/sbom/application.cdx.json"))
    for name, file in (("LICENSE", "LICENSE"), ("NOTICE", "src/main/resources/META-INF/NOTICE")):
        if jar.read("META-INF/" + name) != open(file, "rb").read():
            sys.exit(f"META-INF/{name} is another")
    held = {}
    for name in jar.namelist():
        library = name.removeprefix("BOOT-INF/lib/")
        if library != name and library.endswith(".jar") and not library.startswith(UNPACKER):
            held[hashlib.sha256(jar.read(name)).hexdigest()] = library

listed = {}
for component in bill["components"]:
    if component["name"].startswith(STARTER):
        continue
    (digest,) = [entry["content"] for entry in component["hashes"] if entry["alg"] == "SHA-256"]
    listed[digest] = f"{component['name']}-{component['version']}"

for digest in held.keys() - listed.keys():
    print("not in the bill:", held[digest])
for digest in listed.keys() - held.keys():
    print("not in the jar:", listed[digest])
print(f"{path}: CycloneDX {bill['specVersion']}, {len(listed)} components listed, {len(held)} libraries held")
sys.exit(held.keys() != listed.keys())
