/** `havoc` alone: the picker; without a screen, the default preset as a transcript. */
import { hasScreen } from './output.ts';

const defaultPreset = 'partition-during-commit';

export async function home(): Promise<number> {
  if (hasScreen()) return (await import('./play-screen.ts')).chooseOnScreen();
  const { playHeadless } = await import('./play-headless.ts');
  const options = { paused: false, set: [], headless: true, inProcess: false, json: false };
  return playHeadless(defaultPreset, options);
}
