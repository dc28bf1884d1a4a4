package check

// Analysers is the table of all rules, in the order of their numbers. Absent are
//
//	Z15 emphasis that does not close, Z18 raw HTML: build reports them (emphasis, raw-html)
//	Z58 the order of leaders' names: it needs lists of people, and people change
func Analysers() []*Analyser {
	return []*Analyser{
		// text damage
		&pinyin, &plainPinyin, &mojibake, &entity, &lost, &invisible, &mixed, &variantForms,
		// layout
		&split, &spaces, &emptyParagraph, &repeated, &asCode, &hijacked, &indented, &numbers,
		// punctuation
		&quotation, &nested, &halfWidth, &pauses, &dashes, &pairs, &titleEnd, &docNumber,
		// residue and metadata
		&dates, &farm, &residue, &labels, &links, &hosts, &pictures, &lengths, &nearSame,
		// wording
		&doubled, &confusable, &structural, &approximate, &terms, &counts, &figures,
		// law
		&review, &organs, &phrases, &banned, &personal, &secrecyMark, &sources, &maps,
		// freshness
		&home, &columns, &emptyColumns, &totals,
		// built pages
		&metaTags, &thirdParty,
		// check itself
		&ignoring,
	}
}
