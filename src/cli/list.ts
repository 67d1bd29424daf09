/** `havoc list`: the presets, challenges, protocols, faults and lies that there are. */
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { Finish } from './main.ts';
import { columns, print, printJson } from './output.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
interface Listing {
  readonly rows: () => Promise<readonly Row[]>;
  /** the fields that the table shows */
  readonly shown: readonly string[];
}

const listings: Readonly<Record<string, Listing>> = {
  presets: {
    rows: async () => (await presets()).filter(({ path }) => !isChallenge(path)),
    shown: ['id', 'protocol', 'summary'],
  },
  challenges: {
    rows: async () => (await (await import('../scenario/challenges.ts')).listChallenges()).map((info) => ({ ...info })),
    shown: ['topic', 'difficulty', 'id', 'perStudent', 'summary'],
  },
  protocols: { rows: protocols, shown: ['id', 'problem', 'title', 'bound'] },
  faults: { rows: faults, shown: ['id', 'about', 'inFlight'] },
  lies: { rows: lies, shown: ['id', 'about'] },
};
const names = Object.keys(listings).join(', ');

export function listCommand(root: Command, finish: Finish): void {
  root
    .command('list')
    .argument('<what>', names)
    .description('list the presets, challenges, protocols, faults or lies that there are')
    .option('--json', 'print one JSON object', false)
    .action(async (what: string, { json }: { json: boolean }) => {
      const listing = Object.hasOwn(listings, what) ? listings[what] : undefined;
      if (listing === undefined) {
        const { nearest } = await import('../scenario/nearest.ts');
        const meant = nearest(what, Object.keys(listings));
        throw new UsageError(
          `cannot list '${what}'; ${meant === null ? `expected one of ${names}` : `did you mean ${meant}?`}`,
        );
      }
      const rows = await listing.rows();
      if (json) printJson({ [what]: rows });
      else print(await table(rows, listing.shown, what));
      finish(exitCodes.success);
    });
}

async function table(rows: readonly Row[], shown: readonly string[], what: string): Promise<string> {
  if (rows.length === 0) return `there are no ${what} yet`;
  const { printable } = await import('../core/printable.ts');
  return columns(rows.map((row) => shown.map((field) => printable(cellOf(field, row[field])))));
}

/** What is so or not is told by its name: `perStudent` as `per student`, or nothing. */
const cellOf = (field: string, value: unknown): string =>
  typeof value !== 'boolean'
    ? String(value ?? '')
    : value
      ? field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      : '';

const isChallenge = (path: string): boolean => /[\\/]challenges[\\/][^\\/]*$/.test(path);

async function presets() {
  const { listPresets } = await import('../scenario/load.ts');
  return listPresets().map(({ learn: _, ...preset }) => preset);
}

async function protocols(): Promise<Row[]> {
  const { listProtocols, loadProtocol } = await import('../scenario/protocols.ts');
  const loaded = await Promise.all(listProtocols().map(loadProtocol));
  return loaded.map(({ id, problem, title, source, bound, roles }) => {
    return { id, problem, title, source, bound: bound?.formula ?? null, roles: Object.keys(roles) };
  });
}

async function faults(): Promise<Row[]> {
  const { faultHelp } = await import('../core/faults.ts');
  return Object.entries(faultHelp).map(([id, { about, inFlight, fields }]) => {
    return { id, about, inFlight: `In flight: ${inFlight}.`, fields };
  });
}

async function lies(): Promise<Row[]> {
  const { behaviourHelp } = await import('../core/traitor.ts');
  return Object.entries(behaviourHelp).map(([id, about]) => ({ id, about }));
}
