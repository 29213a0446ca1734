import { digestOf } from "../hashing.ts";
import type { ScryptHasher } from "./scrypt-hasher.ts";
import { toAddressKey } from "../../http/address-key.ts";
import { refundUnlessAnswered } from "../throttle.ts";
import type { Throttle } from "../throttle.ts";
import type { User } from "./user-record.ts";
import { toNameKey } from "./user-registry.ts";
import type { UserRegistry } from "./user-registry.ts";

/** The user with this name and password; undefined, after the same time, when either is wrong. Throws the 429 and the 503. */
export type VerifyPassword = (name: string, password: string, remoteAddress: string | undefined) => Promise<User | undefined>;

/** Options of {@link createPasswordVerifier}. */
export interface PasswordVerifierOptions {
  readonly users: UserRegistry;
  readonly passwordHasher: ScryptHasher;
  readonly throttle: Throttle;
}

const PER_ACCOUNT = { maxFailures: 20, windowMs: 15 * 60_000 };
const PER_ACCOUNT_AND_ADDRESS = { maxFailures: 8, windowMs: 15 * 60_000 };
const PER_ADDRESS = { maxFailures: 60, windowMs: 15 * 60_000 };
const MAX_PASSWORD_LENGTH = 1024;

/** Counts by account and by address, so that neither one account nor many can be tried at leisure. */
export function createPasswordVerifier({ users, passwordHasher, throttle }: PasswordVerifierOptions): VerifyPassword {
  return async (name, password, remoteAddress) => {
    const account = `password:${toNameKey(name)}`;
    const address = toAddressKey(remoteAddress);
    const refund = throttle.charge([
      { key: account, limit: PER_ACCOUNT },
      { key: JSON.stringify([account, address]), limit: PER_ACCOUNT_AND_ADDRESS },
      { key: `password-from:${address}`, limit: PER_ADDRESS },
    ]);
    const found = await refundUnlessAnswered(refund, async () => {
      const user = await users.findByName(name);
      const matches = await passwordHasher.matches(password.slice(0, MAX_PASSWORD_LENGTH), user?.password, { address, account: digestOf(account) });
      return matches && user?.disabled === false ? user : undefined;
    });
    if (found !== undefined) refund();
    return found;
  };
}
