// Checks a receipt (C2SP tlog-proof) with golang.org/x/mod's sumdb/note and sumdb/tlog: that an
// entry stands in a log whose checkpoint was signed by a key. Nothing here is the product's own.
//
//	receipt VKEY RECEIPT LEAF     LEAF is a file with the entry's bytes and nothing else
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const magic = "c2sp.org/tlog-proof@v1"

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: receipt VKEY RECEIPT LEAF")
	}
	key, err := note.NewVerifier(strings.TrimSpace(os.Args[1]))
	must(err)
	receipt, err := os.ReadFile(os.Args[2])
	must(err)
	leaf, err := os.ReadFile(os.Args[3])
	must(err)
	head, checkpoint, found := bytes.Cut(receipt, []byte("\n\n"))
	if !found {
		log.Fatal("no checkpoint in the receipt")
	}
	index, proof := read(strings.Split(string(head), "\n"))
	size, root := open(key, checkpoint)
	must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf)))
	fmt.Printf("entry %d of the %d of %s\n", index, size, key.Name())
}

// read returns the entry's index and the hashes that lead from it to the root.
func read(lines []string) (int64, tlog.RecordProof) {
	if len(lines) > 1 && strings.HasPrefix(lines[1], "extra ") {
		lines = append(lines[:1], lines[2:]...)
	}
	if len(lines) < 2 || lines[0] != magic || !strings.HasPrefix(lines[1], "index ") {
		log.Fatal("not a receipt")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	return index, proof
}

// open returns the size and the root that a checkpoint signed by the key states.
func open(key note.Verifier, checkpoint []byte) (int64, tlog.Hash) {
	signed, err := note.Open(checkpoint, note.VerifierList(key))
	must(err)
	lines := strings.SplitN(signed.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != key.Name() {
		log.Fatalf("not a checkpoint of %s", key.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return size, root
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
