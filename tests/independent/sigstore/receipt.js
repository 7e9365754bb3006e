// Checks a receipt (C2SP tlog-proof) with @sigstore/verify, the code by which npm checks where a
// package comes from: that an entry stands in a log whose checkpoint was signed by a key.
//
//   node receipt.js VKEY RECEIPT LEAF     LEAF is a file with the entry's bytes and nothing else
'use strict';

const { readFileSync } = require('node:fs');
const { createPublicKey } = require('node:crypto');
const { verifyTLogInclusion } = require('@sigstore/verify/dist/tlog');

const ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410: what comes before a key

const [vkey, receiptPath, leafPath] = process.argv.slice(2);
const [, name, id, key] = vkey.trim().match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
const log = {
  baseURL: name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  logID: Buffer.from(id, 'hex'),
  publicKey: createPublicKey({
    key: Buffer.concat([ED25519, Buffer.from(key, 'base64').subarray(1)]),
    format: 'der',
    type: 'spki',
  }),
};

const receipt = readFileSync(receiptPath, 'utf-8');
const end = receipt.indexOf('\n\n');
const lines = receipt.slice(0, end).split('\n').filter((line) => !line.startsWith('extra '));
const checkpoint = receipt.slice(end + 2);
const [magic, index] = [lines[0], lines[1].match(/^index (\d+)$/)[1]];
if (magic !== 'c2sp.org/tlog-proof@v1' || !checkpoint.startsWith(name + '\n')) {
  throw new Error('not a receipt of this log');
}
verifyTLogInclusion(
  {
    canonicalizedBody: readFileSync(leafPath),
    inclusionProof: {
      logIndex: index,
      hashes: lines.slice(2).map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: checkpoint },
    },
  },
  [log],
);
console.log(`entry ${index} of the ${checkpoint.split('\n')[1]} of ${name}`);
