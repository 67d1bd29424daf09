/**
 * Keeps a recording of every preset that shows a violation: `npm run keep-violations [preset ...]`. A test replays each of
 * them; run this again when a protocol or a rule of the engine has changed on purpose.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listPresets, loadScenario } from '../src/scenario/load.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
for (const { id } of listPresets()) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const { scenario } = await loadScenario(id);
  if (!scenario.expect.some((each) => 'property' in each && each.verdict === 'violated')) continue;
  const file = `test/recordings/${id}.jsonl`;
  rmSync(`${root}${file}`, { force: true });
  const args = ['dist/main.js', 'play', id, '--headless', '--in-process', '--record', file];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${id} ended with ${status}`);
  console.log(file);
}
