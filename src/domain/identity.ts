import { kindOf, requireMethods, requireObject, requireOptionalText, requireText } from "./check-option.ts";

/** What an identity is: an app acting for itself, or a user. Set by the issuer of the token, never guessed. */
export type IdentityKind = "client" | "user";

/** Who acts. Make one with {@link createIdentity}. */
export interface Identity {
  readonly kind: IdentityKind;
  /** Who vouches for it. With `kind` and `id` it names the identity forever. */
  readonly issuer: string;
  readonly id: string;
  /** For people: the user's or the client's name. */
  readonly name: string;
  /** The effective permissions, sorted; `*` grants all. */
  readonly permissions: readonly string[];
  /** Of a user, through which app it acts: the client of the token (RFC 9068, `client_id`). Absent: through none that is known. */
  readonly clientId?: string | undefined;
  /** Does it hold this permission, now? */
  can(permission: string): boolean;
}

/** Options of {@link createIdentity}; `issuer` defaults to `local`, `name` to the ID. */
export interface IdentityOptions {
  readonly kind: IdentityKind;
  readonly id: string;
  readonly name?: string;
  readonly issuer?: string;
  readonly permissions: Iterable<string>;
  /** A non-empty scope narrows the permissions to what both grant. */
  readonly scope?: readonly string[];
  /** The app that a user acts through. A client acts for itself, so of a client it is not kept. */
  readonly clientId?: string | undefined;
}

/** The permission that grants all. */
export const ALL_PERMISSIONS = "*";

/** An identity with the given permissions, narrowed by the scope if it has one. */
export function createIdentity(options: IdentityOptions): Identity {
  requireObject("createIdentity: its options", options, '{ kind: "user", id, permissions }');
  checkIdentity(options);
  const granted = narrow(new Set(options.permissions), options.scope ?? []);
  const all = granted.has(ALL_PERMISSIONS);
  return Object.freeze({
    kind: options.kind,
    issuer: options.issuer ?? "local",
    id: options.id,
    name: options.name ?? options.id,
    permissions: Object.freeze([...granted].sort()),
    clientId: options.kind === "user" ? options.clientId : undefined,
    can: (permission: string) => all || granted.has(permission),
  });
}

/** Without an ID all would be one and the same; and a text is a list of its letters, of which `*` grants all. */
function checkIdentity({ kind, id, name, issuer, clientId, permissions }: IdentityOptions): void {
  if (kind !== "user" && kind !== "client") throw new TypeError(`createIdentity: kind must be "user" or "client", not ${JSON.stringify(kind)}`);
  requireText("createIdentity: id", id, "it names the user or the client for ever");
  requireOptionalText("createIdentity: issuer", issuer, "leave it out if there is none");
  requireOptionalText("createIdentity: clientId", clientId, "leave it out if there is none");
  if (name !== undefined && typeof name !== "string") throw new TypeError(`createIdentity: name must be a text, not ${kindOf(name)}`);
  const listed: unknown = permissions;
  if (typeof listed !== "object" || listed === null || !(Symbol.iterator in listed)) throw new TypeError(`createIdentity: permissions must be a list, not ${kindOf(listed)}: ["manage_orders"]`);
}

/** Whether plain JavaScript has given one: a text, or the promise of an identity, would stand in the trail as nobody. */
export function requireIdentity(identity: Identity): void {
  if (typeof identity?.can !== "function") requireMethods("identity", identity, ["can"], 'make it by createIdentity({ kind: "user", id, permissions })');
}

/** One string that names the identity among all issuers and kinds. */
export function identityKey(identity: Pick<Identity, "issuer" | "kind" | "id">): string {
  return JSON.stringify([identity.issuer, identity.kind, identity.id]);
}

function narrow(permissions: ReadonlySet<string>, scope: readonly string[]): ReadonlySet<string> {
  if (scope.length === 0 || scope.includes(ALL_PERMISSIONS)) return permissions;
  if (permissions.has(ALL_PERMISSIONS)) return new Set(scope);
  return new Set(scope.filter((permission) => permissions.has(permission)));
}
