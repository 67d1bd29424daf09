import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgedSigner, type Signed, signMessage } from '../../src/core/signatures.ts';

const nodes = new Map([
  ['A', 0],
  ['B', 1],
]);
const order = (seed = 1): Signed => signMessage(seed, 'A', { type: 'order', value: 'attack' }).signed as Signed;

test('what a node signed is good, by itself and inside what another one signed', () => {
  const proof = order();
  assert.equal(forgedSigner(1, { type: 'relay', proof }, nodes), null);
  assert.equal(forgedSigner(1, signMessage(1, 'B', { type: 'relay', proof }), nodes), null);
});

test('an altered copy of what was found good is a forgery all the same', () => {
  const proof = order();
  assert.equal(forgedSigner(1, proof, nodes), null);
  const altered = { ...proof, statement: { type: 'order', value: 'retreat' } };
  assert.equal(forgedSigner(1, altered, nodes), 'A');
  assert.equal(forgedSigner(1, signMessage(1, 'B', { type: 'relay', proof: altered }), nodes), 'A');
  assert.equal(forgedSigner(1, [proof, { ...proof, signer: 'B' }], nodes), 'B');
});

test('what was found good in one run is not good in another, whose keys are others', () => {
  const proof = order(1);
  assert.equal(forgedSigner(1, proof, nodes), null);
  assert.equal(forgedSigner(2, proof, nodes), 'A');
});

test('a stranger cannot sign, and a forgery inside a good signature is found again and again', () => {
  assert.equal(forgedSigner(1, signMessage(1, 'Z', { type: 'order', value: 'attack' }), nodes), 'Z');
  const around = signMessage(1, 'B', { type: 'relay', proof: { ...order(), signer: 'B' } });
  assert.equal(forgedSigner(1, around, nodes), 'B');
  assert.equal(forgedSigner(1, around, nodes), 'B');
});

test('a message to many is signed once; by somebody else, or in another run, it is signed anew', () => {
  const message = { type: 'order', value: 'attack' };
  const whole = signMessage(1, 'A', message);
  assert.equal(signMessage(1, 'A', message), whole);
  assert.deepEqual(signMessage(1, 'A', { ...message }), whole);
  assert.equal((signMessage(1, 'B', message).signed as Signed).signer, 'B');
  assert.equal(forgedSigner(2, signMessage(2, 'A', message), nodes), null);
  assert.equal(forgedSigner(1, signMessage(1, 'A', message), nodes), null);
});
