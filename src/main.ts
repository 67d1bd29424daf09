#!/usr/bin/env node
/**
 * The launcher. It settles what has to be settled before anything else is imported: a Node that is new enough, React's
 * production mode, and colour. Only then does it load the command line.
 */
import module from 'node:module';
import { relaunch } from './relaunch.ts';

const nodeMajorMin = 22;

/** Ink colours through chalk, which knows FORCE_COLOR but not NO_COLOR; it reads it when it is imported. */
function settleColour(): void {
  const { NO_COLOR, TERM } = process.env;
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') Object.assign(process.env, { FORCE_COLOR: '0' });
}

if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  process.exitCode = await relaunch(nodeMajorMin);
} else {
  // not `process.env.NODE_ENV = …`: the bundler puts a constant in its place
  Object.assign(process.env, { NODE_ENV: 'production' });
  settleColour();
  // what the engine compiled is kept for the next start, where this Node can and the folder is writable
  module.enableCompileCache?.();
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
