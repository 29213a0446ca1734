import { number, text } from "../../../domain/params/index.ts";
import type { Clock } from "../../../domain/ports.ts";
import { digestOf } from "../hashing.ts";
import { create, remove } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { createSecret } from "../random.ts";
import type { RandomBytes } from "../random.ts";
import { createRecordReader } from "../record-reader.ts";
import type { User } from "../users/user-record.ts";
import type { UserRegistry } from "../users/user-registry.ts";

/** In which browsers a user is signed in. */
export interface Sessions {
  /** Always a new one, so that a session planted before the login is worth nothing. Answers its secret. */
  begin(user: User): Promise<string>;
  /** The user of the session with this secret, if both still count. */
  findUser(secret: string | undefined): Promise<User | undefined>;
  /**
   * The secret of the browser that the session goes with: the one that is shown, if the session has given it, else a fresh one. So
   * what was planted in the browser before the login, or behind it, is worth nothing. Undefined when there is no such session.
   */
  browserSecret(secret: string | undefined, shown: string | undefined): Promise<string | undefined>;
  end(secret: string | undefined): Promise<void>;
}

/** Options of {@link createSessions}. */
export interface SessionsOptions {
  readonly store: OAuthStore;
  readonly users: UserRegistry;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly lifetimeMs: number;
}

const SESSIONS = "oauth.sessions";
const toSession = createRecordReader({
  user_id: text(),
  user_epoch: number(),
  /** The digest of the secret that the session has given to its browser. */
  browser: text().nullable().default(null),
});

/** Sessions as records, by the digest of their secret. */
export function createSessions({ store, users, clock, randomBytes, lifetimeMs }: SessionsOptions): Sessions {
  return {
    async begin(user) {
      const secret = createSecret(randomBytes);
      await store.commit([create(SESSIONS, digestOf(secret), { user_id: user.user_id, user_epoch: user.epoch, browser: null }, clock() + lifetimeMs)]);
      return secret;
    },
    async findUser(secret) {
      const record = secret === undefined ? undefined : await store.find(SESSIONS, digestOf(secret));
      if (record === undefined) return undefined;
      const { user_id, user_epoch } = toSession(record.value);
      const user = await users.find(user_id);
      return user !== undefined && !user.disabled && user_epoch === user.epoch ? user : undefined;
    },
    async browserSecret(secret, shown) {
      const record = secret === undefined ? undefined : await store.find(SESSIONS, digestOf(secret));
      if (record === undefined) return undefined;
      const session = toSession(record.value);
      if (shown !== undefined && session.browser === digestOf(shown)) return shown;
      const fresh = createSecret(randomBytes);
      await store.update(SESSIONS, record.id, () => ({ ...session, browser: digestOf(fresh) }));
      return fresh;
    },
    async end(secret) {
      const record = secret === undefined ? undefined : await store.find(SESSIONS, digestOf(secret));
      if (record !== undefined) await store.commit([remove(record)]);
    },
  };
}
