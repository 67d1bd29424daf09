/** What each kind of line holds: header, entries, trailer. Read from parsed fields; a mistake is a `Misshape`. */

import type { JsonObject } from '../core/json.ts';
import { parseResolvedScenario } from '../scenario/resolved.ts';
import { readAct } from './acts.ts';
import { readClaim } from './claims.ts';
import { type Engine, type Entry, formatName, formatVersion, type Header, limits, type Trailer } from './format.ts';
import { type Fields, flagAt, hexAt, integerAt, Misshape, objectAt, onlyKeys, textAt } from './shape.ts';

export function readHeader(fields: Fields, file: string): Header {
  if (fields.format === undefined)
    throw new Misshape('', `the first line must be a header with "format":"${formatName}"`);
  if (fields.format !== formatName) throw new Misshape('format', `the format must be "${formatName}"`);
  checkVersion(fields.version);
  onlyKeys(fields, '', ['format', 'version', 'engine', 'scenario', 'id', 'startedAt'], ['challenge', 'student', 'c']);
  const header: Header = {
    engine: readEngine(objectAt(fields.engine, 'engine')),
    scenario: parseResolvedScenario(objectAt(fields.scenario, 'scenario'), `${file}:1`),
    id: textAt(fields, '', 'id', 100),
    startedAt: textAt(fields, '', 'startedAt', 100),
    ...(fields.student === undefined ? {} : { student: textAt(fields, '', 'student', 200) }),
    ...(fields.challenge === undefined ? {} : { challenge: objectAt(fields.challenge, 'challenge') as JsonObject }),
  };
  if (header.engine.protocol !== header.scenario.protocol) {
    throw new Misshape(
      'engine.protocol',
      `the engine's protocol is not the scenario's, ${JSON.stringify(header.scenario.protocol)}`,
    );
  }
  return header;
}

function checkVersion(version: unknown): void {
  if (version === formatVersion) return;
  const newer = typeof version === 'number' && Number.isSafeInteger(version) && version > formatVersion;
  throw new Misshape(
    version === undefined ? '' : 'version',
    `${newer ? `format version ${version} is newer than this havoc` : 'not a version of the format'}; it reads version ${formatVersion}`,
  );
}

function readEngine(fields: Fields): Engine {
  onlyKeys(fields, 'engine', ['version', 'protocol', 'protocolSha256']);
  return {
    version: textAt(fields, 'engine', 'version', 100),
    protocol: textAt(fields, 'engine', 'protocol', 1000),
    protocolSha256: hexAt(fields, 'engine', 'protocolSha256'),
  };
}

const kinds = ['act', 'checkpoint', 'note', 'mark', 'claim', 'branch', 'pause', 'wall'] as const;

export function readEntry(fields: Fields, line: number, header: Header): Entry {
  if (fields.format !== undefined) throw new Misshape('', 'a second header; give each recording its own file');
  const kind = kinds.find((name) => fields[name] !== undefined);
  if (kind === undefined) {
    onlyKeys(fields, '', ['i', 'at'], [...kinds, 'c']);
    throw new Misshape('', `this line says nothing; expected one of ${kinds.join(', ')}`);
  }
  onlyKeys(fields, '', ['i', 'at', kind], kind === 'act' ? ['wall', 'c'] : kind === 'mark' ? ['of', 'c'] : ['c']);
  const place = { line, i: integerAt(fields, '', 'i', 0, limits.events), atMs: integerAt(fields, '', 'at') };
  const nodes = Object.keys(header.scenario.nodes);
  switch (kind) {
    case 'act':
      if (fields.wall !== undefined) integerAt(fields, '', 'wall');
      return { ...place, kind, act: readAct(fields.act, nodes) };
    case 'checkpoint':
      return { ...place, kind, digest: hexAt(fields, '', 'checkpoint') };
    case 'note':
      return { ...place, kind, text: textAt(fields, '', kind, limits.textLength) };
    case 'mark': {
      const of = fields.of === undefined ? place.i : integerAt(fields, '', 'of', 0, place.i);
      return { ...place, kind, text: textAt(fields, '', kind, limits.textLength), of };
    }
    case 'claim':
      return { ...place, kind, claim: readClaim(objectAt(fields.claim, 'claim'), nodes.length) };
    case 'branch':
      return { ...place, kind, from: integerAt(fields, '', 'branch', 0, limits.events) };
    case 'pause':
      return { ...place, kind, paused: flagAt(fields, '', 'pause') };
    case 'wall':
      return { ...place, kind, wallMs: integerAt(fields, '', 'wall') };
  }
}

export function readTrailer(fields: Fields, line: number): { trailer: Trailer; chain: string } {
  onlyKeys(fields, '', ['end', 'events', 'at', 'digest', 'chain'], ['c']);
  if (fields.end !== true) throw new Misshape('end', 'end must be true');
  return {
    trailer: {
      line,
      events: integerAt(fields, '', 'events', 0, limits.events),
      atMs: integerAt(fields, '', 'at'),
      digest: hexAt(fields, '', 'digest'),
    },
    chain: hexAt(fields, '', 'chain'),
  };
}
