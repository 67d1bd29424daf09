/**
 * The report on a class as one page that needs nothing else: no script, no font, no picture from elsewhere, and a policy
 * that forbids them. Whatever stands in it comes from files of students, and is escaped.
 */

import { escapeMarkup } from '../../core/markup.ts';
import { printable } from '../../core/printable.ts';
import { type ChallengeFigures, figuresOf } from '../class-report.ts';
import { type Grade, totalOf } from '../grade.ts';
import { outcomes } from '../outcome.ts';
import type { Results, Row } from '../results.ts';
import { copyLine } from './text.ts';
import { detailLines, number, scoreOf, studentName } from './words.ts';

const style = `:root{color-scheme:light dark}
body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:.6rem 0 1.4rem}
td,th{border:1px solid #8886;padding:.25rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
pre{font:12.5px/1.25 ui-monospace,monospace;overflow-x:auto;margin:.4rem 0}
meter{width:9rem}
.c0{background:#2a82}.c1{background:#c822}.c2{background:#8882}.c3{background:#c222}`;

const text = (value: string): string => escapeMarkup(printable(value));

export function classReportHtml(results: Results): string {
  const { title, due, rows, copies } = results;
  const body = [
    `<h1>${text(title)}</h1>`,
    `<p>${rows.length} students${due === null ? '' : `, due ${text(due)}`}. Every recording was executed anew.</p>`,
    ...figuresOf(results).flatMap((figures) => challengeHtml(figures, rows.length)),
    ...(copies.length === 0
      ? []
      : ['<h2>Alike</h2>', '<ul>', ...copies.map((copy) => `<li>${escapeMarkup(copyLine(copy))}</li>`), '</ul>']),
    '<h2>Students</h2>',
    ...tableHtml(results),
    '<h2>In detail</h2>',
    ...rows.flatMap(rowHtml),
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${text(title)}</title>`,
    `<style>${style}</style></head><body>`,
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}

function challengeHtml(
  { id, title, outcomes: counts, goals, actsMedian, outliers }: ChallengeFigures,
  students: number,
): string[] {
  const outcomeRows = counts.map(
    ({ outcome, times }) =>
      `<tr class="c${outcomes[outcome].exitCode}"><td>${escapeMarkup(outcomes[outcome].says)}</td><td class="n">${times}</td></tr>`,
  );
  const goalRows = goals.map(({ goal, met, judged, failures }) => {
    const where = failures.map(({ why, times }) => `${times} × ${text(why)}`).join('<br>');
    const bar = `<meter min="0" max="${Math.max(1, judged)}" value="${met}"></meter> ${met} of ${judged}`;
    return `<tr><td>${text(goal)}</td><td>${bar}</td><td>${where}</td></tr>`;
  });
  const apart = outliers.map(({ student, acts }) => `${escapeMarkup(studentName(student))} (${acts})`).join(', ');
  return [
    `<h2>${text(title)} <small>${text(id)}</small></h2>`,
    `<table><tr><th>of ${students}</th><th></th></tr>`,
    ...outcomeRows,
    '</table>',
    ...(goalRows.length === 0
      ? []
      : ['<table><tr><th>goal</th><th>met</th><th>where the others failed</th></tr>', ...goalRows, '</table>']),
    ...(actsMedian === null
      ? []
      : [`<p>Acts of a person: ${actsMedian} in the median.${apart === '' ? '' : ` Far from it: ${apart}.`}</p>`]),
  ];
}

function tableHtml({ rows, challenges }: Results): string[] {
  const heads = challenges.map(({ id }) => `<th>${text(id)}</th>`).join('');
  const lines = rows.map(({ student, grades, points, pointsMax }) => {
    const cells = grades.map((grade) => {
      const { exitCode, says } = outcomes[grade.outcome];
      return `<td class="n c${exitCode}" title="${escapeMarkup(says)}">${number(totalOf(grade))}</td>`;
    });
    return `<tr><td>${escapeMarkup(studentName(student))}</td>${cells.join('')}<td class="n">${scoreOf(points, pointsMax)}</td></tr>`;
  });
  return [`<table><tr><th>student</th>${heads}<th>total</th></tr>`, ...lines, '</table>'];
}

function rowHtml({ student, grades, others }: Row): string[] {
  const shown = [...grades.filter(({ file }) => file !== null), ...others];
  return shown.map((grade: Grade) => {
    const head = `${studentName(student)}, ${printable(grade.challenge ?? 'no challenge')}: ${scoreOf(totalOf(grade), grade.pointsMax)}`;
    const file = grade.file === null ? '' : `<p>${text(grade.file)}</p>`;
    const lines = detailLines(grade).map(escapeMarkup).join('\n');
    return `<details><summary>${escapeMarkup(head)}</summary>${file}<pre>${lines}</pre></details>`;
  });
}
