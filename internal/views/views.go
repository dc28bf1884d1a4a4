// Package views counts how often articles are read, from the access logs that web servers, object
// stores and CDNs write anyway, and writes the small files that pages read.
//
//	rep, err := views.Ingest(ctx, settings, views.Input{Logs: []string{"access.log"}})
//	res, err := views.Write(ctx, settings, views.Sidecar{Out: "public/_views", Shards: 64, Editions: editions})
//
// # What a view is
//
// An element of a set: (day, article, reader, slot), where a slot is a part of the day, 30 minutes
// long if nothing else is set. Putting an element into a set twice is the same as putting it
// there once, and order does not matter. So logs that are rotated, cut, merged, compressed, delivered
// twice, late or in another order give the same counts: nothing has to be remembered of what was
// read. What is remembered (hint) only spares time.
//
// A reader is a hash of address and agent under a key of the day (judge). Two people behind one
// address, with one agent, who read the same article within a slot, are one: that is the only
// approximation. What counts is decided in one place, the type judge; what becomes of
// every line is in the Account, which closes: lines = counted + repeated + filtered + quarantined.
//
// # Days
//
// A day is open until Settings.Late after its end, and at least so long after its first view was read, so
// that logs of weeks ago can be taken over in several runs. Then its set becomes numbers and its
// key is overwritten and removed: nobody can tell any more who was a reader. Lines that come for
// it later are quarantined: counted, reported, not stored. Input.Recount drops a day and counts it
// anew. Days older than two months are added up by month.
//
// # The ledger
//
// A folder of files that are written once and never changed. ledger.txt is the root: it names every
// other file with its SHA-256 and size, and ends with its own SHA-256. A run writes new files, syncs
// them, and renames a new root over the old one: that is the commit (ledger.commit), and before
// it nothing has changed. What no root refers to is removed by the next run.
//
//	ledger.txt            the root, lines of fields between tabs
//	set-2026-11-21-7      views of an open day: pairs of eight bytes, article's id and hash, sorted
//	key-2026-11-21-3      its key, 16 bytes
//	day-2026-11-17-6      counts of a closed day: lines of id, tab, number, sorted
//	month-2026-08-2       counts of the closed days of a month that are older than two months
//	import-start.0-4      what an import says, of a day or of none
//
// The last number is that of the commit that wrote the file. One run at a time may change a ledger; the
// lock is the operating system's, so a dead process never holds it. A file that is not what was
// written is an error that names it; nothing is counted or written from it.
//
// # The sidecar
//
// _views/<n>.json, counts of the articles of one shard; hot-<period>.json and hot-<period>.<folder>.json,
// what is read most in the site and each top column, with each edition's titles; site.json, the
// totals. They hold only articles of the catalogue: what is withdrawn is gone from them, while
// the ledger keeps its count. Same ledger and catalogue, same bytes; only files that differ are
// written.
//
// The package knows logs, a catalogue and a ledger. It does not know how a site is built, and
// sends nothing anywhere.
package views
