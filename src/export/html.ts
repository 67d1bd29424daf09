/** A run as one page: the diagram, the verdicts, the faults, what became of each node, and every event in words. */
import { escapeMarkup } from '../core/markup.ts';
import { actText } from '../tui/act-text.ts';
import { whatText } from '../tui/event-text.ts';
import { clock, safe, value } from '../tui/format.ts';
import { type Extent, eventsWithin, type Subject } from './subject.ts';
import { svgElement } from './svg.ts';
import { pageStyle } from './svg-style.ts';
import { headLines, verdictRows } from './words.ts';

/** The page loads nothing, sends nothing and runs nothing. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

export function htmlText(subject: Subject, extent: Extent): string {
  const [title, about] = headLines(subject);
  const { scenario } = subject.world;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeMarkup(title)}</title><style>${pageStyle}</style></head><body>`,
    `<h1>${escapeMarkup(title)}</h1>`,
    `<p class="dim">${escapeMarkup(about)}</p>`,
    `<p>${escapeMarkup(safe(scenario.summary))}</p>`,
    section('What happened', `<div class="diagram">${svgElement(subject, extent)}</div>`),
    section('Properties', table(['', 'property', 'verdict'], verdicts(subject))),
    section('Faults', table(['at', 'fault', 'touched'], faults(subject))),
    section('Nodes', table(['node', 'state', 'decided', 'clock', 'stable storage'], nodes(subject))),
    section('Events', `<pre>${eventsWithin(subject, extent).map(eventText).join('\n')}</pre>`),
    '</body></html>',
    '',
  ].join('\n');
}

const section = (title: string, content: string): string => `<section><h2>${title}</h2>\n${content}</section>`;

/** Cells are markup already. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p class="dim">none</p>';
  const head = heads.map((words) => `<th>${words}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

const verdicts = (subject: Subject): string[][] =>
  verdictRows(subject).map(({ sign, name, words, tone }) => [
    `<span class="${tone}">${sign}</span>`,
    escapeMarkup(name),
    `<span class="${tone}">${escapeMarkup(words)}</span>`,
  ]);

const faults = ({ report }: Subject): string[][] =>
  report.faults.map(({ fault, at, touched, inert }) => [
    at === null ? (inert ? 'never' : 'not yet') : clock(at),
    escapeMarkup(actText(fault)),
    inert ? 'nothing' : String(touched),
  ]);

const nodes = ({ report }: Subject): string[][] =>
  Object.entries(report.nodes).map(([id, { state, status, honest, lamport, stable }]) => {
    const decision = report.decisions[id] ?? null;
    const standing = [status, ...(honest ? [] : ['traitor']), ...(report.blocked.includes(id) ? ['blocked'] : [])];
    return [
      id,
      `${standing.join(', ')}: ${state}`,
      decision === null ? '–' : value(decision),
      `L=${lamport}`,
      value(stable),
    ].map((cell) => escapeMarkup(safe(cell)));
  });

function eventText(event: Subject['trace'][number]): string {
  const words = `${String(event.index).padStart(5)}  ${clock(event.atMs)}  ${safe(event.node ?? '-').padEnd(4)} ${whatText(event)}`;
  const marks = event.violated.map((name) => `<b class="bad">violated: ${escapeMarkup(safe(name))}</b>`);
  return [escapeMarkup(words), ...marks].join('  ');
}
