export { createAuthorizationServer } from "./authorization-server.ts";
export type { AuthorizationServer } from "./authorization-server.ts";
export type { Client, ClientType } from "./client-record.ts";
export type { ClientChange, ClientRegistration, ClientRegistry, CreatedClient } from "./client-registry.ts";
export type { AuthorizationServerOptions } from "./options.ts";
export type { ScryptCost } from "./scrypt-hasher.ts";
export type { Role, RoleRegistry } from "./role-registry.ts";
export type { User } from "./user-record.ts";
export type { UserRegistration, UserRegistry } from "./user-registry.ts";
