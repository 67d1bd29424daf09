/**
 * JUnit's XML: a suite for each student and challenge, with a case for the recording (an error when there is nothing to
 * judge), one for the budget, and one for each goal (skipped when there was nothing to judge). Points are properties.
 */

import { cdata, escapeMarkup } from '../../core/markup.ts';
import { type Grade, totalOf } from '../grade.ts';
import { wasJudged } from '../outcome.ts';
import type { Results } from '../results.ts';
import { budgetLine, detailLines, goalsTried, number, studentName, verdictLine } from './words.ts';

interface Case {
  readonly name: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly text?: string;
}

/** @param goalsOf the goals of a challenge in words, for recordings of which none was judged */
export function junitOf({ title, rows }: Results, goalsOf: (challenge: string) => readonly string[]): string {
  const grades = rows.flatMap((row) => [...row.grades, ...row.others]);
  const suites = grades.map((grade) => ({ grade, cases: casesOf(grade, goalsOf) }));
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(title)}" ${countsOf(all)}>`,
    ...suites.flatMap(({ grade, cases }) => suiteLines(grade, cases)),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function casesOf(grade: Grade, goalsOf: (challenge: string) => readonly string[]): Case[] {
  const message = verdictLine(grade);
  if (!wasJudged(grade.outcome)) {
    const goals = grade.challenge === null ? [] : goalsOf(grade.challenge);
    const because = 'there was nothing to judge';
    return [
      { name: 'recording', result: 'error', message, text: detailLines(grade).join('\n') },
      ...goals.map((name): Case => ({ name, result: 'skipped', message: because })),
    ];
  }
  const text = detailLines(grade).join('\n');
  const claim: Case[] =
    grade.cannot === null
      ? []
      : [{ name: 'it cannot be done', result: grade.cannot.right === true ? 'passed' : 'failure', message, text }];
  return [
    { name: 'recording', result: 'passed', message: '' },
    {
      name: 'budget',
      result: grade.budget === null || grade.budget.exceeded.length === 0 ? 'passed' : 'failure',
      message: budgetLine(grade) ?? '',
    },
    ...claim,
    ...goalsTried(grade).map(
      ({ goal, met, why }): Case => ({ name: goal, result: met === true ? 'passed' : 'failure', message: why, text }),
    ),
  ];
}

const countsOf = (cases: readonly Case[]): string => {
  const count = (result: Case['result']): number => cases.filter((each) => each.result === result).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
};

function suiteLines(grade: Grade, cases: readonly Case[]): string[] {
  const { challenge, student, outcome, file } = grade;
  const name = `${studentName(student)} ${challenge ?? 'no challenge'}`;
  const facts = { points: number(totalOf(grade)), pointsMax: number(grade.pointsMax), outcome, file: file ?? '' };
  return [
    `  <testsuite name="${escapeMarkup(name)}" ${countsOf(cases)}>`,
    '    <properties>',
    ...Object.entries(facts).map(([key, value]) => `      <property name="${key}" value="${escapeMarkup(value)}"/>`),
    '    </properties>',
    ...cases.flatMap((each) => caseLines(each, name)),
    '  </testsuite>',
  ];
}

function caseLines({ name, result, message, text }: Case, suite: string): string[] {
  const head = `    <testcase classname="${escapeMarkup(suite)}" name="${escapeMarkup(name)}"`;
  if (result === 'passed') return [`${head}/>`];
  const said = `<${result} message="${escapeMarkup(message)}"`;
  return [
    `${head}>`,
    text === undefined ? `      ${said}/>` : `      ${said}>${cdata(text)}</${result}>`,
    '    </testcase>',
  ];
}
