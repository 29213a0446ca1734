import { Fault } from "../cli/fault.ts";

/** Where a secret is read from: a terminal, or a pipe whose first line it is. */
export type SecretSource = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

const ENTER = /[\r\n]/;
const INTERRUPT = "\u0003";
const END = "\u0004";
const ERASE = ["\u007f", "\b"];

/** Asks for a secret without showing it, twice on a terminal. Arguments would stand in every list of processes. */
export async function readSecret(source: SecretSource, prompt: string, write: (text: string) => void): Promise<string> {
  if (source.isTTY !== true) return readFirstLine(source);
  const secret = await readHidden(source, `${prompt}: `, write);
  if (secret !== (await readHidden(source, `${prompt}, once more: `, write))) throw new Fault("usage", "the two are not the same");
  return secret;
}

async function readFirstLine(source: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of source) {
    text += String(chunk);
    if (ENTER.test(text)) break;
  }
  return text.split(ENTER)[0] ?? "";
}

function readHidden(source: SecretSource, prompt: string, write: (text: string) => void): Promise<string> {
  // Before the prompt: whoever types at once is not shown either.
  source.setRawMode?.(true);
  source.setEncoding("utf8");
  write(prompt);
  return new Promise((resolve, reject) => {
    let secret = "";
    const finish = (settle: () => void) => {
      source.off("data", take).pause();
      source.setRawMode?.(false);
      write("\n");
      settle();
    };
    const take = (keys: string) => {
      for (const key of keys) {
        if (ENTER.test(key) || key === END) return finish(() => resolve(secret));
        if (key === INTERRUPT) return finish(() => reject(new Fault("interrupted", "given up")));
        secret = ERASE.includes(key) ? secret.slice(0, -1) : secret + key;
      }
    };
    source.on("data", take).resume();
  });
}
