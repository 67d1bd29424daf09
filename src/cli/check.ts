/** `havoc check`: every interleaving of a scenario, within its fault budget, and a verdict on every property. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type NetworkName, networkNames } from '../check/model.ts';
import { addSearchOptions, type SearchOptions } from './check-search.ts';
import type { Finish } from './main.ts';
import { count, nonEmpty, overrides, refuseAlone, wholeNumber } from './options.ts';
import { refuseClash } from './write-whole.ts';

export interface CheckOptions extends SearchOptions {
  readonly set: readonly string[];
  readonly property: readonly string[];
  readonly network?: NetworkName;
  readonly ifTaken: boolean;
  readonly exact: boolean;
  readonly maxStates: number;
  readonly maxSeconds?: number;
  readonly student?: string;
  readonly salt?: string;
  readonly counterexample?: string;
  readonly blocked?: string;
  readonly graph?: string;
  /** what can still be decided, instead of verdicts */
  readonly valence: boolean;
  /** `values=0,1` */
  readonly inputs?: string;
  readonly json: boolean;
}

const closing = `
Explored are all orders of deliveries, timers and inputs, and the faults of the scenario's \`budget\`, at every moment:
crash (between two sends of a step too), restart, drop, duplicate, partition (between the groups that its \`faults\`
name; healing is free) and traitor. Scripted faults are left aside, but a scripted traitor is one from the start: each
message that it should send is sent, left out, or any of the protocol's lies, in time or late. Any running timer may
fire; in the synchronous model time stands still while messages of honest nodes are on their way, and timers fire in
their order. Inputs at 0 ms come first, later ones in their order at any moment, those with \`anytime: true\` whenever the
machine takes them.
docs/check.md says all of this at length.
\`eventually\` is judged where nothing more can happen. \`constraint\` bounds the space by any of { depth: N, messages: N,
perLink: N, copies: N, context: { field: N } }; where timers resend for ever, copies: 1 often makes it finite.

A node is blocked for good when it is up, undecided and in want of a decision, and no messages, timers and inputs to come
let it decide any more: somebody has to come back, or a partition to heal. Found in spaces of up to 100000 states; of
larger ones, up to --max-states, with --blocked.

Exit codes: 0 all explored and no \`always\` property violated · 1 violated · 2 a limit was reached first.`;

export function checkCommand(root: Command, finish: Finish): void {
  const command = root
    .command('check')
    .argument('<preset or file.yaml>', 'a preset (see `havoc list presets`) or a scenario file')
    .description("explore every interleaving within the scenario's fault budget")
    .addOption(overrides())
    .addOption(
      new Option('--property <name>', 'judge only this one (and those named likewise); may be repeated')
        .argParser(collected)
        .default([], 'all'),
    )
    .option('--network <name>', `${networkNames.join(', ')}; usually as the scenario says`, networkName)
    .option('--if-taken', 'a message waits until its receiver takes it, as in TLA+ and Promela', false);
  addSearchOptions(command)
    .option('--exact', 'keep whole states, not fingerprints of 64 bits: no two are ever taken for one', false)
    .option('--max-states <n>', 'stop after so many states', count, 10_000_000)
    .option('--max-seconds <n>', 'stop after so long', wholeNumber)
    .option('--student <id>', 'of a challenge with an instance for every student: explore that one', nonEmpty)
    .option('--salt <text>', 'the salt of the assignment, for that instance')
    .option('--counterexample <file>', 'write a least run that violates a property, as a recording', nonEmpty)
    .option('--blocked <file>', 'write the shortest run that blocks a node for good, as a recording', nonEmpty)
    .option(
      '--graph <file>',
      'write all states and what leads from one to another, as JSON or, to a name.dot, for Graphviz',
      nonEmpty,
    )
    .addOption(
      new Option('--valence', 'instead of verdicts: what can still be decided, and which events settle it')
        .default(false)
        .conflicts(ofVerdicts),
    )
    .option('--inputs <parameter=a,b>', 'with --valence: whose values are varied for the initial configurations')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', closing)
    .action(async (target: string, options: CheckOptions, command: Command) => {
      refuseAlone(command, { inputs: 'valence', walkBy: 'walks', walkLength: 'walks', seed: 'walks' });
      refuseClash([target], [options.counterexample, options.blocked, options.graph]);
      if (options.valence) finish(await (await import('./check-valence.ts')).runValence(target, options));
      else finish(await (await import('./check-run.ts')).runCheck(target, options));
    });
}

/** what says how verdicts are found, or where they go */
const ofVerdicts = [
  ...['property', 'network', 'ifTaken', 'bfs', 'dfs', 'walks', 'workers', 'reductions', 'exact'],
  ...['counterexample', 'blocked', 'graph'],
];

const collected = (name: string, before: readonly string[]): readonly string[] => [...before, name];

function networkName(text: string): NetworkName {
  const known = networkNames.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`It must be one of ${networkNames.join(', ')}.`);
  return known;
}
