import type { User, UserRegistry } from "../../adapters/oauth/index.ts";
import { Fault } from "../cli/fault.ts";
import type { Argument } from "../cli/language/grammar.ts";
import { PERMISSION, ROLE } from "./client-commands.ts";
import type { AdminCommand, Fields } from "./command.ts";

const NAME: Argument = { name: "NAME", help: "As the user signs in." };

/** Users and roles. */
export const USER_COMMANDS: readonly AdminCommand[] = [
  {
    name: "user create",
    summary: "Makes a user; the password is asked for, or read from stdin.",
    arguments: [NAME],
    options: [PERMISSION, ROLE],
    secretPrompt: "Password",
    examples: ["actionport user create nancy --role sellers", "actionport user create nancy < password.txt"],
    async administer({ authorization }, input, secret) {
      return { kind: "one", fields: { ...(await authorization.users.create({ name: input.argument("NAME"), password: secret, permissions: input.texts("permission"), roles: input.texts("role") })) } };
    },
  },
  {
    name: "user list",
    summary: "Shows the users.",
    arguments: [],
    options: [],
    administer: async ({ authorization }) => ({ kind: "many", columns: ["user_id", "name", "permissions", "state"], rows: (await authorization.users.list()).map(toRow) }),
  },
  {
    name: "user set-password",
    summary: "Changes a password, which ends the user's sessions and tokens.",
    arguments: [NAME],
    options: [],
    secretPrompt: "New password",
    async administer({ authorization }, input, secret) {
      const user = await requireUser(authorization.users, input.argument("NAME"));
      await authorization.users.setPassword(user.user_id, secret);
      return { kind: "one", fields: { user_id: user.user_id, name: user.name }, sentence: `password changed: ${user.name}` };
    },
  },
  {
    name: "user disable",
    summary: "Ends a user's sessions and tokens, at once and for good.",
    arguments: [NAME],
    options: [],
    async administer({ authorization }, input) {
      const user = await requireUser(authorization.users, input.argument("NAME"));
      await authorization.users.disable(user.user_id);
      return toState("disabled", user);
    },
  },
  {
    name: "user enable",
    summary: "Lets a user sign in again.",
    arguments: [NAME],
    options: [],
    async administer({ authorization }, input) {
      const user = await requireUser(authorization.users, input.argument("NAME"));
      await authorization.users.enable(user.user_id);
      return toState("enabled", user);
    },
  },
  {
    name: "role set",
    summary: "Makes a role, or gives it these permissions and no others.",
    arguments: [{ name: "NAME", help: "The role." }, { name: "PERMISSION", optional: true, many: true, help: "What it stands for." }],
    options: [],
    examples: ["actionport role set sellers view_reports restock"],
    async administer({ authorization }, input) {
      const role = await authorization.roles.set(input.argument("NAME"), input.words("PERMISSION"));
      return { kind: "one", fields: { ...role }, sentence: `${role.name}: ${role.permissions.join(" ")}` };
    },
  },
  {
    name: "role list",
    summary: "Shows the roles.",
    arguments: [],
    options: [],
    administer: async ({ authorization }) => ({ kind: "many", columns: ["name", "permissions"], rows: (await authorization.roles.list()).map(({ name, permissions }) => ({ name, permissions })) }),
  },
];

function toState(state: string, { user_id, name }: User) {
  return { kind: "one", fields: { user_id, name, state }, sentence: `${state}: ${name}` } as const;
}

async function requireUser(users: UserRegistry, name: string): Promise<User> {
  const user = await users.findByName(name);
  if (user === undefined) throw new Fault("refused", `there is no user ${name}; see: user list`);
  return user;
}

function toRow({ user_id, name, permissions, roles, disabled }: User): Fields {
  return { user_id, name, permissions: [...permissions, ...roles.map((role) => `role:${role}`)], state: disabled ? "disabled" : "live" };
}
