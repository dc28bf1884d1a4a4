// Package portal tests finished sites: it holds no code, only tests that build whole
// portals through package build with the theme that comes with zhendi, and look at the files as
// a reader, a browser, a validator and a search engine do.
//
// Three sites are built once and shared by the tests:
//
//	sample   the portal in this repository, content/ and site.yaml
//	seeds    five real pages as articles, from ../shared beside the repository; without
//	         it their tests are skipped
//	kitchen  a small site written in kitchen_test.go that uses everything
//
// Pages are looked at by CSS selectors (one, all, none) and by what is visible without
// scripts. Tests that need a browser, a Java runtime or the seeds say what they skip; with
// CI=true they fail instead. ZHENDI_SHOTS=DIR keeps pictures of the pages that the browser
// saw. ZHENDI_TORTURE=SEED makes the test of edits long.
package portal
