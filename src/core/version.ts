/**
 * The revision of the engine's rules. It changes whenever the same scenario, seed and inputs could give another run, and
 * only then. A recording carries it, so that a replay under other rules says so instead of giving a wrong verdict.
 */
export const engineVersion = '2';
