/**
 * What is asked of a stranger before the WebSocket upgrade. Loopback is no protection by itself: a web page may connect
 * to it, and a name that resolves to 127.0.0.1 may stand in its Host. So the Host must be the bus's own address, an
 * Origin must be the bus's own or absent, and a token is demanded of everyone.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** more headers than any honest client sends */
const headersMax = 100;
const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface Refused {
  readonly status: 400 | 401 | 403 | 431;
  readonly why: string;
}
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** null: Host, Origin and headers are in order. */
export function refuseRequest(request: IncomingMessage, bound: Address): Refused | null {
  if (request.rawHeaders.length > headersMax * 2) return { status: 431, why: 'too many headers' };
  const { host, origin } = request.headers;
  if (host === undefined || host === '') return { status: 400, why: 'no Host' };
  const at = parseAuthority(host);
  if (at === null) return { status: 400, why: 'malformed Host' };
  if (!isOurs(at, bound)) return { status: 403, why: 'not the host of this bus' };
  if (origin === undefined) return null;
  const page = origin.startsWith('http://') ? parseAuthority(origin.slice('http://'.length)) : null;
  if (page === null || !isOurs(page, bound)) return { status: 403, why: 'not the origin of this bus' };
  return null;
}

function parseAuthority(text: string): Address | null {
  const match = /^([0-9a-z.-]{1,253}|\[[0-9a-f:.]{2,45}\]):([0-9]{1,5})$/i.exec(text);
  return match ? { host: (match[1] as string).toLowerCase(), port: Number(match[2]) } : null;
}

/** On another address than loopback, only literal addresses are ours: a name could have been made to point here. */
function isOurs(at: Address, bound: Address): boolean {
  if (at.port !== bound.port) return false;
  if (loopbackNames.has(at.host)) return true;
  if (isLoopback(bound.host)) return false;
  const literal = at.host.replace(/^\[|\]$/g, '');
  return isIP(literal) !== 0 && (literal === bound.host || bound.host === '0.0.0.0' || bound.host === '::');
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** The token a client shows: `Authorization: Bearer x`, or `?token=x` where headers cannot be set. Empty: none. */
export function tokenOf(request: IncomingMessage): string {
  const bearer = /^Bearer ([\w-]{1,256})$/.exec(request.headers.authorization ?? '');
  if (bearer) return bearer[1] as string;
  const query = /[?&]token=([\w-]{1,256})(?:&|$)/.exec(request.url ?? '');
  return query ? (query[1] as string) : '';
}
