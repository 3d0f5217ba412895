#!/usr/bin/env python3
"""Looks the libraries of the packaged jar up in a list of security advisories, and fails on a high or critical one that nobody has reviewed.

src/ci/advisories.py            with GitHub's advisories for Maven as a library of Maven Central carries them
src/ci/advisories.py all.zip    with OSV's export for Maven, which has those of today (needs a network that reaches it)

Reviewed ones stand in src/ci/advisories-reviewed.txt. The report is printed, and kept in target/advisories/report.txt.
"""
import csv, datetime, glob, io, itertools, json, os, re, subprocess, sys, zipfile

# Only the list is read, which is GitHub's (CC BY 4.0); nothing of the library is run, kept or shipped.
CARRIER = "org.openrewrite.recipe:rewrite-java-security:3.26.0"
VERSIONS = "org.codehaus.mojo:versions-maven-plugin:2.21.0"
OUT = "target/advisories"
REVIEWED = "src/ci/advisories-reviewed.txt"
GRAVE = ("HIGH", "CRITICAL")
NOT_CHECKED = """\
- advisories that were published after the last one of the list, and those of libraries that it does not know
- native code inside of libraries (ONNX Runtime) and scripts inside of them (Swagger UI), except by the library that brings them
- the Java runtime, and the packages of the base images: their registry is not reached from where this runs
- what builds and tests the product, and is not shipped: Maven's plugins, test libraries, packages from npm and PyPI"""

QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
ALIASES = {"a": "alpha", "b": "beta", "m": "milestone", "cr": "rc", "ga": "", "final": "", "release": ""}
RELEASE = (0, QUALIFIERS.index(""))


def parts(version):
    """A version in pieces that compare as Maven has it: pre-releases, the release, other words, numbers."""
    for piece in re.findall(r"\d+|[a-z]+", version.lower()):
        word = ALIASES.get(piece, piece)
        if piece.isdigit():
            yield (2, int(piece)) if int(piece) else RELEASE
        else:
            yield (0, QUALIFIERS.index(word)) if word in QUALIFIERS else (1, word)


def before(one, other):
    """Whether one version comes before another."""
    return [a for a, _ in pairs(one, other)] < [b for _, b in pairs(one, other)]


def pairs(one, other):
    return list(itertools.zip_longest(parts(one), parts(other), fillvalue=RELEASE))


ORDER = "1.0-alpha-1 1.0-beta2 1.0-M3 1.0-rc1 1.0-SNAPSHOT 1.0 1.0-sp1 1.0-jre 1.0.1 1.2 1.10 2.0.0-M1 2.0.0-M21 2.0.RELEASE 2.0.1.Final 11.0.0".split()
assert all(before(a, b) and not before(b, a) for a, b in itertools.combinations(ORDER, 2))
assert not before("2.21", "2.21.0") and not before("2.21.0", "2.21") and not before("3.0.Final", "3")


class Advisory:
    def __init__(self, name, published, title, severity, introduced, fixed, last):
        self.name, self.published, self.title, self.severity = name, published, title, severity
        self.introduced, self.fixed, self.last = introduced, fixed, last

    def affects(self, version):
        if self.introduced not in ("", "0") and before(version, self.introduced):
            return False
        # Some have both, and then the first fixed version is one of another line.
        if self.last:
            return not before(self.last, version)
        return not self.fixed or before(version, self.fixed)


def of_github(lines):
    for name, published, title, package, introduced, fixed, last, severity, *_ in csv.reader(lines):
        yield package, Advisory(name, published[:10], title, severity, introduced, fixed, last)


def of_osv(archive):
    for file in archive.namelist():
        entry = json.loads(archive.read(file))
        if "withdrawn" in entry:
            continue
        severity = entry.get("database_specific", {}).get("severity", "UNKNOWN")
        name = next((alias for alias in entry.get("aliases", []) if alias.startswith("CVE-")), entry["id"])
        for affected in entry.get("affected", []):
            for span in affected.get("ranges", []):
                introduced = "0"
                for event in span["events"] + [{"end": ""}]:
                    if "introduced" in event:
                        introduced = event["introduced"]
                    elif introduced is not None:
                        yield affected["package"]["name"], Advisory(
                            name, entry["published"][:10], entry.get("summary", ""), severity, introduced, event.get("fixed", ""), event.get("last_affected", ""))
                        introduced = None


