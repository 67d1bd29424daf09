/** What a traitor says, what it says late, and what a fault has changed on its way are three things, in every form of a run. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventLine } from '../../src/cli/transcript.ts';
import type { Fault } from '../../src/core/faults.ts';
import { htmlText } from '../../src/export/html.ts';
import { mermaidText } from '../../src/export/mermaid.ts';
import { shivizText } from '../../src/export/shiviz.ts';
import { svgText } from '../../src/export/svg.ts';
import { traceJson } from '../../src/export/trace-json.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { folder, recordRun, subjectIn, whole } from './made.ts';

const { scenario, protocol } = await loadScenario('four-generals');

async function runWith(...faults: readonly Fault[]) {
  const file = join(folder(), 'untrue.jsonl');
  const scripted = faults.map((fault) => ({ at: fault.type === 'corrupt' ? 105 : 0, fault }));
  await recordRun(file, { ...scenario, faults: scripted }, protocol);
  const subject = subjectIn(file, protocol);
  return {
    transcript: subject.trace.map(eventLine).join('\n'),
    mermaid: mermaidText(subject, whole(subject)),
    shiviz: shivizText(subject),
    pictures: [svgText(subject, whole(subject)), htmlText(subject, whole(subject))],
    json: [...traceJson(subject)].join(''),
    assumptions: subject.world.assumptions,
  };
}
const corrupt: Fault = { type: 'corrupt', message: 1, values: { value: 'garbled' } };

test('a message that was changed on its way is shown as changed, and its sender as nobody who lies', async () => {
  const { transcript, mermaid, shiviz, pictures, json } = await runWith(corrupt);
  assert.match(transcript, /got order garbled .*, CHANGED on its way/);
  assert.match(mermaid, /->>n\d: CHANGED order garbled/);
  assert.match(shiviz, /CHANGED on its way from order attack/);
  for (const picture of pictures) assert.match(picture, /changed on its way/);
  assert.match(json, /"was":\{"type":"order","value":"attack"/);
  for (const text of [transcript, mermaid, shiviz]) assert.doesNotMatch(text, /LIE|LATE/);
  assert.doesNotMatch(json, /"lie"/);
});

test('what a traitor sends late is late and no lie, and what it lies is one, changed on its way or not', async () => {
  const late = await runWith({ type: 'traitor', node: 'C', behaviour: 'delay', byMs: 30 });
  for (const text of [late.transcript, late.mermaid, late.shiviz]) {
    assert.match(text, /LATE/);
    assert.doesNotMatch(text, /LIE|CHANGED/);
  }
  const lie: Fault = { type: 'traitor', node: 'C', behaviour: 'wrong-value' };
  for (const text of Object.values(await runWith(lie)).slice(0, 3)) assert.match(String(text), /LIE/);
  const both = await runWith(lie, corrupt);
  assert.match(both.mermaid, /CHANGED LIE order garbled/);
  assert.match(both.json, /"lie":\{"behaviour":"wrong-value","honest":\{[^}]*"attack"[^}]*\}\},"was":\{[^}]*"retreat"/);
});

test('a changed message that comes too late breaks the bound on delays, as any other of an honest node', async () => {
  const slow: Fault = { type: 'delay', from: 'C', to: 'L1', byMs: 500, count: 1 };
  const { assumptions } = await runWith(slow, corrupt);
  assert.deepEqual(
    assumptions.map(({ what }) => what.replace(/\d+ ms/, 'so long')),
    [
      'message 1 from C to L1 was changed on its way: links lose and delay what is sent, but do not change it',
      'message 1 (order C→L1) took so long; the model promises at most 60 ms',
    ],
  );
});
