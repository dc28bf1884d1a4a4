// Package themes holds the themes that come with zhendi, so that the binary works anywhere:
// default, and sujian, a quiet one that extends it.
//
// A theme is a folder:
//
//	layouts/*.html   templates of html/template, one set. The file home.html is the template
//	                 home; a file may also {{define}} parts for others. Entry templates are
//	                 named after the kinds of pages (render.View.Kind) and receive a
//	                 *render.Page; header and footer receive a *render.Chrome.
//	words.yaml       every word that the theme prints, as key: [简体, 繁體]
//	boot.js          the one inline script: what must happen before the first paint
//	assets/*         what is served: style, script, pictures; templates find the address
//	                 of each by its name in .Site.Assets
//	theme.yaml       extends: the theme whose files stand in for those this one has not
//
// Templates see nothing but the value they are given, and only the functions of the
// standard library: no theme can reach the site, the clock or the network. Pages meet the
// policy in .CSP: no style attributes, no handlers in attributes, no third party.
// README.md describes the design system, every field, and how to change a theme.
package themes

import "embed"

// FS has one folder for each theme, named after it.
//
//go:embed all:default all:sujian
var FS embed.FS
