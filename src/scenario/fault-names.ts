/** The names that a scenario calls faults and their fields by, and how they map to the fields of a `Fault`. */
import { type Behaviour, type FaultType, faultHelp } from '../core/faults.ts';
import { behaviourHelp } from '../core/traitor.ts';

export { type FaultType, faultHelp };
export const behaviours = Object.keys(behaviourHelp) as [Behaviour, ...Behaviour[]];

/** Other spellings that are understood. */
export const fieldAliases: Readonly<Record<string, string>> = {
  after_sends: 'afterSends',
  behavior: 'behaviour',
  lie: 'behaviour',
};

/** Durations carry their unit in the name once they are numbers. */
export const msFields: Readonly<Record<string, string>> = { by: 'byMs', offset: 'offsetMs' };
