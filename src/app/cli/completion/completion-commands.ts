import type { ActionSchema } from "../actions/schema.ts";
import type { Command } from "../language/command.ts";
import type { Input } from "../language/grammar.ts";
import { parseWords } from "../language/parse-words.ts";
import { printOne } from "../screen/answer.ts";
import type { Session } from "../session.ts";
import type { ClassDescription } from "../reading/subjects-command.ts";
import { askTarget, TARGET_OPTIONS } from "../target/open-target.ts";
import type { Target } from "../target/target.ts";
import { findCandidates, type Sources } from "./candidates.ts";
import { SCRIPTS } from "./scripts.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export const COMPLETION: Command = {
  name: "completion",
  summary: "Writes what lets a shell complete commands, options, keys and classes.",
  details: [
    "bash: eval \"$(actionport completion bash)\" in ~/.bashrc. zsh: the same with zsh in ~/.zshrc, below compinit. fish: actionport completion fish > ~/.config/fish/completions/actionport.fish",
    "Keys, classes, parameters and fields are asked of the server that ACTIONPORT_URL or the words before say; when it does not answer in a second, there are none.",
  ],
  arguments: [{ name: "SHELL", help: "The shell.", choices: SHELLS }],
  options: [],
  async run({ screen }, input) {
    const shell = SHELLS.find((each) => each === input.argument("SHELL")) ?? "bash";
    printOne(screen, input, { shell, script: SCRIPTS[shell] }, () => SCRIPTS[shell].trimEnd());
    return "done";
  },
};

/** Asked by the shells' scripts: what the last word can become, a line each; the first line says whether paths can stand there, too. */
export const COMPLETE: Command = {
  name: "__complete",
  summary: "Says what the last word can be completed to; for the scripts of completion.",
  hidden: true,
  arguments: [{ name: "WORD", optional: true, many: true, help: "What was typed so far." }],
  options: [],
  async run(session, input) {
    const words = input.words("WORD");
    const { words: found, paths } = await findCandidates(session.commands, words.length === 0 ? [""] : words, createSources(session, words));
    session.screen.print([`paths ${paths ?? "none"}`, ...found].join("\n"));
    return "done";
  },
};

/** Whoever waits for a completion has a second. */
const TIMEOUT_MS = 1000;

function createSources(session: Session, words: readonly string[]): Sources {
  const ask = async <T>(otherwise: T, work: (target: Target) => Promise<T>): Promise<T> => {
    try {
      return await askTarget(quiet(session), readTargetOptions(words), work);
    } catch {
      // Nobody is told while typing: the command itself will say it.
      return otherwise;
    }
  };
  const options = { timeoutMs: TIMEOUT_MS };
  const classes = () => ask<readonly ClassDescription[]>([], async ({ read }) => (await read<{ readonly data: readonly ClassDescription[] }>("subjects", options)).data);
  return {
    actions: () => ask<readonly string[]>([], async ({ client }) => (await client.actions.list(options)).map(({ key }) => key)),
    classes: async () => (await classes()).map((each) => each.class),
    schema: (key) => ask<ActionSchema | undefined>(undefined, ({ read }) => read(`actions/${key}/schema`, options)),
    fields: async (name) => Object.keys((await classes()).find((each) => each.class === name)?.fields ?? {}),
  };
}

function quiet(session: Session): Session {
  return { ...session, screen: { ...session.screen, say: () => undefined } };
}

/** What would open a data directory, or wait for long, is left out. */
const LEFT_OUT: ReadonlySet<string> = new Set(["data", "timeout"]);

/** Those of the words that say whose actions are meant. */
function readTargetOptions(words: readonly string[]): Input {
  const asked = TARGET_OPTIONS.filter(({ name }) => !LEFT_OUT.has(name));
  const own = words.flatMap((word, at) => (asked.some(({ name }) => word === `--${name}`) && words[at + 1] !== undefined ? [word, words[at + 1] ?? ""] : []));
  return parseWords({ name: "__complete", summary: "", arguments: [], options: TARGET_OPTIONS }, [...own, "--timeout", String(TIMEOUT_MS / 1000)]);
}
