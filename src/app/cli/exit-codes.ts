/** How a command ends, by name. The numbers are what scripts see, so they never change; docs/command-line.md has the same table. */
export const EXIT_CODES = {
  done: 0,
  refused: 1,
  usage: 2,
  unauthorized: 3,
  unavailable: 4,
  partial: 5,
  fault: 6,
  interrupted: 130,
} as const;

/** How a command ended. */
export type Ending = keyof typeof EXIT_CODES;

/** What each failure of a call comes to. What is not here, an action's own codes above all, is `refused`. */
const BY_FAILURE: ReadonlyMap<string, Ending> = new Map([
  ["malformed_request", "usage"],
  ["unknown_action", "usage"],
  ["invalid_params", "usage"],
  ["subject_required", "usage"],
  ["subject_not_accepted", "usage"],
  ["unauthenticated", "unauthorized"],
  ["forbidden", "unauthorized"],
  ["too_many_requests", "unavailable"],
  ["unavailable", "unavailable"],
  ["network", "unavailable"],
  ["timeout", "unavailable"],
  ["unexpected_answer", "unavailable"],
  ["aborted", "interrupted"],
  ["internal_error", "fault"],
]);

/** How a command ends whose call failed with this code. */
export function endingOf(code: string): Ending {
  return BY_FAILURE.get(code) ?? "refused";
}
