import { AUTHORITY, create, remove, replace } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { isPermission } from "../names.ts";
import { unavailable } from "../oauth-error.ts";
import { toRole } from "./role-record.ts";
import type { Role } from "./role-record.ts";

/** The roles. A change counts from the next call on. What these answer with is durable. */
export interface RoleRegistry {
  /** Makes the role, or gives it these permissions. */
  set(name: string, permissions: readonly string[]): Promise<Role>;
  list(): Promise<readonly Role[]>;
  /** Whoever has it keeps the name and loses the permissions. Answers whether there was one. */
  delete(name: string): Promise<boolean>;
}

/** The registry over a store. */
export function createRoleRegistry(store: OAuthStore): RoleRegistry {
  return {
    async set(name, permissions) {
      if (![name, ...permissions].every(isPermission)) throw new TypeError("role: name and permissions must be 1 to 100 printable ASCII characters without space, quote or backslash");
      const record = await store.find(AUTHORITY, `role:${name}`);
      const change = record === undefined ? create(AUTHORITY, `role:${name}`, { permissions }) : replace(record, { permissions });
      if (!(await store.commit([change]))) throw unavailable();
      await store.durable();
      return { name, permissions };
    },
    list: async () => (await store.listAll(AUTHORITY, "role:")).map(toRole),
    async delete(name) {
      const record = await store.find(AUTHORITY, `role:${name}`);
      const deleted = record !== undefined && (await store.commit([remove(record)]));
      await store.durable();
      return deleted;
    },
  };
}
