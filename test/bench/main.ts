/** `npm run bench [core|grade|history|live|scale|screen ...]`: every benchmark, each figure beside the floor that was measured in the same run. */
import { benchCheck } from './check.ts';
import { benchCore } from './core.ts';
import { benchGrade } from './grade.ts';
import { benchHistory } from './history.ts';
import { benchLive } from './live.ts';
import type { Figure } from './measure.ts';
import { benchScale } from './scale.ts';
import { benchScreen } from './screen.ts';

const benches: Readonly<Record<string, () => Promise<Figure[]> | Figure[]>> = {
  core: benchCore,
  check: benchCheck,
  grade: benchGrade,
  history: benchHistory,
  live: benchLive,
  scale: benchScale,
  screen: benchScreen,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`there is no benchmark ${unknown}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(64);
}

const figureText = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toPrecision(3));
console.log('| what | value | floor | value / floor | aim |\n| --- | --- | --- | --- | --- |');
for (const name of wanted.length === 0 ? Object.keys(benches) : wanted) {
  for (const { name: what, value, floor, unit, ratio, aim } of (await benches[name]?.()) ?? []) {
    const floorText = floor === null ? '' : figureText(floor);
    console.log(
      `| ${what} | ${figureText(value)} ${unit} | ${floorText} | ${ratio === null ? '' : ratio.toFixed(2)} | ${aim} |`,
    );
  }
}
