/** The screen of a recording, event by event, as a terminal of the given size shows it. No clock and no terminal has a part. */
import type { Protocol } from '../core/protocol.ts';
import type { Recording } from '../record/format.ts';
import { Replayer } from '../record/replay.ts';
import { type Clock, ReplaySession } from '../record/replay-session.ts';
import { createApp } from '../tui/app.ts';
import { frameOf } from '../tui/frame.ts';
import { createStore, initialUi } from '../tui/store.ts';
import { paint } from '../tui/theme.ts';
import type { CastOptions, Frame } from './cast.ts';

/** Time moves by steps alone. */
const still = (speed: number): Clock => ({
  speed,
  anchor: () => {},
  waitMs: () => 0,
  virtualMs: () => 0,
  rest: async () => {},
});

export async function* framesOf(
  recording: Recording,
  protocol: Protocol,
  { columns, rows, speed }: CastOptions,
): AsyncGenerator<Frame> {
  const session = new ReplaySession(new Replayer(recording, protocol), still(speed), true);
  const store = createStore(initialUi('stage', columns, rows));
  const never = async (): Promise<never> => {
    throw new Error('nothing is opened here');
  };
  const app = createApp({ store, presets: () => [], leave: () => {}, open: never }, session);
  const frame = (): Frame => ({ atMs: session.world.nowMs, lines: frameOf(app).map(paint) });
  // the run goes on by itself, and the screen says so
  yield frame();
  while (await session.step()) yield frame();
  await app.close();
}
