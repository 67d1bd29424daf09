/** The stage of six presets at three moments each, and the inspector, at four sizes: kept frames, to be read. */
import { test } from 'node:test';
import { loadScenario } from '../../src/scenario/load.ts';
import { assertBordered, golden } from './golden.ts';
import { StillSession, stageFor } from './stage.ts';

const sizes = [
  [80, 24],
  [120, 36],
  [160, 45],
  [200, 60],
] as const;

interface Moment {
  readonly name: string;
  /** after so many events */
  readonly events: number;
  /** what is typed then, as commands */
  readonly commands: readonly string[];
}
const at = (name: string, events: number, ...commands: string[]): Moment => ({ name, events, commands });

const presets: Readonly<Record<string, readonly Moment[]>> = {
  'partition-during-commit': [
    at('voting', 7),
    at('partitioned', 13, 'focus queue', 'down 1'),
    at('blocked', 16, 'why P2'),
  ],
  'unlogged-vote': [
    at('crashed', 8, 'select P2'),
    at('restarted', 13, 'event 12'),
    at('violated', 16, 'why agreement'),
  ],
  'duelling-proposers': [at('promised', 14), at('preempted', 30, 'compare 10 13'), at('rewound', 60, 'goto 40')],
  'four-generals-two-traitors': [
    at('ordered', 8),
    at('lying', 16, 'select L3'),
    at('parted', 25, 'focus properties', 'down 1'),
  ],
  'raft-two-leaders': [at('elected', 19), at('divided', 52, 'cutline 40'), at('two-leaders', 110, 'select S5')],
  'commit-by-consensus': [at('voting', 9), at('accepting', 17, 'focus queue'), at('committed', 27, 'focus diagram')],
};

for (const [preset, moments] of Object.entries(presets)) {
  for (const { name, events, commands } of moments) {
    test(`${preset}, ${name}: the stage is as kept`, async () => {
      const { scenario, protocol } = await loadScenario(preset);
      const session = new StillSession(scenario, protocol);
      session.steps(events);
      for (const [columns, rows] of sizes) {
        const stage = stageFor(session, columns, rows);
        for (const command of commands) await stage.app.run(command);
        // what was said is gone with the next key
        stage.store.set({ toast: null });
        assertBordered(stage.lines(), columns, rows, `${preset}, ${name}`);
        golden(`stage/${preset}-${name}-${columns}x${rows}`, stage.lines());
      }
    });
  }
}

const inspected = [
  ['partition-during-commit', 16, 'P2 states'],
  ['unlogged-vote', 13, 'P2 storage'],
  ['duelling-proposers', 30, 'A1 memory'],
  ['four-generals-two-traitors', 25, 'L3 lies'],
  ['raft-two-leaders', 70, 'S1 events'],
  ['commit-by-consensus', 12, 'S2 coming'],
] as const;

for (const [preset, events, what] of inspected) {
  test(`${preset}: the inspector is as kept`, async () => {
    const { scenario, protocol } = await loadScenario(preset);
    const session = new StillSession(scenario, protocol);
    session.steps(events);
    for (const [columns, rows] of sizes) {
      const stage = stageFor(session, columns, rows);
      await stage.app.run(`inspect ${what}`);
      assertBordered(stage.lines(), columns, rows, preset);
      golden(`inspector/${preset}-${columns}x${rows}`, stage.lines());
    }
  });
}
