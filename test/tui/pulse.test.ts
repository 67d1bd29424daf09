/** When the screen is drawn: at once for keys, at a bearable rate for a run. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Session } from '../../src/core/session.ts';
import { createPulse, intervalFor } from '../../src/tui/pulse.ts';
import { createStore, initialUi } from '../../src/tui/store.ts';

test('a run is drawn twenty times a second, and down to ten times where a frame is costly', () => {
  assert.deepEqual([0, 2, 12.5, 20, 25, 300].map(intervalFor), [50, 50, 50, 80, 100, 100]);
});

test('keys are drawn at once, a storm of events once an interval, and nothing once it has stopped', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const store = createStore(initialUi('stage', 80, 24));
    let tell = (): void => {};
    const session = {
      subscribe(listener: () => void) {
        tell = listener;
        return () => {
          tell = () => {};
        };
      },
    } as unknown as Session;
    const pulse = createPulse(store);
    let drawn = 0;
    pulse.subscribe(() => {
      drawn += 1;
    });
    pulse.watch(session);
    assert.equal(drawn, 1);
    store.set({ node: 1 });
    assert.equal(drawn, 2, 'a key');
    for (let i = 0; i < 500; i++) tell();
    assert.equal(drawn, 2, 'events wait');
    mock.timers.tick(100);
    assert.equal(drawn, 3, 'all of them make one frame');
    mock.timers.tick(1000);
    assert.equal(drawn, 3, 'nothing changed, nothing is drawn');
    tell();
    pulse.stop();
    mock.timers.tick(1000);
    store.set({ node: 2 });
    assert.equal(drawn, 3);
  } finally {
    mock.timers.reset();
  }
});
