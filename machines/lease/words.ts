/** What the roles of the lease protocol share. */
export interface Parameters {
  readonly leaseTime: number;
  readonly margin: number;
  readonly workTime: number;
  readonly writes: number;
  readonly turns: number;
  readonly retryTimeout: number;
  readonly fencing: boolean;
  readonly waitAfterRestart: boolean;
}
