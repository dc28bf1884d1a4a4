# Reads feeds with feedparser, an independent reader, and prints what it found as JSON.
import json
import sys

import feedparser

# It removes what is unsafe and makes addresses absolute: here what the feed itself says is wanted.
feedparser.RESOLVE_RELATIVE_URIS = False
feedparser.SANITIZE_HTML = False

out = {}
for name in sys.argv[1:]:
    f = feedparser.parse(name)
    out[name] = {
        "problem": repr(f.bozo_exception) if f.bozo else "",
        "version": f.version,
        "title": f.feed.get("title", ""),
        "link": f.feed.get("link", ""),
        "about": f.feed.get("subtitle", ""),
        "language": f.feed.get("language", ""),
        "date": f.feed.get("published", ""),
        "self": [l["href"] for l in f.feed.get("links", []) if l.get("rel") == "self"],
        "items": [
            {
                "id": e.get("id", ""),
                "permanent": bool(e.get("guidislink", False)),
                "title": e.get("title", ""),
                "link": e.get("link", ""),
                "date": e.get("published", ""),
                "parsed": list(e.get("published_parsed") or []),
                "author": e.get("author", ""),
                "tags": [t["term"] for t in e.get("tags", [])],
                "text": "".join(c["value"] for c in e.get("content", [])),
            }
            for e in f.entries
        ],
    }
json.dump(out, sys.stdout)
