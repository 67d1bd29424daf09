/** `havoc` alone: the picker; without a screen, the default preset as a transcript. */
import { screenSpeed } from './options.ts';
import { hasScreen } from './output.ts';

const defaultPreset = 'partition-during-commit';

export async function home(): Promise<number> {
  if (hasScreen()) return (await import('./play-screen.ts')).chooseOnScreen();
  const { playHeadless } = await import('./play-headless.ts');
  const options = { speed: screenSpeed, paused: false, set: [], headless: true, inProcess: false, json: false };
  return playHeadless(defaultPreset, options);
}
