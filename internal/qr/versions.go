package qr

// version holds what the standard tabulates for a version at level M.
type version struct {
	codewords   int   // in all: table 1
	corrections int   // error correction codewords in each block: table 9
	blocks      int   // table 9
	alignment   []int // rows and columns of the alignment patterns' centres: table E.1
}

// dataCodewords is the number of codewords left for data.
func (v *version) dataCodewords() int { return v.codewords - v.blocks*v.corrections }

// size returns the number of modules on a side of version v.
func size(v int) int { return 17 + 4*v }

// A band is a range of versions in which a segment's character count has the
// same widths: table 3.
type band struct {
	first, last int
	count       [modes]int // bits of the count, by mode
}

var bands = [...]band{
	{first: 1, last: 9, count: [modes]int{numeric: 10, alphanumeric: 9, bytewise: 8}},
	{first: 10, last: 26, count: [modes]int{numeric: 12, alphanumeric: 11, bytewise: 16}},
	{first: 27, last: 40, count: [modes]int{numeric: 14, alphanumeric: 13, bytewise: 16}},
}

// versions is indexed by version; there is no version 0.
var versions = [41]version{
	1:  {26, 10, 1, nil},
	2:  {44, 16, 1, []int{6, 18}},
	3:  {70, 26, 1, []int{6, 22}},
	4:  {100, 18, 2, []int{6, 26}},
	5:  {134, 24, 2, []int{6, 30}},
	6:  {172, 16, 4, []int{6, 34}},
	7:  {196, 18, 4, []int{6, 22, 38}},
	8:  {242, 22, 4, []int{6, 24, 42}},
	9:  {292, 22, 5, []int{6, 26, 46}},
	10: {346, 26, 5, []int{6, 28, 50}},
	11: {404, 30, 5, []int{6, 30, 54}},
	12: {466, 22, 8, []int{6, 32, 58}},
	13: {532, 22, 9, []int{6, 34, 62}},
	14: {581, 24, 9, []int{6, 26, 46, 66}},
	15: {655, 24, 10, []int{6, 26, 48, 70}},
	16: {733, 28, 10, []int{6, 26, 50, 74}},
	17: {815, 28, 11, []int{6, 30, 54, 78}},
	18: {901, 26, 13, []int{6, 30, 56, 82}},
	19: {991, 26, 14, []int{6, 30, 58, 86}},
	20: {1085, 26, 16, []int{6, 34, 62, 90}},
	21: {1156, 26, 17, []int{6, 28, 50, 72, 94}},
	22: {1258, 28, 17, []int{6, 26, 50, 74, 98}},
	23: {1364, 28, 18, []int{6, 30, 54, 78, 102}},
	24: {1474, 28, 20, []int{6, 28, 54, 80, 106}},
	25: {1588, 28, 21, []int{6, 32, 58, 84, 110}},
	26: {1706, 28, 23, []int{6, 30, 58, 86, 114}},
	27: {1828, 28, 25, []int{6, 34, 62, 90, 118}},
	28: {1921, 28, 26, []int{6, 26, 50, 74, 98, 122}},
	29: {2051, 28, 28, []int{6, 30, 54, 78, 102, 126}},
	30: {2185, 28, 29, []int{6, 26, 52, 78, 104, 130}},
	31: {2323, 28, 31, []int{6, 30, 56, 82, 108, 134}},
	32: {2465, 28, 33, []int{6, 34, 60, 86, 112, 138}},
	33: {2611, 28, 35, []int{6, 30, 58, 86, 114, 142}},
	34: {2761, 28, 37, []int{6, 34, 62, 90, 118, 146}},
	35: {2876, 28, 38, []int{6, 30, 54, 78, 102, 126, 150}},
	36: {3034, 28, 40, []int{6, 24, 50, 76, 102, 128, 154}},
	37: {3196, 28, 43, []int{6, 28, 54, 80, 106, 132, 158}},
	38: {3362, 28, 45, []int{6, 32, 58, 84, 110, 136, 162}},
	39: {3532, 28, 47, []int{6, 26, 54, 82, 110, 138, 166}},
	40: {3706, 28, 49, []int{6, 30, 58, 86, 114, 142, 170}},
}
