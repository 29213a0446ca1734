import { text } from "../../../domain/params/index.ts";
import type { NewId } from "../../../domain/ports.ts";
import { AUTHORITY, create } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { isName, isPermission } from "../names.ts";
import { createRecordReader } from "../record-reader.ts";
import type { ScryptHasher } from "./scrypt-hasher.ts";
import { toUser } from "./user-record.ts";
import type { User } from "./user-record.ts";

/** A user to be registered. */
export interface UserRegistration {
  /** What the user signs in with and is called by; unique, whatever its case. */
  readonly name: string;
  /** 8 to 1024 characters. */
  readonly password: string;
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
}

/** The users. What these answer with is durable. An unknown ID is answered with undefined. */
export interface UserRegistry {
  /** A TypeError when the name is taken. */
  create(registration: UserRegistration): Promise<{ readonly user_id: string }>;
  find(userId: string): Promise<User | undefined>;
  findByName(name: string): Promise<User | undefined>;
  list(): Promise<readonly User[]>;
  /** Counts from the next call on, for tokens that are out already too. */
  update(userId: string, change: Partial<Pick<User, "permissions" | "roles">>): Promise<User | undefined>;
  /** Ends every session and grant of the user. */
  setPassword(userId: string, password: string): Promise<User | undefined>;
  /** Nobody can sign in as this user, and every session and grant is dead for good. */
  disable(userId: string): Promise<User | undefined>;
  enable(userId: string): Promise<User | undefined>;
}

/** Options of {@link createUserRegistry}. */
export interface UserRegistryOptions {
  readonly store: OAuthStore;
  readonly hasher: ScryptHasher;
  readonly newId: NewId;
}

/** Which user a name belongs to: makes names unique. */
const USER_NAMES = "oauth.user_names";
const toNameEntry = createRecordReader({ user_id: text() });

/** The registry over a store. */
export function createUserRegistry({ store, hasher, newId }: UserRegistryOptions): UserRegistry {
  const find = async (userId: string): Promise<User | undefined> => {
    const record = await store.find(AUTHORITY, `user:${userId}`);
    return record && toUser(record.value);
  };
  const change = async (userId: string, edit: (user: User) => User): Promise<User | undefined> => {
    const value = await store.update(AUTHORITY, `user:${userId}`, (stored) => edit(toUser(stored)));
    await store.durable();
    return value && toUser(value);
  };
  return {
    find,
    async create({ name, password, permissions = [], roles = [] }) {
      checkUser(name, permissions, roles);
      const user_id = newId();
      const user: User = { user_id, name, password: await hasher.hash(checkPassword(password)), permissions, roles, disabled: false, epoch: 1 };
      const created = await store.commit([create(USER_NAMES, toNameKey(name), { user_id }), create(AUTHORITY, `user:${user_id}`, user)]);
      if (!created) throw new TypeError("user: the name is taken; choose another");
      await store.durable();
      return { user_id };
    },
    async findByName(name) {
      const entry = await store.find(USER_NAMES, toNameKey(name));
      return entry && find(toNameEntry(entry.value).user_id);
    },
    list: async () => (await store.listAll(AUTHORITY, "user:")).map((record) => toUser(record.value)),
    update: (userId, changes) =>
      change(userId, (user) => {
        const changed = { ...user, ...changes };
        checkUser(changed.name, changed.permissions, changed.roles);
        return changed;
      }),
    async setPassword(userId, password) {
      const hash = await hasher.hash(checkPassword(password));
      return change(userId, (user) => ({ ...user, password: hash, epoch: user.epoch + 1 }));
    },
    disable: (userId) => change(userId, (user) => ({ ...user, disabled: true, epoch: user.epoch + 1 })),
    enable: (userId) => change(userId, (user) => ({ ...user, disabled: false })),
  };
}

/** The one spelling under which a name is unique. */
export function toNameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

function checkUser(name: string, permissions: readonly string[], roles: readonly string[]): void {
  if (!isName(name)) throw new TypeError("user: name must be 1 to 200 characters without control characters");
  if (![...permissions, ...roles].every(isPermission)) throw new TypeError("user: permissions and roles must be 1 to 100 printable ASCII characters without space, quote or backslash");
}

function checkPassword(password: string): string {
  if (password.length >= 8 && password.length <= 1024) return password;
  throw new TypeError("user: password must have 8 to 1024 characters");
}
