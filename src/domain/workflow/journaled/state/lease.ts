/** Which process works on a run, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** How this process takes runs for itself. */
export interface LeaseTerms {
  /** Names this process. */
  readonly owner: string;
  readonly leaseMs: number;
  /** No other process works on this store: the lease of another is that of one that is gone. */
  readonly exclusive: boolean;
  /**
   * Processes find runs by themselves: whoever starts or wakes one has it at once, and its alarm lets any other find it later. False: somebody else
   * gives each run to a process.
   */
  readonly hasAlarms: boolean;
}

/** A lease of this process from now on. */
export function takeLease({ owner, leaseMs }: LeaseTerms, now: number): Lease {
  return { owner, until: now + leaseMs };
}

/** May this process begin to work on a run with this lease? */
export function isFree(lease: Lease | null, { owner, exclusive }: LeaseTerms, now: number): boolean {
  return lease === null || lease.owner === owner || exclusive || lease.until <= now;
}

/** Is it this process's, for long enough that it need not be renewed yet? */
export function isFresh(lease: Lease | null, { owner, leaseMs }: LeaseTerms, now: number): boolean {
  return lease !== null && lease.owner === owner && lease.until - now > leaseMs / 2;
}
