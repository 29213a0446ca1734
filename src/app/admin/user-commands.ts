import type { User, UserRegistry } from "../../adapters/oauth/index.ts";
import { CommandError, formatFields, formatTable } from "./command.ts";
import type { Command } from "./command.ts";

const ONE = { min: 1, max: 1 } as const;
const LISTS = { type: "string", multiple: true } as const;

/** Users and roles. */
export const USER_COMMANDS: readonly Command[] = [
  {
    name: "user create",
    usage: "<name> [--permission <name>]… [--role <name>]…",
    summary: "Makes a user; the password is asked for, or read from stdin.",
    options: { permission: LISTS, role: LISTS },
    positionals: ONE,
    secretPrompt: "Password",
    async run({ authorization }, input) {
      const [name = ""] = input.positionals;
      return formatFields({ ...(await authorization.users.create({ name, password: input.secret, permissions: input.texts("permission"), roles: input.texts("role") })) });
    },
  },
  {
    name: "user list",
    usage: "",
    summary: "Shows the users.",
    positionals: { min: 0, max: 0 },
    run: async ({ authorization }) => formatTable(["user_id", "name", "permissions", "state"], (await authorization.users.list()).map(toRow)),
  },
  {
    name: "user set-password",
    usage: "<name>",
    summary: "Changes a password, which ends the user's sessions and tokens.",
    positionals: ONE,
    secretPrompt: "New password",
    async run({ authorization }, { positionals: [name = ""], secret }) {
      await authorization.users.setPassword((await requireUser(authorization.users, name)).user_id, secret);
      return `password changed: ${name}`;
    },
  },
  {
    name: "user disable",
    usage: "<name>",
    summary: "Ends a user's sessions and tokens, at once and for good.",
    positionals: ONE,
    async run({ authorization }, { positionals: [name = ""] }) {
      await authorization.users.disable((await requireUser(authorization.users, name)).user_id);
      return `disabled: ${name}`;
    },
  },
  {
    name: "user enable",
    usage: "<name>",
    summary: "Lets a user sign in again.",
    positionals: ONE,
    async run({ authorization }, { positionals: [name = ""] }) {
      await authorization.users.enable((await requireUser(authorization.users, name)).user_id);
      return `enabled: ${name}`;
    },
  },
  {
    name: "role set",
    usage: "<name> [<permission>…]",
    summary: "Makes a role, or gives it these permissions and no others.",
    positionals: { min: 1, max: 200 },
    async run({ authorization }, { positionals: [name = "", ...permissions] }) {
      const role = await authorization.roles.set(name, permissions);
      return `${role.name}: ${role.permissions.join(" ")}`;
    },
  },
  {
    name: "role list",
    usage: "",
    summary: "Shows the roles.",
    positionals: { min: 0, max: 0 },
    run: async ({ authorization }) => formatTable(["role", "permissions"], (await authorization.roles.list()).map(({ name, permissions }) => [name, permissions.join(",")])),
  },
];

async function requireUser(users: UserRegistry, name: string): Promise<User> {
  const user = await users.findByName(name);
  if (user === undefined) throw new CommandError(`there is no user ${name}; see: user list`);
  return user;
}

function toRow({ user_id, name, permissions, roles, disabled }: User): readonly string[] {
  return [user_id, name, [...permissions, ...roles.map((role) => `role:${role}`)].join(","), disabled ? "disabled" : "live"];
}