def maven(*goals):
    subprocess.run(["mvn", "-q", "-B", "-ntp", *goals], check=True)


def known():
    """The advisories by package, and where they are from."""
    by_package = {}
    if len(sys.argv) > 1:
        source = f"OSV's export {os.path.basename(sys.argv[1])}"
        found = of_osv(zipfile.ZipFile(sys.argv[1]))
    else:
        source = f"GitHub's list in {CARRIER}"
        maven("dependency:copy", f"-Dartifact={CARRIER}", f"-DoutputDirectory={OUT}")
        jar = zipfile.ZipFile(os.path.join(OUT, "{1}-{2}.jar".format(*CARRIER.split(":"))))
        found = of_github(io.TextIOWrapper(jar.open("advisories-maven.csv"), "utf-8"))
    for package, advisory in found:
        by_package.setdefault(package, []).append(advisory)
    # A list that does not know this one is none, or is not read as it should be.
    log4j = by_package.get("org.apache.logging.log4j:log4j-core", [])
    for version, affected in (("2.14.1", True), ("2.25.5", False)):
        if any(a.name == "CVE-2021-44228" and a.affects(version) for a in log4j) != affected:
            sys.exit(f"{source}: log4j-core {version} is said to be {'sound' if affected else 'affected'}")
    return by_package, source


def reviewed(today):
    """(advisory, package) to the reason why it may stand, of those that are still valid."""
    valid = {}
    for line in open(REVIEWED):
        if line.strip() and not line.startswith("#"):
            name, package, until, reason = line.split(maxsplit=3)
            if datetime.date.fromisoformat(until) < today:
                sys.exit(f"{REVIEWED}: {name} was to be looked at again by {until}")
            valid[name, package] = f"reviewed until {until}: {reason.strip()}"
    return valid


def newer():
    """Later releases of the same line, of what pom.xml names: a fix often comes as one, before its advisory."""
    file = os.path.abspath(os.path.join(OUT, "newer.txt"))
    if os.path.exists(file):
        os.remove(file)
    maven(
        f"{VERSIONS}:display-parent-updates", f"{VERSIONS}:display-dependency-updates", "-DallowMinorUpdates=false",
        "-DprocessDependencyManagement=false", f"-Dversions.outputFile={file}")
    return [line.strip() for line in open(file) if "->" in line]


os.chdir(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.makedirs(OUT, exist_ok=True)
today = datetime.date.today()
(path,) = [jar for jar in glob.glob("target/tokentropy-*.jar") if not jar.endswith(("-tests.jar", "-sources.jar"))]
bill = json.loads(zipfile.ZipFile(path).read("META-INF/sbom/application.cdx.json"))
libraries = sorted({(f"{c['group']}:{c['name']}", c["version"]) for c in bill["components"]})
by_package, source = known()
last = max(advisory.published for advisories in by_package.values() for advisory in advisories)

report = [f"Security advisories for {path}, {today}", f"Source: {source}"]
report.append(f"It has {sum(map(len, by_package.values()))} entries for {len(by_package)} packages, the last of {last}.")
report.append(f"{len(libraries)} libraries were looked up, of which it knows {sum(package in by_package for package, _ in libraries)}.")
exceptions, failed = reviewed(today), []
report.append("\nFound:")
for package, version in libraries:
    for advisory in {a.name: a for a in by_package.get(package, []) if a.affects(version)}.values():
        why = exceptions.pop((advisory.name, package), None)
        report.append(f"- {advisory.severity} {advisory.name} {package} {version}: {advisory.title}" + (f" ({why})" if why else ""))
        if advisory.severity in GRAVE and not why:
            failed.append(advisory.name)
if report[-1].endswith("Found:"):
    report.append("- nothing")
for name, package in exceptions:
    report.append(f"- {REVIEWED} names {name} of {package}, which is not found any more: take it out")
    failed.append(name)
report.append("\nLater releases of the same line (no fault by itself):")
report += [f"- {line}" for line in newer()] or ["- none"]
report.append(f"\nNot checked:\n{NOT_CHECKED}")
report.append("\nFailed: " + ", ".join(failed) if failed else f"\nNo high or critical advisory up to {last} that is not reviewed.")
text = "\n".join(report) + "\n"
with open(os.path.join(OUT, "report.txt"), "w") as file:
    file.write(text)
print(text, end="")
sys.exit(bool(failed))
