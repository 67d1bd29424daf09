/**
 * What can become of a recording that was handed in. Each outcome has its own word in every format, and an exit code;
 * of several recordings the worst counts, and a higher code is worse.
 */
export const outcomes = {
  met: { exitCode: 0, says: 'all goals met' },
  'cannot, rightly': { exitCode: 0, says: 'it was claimed that it cannot be done, and it cannot' },
  'not met': { exitCode: 1, says: 'not all goals met' },
  'cannot, wrongly': { exitCode: 1, says: 'it was claimed that it cannot be done, but it can' },
  'over budget': { exitCode: 1, says: 'the budget was exceeded' },
  'not handed in': { exitCode: 1, says: 'nothing was handed in' },
  unknown: { exitCode: 2, says: 'it could not be judged' },
  truncated: { exitCode: 2, says: 'the recording was cut off: it has no end, and is not gradable' },
  'other engine': { exitCode: 2, says: 'it was made with another version' },
  'no student': { exitCode: 2, says: 'whose it is was not said' },
  unreadable: { exitCode: 3, says: 'it cannot be read' },
  edited: { exitCode: 3, says: 'the file was changed after it was written' },
  'not reproduced': { exitCode: 3, says: 'it does not happen again as the file says' },
  'other instance': { exitCode: 3, says: "it is not this student's instance" },
  'other scenario': { exitCode: 3, says: "the scenario is not the challenge's" },
  'other challenge': { exitCode: 3, says: 'it is a recording of something else' },
} as const;

export type Outcome = keyof typeof outcomes;

export const exitCodeOf = (outcome: Outcome): number => outcomes[outcome].exitCode;

/** Of no rows at all: 0. */
export const worstExitCode = (all: readonly Outcome[]): number => Math.max(0, ...all.map(exitCodeOf));

/** Was there a run to judge? Otherwise no goal has a verdict. */
export const wasJudged = (outcome: Outcome): boolean =>
  exitCodeOf(outcome) < 2 ? outcome !== 'not handed in' : outcome === 'unknown';
