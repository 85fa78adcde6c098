"""What script/check-docs checks beside docc: documented symbols, links between pages, and the Swift in articles.

    check_pages.py ROOT SYMBOLGRAPH ...
"""

import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
faults = []

# Each public symbol has a comment, its own or one that it inherits.
for path in sys.argv[2:]:
    symbols = [s for s in json.loads(pathlib.Path(path).read_text())["symbols"] if "::SYNTHESIZED::" not in s["identifier"]["precise"]]
    if len(symbols) < 100:
        faults.append(f"{pathlib.Path(path).name} has only {len(symbols)} symbols: what is re-exported is missing")
    faults += [f"{'.'.join(s['pathComponents'])} is public and has no comment" for s in symbols if "docComment" not in s]


def anchors(text):
    """The anchors of a page's headings, as most sites that show Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def prose(text):
    """The text without what stands in fences and in code voice."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


# Each link from a page to a file leads to one, and to a heading if it names one.
pages = sorted([*root.glob("*.md"), *root.glob("Documentation/*.md"), *root.glob("Examples/*.md"), *root.glob("Tests/Vectors/**/*.md")])
linked = set()
for page in pages:
    text = page.read_text()
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(text)) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        linked.add(file)
        where = page.relative_to(root)
        if not file.exists():
            faults.append(f"{where} links to {target}, which is not there")
        elif anchor and anchor not in anchors(file.read_text()):
            faults.append(f"{where} links to {target}, but that page has no such heading")
for page in [*root.glob("Documentation/*.md"), *root.glob("Documentation/pictures/*")]:
    if page.resolve() not in linked:
        faults.append(f"no page links to {page.relative_to(root)}")

# The glossary is in order.
words = re.findall(r"^- \*\*(.*?)\*\*", (root / "Documentation/glossary.md").read_text(), flags=re.M)
faults += [f"in Documentation/glossary.md {b} stands after {a}" for a, b in zip(words, words[1:]) if a.lower() > b.lower()]

# The Swift in articles is that of the examples, which are run.
examples = "\n".join(file.read_text() for file in root.glob("Examples/Sources/*/main.swift"))
for article in root.glob("Sources/*/*.docc/*.md"):
    for block in re.findall(r"^```swift\n(.*?)^```", article.read_text(), flags=re.M | re.S):
        if block not in examples:
            faults.append(f"{article.relative_to(root)} has Swift that no program of Examples has:\n{block}")

for fault in faults:
    print(f"script/check-docs: {fault}", file=sys.stderr)
if faults:
    sys.exit(1)
print(f"documentation: {len(pages)} pages, and no public symbol without a comment")
