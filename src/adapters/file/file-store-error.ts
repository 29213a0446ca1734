/**
 * Why a file store does not do what it was asked for. `store_in_use`: another process, or this one,
 * has it open. `store_damaged`: what is on disk is not what was written, and nothing was changed.
 * `store_newer`: a later format. `store_unavailable`: the disk fails, or the store is closed.
 * `store_full`: there is hardly any room left, in memory or on the disk; reads go on.
 */
export type FileStoreErrorCode = "store_in_use" | "store_damaged" | "store_newer" | "store_unavailable" | "store_full";

/** A failure of the file store; `cause` has what the system said, where it said something. */
export class FileStoreError extends Error {
  readonly code: FileStoreErrorCode;

  constructor(code: FileStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileStoreError";
    this.code = code;
  }
}

/** What is on disk is not what was written: names the file and the byte. */
export function damaged(path: string, offset: number, what: string): FileStoreError {
  return new FileStoreError("store_damaged", `${path} is damaged at byte ${offset}: ${what}. Nothing was changed; restore the directory from a backup.`);
}
