// Checks a bundle of the audit log with golang.org/x/mod's sumdb/note and sumdb/tlog, the
// code by which Go itself checks its log of module checksums. Nothing here is the product's own.
//
//	check VKEY BUNDLE                  the checkpoint, every tile and every entry that it holds
//	check VKEY BUNDLE OLD_CHECKPOINT   the same, and that nothing before the old one was rewritten
//
// A bundle of a part of the log holds its entries in entries.jsonl, and all tiles.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256 // C2SP tlog-tiles: a tile is eight levels of the tree

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: check VKEY BUNDLE [OLD_CHECKPOINT]")
	}
	folder := bundle(os.Args[2])
	key, err := note.NewVerifier(strings.TrimSpace(os.Args[1]))
	must(err)
	origin, tree := open(key, filepath.Join(string(folder), "checkpoint"))
	hashes := tlog.TileHashReader(tree, folder)
	count := folder.checkTiles(tree, hashes)
	if part, err := os.Open(filepath.Join(string(folder), "entries.jsonl")); err == nil {
		count = checkPart(part, tree, hashes)
	} else {
		folder.checkEntries(tree, hashes)
	}
	fmt.Printf("%d of %d entries of %s, root %v\n", count, tree.N, origin, tree.Hash)
	if len(os.Args) > 3 {
		_, old := open(key, os.Args[3])
		proof, err := tlog.ProveTree(tree.N, old.N, hashes)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		fmt.Printf("its first %d entries are those of the older checkpoint\n", old.N)
	}
}

// open returns the origin and the tree that a checkpoint signed by the key states.
func open(key note.Verifier, path string) (string, tlog.Tree) {
	text, err := os.ReadFile(path)
	must(err)
	signed, err := note.Open(text, note.VerifierList(key))
	must(err)
	lines := strings.SplitN(signed.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != key.Name() {
		log.Fatalf("%s: not a checkpoint of %s", path, key.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return lines[0], tlog.Tree{N: size, Hash: root}
}

// checkTiles reads every leaf's hash, which checks every tile against the root; it counts them.
func (folder bundle) checkTiles(tree tlog.Tree, tiles tlog.HashReader) int64 {
	for first := int64(0); first < tree.N; first += width {
		_, err := tiles.ReadHashes([]int64{tlog.StoredHashIndex(0, first)})
		must(err)
	}
	return tree.N
}

// checkPart compares each entry of a part with the hash at its place in the tree; it counts them.
func checkPart(part io.Reader, tree tlog.Tree, tiles tlog.HashReader) (count int64) {
	lines := json.NewDecoder(part)
	for lines.More() {
		var line struct {
			Leaf  string `json:"leaf"`
			Index int64  `json:"leaf_index"`
		}
		must(lines.Decode(&line))
		if line.Index < 0 || line.Index >= tree.N {
			log.Fatalf("there is no entry %d", line.Index)
		}
		inTile, err := tiles.ReadHashes([]int64{tlog.StoredHashIndex(0, line.Index)})
		must(err)
		if inTile[0] != tlog.RecordHash([]byte(line.Leaf)) {
			log.Fatalf("entry %d is not the one in its tile", line.Index)
		}
		count++
	}
	return count
}

// checkEntries hashes every entry and compares it with its tile, and all of them with the root.
func (folder bundle) checkEntries(tree tlog.Tree, tiles tlog.HashReader) {
	var stored memory
	for first := int64(0); first < tree.N; first += width {
		records := folder.records(first, tree.N-first)
		indexes := make([]int64, len(records))
		for i := range records {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		inTile, err := tiles.ReadHashes(indexes)
		must(err)
		for i, record := range records {
			if inTile[i] != tlog.RecordHash(record) {
				log.Fatalf("entry %d is not the one in its tile", first+int64(i))
			}
			more, err := tlog.StoredHashes(first+int64(i), record, stored)
			must(err)
			stored = append(stored, more...)
		}
	}
	root, err := tlog.TreeHash(tree.N, stored)
	must(err)
	if root != tree.Hash {
		log.Fatal("the entries do not make the root that was signed")
	}
}

// records returns the entries from first on: 256 of them, or the rest.
func (folder bundle) records(first, rest int64) [][]byte {
	if rest > width {
		rest = width
	}
	content, err := os.ReadFile(folder.path("entries", first/width, int(rest)))
	must(err)
	records := make([][]byte, rest)
	for i := range records {
		if len(content) < 2 || len(content)-2 < int(binary.BigEndian.Uint16(content)) {
			log.Fatalf("entry %d is cut short", first+int64(i))
		}
		end := 2 + int(binary.BigEndian.Uint16(content))
		records[i], content = content[2:end], content[end:]
	}
	if len(content) > 0 {
		log.Fatalf("there is more after entry %d", first+rest-1)
	}
	return records
}

// memory holds the hashes of the tree that the entries make.
type memory []tlog.Hash

func (stored memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = stored[index]
	}
	return found, nil
}

// bundle is a folder with tiles as C2SP tlog-tiles names them: as tlog does, but for the height.
type bundle string

func (folder bundle) path(level string, number int64, count int) string {
	named := tlog.Tile{H: height, L: 0, N: number, W: count}.Path()
	return filepath.Join(string(folder), "tile", level, strings.TrimPrefix(named, "tile/8/0/"))
}

func (folder bundle) Height() int { return height }

func (folder bundle) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	contents := make([][]byte, len(tiles))
	for i, tile := range tiles {
		content, err := os.ReadFile(folder.path(strconv.Itoa(tile.L), tile.N, tile.W))
		if err != nil {
			return nil, err
		}
		contents[i] = content
	}
	return contents, nil
}

func (folder bundle) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
