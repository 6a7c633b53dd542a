// Judge a log with Go's own packages: golang.org/x/mod/sumdb/note and tlog.
//
// usage: judge LOG VKEY
//
// The checkpoint's signature; the tree head from the tiles; that every entry of the
// bundles is included; that every former size is a prefix.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

type dir string

func (d dir) Height() int { return 8 }

// The packages name tiles tile/8/L/…; tlog-tiles leaves the 8 out.
func (d dir) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		b, err := os.ReadFile(filepath.Join(string(d), strings.Replace(t.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

func (d dir) SaveTiles([]tlog.Tile, [][]byte) {}

func entries(d string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		t := tlog.Tile{H: 8, L: 0, N: n, W: 256}
		if size-n*256 < 256 {
			t.W = int(size - n*256)
		}
		p := strings.Replace(t.Path(), "tile/8/0/", "tile/entries/", 1)
		b, err := os.ReadFile(filepath.Join(d, p))
		must(err)
		for len(b) >= 2 {
			k := int(b[0])<<8 | int(b[1])
			all = append(all, b[2:2+k])
			b = b[2+k:]
		}
	}
	return all
}

func main() {
	d := os.Args[1]
	v, err := note.NewVerifier(os.Args[2])
	must(err)
	raw, err := os.ReadFile(filepath.Join(d, "checkpoint"))
	must(err)
	n, err := note.Open(raw, note.VerifierList(v))
	must(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != v.Name() {
		must(fmt.Errorf("not a checkpoint: %q", n.Text))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	h, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size, Hash: tlog.Hash(h)}
	r := tlog.TileHashReader(tree, dir(d))
	root, err := tlog.TreeHash(size, r)
	must(err)
	if root != tree.Hash {
		must(fmt.Errorf("tiles give another root"))
	}
	all := entries(d, size)
	if int64(len(all)) != size {
		must(fmt.Errorf("%d entries instead of %d", len(all), size))
	}
	for i, e := range all {
		p, err := tlog.ProveRecord(size, int64(i), r)
		must(err)
		must(tlog.CheckRecord(p, size, tree.Hash, int64(i), tlog.RecordHash(e)))
	}
	for old := int64(1); old <= size; old++ {
		oh, err := tlog.TreeHash(old, r)
		must(err)
		p, err := tlog.ProveTree(size, old, r)
		must(err)
		must(tlog.CheckTree(p, size, tree.Hash, old, oh))
	}
	fmt.Printf("ok %d entries and %d former sizes\n", size, size)
}
