import type { Identity } from "../identity.ts";

/** The identity as `authorize()` sees it: it remembers which permissions were asked for, and whether they were held. */
export class AskedIdentity implements Identity {
  readonly can: (permission: string) => boolean;
  readonly #identity: Identity;
  #found: string[] | null = null;
  #missing: string[] | null = null;

  constructor(identity: Identity) {
    this.#identity = identity;
    this.can = (permission) => this.#ask(permission);
  }

  get kind(): Identity["kind"] {
    return this.#identity.kind;
  }

  get issuer(): string {
    return this.#identity.issuer;
  }

  get id(): string {
    return this.#identity.id;
  }

  get name(): string {
    return this.#identity.name;
  }

  get clientId(): string | undefined {
    return this.#identity.clientId;
  }

  /** Whoever reads the list may have decided by any of it. */
  get permissions(): readonly string[] {
    for (const permission of this.#identity.permissions) this.#ask(permission);
    return this.#identity.permissions;
  }

  /** The permissions that were asked for and held, each once. */
  get found(): readonly string[] {
    return this.#found ?? NONE;
  }

  /** Those that were not held. */
  get missing(): readonly string[] {
    return this.#missing ?? NONE;
  }

  #ask(permission: string): boolean {
    const isHeld = this.#identity.can(permission);
    if (isHeld) this.#found = withOne(this.#found, permission);
    else this.#missing = withOne(this.#missing, permission);
    return isHeld;
  }
}

function withOne(asked: string[] | null, permission: string): string[] {
  if (asked === null) return [permission];
  if (!asked.includes(permission)) asked.push(permission);
  return asked;
}

const NONE: readonly never[] = Object.freeze([]);
