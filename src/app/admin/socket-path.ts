import { join } from "node:path";

/** Where the owner of a data directory listens for its operator. */
export function adminSocketPath(directory: string): string {
  return join(directory, "admin.sock");
}
