/** What the command's exit code says. Scripts and graders rely on it. */
export const exitCodes = {
  /** all expectations met */
  success: 0,
  /** an expectation not met, a property violated, a recording that does not verify */
  notMet: 1,
  /** no verdict: a limit was reached, or the recording is of another engine */
  unknown: 2,
  /** an input that cannot be read or is invalid */
  invalid: 3,
  usage: 64,
} as const;
