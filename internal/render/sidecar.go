package render

import "strings"

// hotFile is the name of the list of the most viewed articles, as the counting of views writes it:
// hot-month.json, in other editions hot-month.hant.json.
func (r *Renderer) hotFile() string {
	name := "hot-" + r.site.Config.ViewHot
	if edition := strings.Trim(r.site.Root(), "/"); edition != "" {
		name += "." + edition
	}
	return name + ".json"
}
