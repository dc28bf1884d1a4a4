package qr

import (
	"slices"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

func TestVersionsAreAsAnotherDecoderHasThem(t *testing.T) {
	for v := 1; v <= 40; v++ {
		theirs, err := decoder.Version_GetVersionForNumber(v)
		if err != nil {
			t.Fatal(err)
		}
		ours := &versions[v]
		blocks := theirs.GetECBlocksForLevel(decoder.ErrorCorrectionLevel_M)
		if ours.codewords != theirs.GetTotalCodewords() || ours.blocks != blocks.GetNumBlocks() ||
			ours.corrections != blocks.GetECCodewordsPerBlock() ||
			!slices.Equal(ours.alignment, theirs.GetAlignmentPatternCenters()) {
			t.Errorf("version %d: %+v", v, *ours)
		}
	}
}
