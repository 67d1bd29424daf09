/** All files of the documentation that hold generated parts, as they should be now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPresets } from '../scenario/load.ts';
import { packageRoot } from '../scenario/places.ts';
import { listProtocols, loadProtocol } from '../scenario/protocols.ts';
import {
  faultsMarkdown,
  keysMarkdown,
  liesMarkdown,
  namesMarkdown,
  protocolsMarkdown,
  withBlock,
} from './reference.ts';

/** By path from the project's root. */
export async function generatedDocs(): Promise<Readonly<Record<string, string>>> {
  const protocols = await Promise.all(listProtocols().map(loadProtocol));
  const scenarios = readFileSync(join(packageRoot(), 'docs/scenarios.md'), 'utf8');
  const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
  const settings = readFileSync(join(packageRoot(), 'docs/settings.md'), 'utf8');
  return {
    'README.md': withBlock(readme, 'keys', keysMarkdown()),
    'docs/scenarios.md': withBlock(withBlock(scenarios, 'faults', faultsMarkdown()), 'lies', liesMarkdown()),
    'docs/settings.md': withBlock(settings, 'names', namesMarkdown()),
    'docs/protocols.md': protocolsMarkdown(protocols, await listPresets()),
  };
}
